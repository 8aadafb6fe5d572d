"""The arguments of a function: paths that are read below the document, or JSON.

`length(path)` and `size(path)` count what is *below* the path. Jayway does it by adding a wildcard to the path, and takes
the first wildcard of the path away when the call is over, which may have been the author's own: read a second time, in a
filter, such a path is another. `Run.arguments` remembers what has become of each.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.values import Json

from . import loose
from .problems import PathFailed
from .run import Reader, Run
from .tokens import JsonArgument, Route, Token, Wildcard, all_definite

MakeReader = Callable[[Route, tuple[Token, ...], bool], Reader]
"""Route, its tokens as they have become, whether it is definite → how to read it."""

_BELOW = Wildcard()


class Argument:
    """An argument of a call: a path read below the document, or JSON."""

    def __init__(self, source: Route | JsonArgument, make: MakeReader) -> None:
        self.source = source
        self.make = make
        self.made: dict[tuple[Token, ...], Reader] = {}
        self.definite = isinstance(source, Route) and all_definite(source.tokens)

    def bind(self, run: Run) -> Callable[[], Json]:
        """A path is read at once, JSON when it is asked for."""
        if isinstance(self.source, JsonArgument):
            return self._json
        found = self._read(self._tokens(self.source, run), run.root, run)
        return lambda: found

    def _json(self) -> Json:
        assert isinstance(self.source, JsonArgument)
        try:
            return loose.loads(self.source.text)
        except loose.LooseError as error:
            raise PathFailed(f"net.minidev.json.parser.ParseException: {error}") from None

    def below(self, value: Json, run: Run) -> Json:
        """What the path with a wildcard behind it finds below `value`."""
        route = self.source
        if isinstance(route, JsonArgument):
            raise PathFailed(
                'Cannot invoke "com.jayway.jsonpath.internal.Path.isFunctionPath()" because the return value of '
                '"com.jayway.jsonpath.internal.function.Parameter.getPath()" is null'
            )
        if value is None:
            raise PathFailed("root can not be null")
        tokens = self._tokens(route, run)
        if tokens and not route.is_function:
            tokens = (*tokens, _BELOW)
            run.arguments[route] = tokens
        inner = Run(value)
        inner.visits = run.visits
        inner.arguments = run.arguments
        return self._read(tokens, value, inner)

    def wear(self, run: Run) -> None:
        """Takes away the first wildcard behind the first token."""
        route = self.source
        if isinstance(route, JsonArgument) or route.is_function:
            return
        tokens = self._tokens(route, run)
        for index in range(1, len(tokens)):
            if isinstance(tokens[index], Wildcard):
                run.arguments[route] = tokens[:index] + tokens[index + 1 :]
                return

    def _tokens(self, route: Route, run: Run) -> tuple[Token, ...]:
        return run.arguments.get(route, route.tokens)

    def _read(self, tokens: tuple[Token, ...], value: Json, run: Run) -> Json:
        assert isinstance(self.source, Route)
        made = self.made.get(tokens)
        if made is None:
            made = self.made[tokens] = self.make(self.source, tokens, self.definite)
        return made(value, run)

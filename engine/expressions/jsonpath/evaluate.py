"""Tokens to closures, and closures to answers.

Every token becomes a function that looks at one value and hands what it finds to the function of the next token; the
last one adds to a list of results. When no wildcard, slice, scan or filter stands before a token (*upstream definite*),
a value of the wrong kind is an error that names the place, and that place can be written down at compile time; behind
one of those, such values are passed over in silence.

Inside a filter a path that stands alone asks for existence and then every name in it is *required*: a missing one ends
the asking, even below `..`.

Two oddities of Jayway live in its tokens' memory and are kept in `Run`, per reading, so that the same text on the same
document always answers the same:

- behind `..[n]` (not at the end), every element of every array goes on, and a name at the very end counts only where
  the last array element that came by was number n;
- `length(path)` changes its argument (see `arguments`).
"""

from __future__ import annotations

from engine.values import Json

from .arguments import Argument
from .conditions import accepting
from .functions import FUNCTIONS, length
from .java import Keys, class_name, text
from .problems import OutOfBounds, PathFailed, PathNotFound, UnusablePath
from .run import MOST_VISITS, Reader, Run, Step, Test
from .tokens import (
    Call,
    Condition,
    Filter,
    Indices,
    Property,
    Route,
    Scan,
    Slice,
    Token,
    Wildcard,
    all_definite,
    fragment,
    is_definite,
    printed,
)


def reader(route: Route, required: bool = False) -> Reader:
    """How to read a route below a value. Raises PathNotFound and PathFailed."""
    return _reader(route, route.tokens, required, all_definite(route.tokens))


def _reader(route: Route, tokens: tuple[Token, ...], required: bool, definite: bool) -> Reader:
    step = _Linker(route, tokens, required).first
    nothing = f"No results for path: {route.root}{printed(tokens)}"

    def read(value: Json, run: Run) -> Json:
        found: list[Json] = []
        step(value, found, run)
        if not definite:
            return found
        if not found:
            raise PathNotFound(nothing)
        return found[-1]

    return read


def _keep(value: Json, found: list[Json], run: Run) -> None:
    found.append(value)


class _Linker:
    """Makes the closures of one route, from the last token to the first."""

    def __init__(self, route: Route, tokens: tuple[Token, ...], required: bool) -> None:
        self.tokens = tokens
        self.required = required
        self.before_tail = fragment(route.tokens[-2]) if len(route.tokens) > 1 else route.root
        self.places: list[str] = []
        """Where each token begins, as messages say it; right only while the way there is definite."""
        self.definite_before: list[bool] = []
        place, definite = route.root, True
        for index, token in enumerate(tokens):
            self.places.append(place)
            self.definite_before.append(definite)
            definite = definite and is_definite(token, index == len(tokens) - 1)
            if isinstance(token, Property):
                place += f"['{token.names[0]}']"
            elif isinstance(token, Indices):
                place += f"[{token.numbers[0]}]"
            elif isinstance(token, Call) and route.after_scan:
                definite = False

        self.steps: list[Step] = [_keep] * (len(tokens) + 1)
        """The closure for each token, and for the end; made from the end, since each knows the next."""
        for index in reversed(range(len(tokens))):
            self.steps[index] = self._step(index)
        self.first = self.steps[0]

    def _step(self, index: int) -> Step:
        token = self.tokens[index]
        following = self.steps[index + 1]
        match token:
            case Property(names) if len(names) == 1:
                return self._name(index, token, names[0], following)
            case Property(names):
                return self._names(index, token, names, following)
            case Indices(numbers):
                return self._indices(index, numbers, following)
            case Slice(start, stop):
                return self._slice(index, start, stop, following)
            case Wildcard():
                return self._wildcard(index, token, following)
            case Filter(condition):
                return self._filter(index, condition, following)
            case Scan():
                return self._scan(index, following)
            case Call():
                return self._call(index, token, following)

    def _is_last(self, index: int) -> bool:
        return index == len(self.tokens) - 1

    def _counting(self, index: int, token: Token) -> Step:
        """Adds a result unless the memory of `..[n]` speaks against it."""
        if index < 2 or not isinstance(self.tokens[index - 2], Scan):
            return _keep
        before = self.before_tail

        def keep(value: Json, found: list[Json], run: Run) -> None:
            last = run.indices.get(token)
            if last is None or before == f"[{last}]":
                found.append(value)

        return keep

    # --- names ---

    def _not_an_object(self, index: int, value: Json) -> None:
        if self.definite_before[index]:
            raise PathNotFound(
                f"Expected to find an object with property {fragment(self.tokens[index])} in path "
                f"{self.places[index]} but found '{class_name(value)}'. This is not a json object according to the "
                "JsonProvider: 'com.jayway.jsonpath.spi.json.JsonSmartJsonProvider'."
            )

    def _name(self, index: int, token: Token, name: str, following: Step) -> Step:
        last = self._is_last(index)
        if last:
            following = self._counting(index, token)
        missing = f"Missing property in path {self.places[index]}['{name}']"
        strict = self.required or (not last and self.definite_before[index])

        def step(value: Json, found: list[Json], run: Run) -> None:
            if not isinstance(value, dict):
                self._not_an_object(index, value)
            elif name in value:
                following(value[name], found, run)
            elif strict:
                raise PathNotFound(missing)

        return step

    def _names(self, index: int, token: Token, names: tuple[str, ...], following: Step) -> Step:
        last = self._is_last(index)
        required = self.required

        def merge(value: Json, found: list[Json], run: Run) -> None:
            if not isinstance(value, dict):
                return self._not_an_object(index, value)
            if required and not all(name in value for name in names):
                raise PathNotFound(f"Missing property in path {self.places[index]}")
            found.append({name: value[name] for name in names if name in value})

        def each(value: Json, found: list[Json], run: Run) -> None:
            if not isinstance(value, dict):
                return self._not_an_object(index, value)
            for name in names:
                if name in value:
                    following(value[name], found, run)
                elif required:
                    raise PathNotFound(f"Missing property in path {self.places[index]}['{name}']")

        return merge if last else each

    # --- arrays ---

    def _not_an_array(self, index: int, value: Json) -> None:
        if not self.definite_before[index]:
            return
        if value is None:
            raise PathNotFound(f"The path {self.places[index]} is null")
        raise PathNotFound(
            f"Filter: {printed(self.tokens[index:])} can only be applied to arrays. Current context is: {text(value)}"
        )

    def _indices(self, index: int, numbers: tuple[int, ...], following: Step) -> Step:
        def step(value: Json, found: list[Json], run: Run) -> None:
            if not isinstance(value, list):
                return self._not_an_array(index, value)
            size = len(value)
            for number in numbers:
                if -size <= number < size:
                    try:
                        following(value[number], found, run)
                    except OutOfBounds:
                        continue

        return step

    def _slice(self, index: int, start: int | None, stop: int | None, following: Step) -> Step:
        def step(value: Json, found: list[Json], run: Run) -> None:
            if not isinstance(value, list):
                return self._not_an_array(index, value)
            for number in _slice_range(start, stop, len(value)):
                if -len(value) <= number:
                    try:
                        following(value[number], found, run)
                    except OutOfBounds:
                        continue

        return step

    def _wildcard(self, index: int, token: Token, following: Step) -> Step:
        last = self._is_last(index)
        required = self.required
        member = self._counting(index, token) if last else following

        def step(value: Json, found: list[Json], run: Run) -> None:
            if isinstance(value, dict):
                for inner in value.values():
                    member(inner, found, run)
            elif isinstance(value, list):
                if last:
                    found.extend(value)
                    return
                for inner in value:
                    try:
                        following(inner, found, run)
                    except PathNotFound:
                        if required:
                            raise
                    except OutOfBounds:
                        continue

        return step

    # --- filters ---

    def _filter(self, index: int, condition: Condition, following: Step) -> Step:
        accepts = accepting(condition, self.required, reader)

        def step(value: Json, found: list[Json], run: Run) -> None:
            if isinstance(value, dict):
                if accepts(value, run):
                    following(value, found, run)
            elif isinstance(value, list):
                for inner in value:
                    if accepts(inner, run):
                        try:
                            following(inner, found, run)
                        except OutOfBounds:
                            continue
            elif self.definite_before[index]:
                raise UnusablePath(
                    f"Filter: {printed(self.tokens[index:])} can not be applied to primitives. "
                    f"Current context is: {text(value)}"
                )

        return step

    # --- scans ---

    def _scan(self, index: int, target: Step) -> Step:
        if self._is_last(index):
            return _leaf_scan
        token = self.tokens[index + 1]
        takes = self._scan_test(token, index + 1)
        target_is_last = self._is_last(index + 1)
        beyond = _keep if target_is_last else self.steps[index + 2]
        after = None if target_is_last else self.tokens[index + 2]

        def visit(value: Json, found: list[Json], run: Run) -> None:
            if not takes(value, run):
                return
            if isinstance(value, dict) or after is None:
                target(value, found, run)
                return
            for number, inner in enumerate(value):
                run.indices[after] = number
                beyond(inner, found, run)

        def step(value: Json, found: list[Json], run: Run) -> None:
            waiting = [value] if isinstance(value, (dict, list)) else []
            while waiting:
                run.visits -= 1
                if run.visits < 0:
                    raise PathFailed(f"The path looks at more than {MOST_VISITS} values")
                value = waiting.pop()
                visit(value, found, run)
                below = value.values() if isinstance(value, dict) else value
                waiting.extend([inner for inner in below if isinstance(inner, (dict, list))][::-1])

        return step

    def _scan_test(self, token: Token, index: int) -> Test:
        match token:
            case Property(names):
                anywhere = not is_definite(token, self._is_last(index))
                if anywhere:
                    return lambda value, run: isinstance(value, dict)
                return lambda value, run: isinstance(value, dict) and all(name in value for name in names)
            case Indices() | Slice():
                return lambda value, run: isinstance(value, list)
            case Wildcard():
                return lambda value, run: True
            case Filter(condition):
                return accepting(condition, self.required, reader)
            case _:
                return lambda value, run: False

    # --- functions ---

    def _argument_reader(self, route: Route, tokens: tuple[Token, ...], definite: bool) -> Reader:
        return _reader(route, tokens, self.required, definite)

    def _call(self, index: int, call: Call, following: Step) -> Step:
        function = FUNCTIONS.get(call.name)
        arguments = [Argument(argument, self._argument_reader) for argument in call.arguments or ()]
        counts_below = call.name in ("length", "size") and bool(arguments)
        last = self._is_last(index)

        def step(value: Json, found: list[Json], run: Run) -> None:
            if function is None:
                raise UnusablePath(f"Function with name: {call.name} does not exist.")
            bound = [argument.bind(run) for argument in arguments]
            if counts_below:
                below = arguments[0].below(value, run)
                result = len(below) if isinstance(below, list) else length(value)
            else:
                result = function(value, lambda: [get() for get in bound])
            found.append(result)
            if arguments:
                arguments[0].wear(run)
            if not last:
                following(result, found, run)

        return step


def _leaf_scan(value: Json, found: list[Json], run: Run) -> None:
    raise PathFailed("Current path token is a leaf")


def _slice_range(start: int | None, stop: int | None, size: int) -> range:
    """A negative start counts from the end only when no stop is given; with a stop it begins before the first element."""
    if stop is None:
        start = start or 0
        return range(max(0, size + start if start < 0 else start), size)
    if start is None:
        return range(min(size, size + stop if stop < 0 else stop))
    return range(start, min(size, stop))


def plain(value: Json) -> Json:
    """Results as JSON: names that `keys()` gave become a list, alone or among other results."""
    if isinstance(value, Keys):
        return value.names
    if isinstance(value, list) and any(isinstance(item, Keys) for item in value):
        return [plain(item) for item in value]
    return value

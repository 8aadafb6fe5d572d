"""JSONPath as Step Functions evaluates it: the dialect of Jayway JsonPath 2.10, with its answers and its messages.

    >>> path = compile_path("$.order.lines[?(@.qty > 1)].sku")
    >>> path.read({"order": {"lines": [{"sku": "A", "qty": 2}, {"sku": "B", "qty": 1}]}})
    ['A']
    >>> compile_path("$.order.lines[0].sku").definite
    True

A path is compiled once, to closures, and read often. A chain of names and indices, which most paths are, is walked
directly and falls back to the general way only where something is missing, so that the general way finds the words.

Reading never changes the document and never copies parts of it: results are the document's own values.

| room | one line |
|---|---|
| `cursor`, `compiler`, `brackets`, `filters` | text → tokens |
| `tokens` | what a path is made of; which tokens are definite; how messages print them |
| `evaluate`, `conditions`, `arguments`, `run` | tokens → closures → answers |
| `operands`, `patterns`, `functions` | the operators of filters and the functions, as tables; regular expressions |
| `java`, `loose` | how Java prints and compares; the permissive JSON inside paths |
| `reference` | reference paths, the part of the language that names one place |
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from engine.values import Json

from .compiler import LONGEST, MOST_TOKENS, Reading, compile_route
from .evaluate import plain, reader
from .problems import InvalidPath, NotAReferencePath, PathFailed, PathNotFound, UnusablePath
from .reference import reference_steps
from .run import Run
from .tokens import Indices, Property, Route, all_definite

__all__ = [
    "InvalidPath",
    "JsonPath",
    "NotAReferencePath",
    "PathFailed",
    "PathNotFound",
    "UnusablePath",
    "compile_path",
    "reference_steps",
]


@dataclass(frozen=True, slots=True)
class JsonPath:
    """A compiled path."""

    text: str
    definite: bool
    """Whether it answers one value (or raises PathNotFound); otherwise it answers a list."""
    read: Callable[[Json], Json]
    """Document → answer. Raises PathNotFound or PathFailed (`UnusablePath`, a kind of both PathFailed and InvalidPath,
    for what Jayway calls an invalid path only when it reads)."""
    lenient: bool = False
    """Whether an unquoted word in a filter was taken for a string."""


@lru_cache(maxsize=4096)
def compile_path(text: str, lenient: bool = False) -> JsonPath:
    """The path, compiled. Raises InvalidPath with Jayway's message.

    With `lenient`, unquoted words in filters (`[?(@.kind==fiction)]`), which Jayway refuses, are strings; whether that
    was needed is told by `JsonPath.lenient`.
    """
    if not text:
        raise InvalidPath("path can not be null or empty")
    if len(text) > LONGEST:
        raise InvalidPath(f"The path is longer than {LONGEST} characters")
    reading = Reading(lenient=False)
    try:
        try:
            route = compile_route(text, reading)
        except InvalidPath:
            if not lenient:
                raise
            reading = Reading(lenient=True)
            route = compile_route(text, reading)
        return JsonPath(text, all_definite(route.tokens), _read(route), reading.used)
    except RecursionError:
        raise InvalidPath("The path is nested too deeply") from None


def _read(route: Route) -> Callable[[Json], Json]:
    steps = _plain_steps(route)
    if steps is not None and len(steps) > MOST_TOKENS:
        return _walk(steps, _general(Route(route.root, route.tokens[:MOST_TOKENS], True, False)))
    if len(route.tokens) > MOST_TOKENS:
        raise InvalidPath(f"The path has more than {MOST_TOKENS} steps")
    general = _general(route)
    return general if steps is None else _walk(steps, general)


def _general(route: Route) -> Callable[[Json], Json]:
    read_below = reader(route)

    def read(document: Json) -> Json:
        if document is None:
            raise PathFailed("json object can not be null")
        try:
            return plain(read_below(document, Run(document)))
        except RecursionError:
            raise PathFailed("The path or the document is nested too deeply") from None

    return read


def _plain_steps(route: Route) -> tuple[str | int, ...] | None:
    steps: list[str | int] = []
    for token in route.tokens:
        if isinstance(token, Property) and len(token.names) == 1:
            steps.append(token.names[0])
        elif isinstance(token, Indices) and len(token.numbers) == 1:
            steps.append(token.numbers[0])
        else:
            return None
    return tuple(steps)


def _walk(steps: tuple[str | int, ...], general: Callable[[Json], Json]) -> Callable[[Json], Json]:
    """The straight way. Subscripts do what Jayway does (a negative index counts from the end), except that an index
    into a string would succeed."""
    if not steps:
        return lambda document: document if document is not None else general(document)
    if all(isinstance(step, str) for step in steps):
        return _walk_names(steps, general)

    def read(document: Json) -> Json:
        value = document
        try:
            for step in steps:
                if value.__class__ is str:
                    return general(document)
                value = value[step]
        except (LookupError, TypeError):
            return general(document)
        return value

    return read


def _walk_names(names: tuple[str | int, ...], general: Callable[[Json], Json]) -> Callable[[Json], Json]:
    if len(names) == 1:
        (name,) = names

        def read_one(document: Json) -> Json:
            try:
                return document[name]
            except (LookupError, TypeError):
                return general(document)

        return read_one

    def read(document: Json) -> Json:
        value = document
        try:
            for name in names:
                value = value[name]
        except (LookupError, TypeError):
            return general(document)
        return value

    return read

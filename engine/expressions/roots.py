"""What a path starts from, and how it is read.

A path starts from one of three roots: `$.order` from the value at hand, `$$.Execution.Name` from the context object,
`$total.net` from the variable `total`. Behind the root stands Jayway JsonPath (`expressions.jsonpath`). A
*reference path* can name no more than one node; many fields take nothing else.

Chains of names such as `$.order.total` are most of what workflows hold; they are read by plain subscripts here, and only
a failing subscript goes the long way, which finds the right words for the miss.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from engine.errors import StatesError, runtime
from engine.expressions import InvalidExpression
from engine.expressions.jsonpath import (
    InvalidPath,
    NotAReferencePath,
    PathNotFound,
    compile_path,
    reference_steps,
)
from engine.values import Json, text

Read = Callable[[Any, Any], Any]
"""`read(value, scope)`: raises PathNotFound or PathFailed."""

NULL_INPUT = "Unable to apply Path transformation to null or empty input."
INVALID = "Value must be a valid JSONPath."
_VARIABLE = re.compile(r"\$([^\W\d]\w*)")
_QUOTED = re.compile(r"\[\s*'(?:[^'\\]|\\.)*'", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_MISSES = (KeyError, TypeError)


@dataclass(frozen=True, slots=True)
class Path:
    """A path, compiled, with its root."""

    text: str
    """As written."""
    root: Literal["value", "context", "variable"]
    inner: str
    """The path from its root on: `$.a` for `$.a`, `$$.a` and `$name.a` alike."""
    definite: bool
    read: Read
    name: str = ""
    """The variable, if that is the root."""

    def searched(self, value: Json, scope: Any) -> Json:
        """What the path is applied to, as AWS prints it when nothing was found: the value or the context object."""
        if self.root == "context":
            return scope.context
        return dict(scope.variables) if self.root == "variable" else value


def path(written: str) -> Path:
    """Compile a path of any kind.

    Raises:
        InvalidExpression: it is no path; `detail` has JsonPath's own words.
    """
    root, name, inner = split(written)
    try:
        compiled = compile_path(inner, lenient=True)
    except InvalidPath as wrong:
        raise InvalidExpression(INVALID, wrong.message) from None
    read = _reader(inner, compiled.read if compiled.definite else _all_matches(compiled.read))
    if root == "context":
        return Path(written, root, inner, compiled.definite, lambda value, scope: read(scope.context, scope))
    if root == "variable":

        def read_variable(value: Json, scope: Any) -> Json:
            try:
                held = scope.variables[name]
            except KeyError:
                raise PathNotFound(f"No results for path: $['{name}']") from None
            return read(held, scope)

        return Path(written, root, inner, compiled.definite, read_variable, name)
    return Path(written, root, inner, compiled.definite, read)


def reference_path(written: str) -> Path:
    """Compile a path that must be able to name one node only, in the fields that ask for it.

    Raises:
        InvalidExpression: `Value is not a Reference Path: …`
    """
    steps_of(written)
    return path(written)


def steps_of(written: str) -> tuple[str | int, ...]:
    """The names and indices a reference path goes through, from its root: `$order.lines[0]` → `("lines", 0)`."""
    if not written.startswith("$"):
        raise InvalidExpression("Value is not a Reference Path: Reference path didn't start with '$'")
    try:
        return reference_steps(split(written)[2])
    except NotAReferencePath as wrong:
        raise InvalidExpression(str(wrong)) from None


def split(written: str) -> tuple[Literal["value", "context", "variable"], str, str]:
    """Root, name of the variable or empty, and the path from the root on."""
    if "\\" in written:
        written = _QUOTED.sub(_keep_backslashes, written)
    if written.startswith("$$"):
        return "context", "", written[1:]
    variable = _VARIABLE.match(written)
    if variable:
        return "variable", variable[1], "$" + written[variable.end() :]
    return "value", "", written


def _keep_backslashes(quoted: re.Match[str]) -> str:
    """Between single quotes a double quote needs no backslash, and one before it belongs to the name (recorded)."""
    return _ESCAPE.sub(lambda escape: '\\\\"' if escape[1] == '"' else escape[0], quoted[0])


def _all_matches(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """An indefinite path that finds nothing gives `[]`, also where its way there is missing (recorded)."""

    def matches(value: Json) -> Json:
        try:
            return read(value)
        except PathNotFound:
            return []

    return matches


def _reader(inner: str, read: Callable[[Any], Any]) -> Read:
    """`read` with the frequent shapes cut short: `$`, and one to three names."""

    def long_way(value: Json) -> Json:
        if value is None:
            raise PathNotFound(NULL_INPUT)
        return read(value)

    try:
        steps = reference_steps(inner)
    except NotAReferencePath:
        return lambda value, scope: long_way(value)
    match steps:
        case ():
            return lambda value, scope: value
        case (str(first),):

            def one(value: Json, scope: Any) -> Json:
                try:
                    return value[first]
                except _MISSES:
                    return long_way(value)

            return one
        case (str(first), str(second)):

            def two(value: Json, scope: Any) -> Json:
                try:
                    return value[first][second]
                except _MISSES:
                    return long_way(value)

            return two
        case (str(first), str(second), str(third)):

            def three(value: Json, scope: Any) -> Json:
                try:
                    return value[first][second][third]
                except _MISSES:
                    return long_way(value)

            return three
    return lambda value, scope: long_way(value)


def not_found(wanted: Path, field: str, value: Json, scope: Any) -> StatesError:
    """The failure of a path in a payload template, ErrorPath or CausePath (recorded text)."""
    if value is None and wanted.root == "value":
        return runtime(NULL_INPUT)
    return runtime(
        f"The JSONPath '{wanted.text}' specified for the field '{field}' could not be found"
        f" in the input '{text(wanted.searched(value, scope))}'"
    )

"""The fields that hold a path, each with the words AWS has for a path that misses or hits the wrong thing.

Two kinds of fields exist: those that take any path (InputPath, OutputPath, templates) and those that take only a
*reference path*, which can name no more than one node. Sentences are those of recorded executions unless said otherwise.
"""

from __future__ import annotations

import re
from typing import Any, Literal

from engine.errors import REFERENCE_PATH_CONFLICT, RUNTIME, StatesError, runtime
from engine.expressions import InvalidExpression
from engine.expressions.intrinsics import compile_call, parse_call
from engine.expressions.jsonpath import PathFailed, PathNotFound
from engine.expressions.roots import NULL_INPUT, Path, not_found, path, reference_path, split, steps_of
from engine.expressions.timestamps import nanoseconds
from engine.model import Expression, ResultPath
from engine.values import Json, text

_LONG = re.compile(r"[+-]?\d+", re.ASCII)
_GIVE_TEXT = ("Format", "JsonToString", "ArrayGetItem", "Base64Encode", "Base64Decode", "Hash", "UUID")


def _invalid_path(wanted: Path, miss: PathNotFound | PathFailed, value: Json) -> StatesError:
    """The failure of InputPath, OutputPath and the timeouts' paths (recorded text)."""
    if value is None and wanted.root == "value":
        return runtime(NULL_INPUT)
    return runtime(f"Invalid path '{wanted.text}' : {miss.message}")


def literal(value: Json, field: str = "") -> Expression:
    """A constant, as an Expression: the same object every time."""
    return Expression(value, lambda given, scope: value, field)


def select(written: str | None, field: str) -> Expression:
    """InputPath or OutputPath. JSON `null` selects nothing: the value becomes `{}` (ASL, "InputPath")."""
    if written is None:
        return Expression(None, lambda value, scope: {}, field)
    wanted = path(written)
    read = wanted.read

    def evaluate(value: Json, scope: Any) -> Json:
        try:
            return read(value, scope)
        except (PathNotFound, PathFailed) as miss:
            raise _invalid_path(wanted, miss, value) from None

    return Expression(written, evaluate, field)


def items_path(written: str, objects: bool = False) -> Expression:
    """ItemsPath: a reference path that must hit an array, or with `objects` (distributed mode) an object.

    A miss is `States.ReferencePathConflict`, a hit of another kind `Reference path "$.a" must point to array.` without
    the usual frame and with one `$` even for the context object (recorded).
    """
    wanted = reference_path(written)
    steps = steps_of(written)
    read = wanted.read
    kinds = (list, dict) if objects else (list,)

    def evaluate(value: Json, scope: Any) -> Json:
        try:
            items = read(value, scope)
        except (PathNotFound, PathFailed):
            if value is None and wanted.root == "value":
                raise runtime(NULL_INPUT) from None
            raise _conflict(written, steps, wanted.searched(value, scope)) from None
        if not isinstance(items, kinds):
            raise StatesError(RUNTIME, f'Reference path "{wanted.inner}" must point to array.')
        return items

    return Expression(written, evaluate, "ItemsPath")


def number_path(written: str, field: str, kind: Literal["integer", "float"] = "integer") -> Expression:
    """TimeoutSecondsPath, HeartbeatSecondsPath, MaxConcurrencyPath, ToleratedFailure…Path, MaxItemsPath and their like.

    Answers an int, or for kind `float` any number. Bounds are not checked here.
    """
    wanted = reference_path(written)
    read = wanted.read

    def evaluate(value: Json, scope: Any) -> Json:
        try:
            number = read(value, scope)
        except (PathNotFound, PathFailed) as miss:
            raise _invalid_path(wanted, miss, value) from None
        if isinstance(number, int) and not isinstance(number, bool):
            return number
        if isinstance(number, float) and (kind == "float" or number.is_integer()):
            return number if kind == "float" else int(number)
        raise runtime(f'The {field} field refers to value "{_shown(number)}" which is not a valid {kind}: {written}')

    return Expression(written, evaluate, field)


def wait_seconds_path(written: str) -> Expression:
    """SecondsPath of a Wait state: seconds as an int, 0 or more (texts recorded)."""
    wanted = reference_path(written)

    def evaluate(value: Json, scope: Any) -> Json:
        seconds = _waited_for(wanted, "SecondsPath", value, scope)
        shown = _shown(seconds)
        if isinstance(seconds, bool) or not _LONG.fullmatch(shown):
            raise runtime(f"The SecondsPath parameter cannot be parsed as a long value: {written} == {shown}")
        if int(shown) < 0:
            raise runtime(f"The SecondsPath parameter references a negative value: {written} == {shown}")
        return int(shown)

    return Expression(written, evaluate, "SecondsPath")


def wait_timestamp_path(written: str) -> Expression:
    """TimestampPath of a Wait state: the timestamp as its text (texts recorded)."""
    wanted = reference_path(written)

    def evaluate(value: Json, scope: Any) -> Json:
        timestamp = _waited_for(wanted, "TimestampPath", value, scope)
        if not isinstance(timestamp, str) or nanoseconds(timestamp) is None:
            raise runtime(
                "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format"
                f" string: {written} == {_shown(timestamp)}"
            )
        return timestamp

    return Expression(written, evaluate, "TimestampPath")


def _waited_for(wanted: Path, field: str, value: Json, scope: Any) -> Json:
    try:
        return wanted.read(value, scope)
    except (PathNotFound, PathFailed):
        raise runtime(f"The {field} parameter does not reference an input value: {wanted.text}") from None


def _shown(value: Json) -> str:
    """A value as AWS puts it into the texts above: strings without quotes, everything else as JSON."""
    return value if isinstance(value, str) else text(value)


def text_path(written: str, field: str) -> Expression:
    """ErrorPath or CausePath: a reference path, or an intrinsic function that gives a string (ASL, "Fail State")."""
    if written.startswith("States."):
        call = compile_call(written)
        if parse_call(written).function.name not in _GIVE_TEXT:
            raise InvalidExpression(
                f"The value for the field '{field}' must be a valid JSONPath or a valid intrinsic function call",
                "Only functions that give a string fit here: " + ", ".join(f"States.{name}" for name in _GIVE_TEXT),
            )
        return Expression(written, lambda value, scope: _as_text(call(value, scope), written, field), field)
    wanted = reference_path(written)

    def evaluate(value: Json, scope: Any) -> Json:
        try:
            found = wanted.read(value, scope)
        except (PathNotFound, PathFailed):
            raise not_found(wanted, field, value, scope) from None
        return _as_text(found, written, field)

    return Expression(written, evaluate, field)


def _as_text(value: Json, written: str, field: str) -> str:
    if isinstance(value, str):
        return value
    raise runtime(f'The {field} field refers to value "{_shown(value)}" which is not a valid string: {written}')


def result_path(written: str | None) -> ResultPath:
    """ResultPath: a reference path into the state's own input; `null` throws the result away."""
    if written is None:
        return ResultPath(None, None)
    if split(written)[0] != "value":
        raise InvalidExpression("Value is not a Reference Path", "ResultPath writes into the state input only")
    return ResultPath(written, steps_of(written))


def put(raw: Json, where: ResultPath, value: Json) -> Json:
    """`raw` with `value` at `where`; objects on the way are made when absent, and everything beside is shared.

    Raises:
        StatesError: `States.ReferencePathConflict`, when something on the way is no object. An index replaces an
            element that exists, and nothing else.
    """
    steps = where.steps
    if steps is None:
        return raw
    if not steps:
        return value
    first = steps[0]
    if len(steps) == 1 and type(raw) is dict and type(first) is str:
        changed = raw.copy()
        changed[first] = value
        return changed
    if not isinstance(raw, (dict, list)):
        raise StatesError(
            REFERENCE_PATH_CONFLICT, f"Unable to apply ReferencePath {where.source} to input {text(raw)}", framed=True
        )
    return _put(raw, steps, value)


def _put(raw: Json, steps: tuple[str | int, ...], value: Json) -> Json:
    changed = holder = raw.copy()
    for index, step in enumerate(steps):
        absent = isinstance(step, str) and isinstance(holder, dict) and step not in holder
        if not absent and not _applies(step, holder):
            raise _unable(step, holder)
        if index == len(steps) - 1:
            holder[step] = value
            return changed
        inner = {} if absent else holder[step]
        if not isinstance(inner, (dict, list)):
            raise _unable(steps[index + 1], inner)
        holder[step] = inner.copy()
        holder = holder[step]
    return changed


def _conflict(written: str, steps: tuple[str | int, ...], value: Json) -> StatesError:
    """The first step of a reference path that does not apply (texts from field reports)."""
    if not isinstance(value, (dict, list)):
        return StatesError(
            REFERENCE_PATH_CONFLICT, f"Unable to apply ReferencePath {written} to input {text(value)}", framed=True
        )
    holder: Json = value
    for step in steps:
        if not _applies(step, holder):
            return _unable(step, holder)
        holder = holder[step]
    return _unable(written, holder)


def _unable(step: str | int, value: Json) -> StatesError:
    return StatesError(REFERENCE_PATH_CONFLICT, f'Unable to apply step "{step}" to input {text(value)}', framed=True)


def _applies(step: str | int, value: Json) -> bool:
    if isinstance(step, str):
        return isinstance(value, dict) and step in value
    return isinstance(value, list) and 0 <= step < len(value)

"""Payload templates: JSON in which the value of every key ending in `.$` is a path or an intrinsic call.

`{"id.$": "$.order.id", "source": "web"}` becomes `{"id": 7, "source": "web"}`. Objects and arrays are walked at any
depth. What holds no such key is a constant and stays the same object for every filling, as does every part of a template
that is one; only what lies on the way to a dynamic key is made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from engine.expressions import InvalidExpression
from engine.expressions.intrinsics import compile_call
from engine.expressions.jsonpath import PathFailed, PathNotFound
from engine.expressions.roots import not_found, path
from engine.model import Expression
from engine.values import Json

Fill = Callable[[Any, Any], Any]
Steps = tuple[str | int, ...]


def template(source: Json, field: str) -> Expression:
    """Compile Parameters, ResultSelector, ItemSelector, Assign, Credentials and their like.

    Raises:
        InvalidExpression: for the first key that cannot be compiled; `faults` finds them all.
    """
    fill = _node(source)
    return Expression(source, fill if fill else lambda value, scope: source, field)


def faults(source: Json, at: Steps = ()) -> Iterator[InvalidExpression]:
    """Everything in a template that cannot be compiled. `at` of each says in which object of the template."""
    if isinstance(source, dict):
        for key, inner in source.items():
            if key.endswith(".$"):
                try:
                    _leaf(key, inner)
                    _apart(source, key)
                except InvalidExpression as fault:
                    yield InvalidExpression(fault.message, fault.detail, at, fault.code)
            else:
                yield from faults(inner, (*at, key))
    elif isinstance(source, list):
        for index, inner in enumerate(source):
            yield from faults(inner, (*at, index))


def _node(source: Json, at: Steps = ()) -> Fill | None:
    """The filling of a part of a template, None for a constant."""
    if isinstance(source, dict):
        return _object(source, at)
    if isinstance(source, list):
        return _array(source, at)
    return None


def _object(source: dict[str, Json], at: Steps) -> Fill | None:
    dynamic: list[tuple[str, Fill]] = []
    pattern: dict[str, Json] = {}
    for key, inner in source.items():
        if key.endswith(".$"):
            try:
                fill: Fill | None = _leaf(key, inner)
                _apart(source, key)
            except InvalidExpression as fault:
                raise InvalidExpression(fault.message, fault.detail, at, fault.code) from None
            key = key[:-2]
        else:
            fill = _node(inner, (*at, key))
        pattern[key] = None if fill else inner
        if fill:
            dynamic.append((key, fill))
    if not dynamic:
        return None
    copy = pattern.copy
    if len(dynamic) == 1:
        only, fill_only = dynamic[0]

        def with_one(value: Json, scope: Any) -> Json:
            filled = copy()
            filled[only] = fill_only(value, scope)
            return filled

        return with_one
    entries = tuple(dynamic)

    def with_many(value: Json, scope: Any) -> Json:
        filled = copy()
        for key, fill in entries:
            filled[key] = fill(value, scope)
        return filled

    return with_many


def _array(source: list[Json], at: Steps) -> Fill | None:
    fills = [_node(inner, (*at, index)) for index, inner in enumerate(source)]
    entries = tuple((index, fill) for index, fill in enumerate(fills) if fill)
    if not entries:
        return None

    def evaluate(value: Json, scope: Any) -> Json:
        filled = source.copy()
        for index, fill in entries:
            filled[index] = fill(value, scope)
        return filled

    return evaluate


def _apart(source: dict[str, Json], key: str) -> None:
    """`a` and `a.$` would both become `a` (ASL, "Payload Template")."""
    if key[:-2] in source:
        raise InvalidExpression(
            f"The field '{key[:-2]}' is defined twice: as '{key[:-2]}' and as '{key}'",
            "Remove one of them; both would give the same key",
        )


def _leaf(key: str, written: Json) -> Fill:
    invalid = f"The value for the field '{key}' must be a valid JSONPath or a valid intrinsic function call"
    if not isinstance(written, str):
        raise InvalidExpression(invalid, "A key ending in .$ takes a string: a path or a call of an intrinsic function")
    try:
        if not written.startswith("$"):
            return compile_call(written)
        wanted = path(written)
    except InvalidExpression as fault:
        raise InvalidExpression(invalid, fault.detail) from None
    read = wanted.read
    if wanted.inner == "$" and wanted.root == "value":
        return read

    def evaluate(value: Json, scope: Any) -> Json:
        try:
            return read(value, scope)
        except (PathNotFound, PathFailed):
            raise not_found(wanted, key, value, scope) from None

    return evaluate

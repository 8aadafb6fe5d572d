"""Paths and calls of JSONata, said as JSONPath and intrinsic functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.expressions.jsonata_reading import Calling, Fixed, Following, Joining, Listing, Tree
from engine.rewrite_values import Unwritable, Writing
from engine.values import Json

_PLAIN = re.compile(r"[A-Za-z_]\w*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Seen:
    """The member of `$states` that `$` is at a place: `input`, `result` or `errorOutput`."""

    member: str


def place(steps: Iterable[str | int], root: str = "$") -> str:
    """A path from a root: `$.order['unit price'][0]`."""
    made = [root]
    for step in steps:
        if isinstance(step, int):
            made.append(f"[{step}]")
        elif _PLAIN.fullmatch(step):
            made.append(f".{step}")
        else:
            quoted = step.replace("\\", "\\\\").replace("'", "\\'")
            made.append(f"['{quoted}']")
    return "".join(made)


def follow(path: Following, seen: Seen) -> str:
    """A path of JSONata. Raises Unwritable where its root cannot be reached."""
    if path.variable != "states":
        return place(path.steps, f"${path.variable}")
    if not path.steps:
        raise Unwritable("$states as a whole has no twin in JSONPath")
    member, *steps = path.steps
    if member == "context":
        return place(steps, "$$")
    if member != seen.member:
        raise Unwritable(f"$states.{member} cannot be reached here: in JSONPath, $ is $states.{seen.member}")
    return place(steps)


def call(tree: Tree, seen: Seen, writing: Writing) -> str:
    """An expression as an intrinsic call. Raises Unwritable."""
    match tree:
        case Joining("&", _, _):
            return _format(tree, seen, writing)
        case Joining("+", left, right):
            writing.note("States.MathAdd rounds its numbers to whole ones first.")
            return _made("MathAdd", (left, right), seen, writing)
        case Joining("-", left, Fixed(int() as number)):
            writing.note("States.MathAdd rounds its numbers to whole ones first.")
            return _made("MathAdd", (left, Fixed(-number)), seen, writing)
        case Joining("in", value, array):
            return _made("ArrayContains", (array, value), seen, writing)
        case Listing(items):
            if any(not isinstance(item, Fixed) for item in items):
                writing.note("States.Array keeps arrays among its arguments whole; [ … ] puts their items in.")
            return _made("Array", items, seen, writing)
        case Calling("merge", (Listing((first, second)),)):
            return _made("JsonMerge", (first, second, Fixed(False)), seen, writing)
        case Calling("split", (text, Fixed(str() as by))) if len(by) == 1:
            writing.note("States.StringSplit leaves empty pieces out.")
            return _made("StringSplit", (text, Fixed(by)), seen, writing)
        case Calling(name, arguments) if name in _TWINS and len(arguments) == _TWINS[name][1]:
            twin, _, note = _TWINS[name]
            if note:
                writing.note(note)
            return _made(twin, arguments, seen, writing)
        case Calling(name, _):
            raise Unwritable(f"${name} has no twin among the intrinsic functions")
        case Joining(operator, _, _):
            raise Unwritable(f"The operator {operator} has no twin among the intrinsic functions")
        case _:
            raise Unwritable("This has no twin among the intrinsic functions")


_TWINS: Mapping[str, tuple[str, int, str]] = {
    "count": ("ArrayLength", 1, "States.ArrayLength takes arrays only; $count counts a single value as one."),
    "partition": ("ArrayPartition", 2, ""),
    "range": ("ArrayRange", 3, "$range gives a single number as it is, States.ArrayRange a list of it."),
    "distinct": ("ArrayUnique", 1, "States.ArrayUnique takes arrays only."),
    "hash": ("Hash", 2, ""),
    "uuid": ("UUID", 0, ""),
    "parse": ("StringToJson", 1, ""),
    "string": ("JsonToString", 1, "States.JsonToString puts quotes around a text, $string leaves it as it is."),
    "base64encode": ("Base64Encode", 1, "$base64encode counts characters beyond ASCII as one byte."),
    "base64decode": ("Base64Decode", 1, "$base64decode counts characters beyond ASCII as one byte."),
}
"""Function of JSONata, intrinsic function, number of arguments, and where the two part."""


def _made(name: str, arguments: Iterable[Tree], seen: Seen, writing: Writing) -> str:
    return f"States.{name}({', '.join(_argument(one, seen, writing) for one in arguments)})"


def _argument(tree: Tree, seen: Seen, writing: Writing) -> str:
    match tree:
        case Fixed(value):
            return _constant(value)
        case Following():
            return follow(tree, seen)
        case _:
            return call(tree, seen, writing)


def _constant(value: Json) -> str:
    if isinstance(value, str):
        return "'" + re.sub(r"([\\'{}])", r"\\\1", value) + "'"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return repr(value)


def _format(tree: Tree, seen: Seen, writing: Writing) -> str:
    """A chain of `&` as States.Format."""
    parts: list[Tree] = []

    def gather(part: Tree) -> None:
        if isinstance(part, Joining) and part.operator == "&":
            gather(part.left)
            gather(part.right)
        else:
            parts.append(part)

    gather(tree)
    template, holes = "", []
    for part in parts:
        if isinstance(part, Fixed) and isinstance(part.value, str):
            template += re.sub(r"([\\'{}])", r"\\\1", part.value)
        else:
            template += "{}"
            holes.append(part)
    writing.note("& writes objects, arrays and whole numbers as JSON, States.Format as Java does.")
    return (
        f"States.Format({', '.join([chr(39) + template + chr(39), *(_argument(one, seen, writing) for one in holes)])})"
    )

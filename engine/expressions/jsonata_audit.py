"""An evaluation of JSONata, part by part: which piece of the expression gave what, and which items a filter dropped.

What the package behind `jsonata` records is a tree in which a part stands as often as it was evaluated. Read by a person,
the expression is the thing that stays: so every part stands here once, at its place in the text, with how often it was
evaluated and the first of its values. Constants and the names of functions are left out, because they say nothing that the
text does not say.

A filter is a predicate, `items[price > 10]`, or `$filter(items, function($item) { … })`. For both it is told which items were
dropped, by their index in the list that was filtered.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypedDict, TypeGuard

from engine.values import Json

MOST_PARTS = 200
MOST_VALUES = 5
MOST_DROPPED = 50
_SILENT = frozenset(("string", "number", "value", "boolean", "null", "regex", "lambda", "partial"))
"""Kinds whose value is their text."""
_STEPS = frozenset(("name", "variable", "wildcard", "descendant"))
_NAME = re.compile(r"`[^`]*`|\$\$|\$?\w+|\*\*?|\$|\"[^\"]*\"")
_FUNCTION = "<function>"

Node = Mapping[str, Any]


class Part(TypedDict):
    """One part of the expression."""

    start: int
    end: int
    """Place in the `{% … %}` text, in characters."""
    parent: int
    """Index of the part around it, -1 for the whole."""
    kind: str
    """`path`, `name`, `variable`, `binary`, `condition`, `function`, `block`, `object` …"""
    times: int
    """How often it was evaluated."""
    values: list[Json]
    """The first of its values; long ones are cut, and `…` stands for the rest."""
    undefined: int
    """How often it gave nothing."""
    error: str | None
    says: str | None
    """The branch that a condition took; `left side decided` where `and` or `or` did not ask its right side."""


class Dropped(TypedDict):
    """An item that a filter dropped."""

    list: int
    """Which list, where the filter was applied to several."""
    index: int | None
    """Its index there; None where it cannot be told."""
    value: Json


class Filter(TypedDict):
    """One filter. `start` and `end` are those of its test."""

    start: int
    end: int
    tested: int
    passed: int
    dropped: list[Dropped]
    """The first of the dropped items; their number is `tested - passed`."""


def parts(root: Node, text: str, offset: int, start: int, length: int) -> tuple[list[Part], bool]:
    """The parts of a recorded evaluation in the order of their text, and whether some had to be left out.

    `offset` is what a span is ahead of `text`, of which the expression takes `length` characters from `start` on.
    """
    found: dict[tuple[int, int, str], Part] = {}
    for node in _nodes(root):
        kind, span = str(node["kind"]), node["span"]
        begin, end = span["start"] - offset, span["end"] - offset
        if begin < start or end > start + length or kind in _SILENT or node.get("output") == _FUNCTION:
            continue
        if kind in _STEPS:  # the value is that of the name, before the predicates that stand behind it
            name = _NAME.match(text, begin)
            end = name.end() if name else end
        part = found.get((begin, end, kind))
        if part is None:
            part = found[begin, end, kind] = Part(
                start=begin, end=end, parent=-1, kind=kind, times=0, values=[], undefined=0, error=None, says=None
            )
        _add(part, node)
    ordered = sorted(found.values(), key=lambda part: (part["start"], -part["end"]))
    ordered = _without_twins(ordered)
    kept = ordered[:MOST_PARTS]
    around: list[int] = []
    for index, part in enumerate(kept):
        while around and kept[around[-1]]["end"] < part["end"]:
            around.pop()
        part["parent"] = around[-1] if around else -1
        around.append(index)
    return kept, len(kept) < len(ordered)


def _add(part: Part, node: Node) -> None:
    part["times"] += 1
    outcome = node.get("outcome")
    if outcome == "undefined":
        part["undefined"] += 1
    elif outcome == "error":
        part["error"] = _error(node)
    elif len(part["values"]) < MOST_VALUES:
        part["values"].append(node.get("output"))
    if node.get("shortCircuited"):
        part["says"] = "left side decided"
    elif "branch" in node:
        branch = str(node["branch"])
        part["says"] = branch if part["says"] in (None, branch) else "then and else"


def _error(node: Node) -> str:
    error = node.get("error", {})
    return ": ".join(str(word) for word in (error.get("code"), error.get("message")) if word) or "error"


def _without_twins(ordered: list[Part]) -> list[Part]:
    """Without the single name of a path of one step, which stands at the same place and gave the same."""
    made: list[Part] = []
    for part in ordered:
        before = made[-1] if made else None
        if before and (before["start"], before["end"]) == (part["start"], part["end"]):
            if before["kind"] == "path" or (before["kind"] == "block" and part["kind"] == "path"):
                continue
            if part["kind"] == "path":
                made[-1] = part
                continue
        made.append(part)
    return made


def _nodes(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.get("children", ())))


# Filters ------------------------------------------------------------------------------------------------------------


def filters(root: Node, offset: int, start: int, length: int) -> list[Filter]:
    """Every filter of a recorded evaluation that stands in the expression, in the order of their text."""
    found: dict[tuple[int, int], Filter] = {}
    for node in _nodes(root):
        tests = list(_predicates(node))
        if node["kind"] == "function" and node.get("op") == "$filter":
            tests += _by_function(node)
        for span, tested, passed, dropped in tests:
            begin, end = span["start"] - offset, span["end"] - offset
            if begin < start or end > start + length:
                continue
            one = found.setdefault((begin, end), Filter(start=begin, end=end, tested=0, passed=0, dropped=[]))
            lists = 1 + max((item["list"] for item in one["dropped"]), default=-1) if one["tested"] else 0
            one["tested"] += tested
            one["passed"] += passed
            room = MOST_DROPPED - len(one["dropped"])
            one["dropped"] += [Dropped(list=lists + item["list"], index=item["index"], value=item["value"])
                               for item in dropped[:room]]  # fmt: skip
    return [found[key] for key in sorted(found)]


Tested = tuple[Mapping[str, int], int, int, list[Dropped]]


def _predicates(node: Node) -> Iterator[Tested]:
    """The predicates that a step applied. Its children hold each evaluation of a test, list after list."""
    for applied in node.get("filters", ()):
        tests: list[tuple[int, int, Node]] = []  # list, index, test
        which, index, inside = -1, 0, False
        for child in node.get("children", ()):
            if child["node"] != applied["node"]:
                inside = False
                continue
            if not inside:
                which, index, inside = which + 1, 0, True
            tests.append((which, index, child))
            index += 1
        span = tests[0][2]["span"] if tests else None
        if span is None:
            continue
        dropped = [
            Dropped(list=which, index=index, value=test.get("input"))
            for which, index, test in tests
            if not _holds(test, index, sum(other[0] == which for other in tests))
        ]
        if len(dropped) != applied["tested"] - applied["passed"]:
            dropped = [Dropped(list=0, index=None, value=value) for value in applied.get("rejected", ())]
        yield span, applied["tested"], applied["passed"], dropped


def _holds(test: Node, index: int, size: int) -> bool:
    """Does an item pass by this test? A number is an index, and an array of numbers are indices."""
    given = test.get("output")
    numbers = given if isinstance(given, list) else [given]
    if given is not None and numbers and all(_is_number(number) for number in numbers):
        wanted = [math.floor(number) for number in numbers if _is_number(number)]
        return any((number + size if number < 0 else number) == index for number in wanted)
    return _truth(given) if test.get("outcome") != "undefined" else False


def _is_number(value: Json) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _truth(value: Json) -> bool:
    """JSONata's `$boolean`: an array is true if one of its items is."""
    return any(map(_truth, value)) if isinstance(value, list) else bool(value) and value != _FUNCTION


def _by_function(node: Node) -> Iterator[Tested]:
    """`$filter` with a function that is written there: the body is evaluated once per item."""
    children = list(node.get("children", ()))
    written = next((child for child in children if child["kind"] == "lambda"), None)
    if written is None:
        return
    inside = (written["span"]["start"], written["span"]["end"])
    bodies = [
        child
        for child in children
        if child is not written and inside[0] <= child["span"]["start"] and child["span"]["end"] <= inside[1]
    ]
    arguments = [child for child in children if child["span"]["end"] <= inside[0] and child.get("output") != _FUNCTION]
    if not bodies or not arguments:
        return
    given = arguments[-1].get("output")
    items = given if isinstance(given, list) else [given]
    dropped = [
        Dropped(list=0, index=index, value=items[index] if index < len(items) else "…")
        for index, body in enumerate(bodies)
        if not _truth(body.get("output")) or body.get("outcome") == "undefined"
    ]
    yield bodies[0]["span"], len(bodies), len(bodies) - len(dropped), dropped

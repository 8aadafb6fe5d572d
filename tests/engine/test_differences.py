"""Two versions of a workflow: what is told about them, and both in one graph. Table in tests/cases/differences."""

from __future__ import annotations

import copy
import json
import time
from pathlib import Path
from typing import Any

import pytest

from engine.differences import differences
from engine.merged import merged

TABLE = json.loads((Path(__file__).parent.parent / "cases" / "differences" / "told.json").read_text("utf-8"))
BASE = TABLE["base"]


def changed(values: dict[str, Any]) -> Any:
    document = copy.deepcopy(BASE)
    for pointer, value in values.items():
        *way, last = pointer.strip("/").split("/")
        there = document
        for step in way:
            there = there[step]
        if value is None:
            del there[last]
        else:
            there[last] = value
    return document


def sides(case: dict[str, Any]) -> tuple[Any, Any]:
    return case.get("before", BASE), case["after"] if "after" in case else changed(case["with"])


CASES = pytest.mark.parametrize("case", TABLE["cases"], ids=[case["what"] for case in TABLE["cases"]])


@CASES
def test_what_is_told(case: dict[str, Any]) -> None:
    before, after = sides(case)
    found = differences(before, after)
    assert sorted([[e.kind, e.about, e.state, e.field, e.before, e.after] for e in found.entries], key=str) == sorted(
        case["told"], key=str
    )
    assert found.same == (not case["told"])


@CASES
def test_the_way_back_tells_as_much(case: dict[str, Any]) -> None:
    """Read the other way round there are as many differences, and what was added was removed."""
    before, after = sides(case)
    there, back = differences(before, after), differences(after, before)
    turned = {"added": "removed", "removed": "added"}
    assert sorted((e.about, turned.get(e.kind, e.kind), str(e.before)) for e in there.entries) == sorted(
        (e.about, e.kind, str(e.after)) for e in back.entries
    )


@CASES
def test_both_versions_are_in_one_graph(case: dict[str, Any]) -> None:
    before, after = sides(case)
    both = merged(before, after)
    nodes = {node.id for node in both.graph.nodes}
    groups = {group.id for group in both.graph.groups}
    assert len(nodes) == len(both.graph.nodes)
    assert all(edge.source in nodes and edge.target in nodes for edge in both.graph.edges)
    assert all(node.group is None or node.group in groups for node in both.graph.nodes)
    assert all(group.node in nodes and (group.parent is None or group.parent in groups) for group in both.graph.groups)
    assert both.marks.keys() <= nodes | {edge.id for edge in both.graph.edges}
    for entry in both.differences.entries:
        if entry.about == "state" and entry.kind in ("added", "removed"):
            at = entry.at if entry.kind == "added" else f"- {entry.at}"
            assert both.marks[at] == entry.kind
    if both.differences.same:
        assert not both.marks


def test_marks_say_what_became_of_ways() -> None:
    after = changed({"/States/Rest/Next": "Bake", "/States/Knead/TimeoutSeconds": 5})
    assert merged(BASE, after).marks == {
        "/States/Knead": "changed",
        "/States/Rest/Next": "added",
        "- /States/Rest/Next": "removed",
    }


def test_large_versions_are_compared_quickly() -> None:
    """1,000 states of which every one has another name: no pairing of each with each."""

    def chain(prefix: str) -> dict[str, Any]:
        states = {f"{prefix}{n}": {"Type": "Pass", "Result": n, "Next": f"{prefix}{n + 1}"} for n in range(1000)}
        return {"StartAt": f"{prefix}0", "States": {**states, f"{prefix}1000": {"Type": "Succeed"}}}

    begun = time.perf_counter()
    found = differences(chain("a"), chain("b"))
    assert time.perf_counter() - begun < 10
    assert {entry.kind for entry in found.entries} == {"renamed"}

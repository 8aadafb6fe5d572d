"""Edits: what the service accepts stays acceptable, what is not touched stays the same object, and the rest is in a table."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import edit
from engine.edit import Edited, NotPossible
from engine.graph import END, START, graph
from engine.outline import spots
from engine.validate import service_problems
from tests.engine.machines import TASK, condition, machines

CASES = Path(__file__).parent.parent / "cases" / "edit"
TABLE = [(path.stem, case) for path in sorted(CASES.glob("*.json")) for case in json.loads(path.read_text("utf-8"))]


def errors(document: Any) -> list[str]:
    return [f"{found.at}: {found.message}" for found in service_problems(document) if found.severity == "error"]


def applied(document: Any, call: list[Any]) -> Edited:
    name, *arguments = call
    keywords = arguments.pop() if arguments and isinstance(arguments[-1], dict) and name in _PLACED else {}
    found: Edited = getattr(edit, name)(document, *arguments, **keywords)
    return found


_PLACED = ("insert", "move")


@pytest.mark.parametrize(("topic", "case"), TABLE, ids=[f"{topic}: {case['name']}" for topic, case in TABLE])
def test_the_table(topic: str, case: dict[str, Any]) -> None:
    document = case["before"]
    kept = deepcopy(document)
    if "refused" in case:
        with pytest.raises(NotPossible) as refused:
            applied(document, case["do"])
        assert str(refused.value) == case["refused"]
        return
    edited = applied(document, case["do"])
    assert edited.document == case["after"]
    assert json.dumps(edited.document) == json.dumps(case["after"]), "the order of fields and states"
    assert document == kept
    if "selected" in case:
        assert list(edited.selected) == case["selected"]
    if not case.get("half"):
        assert not errors(edited.document)


def pieces(language: str) -> list[dict[str, Any]]:
    """Fragments: a state, a sequence, a Choice with open rules, an end, a group."""
    spoken = {} if language == "JSONPath" else {"QueryLanguage": language}
    task = {"Type": "Task", "Resource": TASK, "End": True}
    inner = {"StartAt": "S1", "States": {"S1": {"Type": "Pass", "End": True}}}
    return [
        spoken | {"StartAt": "S1", "States": {"S1": {"Type": "Pass"}}},
        spoken | {"StartAt": "S1", "States": {"S1": {"Type": "Wait", "Seconds": 1, "Next": "New"}, "New": task}},
        spoken | {"StartAt": "C", "States": {"C": {"Type": "Choice", "Choices": [condition(language)]}}},
        spoken | {"StartAt": "S1", "States": {"S1": {"Type": "Fail"}}},
        spoken
        | {
            "StartAt": "P",
            "States": {"P": {"Type": "Parallel", "Branches": [inner], "Next": "S2"}, "S2": {"Type": "Succeed"}},
        },
    ]


OPERATIONS = (
    "insert",
    "connect",
    "reconnect",
    "disconnect",
    "remove",
    "rename",
    "duplicate",
    "fragment_of",
    "wrap",
    "lift",
    "move",
    "change_type",
)


def some_edit(data: st.DataObject, document: Any, language: str, kind: str) -> Edited:
    """One operation on anything that is drawn."""
    drawn = graph(document)
    nodes = [node.id for node in drawn.nodes if node.id not in (START, END)]
    edges = [edge.id for edge in drawn.edges]
    blocks = ["", *(group.id for group in drawn.groups)]
    node = st.sampled_from(nodes)
    some = st.lists(node, min_size=1, max_size=3, unique=True)
    place = st.one_of(
        st.builds(lambda at: {"edge": at}, st.sampled_from(edges)),
        st.builds(lambda at: {"after": at}, node),
        st.builds(lambda at: {"block": at}, st.sampled_from(blocks)),
    )
    match kind:
        case "insert":
            return edit.insert(document, data.draw(st.sampled_from(pieces(language))), **data.draw(place))
        case "connect":
            way = data.draw(st.sampled_from(["next", "choice", "default", "catch", "start"]))
            return edit.connect(document, data.draw(node), data.draw(st.sampled_from([*nodes, END])), way)
        case "reconnect":
            return edit.reconnect(document, data.draw(st.sampled_from(edges)), data.draw(node))
        case "disconnect":
            return edit.disconnect(document, data.draw(st.sampled_from(edges)))
        case "remove":
            gone = data.draw(st.lists(st.sampled_from(edges), max_size=1))
            return edit.remove(document, data.draw(some), gone)
        case "rename":
            return edit.rename(document, data.draw(node), data.draw(st.sampled_from(["New", "S1", "a/b[0]", "x" * 80])))
        case "duplicate":
            return edit.duplicate(document, data.draw(some))
        case "fragment_of":
            fragment = edit.fragment_of(document, data.draw(some))
            return edit.insert(document, fragment, **data.draw(place))
        case "wrap":
            return edit.wrap(document, data.draw(some), data.draw(st.sampled_from(["Parallel", "Map"])))
        case "lift":
            return edit.lift(document, data.draw(node))
        case "move":
            return edit.move(document, data.draw(some), **data.draw(place))
        case _:
            kinds = ["Task", "Pass", "Wait", "Choice", "Succeed", "Fail", "Parallel", "Map"]
            return edit.change_type(document, data.draw(node), data.draw(st.sampled_from(kinds)))


@pytest.mark.parametrize("language", ["JSONPath", "JSONata"])
@pytest.mark.parametrize("kind", OPERATIONS)
@settings(max_examples=40)
@given(st.data())
def test_what_the_service_accepts_stays_acceptable(kind: str, language: str, data: st.DataObject) -> None:
    document = data.draw(machines(language))
    assert not errors(document)
    for _ in range(data.draw(st.integers(1, 2))):
        try:
            edited = some_edit(data, document, language, kind)
        except NotPossible as refused:
            assert str(refused)
            continue
        found = edited.document
        if found["States"]:
            assert not errors(found)
        assert set(edited.selected) <= {spot.at for spot in spots(found)}
        if not found["States"]:
            break
        document = found

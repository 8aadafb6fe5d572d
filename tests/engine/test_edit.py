"""Edits: what the service accepts stays acceptable, what is not touched stays the same object, and the rest is in a table."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import edit
from engine.edit import Edited, NotPossible
from engine.graph import END, START, graph
from engine.outline import machine_language, spots
from engine.palette import item, palette
from engine.parse import parse
from engine.scenarios import load_folder, play
from engine.source import load
from engine.validate import service_problems
from engine.values import same
from engine.writing import written
from tests.engine.machines import TASK, condition, machines
from tests.golden import EXAMPLES, played, read

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
@settings(max_examples=30)
@given(st.data())
def test_what_the_service_accepts_stays_acceptable(kind: str, language: str, data: st.DataObject) -> None:
    """And nothing is changed in place, and a state that is as before is the same object."""
    document = data.draw(machines(language))
    assert not errors(document)
    for _ in range(data.draw(st.integers(1, 2))):
        kept = deepcopy(document)
        try:
            edited = some_edit(data, document, language, kind)
        except NotPossible as refused:
            assert str(refused)
            continue
        found = edited.document
        if found["States"]:
            assert not errors(found)
        assert document == kept
        before = {spot.at: spot.source for spot in spots(document)}
        for spot in spots(found):
            old = before.get(spot.at)
            assert old is None or spot.source is old or not same(spot.source, old)
        assert set(edited.selected) <= {spot.at for spot in spots(found)}
        if not found["States"]:
            break
        document = found


# Half-written documents ---------------------------------------------------------------------------------------------

words = st.sampled_from(
    ["A", "B", "C", "", "Pass", "Task", "Choice", "Map", "Parallel", "Succeed", 1, None, True, [], {}]
)
FIELDS = [
    "Type",
    "Next",
    "End",
    "Default",
    "Choices",
    "Catch",
    "Branches",
    "ItemProcessor",
    "States",
    "StartAt",
    "Label",
]
half = st.recursive(
    words,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from([*FIELDS, "A", "B"]), inner, max_size=5),
    ),
    max_leaves=12,
)
states = st.dictionaries(
    st.sampled_from(["A", "B", "C", "A/Next", "B[0]"]),
    st.one_of(half, st.dictionaries(st.sampled_from(FIELDS), half, max_size=6)),
    max_size=4,
)
broken = st.one_of(half, st.fixed_dictionaries({"StartAt": words, "States": states}))


@settings(max_examples=250)
@given(st.data(), broken, st.sampled_from(OPERATIONS))
def test_half_written_documents_are_edited_or_refused(data: st.DataObject, document: Any, kind: str) -> None:
    drawn = graph(document)
    if not any(node.id not in (START, END) for node in drawn.nodes) or not drawn.edges:
        return
    kept = deepcopy(document)
    try:
        some_edit(data, document, "JSONPath", kind)
    except NotPossible as refused:
        assert str(refused)
    assert document == kept


places = st.text(alphabet="/[]01ABStates", max_size=12)


@settings(max_examples=100)
@given(broken, places, words)
def test_any_place_is_written_or_refused(document: Any, at: str, value: Any) -> None:
    kept = deepcopy(document)
    for change in (lambda: edit.put(document, at, value), lambda: edit.drop(document, at)):
        try:
            change()
        except NotPossible as refused:
            assert str(refused)
    assert document == kept


# A whole workflow ---------------------------------------------------------------------------------------------------


def test_the_circuit_breaker_is_built_from_nothing() -> None:
    """Palette, transitions, names and fields give the example's workflow, and it runs as that does."""
    document: Any = {}

    def then(edited: Edited, *fields: tuple[str, Any]) -> str:
        nonlocal document
        document = edited.document
        for at, value in fields:
            document = edit.put(document, at, value).document
        return edited.selected[0] if edited.selected else ""

    def named(node: str, name: str) -> str:
        return then(edit.rename(document, node, name))

    def fill(node: str, **fields: Any) -> None:
        for field, value in fields.items():
            place = f"{node}/{field}"
            then(edit.drop(document, place) if value is ... else edit.put(document, place, value))

    get = named(then(edit.insert(document, item("action:dynamodb:getItem").fragment, block="")), "Get circuit status")
    fill(get, Parameters={"TableName": "circuits", "Key": {"service": {"S.$": "$.service"}}})
    fill(get, ResultSelector={"status.$": "$.Item.status.S"}, ResultPath="$.circuit")
    choice = then(edit.insert(document, item("flow:Choice").fragment, after=get))
    choice = named(choice, "Is circuit closed?")
    still = named("/States/Pass", "Circuit still open")
    fill(still, Result={"Error": "CircuitOpen", "Cause": "Not called: the circuit is open."}, ResultPath="$.error")
    unknown = named(then(edit.insert(document, item("flow:Fail").fragment, after=choice)), "Circuit unknown")
    fill(unknown, Error="CircuitUnknown", Cause="The table has no usable status for this service.")
    call = named(then(edit.insert(document, item("action:lambda:invoke").fragment, after=choice)), "Call service")
    fill(f"{choice}/Choices[0]", Variable="$.circuit.status", NumericGreaterThan=..., StringEquals="OPEN")
    fill(f"{choice}/Choices[1]", Variable="$.circuit.status", IsPresent=..., StringEquals="CLOSED")
    fill(call, Parameters={"FunctionName.$": "$.service", "Payload": {"request.$": "$.request"}}, TimeoutSeconds=20)
    retry = {"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 1, "MaxAttempts": 2, "BackoffRate": 2}
    fill(call, ResultSelector={"answer.$": "$.Payload"}, ResultPath="$.reply", Retry=[retry])
    answered = named(then(edit.insert(document, item("flow:Succeed").fragment, after=call)), "Answered")
    fill(answered, OutputPath="$.reply")
    over = named(then(edit.insert(document, item("flow:Fail").fragment, edge=f"{still}/End")), "Circuit open")
    fill(over, Error="CircuitOpen", Cause=..., CausePath="$.error.Cause")
    then(edit.connect(document, call, over, "catch"))
    put = then(edit.insert(document, item("action:dynamodb:putItem").fragment, edge=f"{call}/Catch[0]"))
    put = named(put, "Open circuit")
    entry = {"service": {"S.$": "$.service"}, "status": {"S": "OPEN"}, "since": {"S.$": "$$.State.EnteredTime"}}
    fill(put, Parameters={"TableName": "circuits", "Item": entry}, ResultPath=None)
    fill(f"{call}/Catch[0]", ErrorEquals=["States.Timeout", "Lambda.ServiceException"], ResultPath="$.error")
    assert not errors(document)

    folder = load_folder(EXAMPLES / "circuit-breaker", read)
    example: Any = read(folder.definition)
    assert same(document["States"], example["States"])
    assert document["StartAt"] == example["StartAt"]
    machine, problems = parse(document)
    assert machine is not None and not problems
    for scenario in folder.scenarios:
        trace = play(machine, scenario, folder.mocks, folder.name)
        assert (trace.status, trace.output) == (scenario.expect["status"], played(folder, scenario).output)


CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "asl"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the collection of published definitions is not at hand")
def test_published_definitions_stay_acceptable() -> None:
    """Edits of every kind on published workflows: what the service accepted, it accepts afterwards, and it is written back."""
    chance = Random(7)
    for path in sorted(CORPUS.glob("*.json"))[::3]:
        text = path.read_text("utf-8")
        document = load(text).value
        drawn = graph(document)
        nodes = [node.id for node in drawn.nodes if node.id not in (START, END)]
        edges = [edge.id for edge in drawn.edges]
        if not nodes or not edges or errors(document):
            continue
        language = machine_language(document)
        one, other, edge = chance.choice(nodes), chance.choice(nodes), chance.choice(edges)
        piece = item(chance.choice(palette()).id, language).fragment
        for kind, arguments in (
            ("insert", {"fragment": piece, "edge": edge}),
            ("insert", {"fragment": piece, "after": one}),
            ("connect", {"source": one, "target": other}),
            ("remove", {"nodes": [one, other]}),
            ("rename", {"node": one, "name": "A name that nobody has"}),
            ("duplicate", {"nodes": [one]}),
            ("wrap", {"nodes": [one], "into": "Parallel"}),
            ("lift", {"node": one}),
            ("move", {"nodes": [one], "edge": edge}),
            ("change_type", {"node": one, "type": "Pass"}),
        ):
            try:
                edited = getattr(edit, kind)(document, **arguments).document
            except NotPossible:
                continue
            if edited["States"]:
                assert errors(edited) == [], (path.name, kind, arguments)
                assert same(load(written(text, edited)).value, edited)

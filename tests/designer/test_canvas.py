"""The player's Python face: what is sent to the browser, what is read from it, and that the bundle is there to be served."""

from __future__ import annotations

import base64
import dataclasses
import json
import re
import zlib
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from designer.components import canvas as face
from designer.components.canvas import TEXTS, Ask, Editing, edit_props, read_event, to_props, where_from
from designer.components.canvas.measure import TERMINAL, node_box, text_width, wrapped
from designer.components.canvas.mount import ASSETS, FOLDER
from designer.components.canvas.packing import Pool, packed
from designer.components.canvas.payload import states, trace_props
from designer.components.canvas.truths import truths
from designer.components.canvas.wording import translated
from designer.components.check_bundles import RECORD, sources_hash
from engine.execution import run
from engine.graph import graph
from engine.history import history
from engine.parse import parse
from engine.trace import Call, Reply, Trace
from engine.world import World

CASES = Path(__file__).parents[1] / "cases" / "canvas"
SOURCES = FOLDER / "frontend" / "src"
DOCUMENT: dict[str, Any] = {
    "StartAt": "Both",
    "States": {
        "Both": {
            "Type": "Parallel",
            "Branches": [
                {
                    "StartAt": "Ask",
                    "States": {"Ask": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": True}},
                },
                {
                    "StartAt": "Each",
                    "States": {
                        "Each": {
                            "Type": "Map",
                            "ItemProcessor": {"StartAt": "Note", "States": {"Note": {"Type": "Pass", "End": True}}},
                            "ItemsPath": "$.list",
                            "End": True,
                        }
                    },
                },
            ],
            "Next": "Done",
        },
        "Done": {"Type": "Succeed"},
    },
}


def table(name: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads((CASES / name).read_text("utf-8"))["cases"]
    return cases


def answer(call: Call) -> Reply:
    return Reply(output={"MessageId": "1"}, delay=50)


def trace_of(document: dict[str, Any]) -> Trace:
    machine, _ = parse(document)
    assert machine is not None
    return run(machine, {"list": [1, 2, 3]}, World(connector=answer))


@pytest.mark.parametrize("case", table("names.json"), ids=lambda case: repr(case["name"]))
def test_a_name_is_wrapped_where_it_can_be(case: dict[str, Any]):
    assert wrapped(case["name"]) == case["lines"]


@pytest.mark.parametrize(
    "name", ["Pay", "WWWWWWWWWWWWWWWWWWWW", "i" * 60, "Update circuit status to open", "状态机的一个很长的名字在这里"]
)
def test_a_box_holds_its_text_and_grows_with_its_lines(name: str):
    box = node_box(name, "DynamoDB GetItem")
    assert all(text_width(line) <= box.width - 78 for line in box.lines)
    assert box.height >= 18 * len(box.lines) + 15


@pytest.mark.parametrize("case", table("events.json"), ids=lambda case: json.dumps(case["told"]))
def test_events_are_read_or_refused(case: dict[str, Any]):
    event = read_event(case["told"])
    found = None if event is None else json.loads(json.dumps([type(event).__name__, *dataclasses.astuple(event)]))
    assert found == case["event"]


def test_every_node_is_sent_with_its_size_and_is_named_in_the_dot():
    props = to_props(graph(DOCUMENT), None, document=DOCUMENT)
    nodes = {node["id"]: node for node in props["graph"]["nodes"]}
    assert nodes["/States/Both/Branches[0]/States/Ask"]["lines"] == ("Ask",)
    assert (nodes["(start)"]["width"], nodes["(start)"]["height"]) == (TERMINAL.width, TERMINAL.height)
    assert all(f'id="{name}"' in props["graph"]["dot"] for name in nodes)
    assert props["trace"] is None


def test_the_states_are_sent_as_written_without_the_flows_inside_them():
    found = dict(states(DOCUMENT))
    assert set(found) == {
        "/States/Both",
        "/States/Both/Branches[0]/States/Ask",
        "/States/Both/Branches[1]/States/Each",
        "/States/Both/Branches[1]/States/Each/ItemProcessor/States/Note",
        "/States/Done",
    }
    assert found["/States/Both"] == {"Type": "Parallel", "Next": "Done"}
    assert found["/States/Both/Branches[1]/States/Each"] == {"Type": "Map", "ItemsPath": "$.list", "End": True}


@pytest.mark.parametrize(
    "document", [None, 7, [], {}, {"States": []}, {"States": {"A": 1}}, {"States": {"A": {"Branches": "x"}}}]
)
def test_whatever_the_document_is_something_is_sent(document: Any):
    assert json.dumps(to_props(graph(document), None, document=document))


def test_the_same_run_is_the_same_json_and_another_run_is_not():
    first, second = (json.dumps(to_props(graph(DOCUMENT), trace_of(DOCUMENT))) for _ in range(2))
    assert first == second
    other = {**DOCUMENT, "States": {**DOCUMENT["States"], "Done": {"Type": "Pass", "Result": 1, "End": True}}}
    assert json.dumps(to_props(graph(other), trace_of(other))) != first


def opened(written: Any, told: dict[str, Any]) -> Any:
    """A value as the browser reads it."""
    return built(told["nodes"][written[0]], told) if isinstance(written, list) else written


def built(node: Any, told: dict[str, Any]) -> Any:
    if isinstance(node, str):
        return node
    shape, *parts = node
    values = [opened(part, told) for part in parts]
    return values if shape == -1 else dict(zip(told["keys"][shape], values, strict=True))


def test_the_columns_hold_the_moments_the_visits_and_the_values():
    trace = trace_of(DOCUMENT)
    told = trace_props(trace)
    moments = told["moments"]
    at, visit, value = (list(accumulate(moments[name])) for name in ("at", "visit", "value"))
    assert len(at) == len(trace)
    for index, moment in enumerate(trace.moments):
        assert moments["kinds"][moments["kind"][index]] == moment.kind
        assert moments["names"][moments["name"][index]] == moment.name
        assert (at[index], visit[index]) == (moment.at, moment.visit)
        if moment.value is None:
            assert value[index] == -1
        elif not isinstance(moment.value, Call):
            assert opened(told["values"][value[index]], told) == json.loads(json.dumps(moment.value))
    frames = accumulate(told["visits"]["frame"])
    states = [told["visits"]["ids"][state] for state in told["visits"]["state"]]
    assert list(zip(frames, states, strict=True)) == [(visit.frame, visit.state.at) for visit in trace.visits]
    assert [told["types"][type_] for type_ in told["events"]] == [event["type"] for event in history(trace)]
    assert sum(moments["event"]) == trace.events


def test_a_part_that_is_handed_on_is_sent_once():
    """What a run repeats costs nothing: the long text and the list that hold the input stand in one node each."""
    trace = trace_of(DOCUMENT)
    shared = {"list": [1, 2, 3], "text": "a text of more than two dozen characters"}
    pool = Pool()
    assert pool.put({"a": shared, "b": [shared]}) == [4]
    assert pool.put(dict(shared)) == [2], "what is equal is the same, even if it is another object"
    assert len(pool.nodes) == 5
    assert len(trace_props(trace)["nodes"]) < len(trace)


@pytest.mark.parametrize(
    ("one", "other"), [(1, True), (0, False), (1, 1.0), ("[1]", [1]), ([], {}), ({}, None), ([[]], [{}]), ("1", 1)]
)
def test_values_that_only_look_alike_stay_apart(one: Any, other: Any):
    pool = Pool()
    assert [json.dumps(opened(pool.put(of), {"nodes": pool.nodes, "keys": pool.keys})) for of in ([one], [other])] == [
        json.dumps([one]),
        json.dumps([other]),
    ]


def test_a_long_run_travels_deflated_and_comes_out_the_same():
    trace = {"version": 2, "nodes": ["no two alike"] * 9_000}
    told = packed(trace)
    assert set(told) == {"id", "deflated"}
    assert json.loads(zlib.decompress(base64.b64decode(told["deflated"]))) == trace
    assert set(packed({"version": 2})) == {"id", "plain"}


CHOICES: dict[str, Any] = {
    "StartAt": "Which",
    "States": {
        "Which": {
            "Type": "Choice",
            "Choices": [
                {"Variable": "$.n", "NumericGreaterThan": 5, "Next": "A"},
                {
                    "And": [{"Variable": "$.n", "NumericLessThan": 5}, {"Not": {"Variable": "$.s", "IsPresent": True}}],
                    "Next": "A",
                },
                {"Variable": "$.s", "StringEquals": "x", "Next": "A"},
            ],
        },
        "A": {"Type": "Succeed"},
    },
}


def test_each_rule_of_a_choice_goes_with_its_truth():
    machine, _ = parse(CHOICES)
    assert machine is not None
    assert truths(run(machine, {"n": 3}, World())) == {
        "0": [
            [False, "$.n NumericGreaterThan 5", "3", []],
            [
                True,
                "And",
                None,
                [
                    [True, "$.n NumericLessThan 5", "3", []],
                    [True, "Not", None, [[False, "$.s IsPresent true", None, []]]],
                ],
            ],
            [None, '$.s StringEquals "x"', None, []],
        ]
    }


def test_a_value_is_followed_back_link_by_link():
    document = {
        "StartAt": "Take",
        "States": {
            "Take": {"Type": "Pass", "Parameters": {"total.$": "$.bill['net total']"}, "Next": "Hand on"},
            "Hand on": {"Type": "Pass", "Next": "Done"},
            "Done": {"Type": "Succeed"},
        },
    }
    machine, _ = parse(document)
    assert machine is not None
    trace = run(machine, {"bill": {"net total": 3}}, World())
    last = max(index for index, moment in enumerate(trace.moments) if moment.kind == "exited")
    told = where_from(trace, Ask(last, ("total",), 7))
    assert told is not None
    assert (told["seq"], told["origin"], told["exact"]) == (7, "input", True)
    assert [(link["node"], link["field"], link["path"]) for link in told["steps"]] == [
        ("/States/Done", "Exit", "$.total"),
        ("/States/Take", "Parameters", "$.total"),
        (None, "Input", "$.bill['net total']"),
    ]
    assert told["steps"][1]["through"] == ["/States/Done", "/States/Hand on", "/States/Take"]
    assert where_from(trace, Ask(len(trace), (), 8)) is None
    assert where_from(None, Ask(0, (), 9)) is None


def test_texts_come_from_a_function_or_from_a_mapping_with_english_in_the_gaps():
    assert translated(str.upper)["play"] == TEXTS["play"].upper()
    assert translated({"play": "Reproducir"}) == {**TEXTS, "play": "Reproducir"}


def test_every_text_that_the_browser_asks_for_is_there():
    """Keys of texts as the sources write them; those that are put together are known by their beginning."""
    source = "\n".join(path.read_text("utf-8") for path in SOURCES.iterdir() if path.suffix in (".ts", ".tsx"))
    asked = set(re.findall(r'\bt\("(\w+)"', source))
    counted = set(re.findall(r'\bcount\("(\w+)"', source))
    assert asked and counted
    assert asked <= set(TEXTS)
    assert {f"{key}_{form}" for key in counted for form in ("one", "many")} <= set(TEXTS)


def test_no_text_is_kept_that_the_browser_does_not_ask_for():
    source = "\n".join(path.read_text("utf-8") for path in SOURCES.iterdir() if path.suffix in (".ts", ".tsx"))
    made = re.findall(r"\bt\(`(\w*)\$\{[^`]*\}(\w*)`", source)
    unused = {
        key
        for key in TEXTS
        if f'"{key.removesuffix("_one").removesuffix("_many")}"' not in source
        and not any(start + end and key.startswith(start) and key.endswith(end) for start, end in made)
    }
    assert unused == set()


def test_counted_texts_have_both_forms():
    ones = {key.removesuffix("_one") for key in TEXTS if key.endswith("_one")}
    assert ones == {key.removesuffix("_many") for key in TEXTS if key.endswith("_many")}


def test_one_script_and_one_style_are_there_to_be_served():
    names = [path.name for path in (FOLDER / ASSETS).iterdir()]
    for kind in ("js", "css"):
        assert sum(name.startswith("canvas-") and name.endswith(kind) for name in names) == 1


def test_the_bundle_was_built_from_these_sources():
    record = json.loads((FOLDER / ASSETS / RECORD).read_text("utf-8"))
    assert record["sources"] == sources_hash(FOLDER / "frontend")


def test_the_lockfile_names_no_place_to_download_from():
    assert "resolved" not in (FOLDER / "frontend" / "package-lock.json").read_text("utf-8")


def test_the_sources_set_no_html():
    """Names in a workflow are foreign text: they become text nodes and attributes, never markup."""
    for path in SOURCES.iterdir():
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML", path.read_text("utf-8"), re.IGNORECASE), (
            path.name
        )


def test_an_editor_gets_what_it_draws_with_and_no_fragments():
    """Items travel without what they insert, the graph without DOT, the states not at all: the document is there."""
    item = {"id": "flow:Pass", "group": "flow", "title": "Pass", "type": "Pass", "fragment": {"StartAt": "Pass"}}
    props = edit_props(graph(DOCUMENT), None, Editing(4, DOCUMENT, (item,), selected=("/States/Done",), can_undo=True))
    assert json.loads(json.dumps(props["edit"])) == {
        "rev": 4,
        "document": DOCUMENT,
        "palette": [
            {"id": "flow:Pass", "group": "flow", "title": "Pass", "caption": "", "type": "Pass", "service": ""}
        ],
        "found": None,
        "sought": "",
        "selected": ["/States/Done"],
        "canUndo": True,
        "canRedo": False,
        "say": "",
    }
    assert (props["graph"]["dot"], props["states"], props["trace"]) == ("", {}, None)
    assert {node["id"] for node in props["graph"]["nodes"]} >= {"/States/Both", "/States/Done"}


SCRIPT = """
import json
from designer.components.canvas import TEXTS, canvas
from engine.graph import graph
from engine.history import history
document = json.loads({document!r})
canvas(graph(document), None, texts=TEXTS, key="player", document=document, height=640)
"""


def test_it_is_mounted_with_what_it_was_given():
    app = AppTest.from_string(SCRIPT.format(document=json.dumps(DOCUMENT)), default_timeout=30).run()
    assert not app.exception
    data = json.loads(app.get("bidi_component")[0].proto.json)
    assert data["height"] == 640
    assert data["reports"] == {"cursor": False, "select": False, "ask": False}
    assert (data["start"]["cursor"], data["start"]["selected"]) == (None, None)
    assert set(data["states"]) == set(dict(states(DOCUMENT)))
    assert set(face.__all__) >= {"canvas", "to_props", "read_event"}

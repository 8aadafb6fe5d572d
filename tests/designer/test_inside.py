"""Child executions, conditions and watches, tried without a page: what the browser asks and what it is told."""

from __future__ import annotations

import json
from typing import Any

from designer import actions, compute, inside
from designer.components.canvas import read_questions, to_props
from designer.components.canvas.events import read_dive
from designer.components.canvas.payload import children
from designer.panels.questions import answered
from designer.session import Descent, Session, Setting
from designer.texts import Texts
from engine.execution import run
from engine.graph import graph
from engine.parse import parse
from engine.world import World

ENGLISH, SPANISH = Texts("en"), Texts("es")
EACH: dict[str, Any] = {
    "StartAt": "Each",
    "States": {
        "Each": {
            "Type": "Map",
            "Label": "each",
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Enough?",
                "States": {
                    "Enough?": {
                        "Type": "Choice",
                        "Choices": [{"Variable": "$.n", "NumericGreaterThan": 0, "Next": "Take"}],
                        "Default": "None",
                    },
                    "Take": {"Type": "Pass", "End": True},
                    "None": {"Type": "Fail", "Error": "NoneLeft"},
                },
            },
            "ToleratedFailureCount": 1,
            "Next": "Start",
        },
        "Start": {
            "Type": "Task",
            "Resource": "arn:aws:states:::states:startExecution.sync:2",
            "Parameters": {"StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:saga", "Input": {}},
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "End"}],
            "Next": "End",
        },
        "End": {"Type": "Succeed"},
    },
}
ITEMS = [{"n": 3}, {"n": 0}, {"n": 1}]


def setting(document: Any = EACH, given: Any = ITEMS) -> Setting:
    return Session(definition=json.dumps(document), input=json.dumps(given)).setting


def visit_of(name: str) -> int:
    trace = compute.trace(setting())
    assert trace is not None
    return next(index for index, visit in enumerate(trace.visits) if visit.state.name == name)


def test_an_item_of_a_distributed_map_is_a_run_that_is_shown_in_its_place():
    found = compute.inside(setting(), (Descent(visit_of("Each"), 1, 4),))
    assert found is not None and found.trace.error == "NoneLeft"
    assert found.place["crumbs"] == [{"kind": "item", "name": "Each"}]
    assert [one[2] for one in found.place["siblings"]] == ["SUCCEEDED", "FAILED", "SUCCEEDED"]
    context = found.props["trace"]["plain"]
    assert [node.name for node in found.graph.nodes if node.id == found.trace.visits[0].state.at] == ["Enough?"]
    assert context["children"] == {}


def test_the_item_of_a_child_is_what_its_map_gave_it():
    trace = compute.trace(setting())
    assert trace is not None
    found = inside.below(trace, [Descent(visit_of("Each"), 2, 0)], {})
    assert found is not None and found.item == {"Index": 2, "Value": {"n": 1}}


def test_a_task_that_starts_a_workflow_of_paso_runs_it_and_is_gone_into():
    trace = compute.trace(setting())
    assert trace is not None
    visit = visit_of("Start")
    assert inside.startable(trace, compute.members()) == {visit: "saga"}
    found = compute.inside(setting(), (Descent(visit, 0, 0),))
    assert found is not None and found.trace.world.machine_name == "saga"
    assert found.document["StartAt"] in found.document["States"]
    assert any(visit.state.name == found.document["StartAt"] for visit in found.trace.visits)


def test_a_way_that_another_run_had_leads_nowhere():
    for way in ((Descent(99, 0, 0),), (Descent(visit_of("Each"), 7, 0),), (Descent(visit_of("End"), 0, 0),)):
        assert compute.inside(setting(), way) is None
    assert compute.inside(setting(), ()) is None


def test_a_map_that_is_tried_again_shows_the_executions_of_its_last_attempt():
    each = {**EACH["States"]["Each"], "ToleratedFailureCount": 0, "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}], "Next": "End"}  # fmt: skip
    trace = compute.trace(setting({"StartAt": "Each", "States": {"Each": each, "End": {"Type": "Succeed"}}}))
    assert trace is not None and len(trace.children[0]) == 6
    assert [(place, number) for place, number, *_ in children(trace)[0]] == [(3, 0), (4, 1), (5, 2)]


def test_what_a_reader_read_is_a_stage_of_its_own():
    each = {
        **EACH["States"]["Each"],
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": {"InputType": "JSONL"},
            "Parameters": {"Bucket": "b", "Key": "k"},
        },
        "ItemBatcher": {"MaxItemsPerBatch": 2},
        "ToleratedFailureCount": 9,
    }
    each.pop("Next")
    document = {"StartAt": "Each", "States": {"Each": {**each, "End": True}}}
    machine, _ = parse(document)
    assert machine is not None
    trace = run(machine, {}, World(resources={"b/k": '{"n": 1}\n{"n": 2}\n{"n": 3}\n'}))
    stages = {moment.name: moment.value for moment in trace.moments if moment.kind == "stage"}
    assert stages["afterItemReader"] == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert [len(batch["Items"]) for batch in stages["afterItemBatcher"]] == [2, 1]
    shown = to_props(graph(document), trace)["trace"]["plain"]
    assert len(shown["children"][0]) == 2


def test_in_and_beside_and_out_again():
    session = actions.go_inside(Session(cursor=3), Descent(0, 1, 7))
    assert (session.inside, session.inner, session.cursor) == ((Descent(0, 1, 7),), None, 7)
    session = actions.go_beside(session, 2)
    assert session.inside == (Descent(0, 2, 7),)
    deeper = actions.go_inside(session, Descent(4, 0, 9))
    assert (deeper.cursor, len(deeper.inside)) == (7, 2)
    back = actions.go_out(deeper, 1)
    assert (back.inside, back.inner) == ((Descent(0, 2, 7),), 9)
    out = actions.go_out(deeper, 2)
    assert (out.inside, out.cursor) == ((), 7) and out.order > deeper.order
    assert actions.go_out(out, 1) == out and actions.go_beside(out, 1) == out


def test_moves_into_children_are_read_or_refused():
    told = {"visit": 3, "place": 0, "moment": 12, "up": 0, "beside": False, "seq": 1}
    found = read_dive({"dive": told})
    assert found is not None and (found.visit, found.moment, found.beside) == (3, 12, False)
    for wrong in ({**told, "visit": -1}, {**told, "place": "0"}, {**told, "up": True}, {"visit": 3}, "3", None):
        assert read_dive({"dive": wrong}) is None


def test_questions_are_read_and_what_is_malformed_is_not_asked():
    good = {"id": "a", "kind": "entry", "node": "/States/Each", "number": None, "condition": "$.n"}
    wrong = [{**good, "kind": "often"}, {**good, "node": 3}, {**good, "number": "1"}, {**good, "id": 3}, "a", None]
    found = read_questions({"questions": {"stops": [good, *wrong], "watches": ["$.n", 3]}})
    assert [one.id for one in found.stops] == ["a"] and found.watches == ("$.n",)
    for nothing in (None, {}, {"questions": 3}, {"questions": {"stops": 3, "watches": None}}):
        assert read_questions(nothing).stops == () and read_questions(nothing).watches == ()


def asked(condition: str, watch: str, t: Texts = ENGLISH) -> tuple[Any, Any]:
    stop = {"id": "a", "kind": "entry", "node": "/States/Each", "number": None, "condition": condition}
    questions = read_questions({"questions": {"stops": [stop], "watches": [watch]}})
    told = answered(setting(), (), questions, t)
    return told["stops"]["a"], told["watches"][watch]


def test_conditions_and_watches_are_answered_on_the_run():
    stop, watch = asked("$[1].n == 0", "$[0].n")
    assert (stop["asked"], len(stop["moments"]), stop["unanswered"]) == (1, 1, 0)
    assert watch["language"] == "JSONPath" and watch["answers"][0] == {"is": 3}
    stop, watch = asked("$.nowhere == 1", "$.nowhere")
    assert (stop["moments"], stop["unanswered"], watch["answers"]) == ([], 1, [{"none": ""}])


def test_what_is_no_expression_is_said_with_its_place_and_what_would_be_right():
    stop, watch = asked("$.n >", "{% n > 3 %}")
    assert stop["error"] == (
        "This is no expression in JSONPath: Something is missing (character 6). Right would be, for example, $.total > 100"
    )
    assert "JSONata" in watch["error"] and "'n'" in watch["error"] and "$states.input.total > 100" in watch["error"]
    stop, _ = asked("$.n = 3", "$.n", SPANISH)
    assert stop["error"].startswith("Esto no es una expresión en JSONPath: Un solo =") and "carácter 5" in stop["error"]


def test_a_question_about_a_child_is_answered_on_the_child():
    way = (Descent(visit_of("Each"), 1, 0),)
    questions = read_questions({"questions": {"stops": [], "watches": ["$.n"]}})
    assert answered(setting(), way, questions, ENGLISH)["watches"]["$.n"]["answers"] == [{"is": 0}]

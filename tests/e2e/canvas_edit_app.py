"""The page of `test_canvas_edit`: nothing but the canvas, drawn on, over a definition of its own (`?states=` gives a chain, `?run=1` runs it).

What is asked for is done by `engine.edit`; the document that came of it stands beside the canvas for the test to read.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import streamlit as st

sys.path.insert(0, str(Path(__file__).parents[2]))

from designer.components.canvas import TEXTS, Edit, Editing, canvas
from designer.texts import Texts
from engine import edit as editing
from engine.execution import run
from engine.graph import graph
from engine.parse import parse
from engine.trace import Reply
from engine.validate import validate
from engine.world import World

STATE = {"Succeed": {}, "Fail": {"Error": "Refused"}, "Wait": {"Seconds": 5}}
FLOW = ("Choice", "Parallel", "Map", "Pass", "Wait", "Succeed", "Fail")
ACTIONS = {
    "lambda:invoke": ("Lambda Invoke", "lambda"),
    "dynamodb:getItem": ("DynamoDB GetItem", "dynamodb"),
    "sqs:sendMessage": ("SQS SendMessage", "sqs"),
}
FOUND = {"aws-sdk:s3:copyObject": ("S3 CopyObject", "s3"), "aws-sdk:s3:getObject": ("S3 GetObject", "s3")}


def one(name: str, state: dict[str, Any]) -> dict[str, Any]:
    return {"StartAt": name, "States": {name: state}}


def fragment(item: str) -> dict[str, Any]:
    """What an item of this page's palette puts into a workflow."""
    kind, _, what = item.partition(":")
    if kind == "action":
        title, _service = (ACTIONS | FOUND)[what]
        return one(title, {"Type": "Task", "Resource": f"arn:aws:states:::{what}", "End": True})
    if kind == "pattern":
        again = {"Type": "Choice", "Choices": [{"Variable": "$.done", "BooleanEquals": True, "Next": "Done"}]}
        return {
            "StartAt": "Ask",
            "States": {
                "Ask": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Done?"},
                "Done?": again | {"Default": "Wait a little"},
                "Wait a little": {"Type": "Wait", "Seconds": 10, "Next": "Ask"},
                "Done": {"Type": "Pass", "End": True},
            },
        }
    inner = one("Inside", {"Type": "Pass", "End": True})
    state: dict[str, Any] = {"Type": what, **STATE.get(what, {})}
    if what == "Choice":
        return {
            "StartAt": "Choice",
            "States": {
                "Choice": state
                | {"Choices": [{"Variable": "$.ok", "BooleanEquals": True, "Next": "Yes"}], "Default": "No"},
                "Yes": {"Type": "Pass", "End": True},
                "No": {"Type": "Pass", "End": True},
            },
        }
    if what == "Parallel":
        state["Branches"] = [inner, one("Beside", {"Type": "Pass", "End": True})]
    if what == "Map":
        state["ItemProcessor"] = inner
    return one(what, state if what in ("Succeed", "Fail") else state | {"End": True})


PALETTE = (
    *({"id": f"flow:{kind}", "group": "flow", "title": kind, "type": kind} for kind in FLOW),
    *(
        {"id": f"action:{name}", "group": "actions", "title": title, "type": "Task", "service": service}
        for name, (title, service) in ACTIONS.items()
    ),
    {
        "id": "pattern:polling",
        "group": "patterns",
        "title": "Polling",
        "caption": "ask, wait, ask again",
        "type": "Task",
    },
)
START: dict[str, Any] = {
    "StartAt": "Check stock",
    "States": {
        "Check stock": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Next": "In stock?"},
        "In stock?": {
            "Type": "Choice",
            "Choices": [
                {"Variable": "$.count", "NumericGreaterThan": 0, "Next": "Pay"},
                {"Variable": "$.patient", "BooleanEquals": True, "Next": "Reserve"},
            ],
            "Default": "Sold out",
        },
        "Reserve": {"Type": "Pass", "Next": "Sold out"},
        "Pay": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Sold out"}],
            "Next": "Ship",
        },
        "Ship": {
            "Type": "Map",
            "ItemProcessor": {
                "StartAt": "Pack",
                "States": {"Pack": {"Type": "Pass", "Next": "Label"}, "Label": {"Type": "Pass", "End": True}},
            },
            "End": True,
        },
        "Sold out": {"Type": "Fail", "Error": "SoldOut"},
    },
}


def chain(length: int) -> dict[str, Any]:
    names = [f"Step {number}" for number in range(1, length + 1)]
    follows = [{"Next": name} for name in names[1:]] + [{"End": True}]
    return {
        "StartAt": names[0],
        "States": {name: {"Type": "Pass"} | way for name, way in zip(names, follows, strict=True)},
    }


def beginning() -> dict[str, Any]:
    states = st.query_params.get("states")
    return START if states is None else {"States": {}} if states == "0" else chain(int(states))


def apply(document: Any, wish: Edit) -> editing.Edited:
    """One wish of the canvas as an edit of the document."""
    args = dict(wish.args)
    match wish.kind:
        case "insert":
            return editing.insert(document, fragment(args.pop("item")), **args)
        case "paste":
            return editing.insert(document, json.loads(args.pop("text")), **args)
        case "move":
            return editing.move(document, args.pop("nodes"), **args)
        case kind:
            return getattr(editing, kind)(document, **args)


def heard(wish: Edit) -> None:
    state = st.session_state
    state.say = ""
    if wish.kind == "seek":
        state.sought = wish.args["text"]
        return
    if wish.kind == "select":
        state.selected = wish.args["nodes"]
        return
    if wish.rev != state.rev:
        return
    try:
        if wish.kind in ("undo", "redo"):
            there, back = (state.past, state.future) if wish.kind == "undo" else (state.future, state.past)
            back.append(state.document)
            state.document, state.selected = there.pop(), ()
        else:
            edited = apply(state.document, wish)
            state.past.append(state.document)
            state.future.clear()
            state.document, state.selected = edited.document, edited.selected
    except editing.NotPossible as refused:
        state.say = str(refused)
        return
    except (ValueError, KeyError):
        state.say = "This is not a piece of a workflow."
        return
    state.rev += 1


st.set_page_config(layout="wide")
session = st.session_state
if "document" not in session:
    session.update(document=beginning(), rev=0, past=[], future=[], selected=(), say="", sought="", first=())
t = Texts(st.query_params.get("lang", "en"))
problems = validate(session.document)
found = [name for name in FOUND if session.sought.lower() in FOUND[name][0].lower()]
if "run" in st.query_params and "run" not in session:
    machine, _ = parse(session.document)
    assert machine is not None
    session.run = run(machine, {"count": 1}, World(connector=lambda call: Reply(output={"count": 1})))
canvas(
    graph(session.document, problems),
    session.get("run"),
    texts={key: t(text) for key, text in TEXTS.items()},
    locale=t.language,
    key="drawing",
    height=int(st.query_params.get("height", "700")),
    edit=Editing(
        session.rev,
        session.document,
        PALETTE,
        tuple(
            {
                "id": f"action:{name}",
                "group": "actions",
                "title": FOUND[name][0],
                "type": "Task",
                "service": FOUND[name][1],
            }
            for name in found
        )
        if session.sought
        else None,
        session.sought,
        session.selected,
        bool(session.past),
        bool(session.future),
        session.say,
    ),
    on_edit=heard,
)
errors = [problem.message for problem in problems if problem.severity == "error"]
st.code(json.dumps({"document": session.document, "rev": session.rev, "selected": session.selected, "errors": errors}))

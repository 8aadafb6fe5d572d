"""The page that `tests.bench.step` measures: nothing but the player, over a chain of tasks (`?states=30`) or over a loop that
goes on for so many events of the history (`?events=25000`)."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).parents[2]))

from designer.components.canvas import TEXTS, canvas
from engine.execution import run
from engine.graph import graph
from engine.parse import parse
from engine.trace import Call, Reply
from engine.world import World


def chain(length: int) -> dict[str, object]:
    """Tasks in a row, each with every stage of JSONPath's life cycle."""
    names = [f"Step {number}" for number in range(1, length + 1)]
    states = {
        name: {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "InputPath": "$",
            "Parameters": {"FunctionName": "count", "Payload.$": "$"},
            "ResultSelector": {"said.$": "$.Payload.said"},
            "ResultPath": f"$.r{index % 20}",
            "OutputPath": "$",
            **({"Next": names[index + 1]} if index + 1 < length else {"End": True}),
        }
        for index, name in enumerate(names)
    }
    return {"StartAt": names[0], "States": states}


def loop(events: int) -> dict[str, object]:
    """Polling: a Choice, a task, a note of what it said; six events a round and a new text and number in each."""
    states = {
        "Begin": {"Type": "Pass", "Result": 0, "ResultPath": "$.round", "Next": "Enough?"},
        "Enough?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.round", "NumericGreaterThanEquals": (events - 6) // 9, "Next": "Done"}],
            "Default": "Ask",
        },
        "Ask": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "poll", "Payload": {"round.$": "$.round", "order.$": "$.order"}},
            "ResultSelector": {"said.$": "$.Payload.said", "numbers.$": "$.Payload.numbers"},
            "ResultPath": "$.answer",
            "Next": "Note",
        },
        "Note": {
            "Type": "Pass",
            "Parameters": {
                "order.$": "$.order",
                "answer.$": "$.answer",
                "round.$": "States.MathAdd($.round, 1)",
                "told.$": "States.Format('round {} of the polling has been answered', $.round)",
            },
            "Next": "Enough?",
        },
        "Done": {"Type": "Succeed"},
    }
    return {"StartAt": "Begin", "States": states}


def answer(call: Call) -> Reply:
    return Reply(output={"Payload": {"said": call.state, "numbers": [1, 2, 3], "when": {"ms": 120}}}, delay=120)


st.set_page_config(layout="wide")
events = int(st.query_params.get("events", "0"))
document = loop(events) if events else chain(int(st.query_params.get("states", "30")))
machine, _ = parse(document)
assert machine is not None
order = {
    "id": 7,
    "items": [{"sku": f"SKU-{number}", "title": f"Article number {number}", "n": 2} for number in range(40)],
}
trace = run(machine, {"order": order}, World(connector=answer))
st.session_state.runs = st.session_state.get("runs", 0) + 1
st.html(f"<span id='runs' data-runs='{st.session_state.runs}' data-events='{trace.events}'></span>")
canvas(graph(document), trace, texts=TEXTS, key="player", height=760)

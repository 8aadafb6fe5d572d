"""The page that `tests.bench.step` measures: nothing but the player, over a chain of tasks. `?states=30`."""

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


def answer(call: Call) -> Reply:
    return Reply(output={"Payload": {"said": call.state, "numbers": [1, 2, 3], "when": {"ms": 120}}}, delay=120)


st.set_page_config(layout="wide")
document = chain(int(st.query_params.get("states", "30")))
machine, _ = parse(document)
assert machine is not None
trace = run(machine, {"order": {"id": 7, "items": [{"sku": "a", "n": 2}]}}, World(connector=answer))
st.session_state.runs = st.session_state.get("runs", 0) + 1
st.html(f"<span id='runs' data-runs='{st.session_state.runs}'></span>")
canvas(graph(document), trace, texts=TEXTS, key="player", height=760)

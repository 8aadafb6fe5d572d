"""The page that `tests.bench.layout` measures: nothing but the canvas, over a workflow of so many states (`?states=100`), drawn on
or, with `&view=1`, in the player."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import streamlit as st

sys.path.insert(0, str(Path(__file__).parents[2]))

from designer.components.canvas import TEXTS, Editing, canvas
from engine.graph import graph

TASK = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke"}


def section(number: int, follows: str | None) -> dict[str, Any]:
    """Ten states as they occur: a task that may fail, a Choice of three ways, a Parallel of two branches, a Map."""

    def name(what: str) -> str:
        return f"{what} of part {number}"

    def inner(what: str) -> dict[str, Any]:
        return {"StartAt": name(what), "States": {name(what): TASK | {"End": True}}}

    way = {"Next": follows} if follows else {"End": True}
    caught = [{"ErrorEquals": ["States.ALL"], "Next": name("Apology")}]
    rules = [
        {"Variable": "$.total", "NumericGreaterThan": 100, "Next": name("Notes")},
        {"Variable": "$.kind", "StringEquals": "parcel", "Next": name("Parcels")},
    ]
    return {
        name("Look-up"): TASK | {"Catch": caught, "Next": name("Which way?")},
        name("Which way?"): {"Type": "Choice", "Choices": rules, "Default": name("Wait")},
        name("Notes"): {"Type": "Parallel", "Branches": [inner("Letter"), inner("Ledger")], "Next": name("Rest")},
        name("Parcels"): {"Type": "Map", "ItemProcessor": inner("Parcel"), "Next": name("Rest")},
        name("Wait"): {"Type": "Wait", "Seconds": 5, "Next": name("Look-up")},
        name("Rest"): {"Type": "Pass"} | way,
        name("Apology"): {"Type": "Pass"} | way,
    }


def document(states: int) -> dict[str, Any]:
    count = max(1, round(states / 10))
    flow: dict[str, Any] = {}
    for number in range(1, count + 1):
        flow |= section(number, f"Look-up of part {number + 1}" if number < count else None)
    return {"StartAt": "Look-up of part 1", "States": flow}


st.set_page_config(layout="wide")
drawn = document(int(st.query_params.get("states", "100")))
edit = None if "view" in st.query_params else Editing(0, drawn)
canvas(graph(drawn), None, texts=TEXTS, key="canvas", document=drawn, height=760, edit=edit)

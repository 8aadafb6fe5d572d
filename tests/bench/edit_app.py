"""The app that `tests.bench.edit` measures: Paso as it is, with a chain of tasks on the table (`?states=100`)."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).parents[2]))

from designer import actions, store
from designer.main import main
from designer.session import Session


def chain(length: int) -> dict[str, object]:
    """Tasks in a row with parameters, a retrier and a catcher each, and a state that all catchers lead to."""
    names = [f"Step {number}" for number in range(1, length)]
    states: dict[str, object] = {
        name: {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "work", "Payload": {"order.$": "$.order", "step": index}},
            "ResultPath": f"$.step{index}",
            "Retry": [{"ErrorEquals": ["Lambda.ServiceException"], "MaxAttempts": 2}],
            **({"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Failed"}]} if index % 10 == 0 else {}),
            **({"Next": names[index + 1]} if index + 1 < len(names) else {"End": True}),
        }
        for index, name in enumerate(names)
    }
    return {"StartAt": names[0], "States": {**states, "Failed": {"Type": "Fail", "Error": "Failed"}}}


if store.KEY not in st.session_state:
    length = int(st.query_params.get("states", "100"))
    opened = actions.open_workflow(
        Session(),
        workflow="",
        title="Chain",
        definition=json.dumps(chain(length), indent=2) + "\n",
        path="workflow.asl.json",
    )
    store.keep(actions.select(opened, (f"/States/Step {length // 2}",)))
    store.go_to("design")
main()

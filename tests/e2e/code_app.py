"""A page with nothing but the editor, for its tests: a document with undo, problems with a fix, and what was told.

`?slow=1.5` makes the server take so many seconds for each text; `?kind=yaml`, `?states=100` and `?size=1000000` choose
the text, `?ends=crlf` its line ends, `?language=es` the words.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import streamlit as st

sys.path.insert(0, str(Path(__file__).parents[2]))

from designer.components.code import Fix, Mark, Place, Speak, Typed, code
from designer.texts import Texts
from engine import source
from engine.execution import run
from engine.parse import parse
from engine.trace import Call, Reply
from engine.vocabulary import vocabulary
from engine.world import World

ORDER = {
    "Comment": "Prices an order 🧾 and ships it",
    "StartAt": "Price",
    "States": {
        "Price": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "price", "Payload.$": "$.order"},
            "ResultSelector": {"sum.$": "$.Payload.sum"},
            "ResultPath": "$.price",
            "Next": "Dear?",
        },
        "Dear?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.price.sum", "NumericGreaterThan": 100, "Next": "Ship"}],
            "Default": "Shipp",
        },
        "Ship": {"Type": "Pass", "End": True},
    },
}
YAML = """\
# Prices an order
StartAt: Price
States:
  Price:
    Type: Task
    Resource: arn:aws:states:::lambda:invoke
    Parameters: {FunctionName: price, "Payload.$": "$.order"}
    ResultPath: $.price
    Next: Ship
  Ship:
    Type: Pass
    End: true
"""
INPUT = {"order": {"id": 7, "items": [{"sku": "a", "unit price": 3}]}, "customer": {"name": "Ana"}}


def many(states: int, note: int = 20) -> str:
    names = [f"Step {number}" for number in range(1, states + 1)]
    made = {
        name: {
            "Type": "Pass",
            "Comment": "x" * note,
            "Parameters": {"n": index},
            **({"Next": names[index + 1]} if index + 1 < states else {"End": True}),
        }
        for index, name in enumerate(names)
    }
    return json.dumps({"StartAt": names[0], "States": made}, indent=2)


def first_text() -> str:
    asked = st.query_params
    if asked.get("ends") == "crlf":
        return json.dumps(ORDER, indent=2).replace("\n", "\r\n")
    if "states" in asked:
        return many(int(asked["states"]))
    if "size" in asked:
        return many(1000, int(asked["size"]) // 1000)
    return YAML if asked.get("kind") == "yaml" else json.dumps(ORDER, indent=2, ensure_ascii=False)


state = st.session_state
if "text" not in state:
    state.update(text=first_text(), rev=0, past=[], future=[], told=[], reveal=None, said="")
slow = float(st.query_params.get("slow", "0"))
kind = "yaml" if st.query_params.get("kind") == "yaml" else "json"


def rewrite(text: str) -> None:
    state.past.append(state.text)
    state.future.clear()
    state.text, state.rev = text, state.rev + 1


def typed(event: Typed) -> None:
    time.sleep(slow)
    if event.rev >= state.rev:
        rewrite(event.text)
        state.told.append(f"typed {event.seq}")


def placed(event: Place) -> None:
    state.said = f"{event.offset}: {state.text[event.offset : event.offset + 12]!r}"


def undo() -> None:
    if state.past:
        state.future.append(state.text)
        state.text, state.rev = state.past.pop(), state.rev + 1


def redo() -> None:
    if state.future:
        state.past.append(state.text)
        state.text, state.rev = state.future.pop(), state.rev + 1


def fixed(event: Fix) -> None:
    if event.rev == state.rev:
        mark = marks()[event.mark]
        rewrite(state.text[: mark.start] + '"Ship"' + state.text[mark.end :])


def speak(event: Speak) -> None:
    state.said = f"asks for {event.language}"


def marks() -> list[Mark]:
    """A target without a state, a comment to think about, and a text that cannot be read."""
    found = []
    at = state.text.find('"Shipp"')
    if at >= 0:
        found.append(Mark(at, at + 7, "error", "Missing 'Next' target: Shipp", ("Change to “Ship”",)))
    at = state.text.find('"Pass"')
    if at >= 0:
        found.append(Mark(at, at + 6, "hint", "this state changes nothing"))
    at = state.text.find('"Choice"')
    if at >= 0:
        found.append(
            Mark(
                at,
                at + 8,
                "warning",
                "no rule may hold here, and there is no Default: the execution would fail",
                ("Add a Default", "Ignore"),
            )
        )
    return found


@st.cache_resource
def played() -> Any:
    machine, _ = parse(ORDER | {"States": ORDER["States"] | {"Dear?": {**ORDER["States"]["Dear?"], "Default": "Ship"}}})  # type: ignore[operator, dict-item]

    def answer(call: Call) -> Reply:
        return Reply(output={"Payload": {"sum": 120, "currency": "EUR"}, "StatusCode": 200})

    return run(machine, INPUT, World(connector=answer)) if machine else None


def rename() -> None:
    rewrite(state.text.replace("Ship", "Send"))


def comment() -> None:
    rewrite(state.text.replace('"StartAt"', '"Version": "1.0",\n  "StartAt"', 1))


def choose(name: str) -> None:
    at = state.text.find(f'"{name}": {{')
    end = state.text.find("\n    }", at) + 6
    state.reveal = (at, end) if at >= 0 else None


t = Texts(st.query_params.get("language", "en"))
row = st.container(horizontal=True)
row.button("Rename", on_click=rename)
row.button("Add Version", on_click=comment)
row.button("Select Ship", on_click=choose, args=("Ship",))
row.button("Select last", on_click=choose, args=("Step 100",))
document = source.load(state.text, path=f"x.{kind}").value
code(
    state.text,
    key="code",
    language=kind,  # type: ignore[arg-type]
    rev=state.rev,
    marks=marks(),
    vocabulary=vocabulary(document, played()),
    reveal=state.reveal,
    texts=t,
    locale=t.language,
    height=int(st.query_params.get("height", "520")),
    on_text=typed,
    on_place=placed,
    on_undo=undo,
    on_redo=redo,
    on_fix=fixed,
    on_language=speak if "switch" in st.query_params else None,
)
st.code(state.text if len(state.text) < 20_000 else f"{len(state.text)} characters", language=None)
st.text(f"rev {state.rev}")
st.text(f"{state.text.count(chr(13))} carriage returns in {state.text.count(chr(10)) + 1} lines")
st.text(f"cursor at {state.said}")

"""Retry and Catch: which errors, how often and when again, and where to go when that did not help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from designer import store
from designer.panels.backoff import backoff_picture, in_words
from designer.panels.inspector_desk import Desk, code_box, put
from designer.panels.inspector_entries import add, entries
from designer.panels.inspector_fields import draw, help_of, label_of, more, say
from designer.panels.plots import mode
from engine.fields import Field, fields_of
from engine.throwing import errors
from engine.values import Json

ALL, FAILED = "States.ALL", "States.TaskFailed"
OWN = (ALL, FAILED, "States.Timeout", "States.HeartbeatTimeout", "States.Permissions", "States.DataLimitExceeded")
BLOCK = (
    "States.BranchFailed",
    "States.ExceedToleratedFailureThreshold",
    "States.ItemReaderFailed",
    "States.ResultWriterFailed",
)
ROWS = (("IntervalSeconds", "MaxAttempts", "BackoffRate"), ("MaxDelaySeconds", "JitterStrategy"))
WIDTHS = {2: (1, 1), 3: (13, 12, 11)}
RETRIER: Mapping[str, Json] = {"IntervalSeconds": 1, "MaxAttempts": 3, "BackoffRate": 2}


def retry(desk: Desk, field: Field) -> None:
    """The retriers, each with a picture of when it tries again."""
    value, t = desk.spot.source.get("Retry", []), desk.t
    if not _listed(value):
        draw(desk, field, desk.at("Retry"), desk.spot.source, ("Retry",))
        return
    _title(desk, field)
    entries(desk, "Retry", ("Retry",), value, lambda index: f"**{t('Retrier {n}', n=index + 1)}**", lambda index: _retrier(desk, index, value[index]))  # fmt: skip
    add(desk, t("Add a retrier"), desk.at("Retry"), value, {"ErrorEquals": [_free(desk, value)], **RETRIER}, before_last=_ends_in_all(value))  # fmt: skip


def catch(desk: Desk, field: Field) -> None:
    """The catchers."""
    value, t = desk.spot.source.get("Catch", []), desk.t
    if not _listed(value):
        draw(desk, field, desk.at("Catch"), desk.spot.source, ("Catch",))
        return
    _title(desk, field)
    entries(desk, "Catch", ("Catch",), value, lambda index: f"**{t('Catcher {n}', n=index + 1)}**", lambda index: _catcher(desk, index, value[index]))  # fmt: skip
    goal = _goal(desk)
    made = {"ErrorEquals": [_free(desk, value)], "Next": goal} if goal else None
    add(desk, t("Add a catcher"), desk.at("Catch"), value, made, before_last=_ends_in_all(value))


def _listed(value: Json) -> bool:
    """Is it a list of objects, as the cards need it?"""
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)


def _title(desk: Desk, field: Field) -> None:
    with st.container(key=f"insp-title {desk.at(field.name)}"):
        st.markdown(field.name, help=help_of(field, desk.t))
        for problem in desk.problems.get(desk.at(field.name), ())[:1]:
            say(problem, desk.t)


def _ends_in_all(value: list[dict[str, Any]]) -> bool:
    return bool(value) and ALL in value[-1].get("ErrorEquals", ())


def _free(desk: Desk, value: list[dict[str, Any]]) -> str:
    """The likeliest error that no entry answers to yet."""
    answered = {name for entry in value for name in _names(entry)}
    if not value:
        return ALL
    return next((name for name in possible(desk) if name not in answered and name != ALL), FAILED)


def possible(desk: Desk) -> list[str]:
    """Names that this state may fail with, the likeliest first; then those of the language."""
    arn = desk.spot.source.get("Resource")
    own = errors(arn) if desk.spot.type == "Task" and isinstance(arn, str) else BLOCK
    return list(dict.fromkeys([ALL, *own, *OWN]))


def _names(entry: Mapping[str, Json]) -> list[str]:
    names = entry.get("ErrorEquals")
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _goal(desk: Desk) -> str | None:
    """Where an error would go: a Fail of the block, else another state."""
    states = desk.spot.block.states
    others = [str(name) for name in states if name != desk.spot.name]
    fails = [name for name in others if isinstance(states[name], dict) and states[name].get("Type") == "Fail"]
    return next(iter([*fails, *others]), None)


def _retrier(desk: Desk, index: int, entry: dict[str, Any]) -> None:
    known = fields_of("Retrier")
    _errors(desk, ("Retry", index), entry, known["ErrorEquals"])
    for row in ROWS:
        for name, column in zip(row, st.columns(WIDTHS[len(row)], gap="small"), strict=True):
            with column:
                _one(desk, known[name], ("Retry", index), entry)
    st.image(backoff_picture(entry, mode()), width="stretch", alt=in_words(entry, desk.t))
    st.caption(in_words(entry, desk.t))
    _rest(desk, ("Retry", index), entry, ("Comment",))


def _catcher(desk: Desk, index: int, entry: dict[str, Any]) -> None:
    known = fields_of("Catcher")
    _errors(desk, ("Catch", index), entry, known["ErrorEquals"])
    _one(desk, known["Next"], ("Catch", index), entry)
    if desk.spot.language == "JSONPath":
        _one(desk, known["ResultPath"], ("Catch", index), entry)
    _rest(desk, ("Catch", index), entry, ("Output", "Assign", "Comment"))


def _one(desk: Desk, field: Field, steps: tuple[str | int, ...], entry: Json) -> None:
    draw(desk, field, desk.at(*steps, field.name), entry, (*steps, field.name))


def _rest(desk: Desk, steps: tuple[str | int, ...], entry: Json, names: tuple[str, ...]) -> None:
    """What an entry may have besides, drawn where it is there."""
    known = fields_of("Catcher" if steps[0] == "Catch" else "Retrier")
    more(desk, [known[name] for name in names if name in known], steps, entry)


def _errors(desk: Desk, steps: tuple[str | int, ...], entry: dict[str, Any], field: Field) -> None:
    at = desk.at(*steps, "ErrorEquals")
    names = entry.get("ErrorEquals", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        draw(desk, field, at, entry, (*steps, "ErrorEquals"))
        return
    key = code_box(at)
    store.show(key, list(dict.fromkeys(names)))
    st.multiselect(
        label_of(field), list(dict.fromkeys([*possible(desk), *names])), key=key, accept_new_options=True, wrap=True,
        on_change=store.heard(key, lambda: put(desk.change, at, list(store.value(key) or []))), help=help_of(field, desk.t),
        placeholder=desk.t("an error's name"),
    )  # fmt: skip
    for number in range(-1, len(names)):
        for problem in desk.problems.get(at if number < 0 else f"{at}[{number}]", ())[:1]:
            say(problem, desk.t)

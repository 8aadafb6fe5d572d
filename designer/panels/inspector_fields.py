"""One field of a state as a box: what kind of box, what it shows, and what is made of what was typed."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from designer import actions, store
from designer.panels.inspector_desk import (
    CHOSEN,
    OPENED,
    WIDTH,
    Desk,
    box,
    code_box,
    drafted,
    drop,
    forget,
    keep_draft,
    put,
    written,
)
from designer.panels.inspector_preview import preview
from designer.panels.sentences import said_in, sentence
from designer.texts import Texts, plain
from engine.fields import Field
from engine.placeholders import is_jsonata, is_placeholder
from engine.problems import Problem
from engine.source import load_json
from engine.values import Json
from engine.vocabulary import paths

PATHS = ("path", "items path", "reference path", "text path", "result path")
JSONS = ("template", "value", "template or value", "variables", "items", "json", "object", "list", "names", "texts")
NUMBERS = ("whole", "number", "whole or expression", "number or expression")
BLOCKS = ("block", "blocks", "states")
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?(e[+-]?\d{1,2})?", re.IGNORECASE)
LONGEST_LABEL = 60


class Read(NamedTuple):
    """What was made of a typed text: a value, or the sentence why it is none."""

    value: Json = None
    wrong: str = ""


def read(field: Field, told: str, language: str, t: Texts) -> Read:
    """The value that a text means in a field."""
    bare = told.strip()
    if field.kind in NUMBERS:
        return _number(field, bare, language, t)
    if field.kind in ("path", "result path") and bare == "null":
        return Read(None)
    if field.kind in PATHS or field.kind in ("resource", "timestamp", "label"):
        return Read(bare)
    if field.kind == "condition":
        return Read(bare == "true") if bare in ("true", "false") else Read(bare)
    if field.kind not in JSONS:
        return Read(told)
    if language == "JSONata" and is_jsonata(bare):
        return Read(bare)
    value, problem = load_json(told)
    if problem is None:
        return Read(value)
    where = t("line {line}, column {column}", line=problem.line, column=problem.column or 1) if problem.line else ""
    return Read(wrong=" ".join(filter(None, (said_in(problem.message, t), f"({where})" if where else ""))))


def _number(field: Field, told: str, language: str, t: Texts) -> Read:
    if is_placeholder(told) or (language == "JSONata" and field.kind.endswith("expression") and is_jsonata(told)):
        return Read(told)
    if not _NUMBER.fullmatch(told):
        if language == "JSONata" and field.kind.endswith("expression"):
            return Read(
                wrong=t("A number, or an expression from {open} to {close}, belongs here.", open="{%", close="%}")
            )
        return Read(wrong=t("A number belongs here."))
    number = float(told)
    return Read(int(number) if number.is_integer() and abs(number) < 2**53 else number)


def draw(desk: Desk, field: Field, at: str, source: Json, steps: tuple[str | int, ...], *, rivals: Sequence[str] = ()) -> None:  # fmt: skip
    """The box of a field. `source` holds the field, `steps` lead to it from the state; `rivals` go when it is written."""
    there = isinstance(source, dict) and field.name in source
    value = source[field.name] if there else None
    instead = tuple(at[: -len(field.name)] + rival for rival in rivals if isinstance(source, dict) and rival in source)
    if field.kind == "one of":
        _one_of(desk, field, at, value)
    elif field.kind == "state":
        target(
            desk,
            field.name,
            at,
            value if isinstance(value, str) else None,
            required=field.required,
            help=help_of(field, desk.t),
        )
    elif field.kind in BLOCKS:
        return
    elif field.kind in PATHS and (not there or value is None or isinstance(value, str)):
        combo(desk, field, at, "null" if there and value is None else value, _paths(desk, field), instead)
    else:
        _typed(desk, field, at, value, there, instead)
    told = drafted(desk.session, at)
    if told is not None:
        complain(read(field, told, desk.spot.language, desk.t).wrong, at, desk.t)
    elif there and not preview(desk, field, steps, value):
        for problem in desk.problems.get(at, ())[:2]:
            say(problem, desk.t)


def label_of(field: Field, required: bool = False) -> str:
    return f"{field.name} *" if required or field.required else field.name


def help_of(field: Field, t: Texts) -> str:
    return plain(t(field.help))


def _typed(desk: Desk, field: Field, at: str, value: Json, there: bool, instead: tuple[str, ...]) -> None:
    """A line of text, or a box of JSON."""
    t, key = desk.t, box(at) if field.kind in ("text", "words") else code_box(at)
    wide = field.kind in JSONS
    as_json = wide and not (isinstance(value, str) and is_jsonata(value))
    shown = drafted(desk.session, at)
    if shown is None:
        shown = "" if not there else written(value) if as_json or not isinstance(value, str) else value
    store.show(key, shown)

    def left() -> None:
        _left(desk, field, at, str(store.value(key) or ""), instead)

    if wide or "\n" in shown or len(shown) > WIDTH:
        lines = min(14, max(1, shown.count("\n") + 1 + sum(len(line) // (WIDTH + 1) for line in shown.split("\n"))))
        st.text_area(
            label_of(field), key=key, height=max(68, 19 * lines + 46), on_change=store.heard(key, left), help=help_of(field, t),
            placeholder=_placeholder(field),
        )  # fmt: skip
    else:
        st.text_input(
            label_of(field), key=key, on_change=store.heard(key, left), help=help_of(field, t), placeholder=_placeholder(field),
            autocomplete="off",
        )  # fmt: skip


def _placeholder(field: Field) -> str:
    """What holds where nothing is said."""
    if field.default is not None:
        return json.dumps(field.default).strip('"')
    return ""


def _left(desk: Desk, field: Field, at: str, told: str, instead: tuple[str, ...]) -> None:
    """A box was left: its text becomes the value, or waits as a draft. An empty one takes the field away."""
    if not told.strip() and field.kind != "text":
        drop(desk.change, at)
        return
    made = read(field, told, desk.spot.language, desk.t)
    if made.wrong:
        keep_draft(at, told)
    elif not told and field.kind == "text":
        drop(desk.change, at)
    else:
        put(desk.change, at, made.value, instead=instead)


def combo(desk: Desk, field: Field, at: str, value: str | None, options: Sequence[str], instead: tuple[str, ...]) -> None:  # fmt: skip
    """A text that is completed from the data of the last run, or anything else."""
    key = code_box(at)
    store.show(key, value)

    def chosen() -> None:
        _left(desk, field, at, str(store.value(key) or ""), instead)

    st.selectbox(
        label_of(field), list(dict.fromkeys(filter(None, [value, *options]))), index=None, key=key,
        accept_new_options=True, on_change=store.heard(key, chosen), help=help_of(field, desk.t),
        placeholder=_placeholder(field) or desk.t("a path: $.order.id"),
    )  # fmt: skip


def _paths(desk: Desk, field: Field) -> list[str]:
    """Paths into the data that the field would be followed on."""
    from engine.preview import ABSENT

    seen = desk.seen
    behind = field.name in ("OutputPath", "ResultSelector")
    value = seen.result if behind and seen.result is not ABSENT and field.name == "ResultSelector" else seen.entered.raw
    found = list(paths(value, 150))
    if field.kind in ("path", "result path"):
        found = ["$", *(path for path in found if path != "$"), "null"]
    return found


def _one_of(desk: Desk, field: Field, at: str, value: Json) -> None:
    key = box(at)
    shown = value if isinstance(value, str) else None
    store.show(key, shown)

    def chosen() -> None:
        told = store.value(key)
        if told is None:
            drop(desk.change, at)
        else:
            put(desk.change, at, told)

    options = list(dict.fromkeys([*field.values, *([shown] if shown else [])]))
    st.selectbox(
        label_of(field), options, index=None, key=key, on_change=store.heard(key, chosen), help=help_of(field, desk.t),
        placeholder=_placeholder(field) or desk.t("not set"),
    )  # fmt: skip


def target(desk: Desk, label: str, at: str, value: str | None, *, required: bool = False, help: str | None = None) -> None:  # fmt: skip
    """One of the states of the block; a name that is none of them stays to be seen."""
    key = box(at)
    store.show(key, value)

    def chosen() -> None:
        told = store.value(key)
        if told is None:
            drop(desk.change, at)
        elif told in options:
            put(desk.change, at, told)

    names = desk.names
    options = [*names, *([value] if value and value not in names else [])]
    st.selectbox(
        f"{label} *" if required else label, options,
        index=None, key=key, on_change=store.heard(key, chosen), help=help, placeholder=desk.t("choose a state"), required=required,
        format_func=lambda name: name if name in names else f"{name} ✕",
    )  # fmt: skip


def complain(wrong: str, at: str, t: Texts) -> None:
    """Why what was typed does not stand in the document, and the way back."""
    with st.container(key=f"insp-draft {at}", gap=None):
        st.markdown(f":red[{plain(wrong or t('This is a draft.'))}]")
        st.button(t("Take it back"), key=f"insp-back {at}", type="tertiary", icon=":material/undo:", on_click=forget, args=(at,))  # fmt: skip


def group(desk: Desk, fields: Sequence[Field]) -> None:
    """Fields of the state that exclude each other: one is chosen, and only its box is shown. Writing it takes the others
    away."""
    names, source = [field.name for field in fields], desk.spot.source
    there = [name for name in names if name in source]
    mark = CHOSEN + desk.at(names[0])
    wanted = desk.session.typed.get(mark)
    chosen = wanted if wanted in names else next(iter(there), names[0])
    if len(names) > 1:
        key = f"insp-group {desk.at(names[0])}"
        store.show(key, chosen)
        st.segmented_control(
            ", ".join(names), names, key=key, required=True, label_visibility="collapsed", wrap=True,
            on_change=store.heard(key, lambda: store.act(actions.type_in, mark, store.value(key))),
        )  # fmt: skip
    rivals = [name for name in there if name != chosen]
    draw(
        desk, next(field for field in fields if field.name == chosen), desk.at(chosen), source, (chosen,), rivals=rivals
    )
    if rivals and chosen not in there:
        st.caption(desk.t("Now {name} holds; what you write here takes its place.", name=rivals[0]))


def opened(desk: Desk, at: str) -> bool:
    """Was a field asked for that is not written yet?"""
    return OPENED + at in desk.session.typed or drafted(desk.session, at) is not None


def say(problem: Problem, t: Texts) -> None:
    """What is wrong with a field, below its box."""
    st.markdown(f":red[{plain(sentence(problem, t))}]")


def more(desk: Desk, fields: Sequence[Field], steps: tuple[str | int, ...], source: Json) -> None:
    """Fields that an object may have besides: drawn where they are there or asked for, offered in a menu where not."""
    offered = []
    for field in fields:
        if field.language not in ("both", desk.spot.language):
            continue
        at = desk.at(*steps, field.name)
        if field.name in source or opened(desk, at):
            draw(desk, field, at, source, (*steps, field.name))
        elif not field.deprecated:
            offered.append(field.name)
    add_field(desk, offered, steps)


def add_field(desk: Desk, names: Sequence[str], steps: tuple[str | int, ...]) -> None:
    """The menu of fields that are not set; one that is chosen gets an empty box, and the document stays as it is."""
    if not names:
        return
    key = f"insp-more {desk.at(*steps)}"

    def asked() -> None:
        name = store.value(key)
        if name:
            store.act(actions.type_in, OPENED + desk.at(*steps, name), "1")

    st.menu_button(desk.t("Add a field"), names, key=key, icon=":material/add:", type="tertiary", on_click=asked)

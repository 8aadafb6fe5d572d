"""The rules of a Choice: one is open at a time, with its parts, and each says how it comes out on the last run."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from designer import actions, compute, store
from designer.panels.inspector_desk import Desk, box, code_box, drafted, keep_draft, put, written
from designer.panels.inspector_entries import add, tools
from designer.panels.inspector_fields import complain, draw, help_of, label_of, more, say
from designer.texts import Texts, plain
from engine.expressions.choices import Truth
from engine.expressions.operators import OPERATORS
from engine.fields import Field, fields_of
from engine.preview import ABSENT, gives, truths
from engine.rules import JOINING, compared, operand_kind, parts_of, with_part, with_word, word_of
from engine.values import Json
from engine.vocabulary import paths

OPEN = "rule:"
DEEPEST = 5
"""Rules within rules that are drawn as boxes; what is deeper is text."""
LONGEST = 46
WORDS = (*JOINING, *sorted(OPERATORS))


def choices(desk: Desk, field: Field) -> None:
    """The rules in their order."""
    t, at, value = desk.t, desk.at("Choices"), desk.spot.source.get("Choices", [])
    if not isinstance(value, list) or not all(isinstance(rule, dict) for rule in value):
        draw(desk, field, at, desk.spot.source, ("Choices",))
        return
    st.markdown(label_of(field), help=help_of(field, t))
    for problem in desk.problems.get(at, ())[:1]:
        say(problem, t)
    outcomes = [_outcome(desk, index, rule) for index, rule in enumerate(value)]
    decided = next((index for index, holds in enumerate(outcomes) if holds is True), None)
    chosen = _open(desk, len(value), decided)
    with st.container(key="insp-rules", gap="small"):
        for index, rule in enumerate(value):
            _card(desk, index, rule, value, outcomes[index], decided, here=index == chosen)
    goal = next((name for name in desk.names if name != desk.spot.name), None)
    made: dict[str, Json] = {"Condition": "{% true %}"} if desk.spot.language == "JSONata" else compared()
    add(desk, t("Add a rule"), at, value, {**made, "Next": goal} if goal else None)
    if value:
        st.caption(_said(desk, decided))


def _said(desk: Desk, decided: int | None) -> str:
    """What the rules come to."""
    t, default = desk.t, desk.spot.source.get("Default")
    where = t("on the last run") if desk.seen.visit >= 0 else t("on the input")
    if decided is not None:
        goal = desk.spot.source["Choices"][decided].get("Next", "–")
        return t("Rule {n} decides {where}: on to “{goal}”.", n=decided + 1, where=where, goal=plain(goal))
    if default is None:
        return t("No rule holds {where}, and there is no Default.", where=where)
    return t("No rule holds {where}: on to “{goal}” by Default.", where=where, goal=plain(default))


def _open(desk: Desk, count: int, decided: int | None) -> int:
    told = desk.session.typed.get(OPEN + desk.spot.at, "")
    if told == "-":
        return -1
    return min(int(told), count - 1) if told.isdigit() else decided or 0


def _outcome(desk: Desk, index: int, rule: Mapping[str, Json]) -> bool | str | None:
    """True or false; a sentence where it fails; None where it was not tried."""
    if desk.spot.language == "JSONata":
        gave = gives(desk.spot, ("Choices", index, "Condition"), desk.seen)
        return gave.error or (gave.value is True if gave.value is not ABSENT else None)
    found = truths(desk.spot, index, desk.seen)
    if isinstance(found, str):
        return found
    return found.holds if found.holds is not None else _error(found)


def _error(truth: Truth) -> str | None:
    return truth.error or next(filter(None, map(_error, truth.parts)), None)


def _card(
    desk: Desk, index: int, rule: dict[str, Any], value: list[Json], outcome: bool | str | None, decided: int | None, *, here: bool
) -> None:  # fmt: skip
    """A rule as a line; the open one with all that is in it."""
    with st.container(
        key=f"insp-entry-{'open' if here else 'shut'} {desk.at('Choices', index)}", border=True, gap="small"
    ):
        with st.container(key=f"insp-entry-head {desk.at('Choices', index)}", horizontal=True, wrap=False, gap=None, vertical_alignment="center"):  # fmt: skip
            late = decided is not None and index > decided
            st.button(
                f"{mark(outcome, late)} {plain(summary(rule))}  \n:gray[→ {plain(rule.get('Next', '–'))}]",
                key=f"insp-rule {desk.at('Choices', index)} {here}", type="tertiary", width="stretch", wrap=True,
                on_click=store.act, args=(actions.type_in, OPEN + desk.spot.at, "-" if here else str(index)),
            )  # fmt: skip
            if here:
                tools(desk, desk.at("Choices"), index, value)
        if not here:
            return
        known = fields_of("Rule")
        if desk.spot.language == "JSONata":
            draw(
                desk, known["Condition"], desk.at("Choices", index, "Condition"), rule, ("Choices", index, "Condition")
            )
            _parts(desk, index)
        else:
            found = truths(desk.spot, index, desk.seen)
            _rule(desk, ("Choices", index), rule, found if isinstance(found, Truth) else None, 0)
            if isinstance(found, str):
                st.markdown(f":red[{plain(found)}]")
        draw(desk, known["Next"], desk.at("Choices", index, "Next"), rule, ("Choices", index, "Next"))
        for problem in desk.problems.get(desk.at("Choices", index), ())[:2]:
            say(problem, desk.t)
        more(desk, [known[name] for name in ("Output", "Assign", "Comment")], ("Choices", index), rule)


def mark(outcome: bool | str | None, late: bool = False) -> str:
    """How a rule came out, as a sign; pale where one before it had decided."""
    if isinstance(outcome, str):
        return ":red[:material/error:]"
    if outcome is None:
        return ":gray[–]"
    colour = "gray" if late else "green" if outcome else "red"
    return f":{colour}[{'✓' if outcome else '✕'}]"


def summary(rule: Mapping[str, Any]) -> str:
    """`$.total NumericGreaterThan 500`, `And of 2`, a condition."""
    if "Condition" in rule:
        condition = rule["Condition"]
        return _cut(condition[2:-2].strip() if isinstance(condition, str) else json.dumps(condition))
    word = word_of(rule)
    if word == "Not":
        return _cut(f"Not ({summary(rule['Not'])})" if isinstance(rule["Not"], dict) else "Not")
    if word in JOINING:
        return _cut(f" {word} ".join(summary(part) for part in parts_of(rule) if isinstance(part, dict)) or word)
    if not word:
        return "?"
    return _cut(f"{rule.get('Variable', '?')} {word} {json.dumps(rule[word], ensure_ascii=False)}")


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


# A rule of JSONPath ---------------------------------------------------------------------------------------------------


def _rule(
    desk: Desk, steps: tuple[str | int, ...], rule: Json, truth: Truth | None, depth: int, beside: Callable[[], None] | None = None
) -> None:  # fmt: skip
    """A comparison, or rules joined by And, Or, Not; `beside` draws what stands in its first line."""
    t, at = desk.t, desk.at(*steps)
    if not isinstance(rule, dict) or depth > DEEPEST:
        st.code(written(rule), language="json", wrap_lines=True)
        return
    word, key = word_of(rule), box(f"{at}(operator)")
    store.show(key, word or None)

    def chosen() -> None:
        if store.value(key):
            put(desk.change, at, with_word(rule, store.value(key)))

    if word in JOINING or not word:
        with _line(at):
            st.selectbox(t("Operator"), WORDS, index=None, key=key, on_change=store.heard(key, chosen), label_visibility="collapsed", required=True, placeholder=t("choose an operator"))  # fmt: skip
            if truth is not None and (truth.holds is not None or truth.parts):
                st.markdown(mark(truth.holds), width="content")
            if beside is not None:
                beside()
        _joined(desk, steps, rule, truth, depth)
        return
    variable = code_box(f"{at}/Variable")
    store.show(variable, rule.get("Variable"))
    variables = list(dict.fromkeys([rule.get("Variable", "$"), *paths(desk.seen.entered.raw, 150), "$$.Execution.Input", "$$.State.EnteredTime"]))  # fmt: skip
    with _line(at):
        st.selectbox(
            "Variable", variables, index=None, key=variable, accept_new_options=True, label_visibility="collapsed", required=True,
            on_change=store.heard(variable, lambda: put(desk.change, f"{at}/Variable", str(store.value(variable) or "$").strip())),
            placeholder="Variable",
        )  # fmt: skip
        if beside is not None:
            beside()
    left, right = st.columns([3, 2], gap="small")
    with left:
        st.selectbox(t("Operator"), WORDS, index=None, key=key, on_change=store.heard(key, chosen), label_visibility="collapsed", required=True)  # fmt: skip
    with right:
        _operand(desk, f"{at}/{word}", rule[word], word)
    told = drafted(desk.session, f"{at}/{word}")
    if told is not None:
        complain(t("A number belongs here."), f"{at}/{word}", t)
    _truth(truth, t)


def _line(at: str) -> DeltaGenerator:
    return st.container(key=f"insp-line {at}", horizontal=True, wrap=False, gap="small", vertical_alignment="center")


def _operand(desk: Desk, at: str, value: Json, word: str) -> None:
    """What is compared with: a value of the operator's kind, or a path."""
    t, kind, key = desk.t, operand_kind(word), code_box(at)
    if kind in ("boolean", "test"):
        store.show(key, "true" if value is True else "false")
        st.selectbox(t("Value"), ["true", "false"], key=key, label_visibility="collapsed",
                     on_change=store.heard(key, lambda: put(desk.change, at, store.value(key) == "true")))  # fmt: skip
        return
    if kind is None:
        store.show(key, value if isinstance(value, str) else None)
        options = list(
            dict.fromkeys([*([value] if isinstance(value, str) else []), *paths(desk.seen.entered.raw, 150)])
        )
        st.selectbox(t("Path"), options, index=None, key=key, label_visibility="collapsed", accept_new_options=True, required=True,
                     on_change=store.heard(key, lambda: put(desk.change, at, str(store.value(key) or "$").strip())))  # fmt: skip
        return
    shown = drafted(desk.session, at)
    store.show(key, shown if shown is not None else value if isinstance(value, str) else json.dumps(value))

    def left() -> None:
        told = str(store.value(key) or "")
        if kind != "number":
            put(desk.change, at, told)
            return
        try:
            number = float(told)
        except ValueError:
            keep_draft(at, told)
            return
        put(desk.change, at, int(number) if number.is_integer() and abs(number) < 2**53 else number)

    st.text_input(
        t("Value"), key=key, label_visibility="collapsed", on_change=store.heard(key, left), autocomplete="off"
    )


def _joined(desk: Desk, steps: tuple[str | int, ...], rule: dict[str, Any], truth: Truth | None, depth: int) -> None:
    word, t = word_of(rule), desk.t
    parts = parts_of(rule)
    for index, part in enumerate(parts):
        here = (*steps, word) if word == "Not" else (*steps, word, index)
        own = truth.parts[index] if truth is not None and index < len(truth.parts) else None
        beside = None if word == "Not" else partial(tools, desk, desk.at(*steps, word), index, parts, least=1)
        with st.container(key=f"insp-part {desk.at(*here)}", gap="small"):
            _rule(desk, here, part, own, depth + 1, beside)
    if word in ("And", "Or"):
        st.button(t("Add a part"), key=f"insp-add {desk.at(*steps)}", icon=":material/add:", type="tertiary",
                  on_click=put, args=(desk.change, desk.at(*steps), with_part(rule)))  # fmt: skip


def _truth(truth: Truth | None, t: Texts) -> None:
    """How a rule or part came out, and what its variable was."""
    if truth is None:
        return
    if truth.error:
        st.caption(f"{mark(truth.error)} {plain(truth.error)}")
    elif truth.holds is None and not truth.parts:
        st.caption(f"{mark(None)} {t('never asked')}")
    elif truth.present:
        seen = _cut(json.dumps(truth.seen, ensure_ascii=False))
        operand = _cut(json.dumps(truth.operand, ensure_ascii=False))
        against = f" · {operand}" if OPERATORS[truth.operator].by_path else ""
        st.caption(f"{mark(truth.holds)} {t('it was {value}', value=plain(seen))}{plain(against)}")
    else:
        st.caption(f"{mark(truth.holds)} {t('it was not there')}")


# A condition of JSONata -----------------------------------------------------------------------------------------------


def _parts(desk: Desk, index: int) -> None:
    """The parts of a condition that were true or false in the last run."""
    if desk.seen.visit < 0:
        return
    for audit in compute.audits(desk.session.setting, desk.seen.visit):
        if audit["field"] != f"Choices[{index}]/Condition":
            continue
        lines = []
        for part in audit["parts"][1:]:
            values = [value for value in part["values"] if isinstance(value, bool)]
            if values and len(lines) < 12:
                said = " ".join(audit["text"][part["start"] : part["end"]].split())
                lines.append(f"{mark(values[0])} {plain(_cut(said))}")
        if lines:
            st.caption("  \n".join(lines))

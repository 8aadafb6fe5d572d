"""The inspector: a form for the selected state, drawn from the table of fields; for the machine when nothing is selected.

It edits nothing itself: `change` gets what is to be done to the document. Only the open tab is drawn.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from designer import compute, store
from designer.panels import inspector_fields, inspector_mock
from designer.panels.inspector_choice import choices
from designer.panels.inspector_desk import Change, Desk, Edit, box, drafted, follow, forget, keep_draft
from designer.panels.inspector_fields import add_field, complain, draw, group, help_of, opened
from designer.panels.inspector_machine import machine_form
from designer.panels.inspector_preview import SECONDS
from designer.panels.inspector_retry import catch, retry
from designer.session import Session
from designer.texts import Texts, plain
from designer.theme import N_
from engine import edit
from engine.edit import Edited, NotPossible
from engine.fields import STATE_TYPES, Field, fields_of
from engine.outline import is_distributed, spots
from engine.pointer import under
from engine.preview import sample
from engine.problems import Problem
from engine.resources import INTEGRATIONS
from engine.source import load_json
from engine.values import Json

TYPES: Mapping[str, str] = {
    "Task": N_("Calls a function, an activity or a service, and waits for its answer."),
    "Wait": N_("Waits for a number of seconds, or until a moment."),
    "Pass": N_("Hands on its input, or puts something else in its place."),
    "Succeed": N_("Ends its block well."),
    "Fail": N_("Ends the execution with an error."),
    "Choice": N_("Goes on by the first of its rules that holds, else by Default."),
    "Parallel": N_("Runs its branches at the same time on the same input; its result is the list of theirs."),
    "Map": N_("Runs its processor for each item of an array; its result is the list of theirs."),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of the form: its title, the fields in it, and those of them that are shown though they are not set."""

    title: str
    fields: tuple[str, ...]
    usual: tuple[str, ...] = ()


DATA = Tab(
    N_("Data"),
    (
        "Resource", "Seconds", "Timestamp", "SecondsPath", "TimestampPath", "Choices", "Result", "Error", "ErrorPath", "Cause",
        "CausePath", "InputPath", "ItemsPath", "Items", "ItemReader", "ItemSelector", "ItemBatcher", "Arguments", "Parameters", "ResultSelector",
        "ResultPath", "ResultWriter", "Output", "OutputPath", "Assign", "Credentials", "Default", "Comment", "QueryLanguage",
    ),
    ("Resource", "Seconds", "Choices", "Error", "Cause", "Items", "ItemsPath", "ItemSelector", "Arguments", "Parameters", "ResultSelector",
     "ResultPath", "Output", "Default"),
)  # fmt: skip
ERRORS = Tab(
    N_("Errors"),
    (
        "Retry", "Catch", "ToleratedFailureCount", "ToleratedFailureCountPath", "ToleratedFailurePercentage",
        "ToleratedFailurePercentagePath",
    ),
    ("Retry", "Catch"),
)  # fmt: skip
TIMING = Tab(
    N_("Timing"),
    ("TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath", "MaxConcurrency", "MaxConcurrencyPath", "Label"),
    ("TimeoutSeconds", "HeartbeatSeconds", "MaxConcurrency"),
)  # fmt: skip
MOCK = Tab(N_("Mock"), ())
HELP = Tab(N_("Help"), ())
TABS: Mapping[str, tuple[Tab, ...]] = {
    "Task": (DATA, ERRORS, TIMING, MOCK, HELP),
    "Parallel": (DATA, ERRORS, HELP),
    "Map": (DATA, ERRORS, TIMING, HELP),
}
UNUSUAL: Mapping[str, tuple[str, ...]] = {"Choice": ("Output",), "Wait": ("Output",)}
"""By type: what is usual elsewhere and not there."""


def inspector(session: Session, t: Texts, change: Change) -> None:
    """The form of what is selected. What is only looked at or typed in vain draws the form anew, an edit the whole page."""
    _form(_shown(session), t, change)


def _shown(session: Session) -> tuple[object, ...]:
    """What the other views show too: when it is another, they are drawn anew as well."""
    return session.edition, session.selected, session.setting, session.text, session.notice


@st.fragment(key="inspector")
def _form(shown: tuple[object, ...], t: Texts, change: Change) -> None:
    session = store.session()
    if _shown(session) != shown:
        st.rerun(scope="app")
    _drawn(session, t, change)


def _drawn(session: Session, t: Texts, change: Change) -> None:
    reading = compute.read(session.text, session.path, session.workflow_type)
    document = reading.document
    if not isinstance(document, dict):
        st.caption(t("The text cannot be read as a definition. The form comes back as soon as it can."))
        return
    chosen = session.selected
    spot = next((spot for spot in spots(document) if chosen and spot.at == chosen[0]), None)
    if len(chosen) > 1:
        st.caption(t.plural("{n} state is selected; this is the first of them.", "{n} states are selected; this is the first of them.", len(chosen)))  # fmt: skip
    if spot is None:
        machine_form(session, t, document, change, _by_place(reading.problems))
        return
    trace = compute.trace(session.setting) if session.is_open else None
    given, _ = load_json(session.input)

    def keeping(made: Edit) -> None:
        change(partial(_selected, made, session.selected))

    desk = Desk(
        session, t, document, spot, trace, sample(trace, spot.at, given), keeping, _by_place(reading.problems),
        time.monotonic() + SECONDS,
    )  # fmt: skip
    state_form(desk)


def _selected(made: Edit, nodes: tuple[str, ...], document: Json) -> Edited:
    """An edit after which the same is selected, where it says nothing else."""
    edited = made(document)
    return edited if edited.selected else Edited(edited.document, nodes)


def _by_place(problems: Sequence[Problem]) -> dict[str, tuple[Problem, ...]]:
    found: dict[str, tuple[Problem, ...]] = {}
    for problem in problems:
        found[problem.at] = (*found.get(problem.at, ()), problem)
    return found


def state_form(desk: Desk) -> None:
    """Name and type above, the fields in tabs."""
    with st.container(key="inspector", gap="small"):
        _head(desk)
        tabs = TABS.get(desk.spot.type, (DATA, HELP))
        parts = st.tabs(
            [desk.t(tab.title) for tab in tabs], key=f"insp-tabs-{desk.spot.type}-{desk.t.language}", on_change="rerun"
        )
        for tab, part in zip(tabs, parts, strict=True):
            if part.open:
                with part, st.container(key=f"insp-tab-{tab.title}", gap="small"):
                    _tab(desk, tab)


def _head(desk: Desk) -> None:
    """Name and type. A name that cannot be taken stays in its box, with the reason below."""
    t, spot, place = desk.t, desk.spot, desk.at("(name)")
    name, kind = box(place), box(desk.at("Type"))
    told = drafted(desk.session, place)
    store.show(name, spot.name if told is None else told)
    store.show(kind, spot.type or None)

    def retyped() -> None:
        if store.value(kind):
            desk.change(lambda document: edit.change_type(document, spot.at, store.value(kind)))

    with st.container(key="insp-head", horizontal=True, wrap=False, gap="small", vertical_alignment="bottom"):
        st.text_input(t("Name"), key=name, on_change=store.heard(name, lambda: _rename(desk, place, str(store.value(name) or ""))), autocomplete="off")  # fmt: skip
        types = list(STATE_TYPES) + ([spot.type] if spot.type and spot.type not in STATE_TYPES else [])
        st.selectbox(t("Type"), types, index=None, key=kind, on_change=store.heard(kind, retyped), width=116, required=True, help=t(TYPES.get(spot.type, "")) or None)  # fmt: skip
    if told is not None:
        try:
            edit.rename(desk.document, spot.at, told)
        except NotPossible as no:
            complain(t(no.text, **no.values), place, t)


def _rename(desk: Desk, place: str, told: str) -> None:
    """The state under another name, with all that refers to it; what was typed in its boxes goes along."""
    at = desk.spot.at
    try:
        made = edit.rename(desk.document, at, told)
    except NotPossible:
        keep_draft(place, told)
        return
    forget(place)
    desk.change(lambda document: edit.rename(document, at, told))
    for new in made.selected:
        follow(at, new)


def _tab(desk: Desk, tab: Tab) -> None:
    if tab is MOCK:
        inspector_mock.mock_tab(desk)
        return
    if tab is HELP:
        _help(desk)
        return
    known = fields_of(desk.spot.type)
    offered: list[Field] = []
    done: set[str] = set()
    for name in tab.fields:
        field = known.get(name)
        if field is None or name in done or field.language not in ("both", desk.spot.language):
            continue
        rivals = _rivals(field, known, desk)
        if field not in rivals:
            continue
        done.update(one.name for one in rivals)
        if not _is_shown(desk, tab, rivals):
            offered += [one for one in rivals[:1] if not one.distributed or is_distributed(desk.spot)]
        elif len(rivals) > 1:
            group(desk, rivals)
        elif name in OWN:
            OWN[name](desk, field)
        else:
            draw(desk, field, desk.at(name), desk.spot.source, (name,))
    if tab is DATA:
        _inside(desk)
        _next(desk, known)
        _unknown(desk, known)
    add_field(desk, [field.name for field in offered], ())


def _rivals(field: Field, known: Mapping[str, Field], desk: Desk) -> list[Field]:
    """The field and those that exclude it, as far as they can be written; deprecated ones only where they stand."""
    found = [field]
    for name in field.either_with:
        other = known.get(name)
        if other is not None and other.language in ("both", desk.spot.language):
            found.append(other)
    order = list(known)
    usable = [one for one in found if not one.deprecated or one.name in desk.spot.source]
    return sorted(usable, key=lambda one: order.index(one.name))


def _is_shown(desk: Desk, tab: Tab, rivals: Sequence[Field]) -> bool:
    usual = [name for name in tab.usual if name not in UNUSUAL.get(desk.spot.type, ())]
    return any(
        one.name in desk.spot.source or (one.name in usual and not one.distributed) or opened(desk, desk.at(one.name))
        for one in rivals
    )


def _resource(desk: Desk, field: Field) -> None:
    """What is called: one of the integrations, or any ARN."""
    value = desk.spot.source.get("Resource")
    inspector_fields.combo(
        desk, field, desk.at("Resource"), value if isinstance(value, str) else None, list(_integrations()), ()
    )
    for problem in desk.problems.get(desk.at("Resource"), ())[:2]:
        inspector_fields.say(problem, desk.t)


def _integrations() -> Iterator[str]:
    """ARNs of the optimised integrations, the usual ones first."""
    first = ("lambda", "dynamodb", "sqs", "sns", "states", "events")
    for service in [*first, *(name for name in INTEGRATIONS if name not in first)]:
        one = INTEGRATIONS[service]
        for action in one.actions:
            yield f"arn:aws:states:::{service}:{action}"
            if action in one.sync:
                yield f"arn:aws:states:::{service}:{action}.sync"
            if one.callback:
                yield f"arn:aws:states:::{service}:{action}.waitForTaskToken"


def _inside(desk: Desk) -> None:
    """What a Parallel or Map holds is edited on the canvas; here it is counted, and said how it runs."""
    t, source = desk.t, desk.spot.source
    branches = source.get("Branches")
    if isinstance(branches, list):
        st.caption(t.plural("{n} branch: select a state in it to edit it.", "{n} branches: select a state in one to edit it.", len(branches)))  # fmt: skip
    for name in ("ItemProcessor", "Iterator"):
        processor = source.get(name)
        if isinstance(processor, dict):
            config = processor.get("ProcessorConfig", {})
            known = fields_of("ProcessorConfig")
            steps = (name, "ProcessorConfig")
            wanted = [known["Mode"], *([known["ExecutionType"]] if is_distributed(desk.spot) else [])]
            for field, column in zip(wanted, st.columns(len(wanted), gap="small"), strict=True):
                with column:
                    draw(desk, field, desk.at(*steps, field.name), config, (*steps, field.name))


def _next(desk: Desk, known: Mapping[str, Field]) -> None:
    """Where it goes: a state of the block, or the end of it."""
    if "Next" not in known:
        return
    t, source, at = desk.t, desk.spot.source, desk.spot.at
    key = box(desk.at("Next"))
    end = "\0end"
    value = source.get("Next")
    store.show(key, value if isinstance(value, str) else end if source.get("End") is True else None)

    def chosen() -> None:
        told = store.value(key)
        if told in options:
            desk.change(lambda document: _led(document, at, None if told == end else told))

    names = desk.names
    strange = [value] if isinstance(value, str) and value not in names else []
    options = [end, *names, *strange]
    st.selectbox(
        t("Next"), options, index=None, key=key, on_change=store.heard(key, chosen), help=help_of(known["Next"], t),
        format_func=lambda name: t("End of the block") if name == end else f"{name} ✕" if name in strange else name,
        placeholder=t("choose a state"), required=True,
    )  # fmt: skip


def _led(document: Json, at: str, target: str | None) -> Edited:
    """The state with `Next` or, for None, `End: true`, where either of them stood."""
    if target is None:
        return edit.put(edit.drop(document, under(at, ["Next"])).document, under(at, ["End"]), True)
    return edit.put(edit.drop(document, under(at, ["End"])).document, under(at, ["Next"]), target)


def _unknown(desk: Desk, known: Mapping[str, Field]) -> None:
    """Fields that do not belong here, each with a way out."""
    for name in desk.spot.source:
        field = known.get(str(name))
        if field is None or field.language not in ("both", desk.spot.language):
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                st.markdown(f":red[{plain(desk.t('{name} does not belong here.', name=name))}]")
                st.button(desk.t("Remove"), key=f"insp-drop {desk.at(str(name))}", type="tertiary",
                          on_click=inspector_fields.drop, args=(desk.change, desk.at(str(name))))  # fmt: skip


def _help(desk: Desk) -> None:
    t, spot = desk.t, desk.spot
    st.markdown(f"**{spot.type}**  \n{plain(t(TYPES.get(spot.type, '')))}" if spot.type in TYPES else plain(spot.type))
    lines = []
    for field in fields_of(spot.type).values():
        if field.language in ("both", spot.language) and not field.deprecated:
            mark = " •" if field.name in spot.source else ""
            lines.append(f"**{field.name}**{mark}  \n:gray[{help_of(field, t)}]")
    st.markdown("\n\n".join(lines))


OWN: Mapping[str, Callable[[Desk, Field], None]] = {
    "Resource": _resource,
    "Choices": choices,
    "Retry": retry,
    "Catch": catch,
}
"""Fields with an editor of their own."""

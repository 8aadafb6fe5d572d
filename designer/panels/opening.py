"""Putting a workflow on the table: from a card, from the address, from the box for own definitions."""

from __future__ import annotations

import json

from designer import actions, compute, library, sharing, store
from designer.archive import ArchiveProblem
from designer.examples import Example
from designer.session import MOST_CHANGES, Change, Own, Session, WorkflowType, recording_of
from designer.theme import N_
from engine import recorded
from engine.values import same


def open_example(example: Example) -> Session:
    """The example with its first scenario, run once so that there is something to step through."""
    put_on_table(example)
    return run()


def put_on_table(example: Example) -> Session:
    """The example with its first scenario."""
    return store.act(
        actions.open_workflow,
        workflow=example.name,
        title=example.title,
        definition=example.definition,
        path=example.path,
        mocks=example.mocks,
        scenarios=example.scenarios,
        workflow_type=example.workflow_type,
    )


def open_own(text: str, path: str | None, title: str, workflow_type: WorkflowType = "STANDARD") -> Session:
    """A definition of the visitor's own, without mocks: its tasks wait for an answer until it gets some."""
    return store.act(
        actions.open_workflow,
        workflow="",
        title=title,
        definition=text,
        path=path,
        scenarios=(),
        workflow_type=workflow_type,
        own=Own(base=""),
    )


def open_kept(number: int) -> Session:
    """A workflow of the visitor's library as it was left, run once; why it cannot be had is said, and what was open stays."""
    found = library.open_workflow_of(number)
    if isinstance(found, ArchiveProblem):
        return store.act(actions.tell, str(found))
    return run()


def run() -> Session:
    """Runs the session's setting and enters the execution in the table. A setting that cannot be run enters nothing, and
    a run that was made from another one is what it is: once more it would be the same.
    """
    session = store.session()
    here = next((run for run in session.runs if run.number == session.run), None)
    if here is not None and here.parent and here.setting == session.setting:
        return session
    outcome = compute.outcome(session.setting)
    if outcome is None:
        return session
    return store.act(actions.note, session.setting, outcome, session.scenario)


def choose_scenario(name: str) -> Session:
    store.act(actions.choose_scenario, name)
    return run()


def change(made: Change) -> Session:
    """The run on the table with one thing changed in its middle, entered below the run that it came from."""
    parent = store.session().run or run().run
    before = store.session()
    if len(before.changes) >= MOST_CHANGES:
        return store.act(
            actions.tell, N_("A run takes at most 50 changes in a row. Go back to an earlier run under Runs.")
        )
    store.act(actions.change, made)
    if compute.outcome(store.session().setting) is None:
        store.keep(before)
        return store.act(
            actions.tell, N_("This cannot be run on from here: the definition or the mocks are in the way.")
        )
    return note_below(parent)


def change_input(text: str) -> Session:
    """Another input of the execution, as a run below the one on the table."""
    parent = store.session().run or run().run
    store.act(actions.write, "input", text, usable=True)
    store.act(actions.go, 0)
    store.act(actions.renew)
    return note_below(parent)


def note_below(parent: int) -> Session:
    """Enters what is on the table below the run that it was made from; what cannot be run enters nothing."""
    session = store.session()
    outcome = compute.outcome(session.setting)
    if outcome is None:
        return session
    return store.act(actions.note, session.setting, outcome, session.scenario, parent=parent)


def go_in(number: int, moment: int) -> Session:
    """The player at a moment of one of the runs."""
    if store.session().run != number:
        look_at(number)
    return store.act(actions.go, moment)


def look_at(number: int) -> Session:
    """An execution of the table back on the table, with the scenarios of its example around it."""
    wanted = next((run for run in store.session().runs if run.number == number), None)
    example = compute.example(wanted.setting.machine) if wanted else None
    now = store.session()
    open_here = now.workflow == wanted.setting.machine and not now.own.number if wanted else False
    if wanted and example and example.definition == wanted.setting.definition and not open_here:
        store.act(
            actions.open_workflow,
            workflow=example.name,
            title=example.title,
            definition=example.definition,
            path=example.path,
            mocks=example.mocks,
            scenarios=example.scenarios,
        )
    return store.act(actions.look_at, number)


def open_history(name: str, text: str, *, own: bool) -> Session:
    """An execution that ran on AWS. `own` draws it with the definition on the table, if there is one, and lays a simulated
    run beside it; else the definition that stands among the files does, or one is drawn from the events. A further page, or
    what a describe call answered, joins the history that is open already. What is no history is said, and what was open stays.
    """
    session = store.session()
    before = session.recording
    try:
        found = recorded.read(text)
    except recorded.NoHistory as refused:
        joined = f"{before.text}\n{text}" if before is not None else ""
        found_joined = _read(joined)
        if before is None or found_joined is None:
            return store.act(actions.tell, str(refused))
        found, name, text, own = found_joined, before.name, joined, not drawn_from_events(session)
    reading = _reading(found)
    if reading is not None and reading.machine is None:
        why = reading.problems[0].message if reading.problems else ""
        return store.act(actions.tell, N_("The definition among these files cannot be used: {why}"), why=why)
    drawn, known = _definition(found, own=own and session.is_open)
    given = json.dumps(recorded.trace(found).input, indent=2, ensure_ascii=False)
    title = (found.described and found.described.machine_name) or name
    store.act(actions.open_recording, recording_of(name, text), given, drawn, title=title, express=found.express)
    session = note_below(0)
    if session.run and known:
        store.act(actions.simulate)
        note_below(session.run)
        store.act(actions.look_at, session.run)
    return store.session()


def _read(text: str) -> recorded.Recorded | None:
    try:
        return recorded.read(text)
    except recorded.NoHistory:
        return None


def _definition(found: recorded.Recorded, *, own: bool) -> tuple[str, bool]:
    """The definition to put on the table, empty for the one that is there; and whether it is the execution's own, and not
    one drawn from its events.
    """
    session, reading = store.session(), _reading(found)
    if reading is not None:
        here = own and same(reading.document, compute.read(session.definition, session.path).document)
        return ("", True) if here else (json.dumps(reading.document, indent=2, ensure_ascii=False), True)
    if own:
        return "", True
    return json.dumps(recorded.outline(found), indent=2, ensure_ascii=False), False


def _reading(found: recorded.Recorded) -> compute.Reading | None:
    """The definition that stands beside the events."""
    told = found.described.definition if found.described else None
    return None if told is None else compute.read(told, None)


def drawn_from_events(session: Session) -> bool:
    """Was the definition on the table made from the events of a history?"""
    found = compute.history_of(session.recording) if session.recording else None
    return found is not None and session.definition == json.dumps(recorded.outline(found), indent=2, ensure_ascii=False)


def file_text(content: bytes) -> str:
    """The text of a file as tools write it: UTF-8, or UTF-16 where a byte order mark says so, as PowerShell's `>` does."""
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    return content.decode("utf-16" if utf16 else "utf-8-sig", "replace")


def open_shared(text: str) -> Session:
    """What a link or a file holds, run once; what cannot be opened is said, and what was open stays."""
    before = store.session()
    try:
        opened = sharing.opened(text, before)
    except sharing.NotShared as refused:
        return store.act(actions.tell, refused.text, **refused.values)
    store.keep(opened)
    return note_below(0)


def from_address(session: Session) -> Session:
    """A reload or a link: opens what the address names, once, when nothing is open yet."""
    shared = store.asked("p")
    if shared and not session.is_open and session.notice is None:
        opened = open_shared(shared)
        store.go_to("debug")
        return store.act(actions.came_by, shared) if opened.is_open else opened
    own = store.asked("own")
    if own and own.isdigit() and len(own) < 16 and not session.is_open and session.notice is None:
        return open_kept(int(own))
    wanted = store.asked("workflow")
    if session.is_open or not wanted:
        return session
    example = compute.example(wanted)
    if example is None:
        return session
    session = open_example(example)
    scenario = store.asked("scenario")
    if scenario and scenario != session.scenario:
        session = choose_scenario(scenario)
    return session

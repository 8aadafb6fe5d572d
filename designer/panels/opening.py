"""Putting a workflow on the table: from a card, from the address, from the box for own definitions."""

from __future__ import annotations

from designer import actions, compute, store
from designer.examples import Example
from designer.session import Session


def open_example(example: Example) -> Session:
    """The example with its first scenario, run once so that there is something to step through."""
    store.act(
        actions.open_workflow,
        workflow=example.name,
        title=example.title,
        definition=example.definition,
        path=example.path,
        mocks=example.mocks,
        scenarios=example.scenarios,
        workflow_type=example.workflow_type,
    )
    return run()


def open_own(text: str, path: str | None, title: str) -> Session:
    """A definition of the visitor's own, without mocks: its tasks wait for an answer until it gets some."""
    return store.act(actions.open_workflow, workflow="", title=title, definition=text, path=path, scenarios=())


def run() -> Session:
    """Runs the session's setting and enters the execution in the table. A setting that cannot be run enters nothing."""
    session = store.session()
    outcome = compute.outcome(session.setting)
    if outcome is None:
        return session
    return store.act(actions.note, session.setting, outcome, session.scenario)


def choose_scenario(name: str) -> Session:
    store.act(actions.choose_scenario, name)
    return run()


def look_at(number: int) -> Session:
    """An execution of the table back on the table, with the scenarios of its example around it."""
    wanted = next((run for run in store.session().runs if run.number == number), None)
    example = compute.example(wanted.setting.machine) if wanted else None
    if wanted and example and example.definition == wanted.setting.definition:
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


def from_address(session: Session) -> Session:
    """A reload or a link: opens what the address names, once, when nothing is open yet."""
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

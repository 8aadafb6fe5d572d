"""What a visitor can do, as plain functions `Session -> Session`: no widget, no page, no Streamlit.

Whatever an action needs to know about a text (does it make sense?) or a run (how did it end?) is handed to it, so that
these functions can be read and tested alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from designer.session import MOST_RUNS, Editor, Outcome, Run, Scenario, Session, Setting, WorkflowType


def speak(session: Session, language: str) -> Session:
    """Another language; place and state stay."""
    return replace(session, language=language)


def open_workflow(
    session: Session,
    *,
    workflow: str,
    title: Mapping[str, str] | str,
    definition: str,
    path: str | None,
    mocks: str | None = None,
    scenarios: tuple[Scenario, ...] = (),
    workflow_type: WorkflowType = "STANDARD",
) -> Session:
    """Puts a workflow on the table with its first scenario. Executions, language and what stands in boxes stay."""
    opened = replace(
        session,
        workflow=workflow,
        title=title,
        definition=definition,
        path=path,
        mocks=mocks,
        scenarios=scenarios,
        scenario="",
        input="{}",
        case=None,
        workflow_type=workflow_type,
        seed=0,
        delay=0,
        drafts={},
        drawer=None,
        revision=session.revision + 1,
    )
    return choose_scenario(opened, scenarios[0].name) if scenarios else opened


def choose_scenario(session: Session, name: str) -> Session:
    """The scenario's input, case and type. An unknown name changes nothing."""
    scenario = next((scenario for scenario in session.scenarios if scenario.name == name), None)
    if scenario is None:
        return session
    return replace(
        session,
        scenario=name,
        input=scenario.input,
        case=scenario.case,
        workflow_type=scenario.workflow_type,
        seed=0,
        delay=0,
        drafts=_without(session.drafts, "input"),
        revision=session.revision + 1,
    )


def choose_type(session: Session, workflow_type: WorkflowType) -> Session:
    return replace(session, workflow_type=workflow_type)


def write(session: Session, editor: Editor, text: str, *, usable: bool) -> Session:
    """A text as it was left in an editor: the truth when it is usable, else a draft that waits for its mending."""
    if not usable:
        return replace(session, drafts={**session.drafts, editor: text})
    drafts = _without(session.drafts, editor)
    if editor == "definition":
        return replace(session, definition=text, drafts=drafts)
    if editor == "input":
        return replace(session, input=text, drafts=drafts)
    return replace(session, mocks=text if text.strip() else None, drafts=drafts)


def drop_draft(session: Session, editor: Editor) -> Session:
    """Back to the last text that made sense."""
    return replace(session, drafts=_without(session.drafts, editor), revision=session.revision + 1)


def shown(session: Session, editor: Editor) -> str:
    """What the editor shows: the draft where there is one, else the truth."""
    truth = {"definition": session.definition, "input": session.input, "mocks": session.mocks or ""}
    return session.drafts.get(editor, truth[editor])


def toggle_drawer(session: Session, editor: Editor) -> Session:
    """Opens an editor beside the graph, or shuts it when it is the one that is open."""
    return replace(session, drawer=None if session.drawer == editor else editor)


def paste(session: Session, text: str) -> Session:
    """What stands in the box for an own definition: kept, whatever it is."""
    return replace(session, paste=text)


def drop_file(session: Session, name: str, content: bytes) -> Session:
    """A file dropped beside the box takes the place of its text; bytes that are no UTF-8 become visible marks."""
    text = content.decode("utf-8-sig", "replace")
    return replace(session, paste=text, paste_path=name, revision=session.revision + 1)


def note(session: Session, setting: Setting, outcome: Outcome, scenario: str) -> Session:
    """Enters one more execution in the table."""
    return note_all(session, [(scenario, setting, outcome)])


def note_all(session: Session, rows: list[tuple[str, Setting, Outcome]]) -> Session:
    """Enters executions in their order; beyond `MOST_RUNS` the oldest leave."""
    runs = tuple(
        Run(session.next_run + index, scenario, setting, outcome)
        for index, (scenario, setting, outcome) in enumerate(rows)
    )
    return replace(session, runs=(*session.runs, *runs)[-MOST_RUNS:], next_run=session.next_run + len(rows))


def forget_runs(session: Session) -> Session:
    """Empties the table; numbering goes on."""
    return replace(session, runs=())


def look_at(session: Session, number: int) -> Session:
    """Puts an execution of the table back on the table as it was run. An unknown number changes nothing."""
    run = next((run for run in session.runs if run.number == number), None)
    if run is None:
        return session
    setting = run.setting
    known = setting.definition == session.definition
    return replace(
        session,
        workflow=session.workflow if known else setting.machine,
        title=session.title if known else setting.machine,
        definition=setting.definition,
        path=setting.path,
        mocks=setting.mocks,
        scenarios=session.scenarios if known else (),
        scenario=run.scenario if known else "",
        input=setting.input,
        case=setting.case,
        workflow_type=setting.workflow_type,
        seed=setting.seed,
        delay=setting.delay,
        drafts={},
        revision=session.revision + 1,
    )


def batch(session: Session, scenarios: list[Scenario], times: int) -> list[tuple[str, Setting]]:
    """`times` executions of each scenario, a second apart on the simulated calendar, each with its own dice.

    They take turns, so that a list that is cut short still holds every scenario.
    """
    base = replace(session.setting, seed=0, delay=0)
    settings: list[tuple[str, Setting]] = []
    for _ in range(times):
        for scenario in scenarios:
            number = session.next_run + len(settings)
            setting = replace(
                base,
                input=scenario.input,
                case=scenario.case,
                workflow_type=scenario.workflow_type,
                seed=number,
                delay=number * 1_000,
            )
            settings.append((scenario.name, setting))
    return settings


def repeat(session: Session, times: int) -> list[tuple[str, Setting]]:
    """`times` executions of what is on the table, for a workflow without scenarios."""
    numbers = range(session.next_run, session.next_run + times)
    return [("", replace(session.setting, seed=number, delay=number * 1_000)) for number in numbers]


def count(session: Session, executions: int) -> Session:
    """How many executions the bill is for."""
    return replace(session, count=max(1, min(executions, 10**12)))


def memory(session: Session, megabytes: int) -> Session:
    """MB an Express execution is billed for, in AWS's steps of 64."""
    return replace(session, memory=max(64, -(-megabytes // 64) * 64))


def _without(drafts: Mapping[str, str], editor: str) -> dict[str, str]:
    return {name: text for name, text in drafts.items() if name != editor}

"""What a visitor can do, as plain functions `Session -> Session`: no widget, no page, no Streamlit.

Whatever an action needs to know about a text (does it make sense?) or a run (how did it end?) is handed to it, so that
these functions can be read and tested alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from designer import mocking
from designer.session import (
    MOST_EDITS,
    MOST_RUNS,
    Change,
    Descent,
    Edition,
    Editor,
    Notice,
    Outcome,
    Own,
    Recording,
    Run,
    Scenario,
    Session,
    Setting,
    Tool,
    WorkflowType,
)


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
    own: Own = Own(),  # noqa: B008  # frozen
) -> Session:
    """Puts a workflow on the table with its first scenario. Executions, language and what stands in boxes stay."""
    opened = replace(
        session,
        workflow=workflow,
        title=title,
        own=own,
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
        made_up=(),
        typed={},
        drawer=None,
        notice=None,
        past=(),
        future=(),
        typing=-1,
        edition=session.edition + 1,
        selected=(),
        revision=session.revision + 1,
        **_FROM_THE_START,
    )
    return choose_scenario(opened, scenarios[0].name) if scenarios else opened


def open_kept(
    session: Session,
    *,
    own: Own,
    scenario: str,
    input: str,
    case: str | None,
    made_up: tuple[str, ...],
    workflow_type: WorkflowType,
    drafts: Mapping[str, str],
    **told: Any,
) -> Session:
    """A workflow of the library as it was left: `told` is the workflow, the rest is what stood on the table with it."""
    opened = open_workflow(session, own=own, title=own.name, **told)
    return replace(
        opened, scenario=scenario, input=input, case=case, made_up=made_up, workflow_type=workflow_type, drafts=drafts
    )


def owned(session: Session, own: Own, title: str) -> Session:
    """What is on the table is kept in the library, under this number and name; its runs belong to it."""
    runs = session.runs
    if own.number and own.number != session.own.number:
        runs = tuple(
            replace(run, own=own) if not run.own.number and run.setting.definition == session.definition else run
            for run in runs
        )
    return replace(session, own=own, title=title, runs=runs)


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
        made_up=scenario.made_up,
        seed=0,
        delay=0,
        drafts=_without(session.drafts, "input"),
        revision=session.revision + 1,
        **_FROM_THE_START,
    )


def keep_scenario(session: Session, name: str, title: str) -> Session:
    """What is on the table as a scenario more: its input, its type, who answers."""
    made = Scenario(name, title, session.input, session.case, session.workflow_type, made_up=session.made_up)
    return replace(session, scenarios=(*session.scenarios, made), scenario=name)


def store_input(session: Session) -> Session:
    """The chosen scenario takes the input and type on the table."""
    return set_scenario(session, session.scenario, input=session.input, workflow_type=session.workflow_type)


def set_scenario(session: Session, name: str, **told: Any) -> Session:
    """Another title, expectation, case or input of a scenario. An unknown name changes nothing."""
    scenarios = tuple(replace(one, **told) if one.name == name else one for one in session.scenarios)
    return replace(session, scenarios=scenarios, revision=session.revision + 1)


def copy_scenario(session: Session, name: str, new: str, title: str, mocks: str | None, case: str | None) -> Session:
    """A scenario with another name behind the one that it was copied from, with a test case of its own."""
    scenarios: list[Scenario] = []
    for one in session.scenarios:
        scenarios.append(one)
        if one.name == name:
            scenarios.append(replace(one, name=new, title=title, case=case))
    return replace(session, scenarios=tuple(scenarios), mocks=mocks, revision=session.revision + 1)


def delete_scenario(session: Session, name: str) -> Session:
    """A scenario less; what is on the table stays."""
    left = tuple(one for one in session.scenarios if one.name != name)
    chosen = "" if session.scenario == name else session.scenario
    return replace(session, scenarios=left, scenario=chosen, revision=session.revision + 1)


def choose_type(session: Session, workflow_type: WorkflowType) -> Session:
    return replace(session, workflow_type=workflow_type, **_FROM_THE_START)


def write(session: Session, editor: Editor, text: str, *, usable: bool) -> Session:
    """A text as it was left in an editor: the truth when it is usable, else a draft that waits for its mending.

    A run that was changed in its middle keeps those changes, and every reply that still has its call, under another
    definition or input; other mocks are another run. What the definition was before can be gone back to.
    """
    if editor == "definition" and text != session.text:
        session = _remembered(session)
    if not usable:
        return replace(session, drafts={**session.drafts, editor: text})
    session = replace(session, drafts=_without(session.drafts, editor))
    if editor == "mocks":
        return replace(session, mocks=text if text.strip() else None, **_FROM_THE_START)
    truth = session.definition if editor == "definition" else session.input
    if text == truth:
        return session
    recording = session.recording
    if recording is not None and not recording.simulated:
        # What was recorded stays what it was; another definition only draws it anew.
        return replace(
            session, **{editor: text}, **_FROM_THE_START | ({"recording": recording} if editor == "definition" else {})
        )
    kept = (*session.changes, Change(editor, text=truth)) if session.changes or recording else ()
    return replace(session, **{editor: text}, **_FROM_THE_START | {"changes": kept, "recording": recording})


def rewrite(
    session: Session,
    text: str,
    *,
    usable: bool,
    selected: tuple[str, ...] | None = None,
    path: str | None = None,
    renamed: tuple[tuple[str, str], ...] = (),
) -> Session:
    """Another text of the definition, made outside its editor: by the canvas, the form, a fix. `path` where it changes.

    `renamed` tells which states have another name in it; who answers them follows.
    """
    if text == session.text and path in (None, session.path):
        return session if selected is None else select(session, selected)
    written = write(session, "definition", text, usable=usable)
    if selected is not None:
        written = replace(written, selected=selected)
    if renamed:
        written = _answered_as(written, dict(renamed))
        written = replace(written, past=(*written.past[:-1], replace(written.past[-1], renamed=renamed)))
    return replace(written, path=path or session.path, revision=session.revision + 1)


def type_definition(session: Session, text: str, *, usable: bool) -> Session:
    """The definition as it is being typed. What is typed in one go is one edit, to be undone at once."""
    before = session.text
    start = _common(before, text)
    end = _common(before[start:][::-1], text[start:][::-1])
    old, new = before[start : len(before) - end], text[start : len(text) - end]
    goes_on = session.typing == start + len(old) and "\n" not in new and bool(session.past)
    written = write(session, "definition", text, usable=usable)
    if goes_on:
        written = replace(written, past=session.past)
    return replace(written, typing=start + len(new) if "\n" not in new else -1)


def undo(session: Session, *, usable: bool) -> Session:
    """The definition as it was before the last edit. `usable` says whether that text (`past[-1]`) can be run."""
    return _turned(session, "past", "future", usable, back=True)


def redo(session: Session, *, usable: bool) -> Session:
    """What was undone last, done again. `usable` says whether that text (`future[-1]`) can be run."""
    return _turned(session, "future", "past", usable, back=False)


def _turned(session: Session, source: str, target: str, usable: bool, *, back: bool) -> Session:
    stack: tuple[Edition, ...] = getattr(session, source)
    if not stack:
        return session
    found = stack[-1]
    here = replace(_edition(session), renamed=found.renamed)
    names = {new: old for old, new in found.renamed} if back else dict(found.renamed)
    turned = _answered_as(write(session, "definition", found.text, usable=usable), names)
    stacks = {source: stack[:-1], target: (*getattr(session, target), here)[-MOST_EDITS:]}
    return replace(turned, **stacks, path=found.path, selected=found.selected, typing=-1, revision=session.revision + 1)


def _answered_as(session: Session, names: Mapping[str, str]) -> Session:
    """Mocks and scenarios know states by their names: they follow when a state gets another one."""
    if not names:
        return session

    def told(made_up: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(names.get(name, name) for name in made_up)

    try:
        mocks = mocking.write(mocking.renamed(mocking.read(session.mocks), names)) if session.mocks else session.mocks
    except ValueError:  # a text that cannot be read names no states
        mocks = session.mocks
    scenarios = tuple(replace(one, made_up=told(one.made_up)) for one in session.scenarios)
    return replace(session, mocks=mocks, made_up=told(session.made_up), scenarios=scenarios)


def _edition(session: Session) -> Edition:
    return Edition(session.text, session.path, session.selected)


def _remembered(session: Session) -> Session:
    """The text on the table goes on the stack, before another takes its place."""
    past = (*session.past, _edition(session))[-MOST_EDITS:]
    return replace(session, past=past, future=(), typing=-1, edition=session.edition + 1)


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    least = min(len(one), len(other))
    if one[:least] == other[:least]:
        return least
    low, high = 0, least
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


def select(session: Session, nodes: tuple[str, ...]) -> Session:
    """The states that canvas, form and code look at."""
    return replace(session, selected=nodes, typing=-1)


def drop_draft(session: Session, editor: Editor) -> Session:
    """Back to the last text that made sense."""
    if editor == "definition" and editor in session.drafts:
        session = _remembered(session)
    return replace(session, drafts=_without(session.drafts, editor), revision=session.revision + 1)


def shown(session: Session, editor: Editor) -> str:
    """What the editor shows: the draft where there is one, else the truth."""
    truth = {"definition": session.definition, "input": session.input, "mocks": session.mocks or ""}
    return session.drafts.get(editor, truth[editor])


def toggle_drawer(session: Session, tool: Tool) -> Session:
    """Opens a tool beside the player, or shuts it when it is the one that is open."""
    return replace(session, drawer=None if session.drawer == tool else tool)


def open_drawer(session: Session, tool: Tool) -> Session:
    return replace(session, drawer=tool)


def type_in(session: Session, box: str, text: str) -> Session:
    """What was typed into a box of a drawer; kept until it is used or taken back."""
    return replace(session, typed={**session.typed, box: text})


def forget_typed(session: Session, *boxes: str) -> Session:
    return replace(session, typed={box: text for box, text in session.typed.items() if box not in boxes})


def mock(session: Session, mocks: str, case: str | None, made_up: tuple[str, ...]) -> Session:
    """Other answers of the services; the scenario that is chosen has them too."""
    scenarios = tuple(
        replace(one, case=case, made_up=made_up) if one.name == session.scenario else one for one in session.scenarios
    )
    drafts = _without(session.drafts, "mocks")
    return replace(
        session, mocks=mocks, case=case, made_up=made_up, scenarios=scenarios, drafts=drafts, **_FROM_THE_START
    )


def renew(session: Session) -> Session:
    """The boxes show what holds, whatever stood in them."""
    return replace(session, revision=session.revision + 1)


def stand_at(session: Session, moment: int) -> Session:
    """The player told where it stands."""
    return replace(session, cursor=moment)


def go(session: Session, moment: int) -> Session:
    """The player is to go to a moment."""
    return replace(session, cursor=moment, order=session.order + 1)


def change(session: Session, made: Change) -> Session:
    """The run on the table with one thing changed in its middle; the player stands where that happened."""
    return replace(go(session, made.moment), changes=(*session.changes, made), run=0, revision=session.revision + 1)


def tell(session: Session, text: str, **values: str) -> Session:
    """A sentence about what was refused; everything stays as it was."""
    return replace(session, notice=Notice(text, values))


def open_recording(
    session: Session, recording: Recording, given: str, drawn: str, *, title: str = "", express: bool = False
) -> Session:
    """An execution that ran on AWS, on the table. `drawn` is the definition to put there; empty keeps the one here."""
    if drawn:
        session = open_workflow(session, workflow="", title=title or recording.name, definition=drawn, path=None)
    return replace(
        session,
        **_FROM_THE_START
        | {
            "recording": recording,
            "drawer": "recording",
            "scenario": "",
            "input": given,
            "workflow_type": "EXPRESS" if express else "STANDARD",
            "made_up": (),
            "drafts": {},
            "notice": None,
            "revision": session.revision + 1,
        },
    )


def simulate(session: Session) -> Session:
    """The definition, run with the recorded replies."""
    if session.recording is None:
        return session
    return replace(session, recording=replace(session.recording, simulated=True), run=0, cursor=None)


def came_by(session: Session, link: str) -> Session:
    """What is on the table came by a link, which the address keeps until something else is there."""
    return replace(session, link=(link, session.setting))


def put_away(session: Session) -> Session:
    """The sentence has been read."""
    return replace(session, notice=None)


def paste(session: Session, text: str) -> Session:
    """What stands in the box for an own definition: kept, whatever it is."""
    return replace(session, paste=text)


def drop_file(session: Session, name: str, content: bytes) -> Session:
    """A file dropped beside the box takes the place of its text; bytes that are no UTF-8 become visible marks."""
    text = content.decode("utf-8-sig", "replace")
    return replace(session, paste=text, paste_path=name, revision=session.revision + 1)


def note(session: Session, setting: Setting, outcome: Outcome, scenario: str, *, parent: int = 0) -> Session:
    """Enters one more execution in the table: the one that is looked at now. `parent` is the run it was forked from."""
    noted = note_all(session, [(scenario, setting, outcome)])
    last = replace(noted.runs[-1], parent=parent)
    return replace(noted, runs=(*noted.runs[:-1], last), run=last.number)


def note_all(session: Session, rows: list[tuple[str, Setting, Outcome]]) -> Session:
    """Enters executions in their order; beyond `MOST_RUNS` the oldest leave."""
    runs = tuple(
        Run(session.next_run + index, scenario, setting, outcome, own=_own_of(session, setting))
        for index, (scenario, setting, outcome) in enumerate(rows)
    )
    return replace(session, runs=(*session.runs, *runs)[-MOST_RUNS:], next_run=session.next_run + len(rows))


def look_at(session: Session, number: int) -> Session:
    """Puts an execution of the table back on the table as it was run. An unknown number changes nothing."""
    run = next((run for run in session.runs if run.number == number), None)
    if run is None:
        return session
    setting = run.setting
    known = setting.definition == session.definition
    here = known or (run.own.number > 0 and run.own.number == session.own.number)
    own = session.own if here else run.own
    return replace(
        session,
        workflow=session.workflow if here else setting.machine,
        title=session.title if here else own.name or setting.machine,
        own=replace(own, base=None, seen="", opening=0),
        definition=setting.definition,
        path=setting.path,
        mocks=setting.mocks,
        scenarios=session.scenarios if here else (),
        scenario=run.scenario if here else "",
        input=setting.input,
        case=setting.case,
        workflow_type=setting.workflow_type,
        seed=setting.seed,
        delay=setting.delay,
        made_up=setting.made_up,
        recording=setting.recording,
        changes=setting.changes,
        notice=None,
        cursor=None,
        inside=(),
        run=number,
        drafts={},
        revision=session.revision + 1,
    )


def go_inside(session: Session, step: Descent) -> Session:
    """Into a child execution, at its beginning; the run on the table stays where the reader left it."""
    cursor = session.cursor if session.inside else step.moment
    return replace(session, inside=(*session.inside, step), inner=None, cursor=cursor, order=session.order + 1)


def go_beside(session: Session, place: int) -> Session:
    """From a child execution to another one of the same visit."""
    if not session.inside:
        return session
    *around, last = session.inside
    return replace(session, inside=(*around, replace(last, place=place)), inner=None, order=session.order + 1)


def go_out(session: Session, levels: int) -> Session:
    """Out of so many child executions, back to where the reader went in."""
    if not session.inside or levels < 1:
        return session
    left = session.inside[: max(0, len(session.inside) - levels)]
    inner = session.inside[len(left)].moment
    return replace(session, inside=left, inner=inner, order=session.order + 1)


def batch(session: Session, scenarios: list[Scenario], times: int) -> list[tuple[str, Setting]]:
    """`times` executions of each scenario, a second apart on the simulated calendar, each with its own dice.

    They take turns, so that a list that is cut short still holds every scenario.
    """
    base = replace(session.setting, seed=0, delay=0, changes=(), recording=None)
    settings: list[tuple[str, Setting]] = []
    for _ in range(times):
        for scenario in scenarios:
            number = session.next_run + len(settings)
            setting = replace(
                base,
                input=scenario.input,
                case=scenario.case,
                workflow_type=scenario.workflow_type,
                made_up=scenario.made_up,
                seed=number,
                delay=number * 1_000,
            )
            settings.append((scenario.name, setting))
    return settings


def fixed(setting: Setting) -> Setting:
    """The setting with the dice and the start that a scenario is run with by itself."""
    return replace(setting, seed=0, delay=0)


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


_FROM_THE_START: dict[str, Any] = {"changes": (), "recording": None, "cursor": None, "run": 0, "inside": ()}
"""What no longer holds when another run is to be made."""


def _own_of(session: Session, setting: Setting) -> Own:
    return session.own if setting.definition == session.definition else Own()


def _without(drafts: Mapping[str, str], editor: str) -> dict[str, str]:
    return {name: text for name, text in drafts.items() if name != editor}

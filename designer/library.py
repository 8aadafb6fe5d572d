"""The visitor's own workflows: what is on the table is kept in the archive as it is changed, and opened from there again.

A workflow is kept at the end of the run of the script that changed it. An example or a link becomes one of the visitor's
own with the first change. Where the archive cannot be had, work goes on, and everything is kept when it answers again.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from designer import actions, compute, keeping, libraryfile, store
from designer.archive import Archive, ArchiveProblem, Version, Workflow, digest_of
from designer.archive import Scenario as KeptScenario
from designer.examples import Example
from designer.session import Own, Scenario, Session
from designer.texts import Texts


@dataclass(frozen=True, slots=True)
class Saved:
    """A workflow that is on the disk."""

    number: int
    name: str
    at: int
    """When it was last changed there, in ms since 1970."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came out of a file."""

    new: int
    known: int
    """Were here already."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What could not be kept yet."""

    workflow: Workflow
    seen: str
    earlier: tuple[Version, ...]
    laid_over: bool
    """A recording stands over it, which brought an input of its own."""


def keep_workflow(session: Session, *, again: bool = False) -> Saved | ArchiveProblem | None:
    """Keeps what is on the table when it is not what was opened or kept last; to be called at the end of each run of the
    script, where it costs a digest when nothing changed.

    The answer: where it is kept; the reason why it could not be; None for what is not kept (an example as it came, an
    execution that was only opened). After a failure it tries again when some time has passed, or at once with `again`;
    what could not be kept waits in the visit, even when something else is put on the table.
    """
    waiting: dict[int, _Waiting] = dict(store.recall("library-waiting", {}))
    own, key = session.own, None
    if session.is_open:
        digest = digest_of(_weighed(session))
        if own.base is None or not own.opening:
            own = replace(
                own, base=digest if own.base is None else own.base, opening=store.recall("library-opening", 0) + 1
            )
            store.remember("library-opening", own.opening)
            store.act(actions.owned, own, session.title)
        key = own.opening
        renamed = own.number > 0 and session.title != own.name
        waiting.pop(key, None)
        if own.base != digest or renamed:
            name = _name(session) if renamed or not own.number else ""
            laid_over = session.recording is not None
            waiting[key] = _Waiting(replace(_content(session), name=name), own.seen, _as_it_came(session), laid_over)
    if waiting != store.recall("library-waiting", {}):
        store.remember("library-waiting", waiting)
    problem = trouble()
    if waiting and (problem is None or again or time.monotonic() >= store.recall("library-after", 0.0)):
        problem, waiting = _keep(waiting, key, digest if key else "")
    return problem if problem is not None and key in waiting else _saved(store.session().own)


def _keep(
    waiting: Mapping[int, _Waiting], here: int | None, digest: str
) -> tuple[ArchiveProblem | None, dict[int, _Waiting]]:
    """Keeps what waits, and tells the table when that is what stands on it. Answers with what still waits, and why."""
    left = dict(waiting)
    problem: ArchiveProblem | None = None
    for key, one in waiting.items():
        try:
            archive = keeping.archive()
            if one.workflow.number:
                kept = archive.put_workflow(store.owner(), _whole(one, archive), one.seen)
            else:
                [kept] = archive.add_workflows(store.owner(), [(one.workflow, one.earlier)])
        except ArchiveProblem as found:
            problem = found
            store.remember("library-after", time.monotonic() + keeping.PAUSE_SECONDS)
            break
        del left[key]
        store.remember("library-saved", {**store.recall("library-saved", {}), kept.number: kept.changed})
        if key == here:
            store.act(actions.owned, Own(kept.number, kept.name, digest, kept.digest, key), kept.name)
    store.remember("library-waiting", left)
    store.remember("library-problem", problem)
    return problem, left


def _whole(one: _Waiting, archive: Archive) -> Workflow:
    """The input and scenario that stand in the library stay, where those on the table are a recording's."""
    if not one.laid_over:
        return one.workflow
    try:
        there = archive.workflow(store.owner(), one.workflow.number)
    except ArchiveProblem as problem:
        if problem.kind == "missing":
            return one.workflow
        raise
    place = ("scenario", "input", "case", "made_up", "workflow_type")
    return replace(one.workflow, **{name: getattr(there, name) for name in place})


def saved_at(session: Session) -> int | None:
    """When the workflow on the table was last kept, in ms since 1970; None for one that is not in the library."""
    saved = _saved(session.own)
    return saved.at if saved else None


def trouble() -> ArchiveProblem | None:
    """Why the last try to keep a workflow failed; None when it did not."""
    problem: ArchiveProblem | None = store.recall("library-problem")
    return problem


def open_workflow_of(number: int) -> Session | ArchiveProblem:
    """Puts one of the visitor's own workflows on the table, with everything that stood there when it was kept."""
    try:
        kept = keeping.archive().workflow(store.owner(), number)
    except ArchiveProblem as problem:
        return problem
    store.remember("library-saved", {**store.recall("library-saved", {}), kept.number: kept.changed})
    return store.act(
        actions.open_kept,
        own=Own(kept.number, kept.name, None, kept.digest),
        workflow=kept.machine,
        definition=kept.definition,
        path=kept.path,
        mocks=kept.mocks,
        scenarios=tuple(Scenario(**_fields(one)) for one in kept.scenarios),
        scenario=kept.scenario,
        input=kept.input,
        case=kept.case,
        made_up=kept.made_up,
        workflow_type=kept.workflow_type,
        drafts=kept.drafts,
    )


def versions(number: int) -> tuple[Version, ...] | ArchiveProblem:
    """What stood in a workflow earlier, the last first."""
    return _asked("versions", number)


def workflows() -> tuple[Workflow, ...] | ArchiveProblem:
    """All of the visitor's own, the last changed first."""
    return _asked("workflows")


def rename(number: int, name: str) -> str | ArchiveProblem:
    """The name that it got: one that is taken gets a number."""
    given = _asked("rename_workflow", number, name)
    session = store.session()
    if isinstance(given, str) and session.own.number == number:
        store.act(actions.owned, replace(session.own, name=given), given)
    return given


def duplicate(number: int) -> Workflow | ArchiveProblem:
    """A copy under the same name with a number, without the earlier versions."""
    found = _asked("workflow", number)
    if isinstance(found, ArchiveProblem):
        return found
    added = _asked("add_workflows", [(found, ())])
    return added if isinstance(added, ArchiveProblem) else added[0]


def make_own(example: Example, name: str) -> Workflow | ArchiveProblem:
    """An example as one of the visitor's own, with its mocks and scenarios."""
    made = Workflow(
        name=name,
        definition=example.definition,
        path=example.path,
        workflow_type=example.workflow_type,
        mocks=example.mocks,
        scenarios=tuple(KeptScenario(**_fields(one)) for one in example.scenarios),
        machine=example.name,
    )
    if made.scenarios:
        first = made.scenarios[0]
        made = replace(made, scenario=first.name, input=first.input, case=first.case, workflow_type=first.workflow_type)
    added = _asked("add_workflows", [(made, ())])
    return added if isinstance(added, ArchiveProblem) else added[0]


def go_back(number: int, version: Version) -> Workflow | ArchiveProblem:
    """An earlier text in the place of the one that stands there, which becomes a version itself."""
    found = _asked("workflow", number)
    if isinstance(found, ArchiveProblem):
        return found
    told = {name: getattr(version, name) for name in ("definition", "path", "mocks", "drafts")}
    kept: Workflow | ArchiveProblem = _asked("put_workflow", replace(found, **told), "")
    return kept


def delete(numbers: list[int]) -> int | ArchiveProblem:
    """Takes workflows away. One that is on the table stays there, and is kept anew when it is changed."""
    gone = _asked("delete_workflows", numbers)
    session = store.session()
    if isinstance(gone, int) and session.own.number in numbers:
        store.act(actions.owned, Own(), session.title)
    return gone


def bring_back(numbers: list[int]) -> int | ArchiveProblem:
    """Workflows that were deleted, back under their numbers."""
    return _asked("bring_back_workflows", numbers)


def export(owner: str) -> bytes:
    """The whole library of an owner as one file, with the earlier texts. Asks for nothing of the visit, which a download
    is fetched without. Raises ArchiveProblem."""
    archive = keeping.archive()
    return libraryfile.written((one, archive.versions(owner, one.number)) for one in archive.workflows(owner))


def take_in(content: bytes) -> Taken | ArchiveProblem:
    """The workflows of a file, all or none, beside those that are here; taken names get a number, and what is here
    already, name and content, is left out. Raises NotShared for what is no such file.
    """
    told = libraryfile.read(content)
    here = workflows()
    if isinstance(here, ArchiveProblem):
        return here
    known = {(one.name, one.digest) for one in here}
    new = [(one, earlier) for one, earlier in told if (one.name, digest_of(one)) not in known]
    added = _asked("add_workflows", new)
    return added if isinstance(added, ArchiveProblem) else Taken(len(new), len(told) - len(new))


def _asked(method: str, *args: Any) -> Any:
    """What the archive answers for this owner, or the reason why it does not."""
    try:
        return getattr(keeping.archive(), method)(store.owner(), *args)
    except ArchiveProblem as problem:
        return problem


def _content(session: Session) -> Workflow:
    """What is on the table, as it is kept."""
    return Workflow(
        name="",
        definition=session.definition,
        path=session.path,
        workflow_type=session.workflow_type,
        mocks=session.mocks,
        scenarios=tuple(KeptScenario(**_fields(one)) for one in session.scenarios),
        scenario=session.scenario,
        input=session.input,
        case=session.case,
        made_up=session.made_up,
        drafts=dict(session.drafts),
        machine=session.workflow,
        number=session.own.number,
    )


def _weighed(session: Session) -> Workflow:
    """What of it makes a change worth keeping: another scenario or type to run is none, another input is one of an own
    workflow, and a recording that is laid over a workflow brings its own."""
    mine = session.own.number > 0 and session.recording is None
    chosen = session.chosen
    typed = mine and session.input != (chosen.input if chosen else "{}")
    drafts = {name: text for name, text in session.drafts.items() if mine or name != "input"}
    return replace(
        _content(session),
        workflow_type="STANDARD",
        scenario="",
        input=session.input if typed else "",
        case=None,
        made_up=(),
        drafts=drafts,
        number=0,
    )


def _fields(scenario: Scenario | KeptScenario) -> dict[str, Any]:
    told = {name: getattr(scenario, name) for name in KeptScenario.__dataclass_fields__}
    return {**told, "title": dict(scenario.title) if isinstance(scenario.title, Mapping) else scenario.title}


def _name(session: Session) -> str:
    """The title; else the name of the file it came from, without its endings."""
    t = Texts(session.language)
    told = t.pick(session.title).strip()
    stem = PurePath(session.path or "").name.partition(".")[0]
    return told or (stem if stem != "workflow" else "") or t("Untitled workflow")


def _as_it_came(session: Session) -> tuple[Version, ...]:
    """An example's own text is the first version of what is made of it."""
    example = compute.example(session.workflow) if session.workflow and not session.own.number else None
    if example is None or example.definition == session.definition:
        return ()
    return (Version(0, time.time_ns() // 1_000_000, example.definition, example.path, example.mocks),)


def _saved(own: Own) -> Saved | None:
    at: int | None = store.recall("library-saved", {}).get(own.number)
    return Saved(own.number, own.name, at) if own.number and at is not None else None

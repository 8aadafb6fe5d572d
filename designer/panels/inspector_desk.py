"""What the parts of the inspector work with: one state of the document, its data of the last run, and how it is changed.

The document's text is the only truth. A box shows what stands there, or what was typed and cannot stand there yet (a
*draft*, kept in the Session by the place of its field, so that nothing typed is lost when another state is selected).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from designer import actions, store
from designer.session import Session
from designer.texts import Texts
from engine import edit
from engine.edit import Edited
from engine.outline import Spot
from engine.pointer import under
from engine.preview import Sample
from engine.problems import Problem
from engine.trace import Trace
from engine.values import Json

Edit = Callable[[Json], Edited]
Change = Callable[[Edit], None]
"""Makes an edit to the document that is open; called in callbacks."""

WIDTH = 44
"""Characters on a line of a box."""
DRAFT = "field:"
OPENED = "opened:"
CHOSEN = "chosen:"


@dataclass(frozen=True, slots=True)
class Desk:
    """One state and all that its form needs. `problems` are those of the document by their place."""

    session: Session
    t: Texts
    document: Json
    spot: Spot
    trace: Trace | None
    seen: Sample
    change: Change
    problems: Mapping[str, tuple[Problem, ...]]
    until: float = 0.0
    """When, on the monotonic clock, no more fields are tried: a form must not wait for expressions that take long."""

    def at(self, *steps: str | int) -> str:
        return under(self.spot.at, steps)

    @property
    def names(self) -> list[str]:
        """The states of the same block."""
        return [str(name) for name in self.spot.block.states]


def written(value: Json, indent: str = "") -> str:
    """A value as JSON in few lines: as much on each as there is room for in the form."""
    short = json.dumps(value, ensure_ascii=False)
    if len(short) + len(indent) <= WIDTH or not isinstance(value, (dict, list)) or not value:
        return short
    inner = indent + "  "
    if isinstance(value, dict):
        lines = [f"{inner}{json.dumps(key, ensure_ascii=False)}: {written(part, inner)}" for key, part in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    return "[\n" + ",\n".join(inner + written(part, inner) for part in value) + f"\n{indent}]"


def drafted(session: Session, at: str) -> str | None:
    """What was typed at a place and cannot stand there."""
    return session.typed.get(DRAFT + at)


def keep_draft(at: str, told: str) -> None:
    store.act(actions.type_in, DRAFT + at, told)


def forget(at: str) -> None:
    """What was typed at a place is no longer waiting: neither a draft, nor a box asked for, nor one chosen among rivals."""
    holder, _, name = at.rpartition("/")
    typed = store.session().typed
    chosen = [key for key, told in typed.items() if told == name and key.startswith(f"{CHOSEN}{holder}/")]
    store.act(actions.forget_typed, DRAFT + at, OPENED + at, *chosen)


def follow(old: str, new: str) -> None:
    """What was typed for a state that has another place now goes there."""
    typed = store.session().typed
    for key, told in list(typed.items()):
        for mark in (DRAFT, OPENED, CHOSEN):
            rest = key.removeprefix(mark + old)
            if rest != key and rest[:1] in ("", "/", "["):
                store.act(actions.forget_typed, key)
                store.act(actions.type_in, mark + new + rest, told)


def put(change: Change, at: str, value: Json, *, instead: tuple[str, ...] = ()) -> None:
    """The value at a place; the fields `instead` that exclude it go."""
    forget(at)

    def made(document: Json) -> Edited:
        for other in instead:
            document = edit.drop(document, other).document
        return edit.put(document, at, value)

    change(made)


def drop(change: Change, at: str) -> None:
    forget(at)
    change(lambda document: edit.drop(document, at))


def box(at: str) -> str:
    """The key of the widget for a place."""
    return f"insp {at}"


def code_box(at: str) -> str:
    """The key of a widget whose text is code."""
    return f"insp-code {at}"

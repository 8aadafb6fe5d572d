"""The definition written anew, from whichever view an edit came: canvas, form, code, a fix.

The text is the truth. An edit is made on what the text says and written back into the text, touching only its lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from designer import actions, compute, editing, store
from designer.components.canvas import Edit
from designer.components.code import Typed
from designer.session import Session
from designer.theme import N_
from engine.edit import Edited, NotPossible
from engine.outline import spots
from engine.values import Json
from engine.writing import CannotWrite, fresh, written

UNREADABLE = N_("The text cannot be read as it stands, so nothing else can change it. Mend it first, or undo.")


def edit(change: Callable[[Json], Edited]) -> Session:
    """Does something to the definition; what is not possible is said, and everything stays as it was."""
    session = store.session()
    document = compute.read(session.text, session.path, session.workflow_type).document
    if document is None:
        return store.act(actions.tell, UNREADABLE)
    try:
        edited = change(document)
    except NotPossible as no:
        return store.act(actions.tell, no.text, **no.values)
    try:
        text = written(session.text, edited.document, path=session.path)
    except CannotWrite as no:
        return store.act(actions.tell, no.text)
    return put(text, selected=edited.selected, renamed=renames(document, edited.document))


def renames(before: Json, after: Json) -> tuple[tuple[str, str], ...]:
    """Old and new name of a state that was given another one: it stands where it stood, and nothing else came or went."""
    old, new = [spot.name for spot in spots(before)], [spot.name for spot in spots(after)]
    moved = [(one, other) for one, other in zip(old, new, strict=False) if one != other]
    return tuple(moved) if len(old) == len(new) and len(moved) == 1 and moved[0][0] not in new else ()


def put(
    text: str,
    *,
    selected: tuple[str, ...] | None = None,
    path: str | None = None,
    renamed: tuple[tuple[str, str], ...] = (),
) -> Session:
    """Another text in the place of the one that stands there; it can be undone."""
    session = store.session()
    usable = compute.usable("definition", text, path or session.path)
    store.act(actions.put_away)
    return store.act(actions.rewrite, text, usable=usable, selected=selected, path=path, renamed=renamed)


def typed(event: Typed) -> None:
    """What was typed into the code. What was typed over an older text comes again, joined with what it had not seen."""
    session = store.session()
    if event.rev == session.edition:
        usable = compute.usable("definition", event.text, session.path)
        store.act(actions.type_definition, event.text, usable=usable)


def renotate(kind: Literal["json", "yaml"]) -> Session:
    """The definition in the other notation; a text that cannot be read stays as it is."""
    session = store.session()
    document = compute.read(session.text, session.path, session.workflow_type).document
    if document is None:
        return store.act(actions.tell, UNREADABLE)
    stem = re.sub(r"(\.asl)?\.(json|ya?ml)$", "", session.path or "workflow", flags=re.IGNORECASE)
    return put(fresh(document, kind), path=f"{stem}.asl.{kind}")


def gesture(event: Edit) -> None:
    """What somebody did on the canvas. A gesture on a drawing that is no longer there is passed over."""
    session = store.session()
    if event.kind == "select":
        nodes = tuple(node for node in event.args.get("nodes") or () if isinstance(node, str))
        store.act(actions.select, nodes)
    elif event.kind == "undo":
        undo()
    elif event.kind == "redo":
        redo()
    elif event.rev == session.edition:
        edit(lambda document: editing.apply(document, event.kind, event.args))


def undo() -> Session:
    session = store.session()
    if not session.past:
        return session
    before = session.past[-1]
    return store.act(actions.undo, usable=compute.usable("definition", before.text, before.path))


def redo() -> Session:
    session = store.session()
    if not session.future:
        return session
    after = session.future[-1]
    return store.act(actions.redo, usable=compute.usable("definition", after.text, after.path))

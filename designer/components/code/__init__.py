"""The editor of a definition: JSON or YAML, with problems, words to choose from and a place shared with other views.

The text belongs to Python. What is typed is on the screen at once and reaches Python when the keys rest; what changes
elsewhere is brought into the editor around the cursor. Problems are Python's alone: the browser checks nothing.

    code(text, key="code", language="json", rev=session.rev, marks=marks, vocabulary=words, texts=t,
         on_text=lambda typed: …, on_place=lambda place: …)

`rev` counts the changes of the text, wherever they were made. Whoever takes in a `Typed` whose `rev` is older than the
present one may ignore it: the editor brings what was typed again, joined with the change that it had not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import streamlit as st

from designer.components import mounting
from designer.components.code.events import (
    Command,
    Fix,
    Place,
    Speak,
    Typed,
    read_command,
    read_fix,
    read_place,
    read_speak,
    read_typed,
)
from designer.components.code.wording import TEXTS, translated

__all__ = ["TEXTS", "Command", "Fix", "Mark", "Place", "Speak", "Typed", "code"]

Json = Any
LANGUAGE_WORDS = ("fields", "intrinsics", "jsonata", "context")
"""The lists of the vocabulary whose entries have a sentence of help."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A problem in the text: from where to where, in code points, and what would mend it, as labels."""

    start: int
    end: int
    severity: Literal["error", "warning", "hint"]
    message: str
    fixes: tuple[str, ...] = ()


def code(
    text: str,
    *,
    key: str,
    language: Literal["json", "yaml"],
    rev: int,
    texts: Callable[[str], str] | Mapping[str, str],
    on_text: Callable[[Typed], None],
    marks: Sequence[Mark] = (),
    vocabulary: Mapping[str, Json] | None = None,
    reveal: tuple[int, int] | None = None,
    locale: str = "en",
    height: int | Literal["stretch"] = "stretch",
    read_only: bool = False,
    on_place: Callable[[Place], None] | None = None,
    on_undo: Callable[[], None] | None = None,
    on_redo: Callable[[], None] | None = None,
    on_fix: Callable[[Fix], None] | None = None,
    on_language: Callable[[Speak], None] | None = None,
) -> None:
    """Mount the editor. Offsets are code points of `text`, from both sides.

    `vocabulary` is `engine.vocabulary.vocabulary(document, trace)`; without it nothing is completed. `reveal` is the place
    of what is selected in another view: its lines get a soft background and come into view when it changes, the focus
    stays where it is. `height` is pixels, or `"stretch"` to fill the container. `texts` is a gettext function or a mapping
    from the keys of `TEXTS`; as a function it also translates the help in the vocabulary. What has no callback is not
    told, and `on_language` shows the switch between JSON and YAML.
    """
    told = st.session_state.get(key)
    taken = [event.seq for event in (read_typed(told), read_command(told)) if event is not None]
    data = {
        "text": text,
        "rev": rev,
        "taken": max(taken, default=None),
        "language": language,
        "marks": [asdict(mark) for mark in marks],
        "vocabulary": None if vocabulary is None else _helped(vocabulary, texts),
        "reveal": reveal,
        "texts": translated(texts),
        "locale": locale,
        "height": height,
        "read_only": read_only,
        "reports": {
            "place": on_place is not None,
            "undo": on_undo is not None,
            "redo": on_redo is not None,
            "fix": on_fix is not None,
            "language": on_language is not None,
        },
    }

    def heard(read: Callable[[Any], Any], callback: Callable[[Any], None] | None) -> Callable[[], None]:
        def tell() -> None:
            event = read(st.session_state.get(key))
            if callback is not None and event is not None:
                callback(event)

        return tell

    def asked(command: Command) -> None:
        for kind in command.kinds:
            wanted = on_undo if kind == "undo" else on_redo
            if wanted is not None:
                wanted()

    mounting.renderer("code")(
        key=key,
        data=data,
        width="stretch",
        height=height if height == "stretch" else "content",
        on_typed_change=heard(read_typed, on_text),
        on_place_change=heard(read_place, on_place),
        on_command_change=heard(read_command, asked),
        on_fix_change=heard(read_fix, on_fix),
        on_language_change=heard(read_speak, on_language),
    )


def _helped(vocabulary: Mapping[str, Json], texts: Callable[[str], str] | Mapping[str, str]) -> Mapping[str, Json]:
    """The vocabulary with its sentences in the reader's language."""
    if not callable(texts):
        return vocabulary
    return {
        name: [{**entry, "help": texts(entry["help"])} for entry in value] if name in LANGUAGE_WORDS else value
        for name, value in vocabulary.items()
    }

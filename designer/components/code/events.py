"""What the editor tells Python: plain JSON from the browser, read into frozen events or refused.

Every event carries `rev`, the change of the text that it was made upon, and `seq`, which counts the events of this page:
an event upon an older `rev` than the page's may be ignored, the editor brings what was typed again upon the new one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

LONGEST_TEXT = 8 * 1_048_576
"""What `engine.source` reads at most, in characters."""
MOST_COMMANDS = 200


@dataclass(frozen=True, slots=True)
class Typed:
    """The whole text, after the keys came to rest."""

    text: str
    rev: int
    seq: int


@dataclass(frozen=True, slots=True)
class Place:
    """The cursor was moved to `offset`, in code points of the text that Python has."""

    offset: int
    seq: int


@dataclass(frozen=True, slots=True)
class Fix:
    """What would mend a problem was chosen: indices into the marks that were shown, and into their fixes."""

    mark: int
    fix: int
    rev: int
    seq: int


@dataclass(frozen=True, slots=True)
class Command:
    """Undo or redo was asked for, with nothing left to take back in the editor itself; all that keys asked in a row."""

    kinds: tuple[Literal["undo", "redo"], ...]
    rev: int
    seq: int


@dataclass(frozen=True, slots=True)
class Speak:
    """The text is wanted in the other form."""

    language: Literal["json", "yaml"]
    rev: int
    seq: int


def read_typed(state: Any) -> Typed | None:
    """`{"typed": {"text": "{…}", "rev": 3, "seq": 7}}` as a `Typed`."""
    told = _told(state, "typed")
    text = told.get("text")
    if not isinstance(text, str) or len(text) > LONGEST_TEXT or not _counts(told, "rev", "seq"):
        return None
    return Typed(text, told["rev"], told["seq"])


def read_place(state: Any) -> Place | None:
    """`{"place": {"offset": 120, "seq": 8}}` as a `Place`."""
    told = _told(state, "place")
    return Place(told["offset"], told["seq"]) if _counts(told, "offset", "seq") else None


def read_fix(state: Any) -> Fix | None:
    """`{"fix": {"mark": 0, "fix": 1, "rev": 3, "seq": 9}}` as a `Fix`."""
    told = _told(state, "fix")
    return (
        Fix(told["mark"], told["fix"], told["rev"], told["seq"]) if _counts(told, "mark", "fix", "rev", "seq") else None
    )


def read_command(state: Any) -> Command | None:
    """`{"command": {"kinds": ["undo"], "rev": 3, "seq": 10}}` as a `Command`."""
    told = _told(state, "command")
    kinds = told.get("kinds")
    if not isinstance(kinds, list) or not 0 < len(kinds) <= MOST_COMMANDS or not _counts(told, "rev", "seq"):
        return None
    if not all(kind in ("undo", "redo") for kind in kinds):
        return None
    return Command(tuple(kinds), told["rev"], told["seq"])


def read_speak(state: Any) -> Speak | None:
    """`{"language": {"language": "yaml", "rev": 3, "seq": 11}}` as a `Speak`."""
    told = _told(state, "language")
    language = told.get("language")
    if language not in ("json", "yaml") or not _counts(told, "rev", "seq"):
        return None
    return Speak(language, told["rev"], told["seq"])


def _told(state: Any, name: str) -> Mapping[str, Any]:
    told = state.get(name) if isinstance(state, Mapping) else getattr(state, name, None)
    return told if isinstance(told, Mapping) else {}


def _counts(told: Mapping[str, Any], *names: str) -> bool:
    return all(type(told.get(name)) is int and told[name] >= 0 for name in names)

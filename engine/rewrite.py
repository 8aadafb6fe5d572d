"""A state in the other query language: a JSONPath state shown in JSONata, a JSONata state in JSONPath where that is possible.

A rewriting is a proposal to read, and to put into the document with an edit of one's own; `checked` tries it on what the
state met in a run. `reasons` name the fields that cannot be said, `notes` the data on which the two would part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.model import Language
from engine.outline import spots
from engine.rewrite_check import Verdict, compared
from engine.rewrite_jsonata import Refusals, in_jsonata
from engine.rewrite_jsonpath import in_jsonpath
from engine.rewrite_values import Writing
from engine.trace import Trace
from engine.values import Json

__all__ = ["Reason", "Rewriting", "Verdict", "checked", "rewritten"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a field cannot be said in the other language."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A state in the other language."""

    to: Language
    state: Mapping[str, Json] | None
    """The whole state; None when a field cannot be said."""
    reasons: tuple[Reason, ...] = ()
    notes: tuple[str, ...] = ()
    """Where the two would part on other data."""
    part: Mapping[str, Json] | None = None
    """What could be said, without the fields of `reasons`."""


def rewritten(document: Json, at: str, to: Literal["JSONata", "JSONPath"] = "JSONata") -> Rewriting:
    """The state that stands at `at` (`/States/Pay`), said in the language `to`.

    A state that is in that language already comes back as it is. A place where no state stands has a reason.
    """
    spot = next((spot for spot in spots(document) if spot.at == at), None)
    if spot is None:
        return Rewriting(to, None, (Reason("", "There is no state at this place"),))
    if spot.language == to:
        return Rewriting(to, spot.source, part=spot.source)
    writing, refusals = Writing(), Refusals()
    write = in_jsonata if to == "JSONata" else in_jsonpath
    made = write(spot.source, writing, refusals)
    reasons = tuple(dict.fromkeys(Reason(field, text) for field, text in refusals.found))
    return Rewriting(to, None if reasons else made, reasons, tuple(writing.notes), made)


def checked(trace: Trace, visit: int, rewriting: Rewriting) -> Verdict:
    """Both ways of saying it, tried on what the state of a visit met in the run.

    Raises:
        ValueError: there is nothing to try, because the state could not be rewritten.
    """
    if rewriting.state is None:
        raise ValueError("A state that could not be rewritten cannot be tried")
    return compared(trace, visit, rewriting.state)

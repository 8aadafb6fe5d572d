"""How much room a node's text needs, known before the browser draws: names wrapped, boxes never overflown.

Widths are those of the designer's sans at 14 px semibold, by class of character and rounded up, so that a fallback
font still fits. Lengths are in pixels.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

LINE_CHARACTERS = 18
MAX_LINES = 3
ELLIPSIS = "…"

_PIECES = re.compile(r"\s+|[A-Z]?[^\sA-Z\-_./]+[\-_./]*|[A-Z]+[\-_./]*|[\-_./]+")
_NARROW = frozenset("iljtfrI.,:;'|!()[]{}-` ")
_WIDE = frozenset("mwMW@%—&")
_CAPTION_SCALE = 0.83
_SIDES = 12 + 26 + 10 + 10 + 20 + 10
"""Padding, icon, gap, text, gap, status, padding."""
_NARROWEST, _WIDEST = 168, 268


class Box(NamedTuple):
    """What the browser draws: the name cut into lines, and the size around it."""

    lines: tuple[str, ...]
    width: int
    height: int


TERMINAL = Box((), 64, 26)
"""Start and End."""

TOLD = " · reintentando"
"""Room after the caption for what a run has to say: the longest of its short words."""


@lru_cache(maxsize=8192)
def node_box(name: str, caption: str | None = None, told: str = TOLD) -> Box:
    """The box of a state: name on at most three lines of about 18 characters, one line of caption and what is told by it."""
    lines = wrapped(name)
    text = max([text_width(line) for line in lines] + [text_width((caption or "") + told) * _CAPTION_SCALE])
    width = min(max(round(text) + _SIDES, _NARROWEST), _WIDEST)
    return Box(tuple(lines), width, 20 + 18 * len(lines) + 16)


def wrapped(name: str) -> list[str]:
    """Lines of a name, broken at spaces, after `-`, `_`, `.` and `/`, between the words of camelCase, or anywhere."""
    lines = [""]
    for piece in _PIECES.findall(name):
        for part in [piece] if _fits(piece) else list(piece):
            if _fits((lines[-1] + part).rstrip()):
                lines[-1] += part
            else:
                lines.append(part)
    lines = [line.strip() for line in lines if line.strip()] or [""]
    if len(lines) > MAX_LINES:
        last = lines[MAX_LINES - 1]
        while not _fits(last + ELLIPSIS):
            last = last[:-1].rstrip()
        lines = [*lines[: MAX_LINES - 1], last + ELLIPSIS]
    return lines


def _fits(line: str) -> bool:
    return len(line) <= LINE_CHARACTERS and text_width(line) <= _WIDEST - _SIDES


def text_width(text: str) -> float:
    """Estimated width of semibold 14 px text."""
    return sum(map(_width, text))


def _width(character: str) -> float:
    if character in _NARROW:
        return 4.9
    if character in _WIDE:
        return 12.2
    if unicodedata.east_asian_width(character) in "WF":
        return 15.0
    return 9.0 if character.isupper() else 7.7

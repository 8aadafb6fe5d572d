"""The `${…}` of a definition as a table: which there are, where they stand, and what they become when values are put in.

A hole is a name between `${` and `}`, as CloudFormation, SAM and Terraform fill it, or `%NAME%` between percent signs. A text
that is nothing but one hole may become any JSON value: `"TimeoutSeconds": "${Limit}"` with 30 gives the number 30, because
the quotes are there for editors that know no bare holes. A hole within a longer text becomes part of that text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from engine.fields import FIELDS
from engine.pointer import ROOT, under
from engine.source import load_json
from engine.values import Json, text

HoleKind = Literal["text", "value", "number", "flag"]
"""Part of a text; a whole value; a whole value of a field that holds a number, or true or false."""

HOLE = re.compile(r"\$\{\s*([^{}\s](?:[^{}]*[^{}\s])?)\s*\}|%([A-Z][A-Z0-9_]{2,})%")
NUMBERS = frozenset(field.name for field in FIELDS if field.kind.startswith(("whole", "number")))
FLAGS = frozenset(field.name for field in FIELDS if field.kind == "flag")


@dataclass(frozen=True, slots=True)
class Hole:
    """One name that a deployment replaces."""

    name: str
    where: tuple[str, ...]
    """Pointers of the values it stands in."""
    kinds: frozenset[HoleKind]
    """How it stands there."""


def holes(document: Json) -> tuple[Hole, ...]:
    """The holes of a document, each name once, in the order in which they are met; names of members are looked at too."""
    where: dict[str, list[str]] = {}
    kinds: dict[str, set[HoleKind]] = {}
    for at, field, written, key in _texts(document, "", ""):
        for match in HOLE.finditer(written):
            name = match.group(1) or match.group(2)
            whole = match.group() == written and not key
            kind: HoleKind = "text"
            if whole:
                kind = "number" if field in NUMBERS else "flag" if field in FLAGS else "value"
            if at not in where.setdefault(name, []):
                where[name].append(at)
            kinds.setdefault(name, set()).add(kind)
    return tuple(Hole(name, tuple(places), frozenset(kinds[name])) for name, places in where.items())


def substituted(document: Json, values: Mapping[str, Json]) -> Json:
    """The document with values in the place of holes; holes without a value stay. What does not change is shared.

    A whole value takes the JSON value as it is; within a text, a value that is no text is written as JSON.
    """
    if isinstance(document, str):
        return _filled(document, values)
    if isinstance(document, dict):
        filled = {_key(name, values): substituted(inner, values) for name, inner in document.items()}
        same = all(name in filled and filled[name] is inner for name, inner in document.items())
        return document if same else filled
    if isinstance(document, list):
        entries = [substituted(inner, values) for inner in document]
        return entries if any(new is not old for new, old in zip(entries, document, strict=True)) else document
    return document


def taken(hole: Hole, written: str) -> Json:
    """What a text typed for a hole stands for: a number or flag where the field wants one, an object or array as JSON."""
    if hole.kinds & {"number", "flag"} or (written.lstrip()[:1] in ("{", "[") and hole.kinds == {"value"}):
        value, problem = load_json(written, "value")
        if problem is None and (not isinstance(value, str)):
            return value
    return written


def _texts(value: Json, at: str, field: str) -> Iterator[tuple[str, str, str, bool]]:
    """Pointer, name of the member around, text, and whether it is a member's name."""
    if isinstance(value, str):
        yield at or ROOT, field, value, False
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield at or ROOT, field, name, True
            yield from _texts(inner, under(at, (name,)), name)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, under(at, (index,)), "")


def _key(name: str, values: Mapping[str, Json]) -> str:
    filled = _filled(name, values)
    return filled if isinstance(filled, str) else text(filled)


def _filled(written: str, values: Mapping[str, Json]) -> Json:
    match = HOLE.fullmatch(written)
    if match is not None:
        return values.get(match.group(1) or match.group(2), written)

    def put(found: re.Match[str]) -> str:
        value = values.get(found.group(1) or found.group(2), found.group())
        return value if isinstance(value, str) else text(value)

    filled = HOLE.sub(put, written)
    return written if filled == written else filled

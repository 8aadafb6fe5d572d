"""Two values side by side, line by line, with a mark and a word where they differ; long equal parts are folded."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any, Literal, NamedTuple

import streamlit as st

from designer.texts import Texts
from designer.theme import N_
from engine.values import Json, same

Mark = Literal["same", "added", "removed", "changed"]
MARKS: dict[Mark, tuple[str, str]] = {
    "same": ("", ""),
    "added": ("+", N_("added")),
    "removed": ("−", N_("removed")),
    "changed": ("~", N_("changed")),
}
MOST_LINES = 300
LONGEST_LINE = 400
FOLDED_FROM = 8
"""Equal lines in a row of which only the ends are shown."""


class Pair(NamedTuple):
    """A line of each; None where the other has one more."""

    mark: Mark
    left: str | None
    right: str | None


def twin(left: Json, right: Json, captions: Sequence[str], t: Texts) -> None:
    """Both values, or one alone where there is one caption. What they hold is written as text, whatever it is."""
    found = list(pairs(left, right))
    shown = folded(found)
    rows = "".join(_row(pair, len(captions), t) for pair in shown[:MOST_LINES])
    heads = "".join(f'<th scope="col">{escape(caption)}</th>' for caption in captions)
    st.html(f'<div class="paso-twin"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>')
    counts = {mark: sum(pair.mark == mark for pair in found) for mark in MARKS}
    told = " · ".join(
        f"{sign} {t(word)}: {t.number(counts[mark])}" for mark, (sign, word) in MARKS.items() if sign and counts[mark]
    )
    more = t.plural("and {n} more", "and {n} more", len(shown) - MOST_LINES) if len(shown) > MOST_LINES else ""
    equal = t("Both are the same.") if len(captions) == 2 else ""
    said = " · ".join(filter(None, (told or equal, more)))
    if said:
        st.caption(said)


def pairs(left: Json, right: Json, key: str = "", indent: int = 0, ends: tuple[str, str] = ("", "")) -> Iterator[Pair]:
    """The lines of both values, objects aligned by key and arrays by index."""
    if same(left, right):
        lines = _printed(left, key, indent)
        for index, line in enumerate(lines):
            mine, theirs = ends if index == len(lines) - 1 else ("", "")
            yield Pair("same", line + mine, line + theirs)
    elif isinstance(left, dict) and isinstance(right, dict):
        yield from _around("{}", _members(left, right), left, right, key, indent, ends)
    elif isinstance(left, list) and isinstance(right, list):
        indices: list[Any] = list(range(max(len(left), len(right))))
        yield from _around("[]", indices, left, right, key, indent, ends)
    else:
        yield from _zipped("changed", _printed(left, key, indent, ends[0]), _printed(right, key, indent, ends[1]))


def folded(found: list[Pair]) -> list[Pair]:
    """The pairs with long stretches of equal lines cut to their ends."""
    kept: list[Pair] = []
    at = 0
    while at < len(found):
        end = at
        while end < len(found) and found[end].mark == "same":
            end += 1
        if end - at >= FOLDED_FROM:
            gap = f"⋮ {end - at - 4}"
            kept += [*found[at : at + 2], Pair("same", gap, gap), *found[end - 2 : end]]
        else:
            kept += found[at:end]
        if end < len(found):
            kept.append(found[end])
        at = end + 1
    return kept


def _around(
    signs: str, keys: list[Any], left: Any, right: Any, key: str, indent: int, ends: tuple[str, str]
) -> Iterator[Pair]:
    opening = f"{'  ' * indent}{key}{signs[0]}"
    yield Pair("same", opening, opening)
    last = [_last(left), _last(right)]
    for name in keys:
        label = f"{json.dumps(name, ensure_ascii=False)}: " if isinstance(name, str) else ""
        commas = ("" if name == last[0] else ",", "" if name == last[1] else ",")
        mine, theirs = _has(left, name), _has(right, name)
        if mine and theirs:
            yield from pairs(left[name], right[name], label, indent + 1, commas)
        elif mine:
            yield from _zipped("removed", _printed(left[name], label, indent + 1, commas[0]), [])
        else:
            yield from _zipped("added", [], _printed(right[name], label, indent + 1, commas[1]))
    closing = "  " * indent + signs[1]
    yield Pair("same", closing + ends[0], closing + ends[1])


def _has(value: Any, name: Any) -> bool:
    return name in value if isinstance(value, dict) else name < len(value)


def _last(value: Any) -> Any:
    return next(reversed(value), None) if isinstance(value, dict) else len(value) - 1


def _members(left: dict[str, Json], right: dict[str, Json]) -> list[str]:
    """The keys of the left, and those that only the right has."""
    return [*left, *(name for name in right if name not in left)]


def _printed(value: Json, key: str, indent: int, end: str = "") -> list[str]:
    lines = json.dumps(value, indent=2, ensure_ascii=False).split("\n")
    lines[0], lines[-1] = key + lines[0], lines[-1] + end
    if len(lines) == 1:
        lines = [key + json.dumps(value, ensure_ascii=False) + end]
    return ["  " * indent + line for line in lines]


def _zipped(mark: Mark, left: list[str], right: list[str]) -> Iterator[Pair]:
    for index in range(max(len(left), len(right))):
        yield Pair(mark, *(side[index] if index < len(side) else None for side in (left, right)))


def _row(pair: Pair, columns: int, t: Texts) -> str:
    sign, word = MARKS[pair.mark]
    told = f'<span class="paso-said">{escape(t(word))}: </span>' if word else ""
    cells = "".join(
        '<td class="none"></td>'
        if text is None
        else f'<td><span class="sign" aria-hidden="true">{sign}</span>{told}<code>{escape(_cut(text))}</code></td>'
        for text in (pair.left, pair.right)[:columns]
    )
    return f'<tr class="is-{pair.mark}">{cells}</tr>'


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_LINE else text[: LONGEST_LINE - 1] + "…"

"""A JSON text with other values in it: only the characters of what changed are replaced.

The text is walked along with the values before and after. What is the same is not looked into; a changed value is written
in place of the old one; a new member comes behind its predecessor, laid out as its siblings are; a removed one takes its
comma and lines with it; a member that only got another name keeps its value's text. Line ends, indentation, blanks around
colons and within one-line objects are the text's own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import NamedTuple

from engine.values import Json, canonical, same

Splice = tuple[int, int, str]
"""From, to, and what stands there instead."""
_SPACE = re.compile(r"[ \t\r\n]*")
_scan: Callable[[str, int], tuple[Json, int]] = json.JSONDecoder().raw_decode
LONGEST_LINE = 100


class Member(NamedTuple):
    """A member of an object in the text; an entry of an array has no name, and its value begins where it begins."""

    name: str
    start: int
    named: int
    """Index behind the name."""
    value: int
    end: int


@dataclass(frozen=True)
class Style:
    """How a text is laid out, as far as it shows."""

    text: str

    @cached_property
    def newline(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"

    @cached_property
    def unit(self) -> str:
        """What one level is indented by; empty for a text on one line."""
        found = re.search(r"[{\[][ \t]*\r?\n([ \t]+)\S", self.text)
        if found is None:
            return ""
        line = self.text.rfind("\n", 0, found.start()) + 1
        outer = _SPACE.match(self.text, line)
        depth = len(outer.group().strip("\r\n")) if outer else 0
        return found[1][depth:] if len(found[1]) > depth else found[1]

    @cached_property
    def colon(self) -> str:
        found = re.search(r'"([ \t]*:[ \t]*)["{\[\d]', self.text)
        return found[1] if found else ": "

    @cached_property
    def one_line_arrays(self) -> bool:
        """Are arrays of plain values written on one line?"""
        return _more(self.text, r'\[[ \t]*["\d][^\[\]{}\n]*\]', r'\[[ \t]*\r?\n[ \t]*["\d]')

    @cached_property
    def one_line_objects(self) -> bool:
        """Are objects of plain values written on one line?"""
        return _more(self.text, r'(?<!\$)\{[ \t]*"[^{}\[\]\n]*\}', r"(?<!\$)\{[ \t]*\r?\n[^{}\[\]]*\}")

    @cached_property
    def padding(self) -> str:
        """The blank inside the braces of a one-line object."""
        found = re.search(r'(?<!\$)\{([ \t]*)"[^{}\n]*\}', self.text)
        return found[1] if found else ""


def _more(text: str, one_line: str, many_lines: str) -> bool:
    inline, spread = len(re.findall(one_line, text)), len(re.findall(many_lines, text))
    return inline > spread if inline or spread else False


def spliced(text: str, masked: str, before: Json, after: Json, style: Style) -> str:
    """The text with `after` in it. `masked` is the text with its bare holes as strings of the same length."""
    start = _space(masked, 0)
    splices = list(_changes(masked, start, before, after, style, ""))
    return applied(text, splices)


def applied(text: str, splices: list[Splice]) -> str:
    """The text with all splices made; of those at one place, what is put in comes first."""
    parts: list[str] = []
    done = 0
    for start, end, new in sorted(splices, key=lambda splice: (splice[0], splice[1])):
        parts += [text[done:start], new]
        done = max(done, end)
    return "".join([*parts, text[done:]])


def masked(text: str, holes: list[tuple[int, int]]) -> str:
    """The text with every bare hole as a string of the same length."""
    parts: list[str] = []
    done = 0
    for start, end in holes:
        parts += [text[done:start], '"' + "." * (end - start - 2) + '"']
        done = end
    return "".join([*parts, text[done:]])


def _space(text: str, index: int) -> int:
    found = _SPACE.match(text, index)
    return found.end() if found else index


def members(text: str, start: int) -> list[Member]:
    """The members of the object, or the entries of the array, that begins at an index."""
    found: list[Member] = []
    named = text[start] == "{"
    index = _space(text, start + 1)
    while text[index] not in "}]":
        if text[index] == ",":
            index = _space(text, index + 1)
        name, behind, value = "", index, index
        if named:
            name, behind = _scan(text, index)
            value = _space(text, _space(text, behind) + 1)
        end = _scan(text, value)[1]
        found.append(Member(name, index, behind, value, end))
        index = _space(text, end)
    return found


def _changes(text: str, start: int, before: Json, after: Json, style: Style, indent: str) -> Iterator[Splice]:
    """The splices that turn the value at an index into another. `indent` is that of the line it belongs to."""
    if before is after or same(before, after):
        return
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _object(text, start, before, after, style, indent)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _array(text, start, before, after, style, indent)
    else:
        _, end = _scan(text, start)
        yield start, end, dumped(after, style, indent)


# Objects ------------------------------------------------------------------------------------------------------------


def _object(
    text: str, start: int, before: dict[str, Json], after: dict[str, Json], style: Style, indent: str
) -> Iterator[Splice]:
    found = members(text, start)
    last = {member.name: index for index, member in enumerate(found)}
    renamed = renamings(before, after)
    gone = [index for index, member in enumerate(found) if member.name not in after and member.name not in renamed]
    added = [name for name in after if name not in before and name not in renamed.values()]
    if not found or len(gone) == len(found):
        yield _whole(text, start, after, style, indent)
        return
    for name, index in last.items():
        member = found[index]
        new = renamed.get(name, name)
        if new in after and (name in after or name in renamed):
            if new != name:
                yield member.start, member.named, _word(new)
            inner = _indent_at(text, member.start, indent)
            yield from _changes(text, member.value, before[name], after[new], style, inner)
    yield from _removed(found, gone)
    back = {new: old for old, new in renamed.items()}
    between = separator(text, start, found)
    inner = _indent_at(text, found[0].start, indent)
    anchor: int | None = None
    new_ones = set(added)
    stays = set(range(len(found))) - set(gone)
    behind: dict[int | None, list[str]] = {}
    for name in after:
        if name in new_ones:
            behind.setdefault(anchor, []).append(name)
        else:
            anchor = last[back.get(name, name)]
    for place, names in behind.items():
        written = [f"{_word(name)}{style.colon}{dumped(after[name], style, inner)}" for name in names]
        yield _inserted(found, place, written, between, stays)


def renamings(before: dict[str, Json], after: dict[str, Json]) -> dict[str, str]:
    """Members that only got another name, or give their place to one: old name → new name."""
    gone = [name for name in before if name not in after]
    new = [name for name in after if name not in before]
    found: dict[str, str] = {}
    if not gone or not new:
        return found
    for old in gone:
        for name in new:
            if name not in found.values() and _alike(before[old], after[name], before, after, old, name):
                found[old] = name
                break
    return found


def _alike(old: Json, new: Json, before: dict[str, Json], after: dict[str, Json], was: str, name: str) -> bool:
    """Is this the same value under another name, or a plain value in the place of a plain one?"""
    if old is new or same(old, new):
        return True
    plain = not isinstance(old, (dict, list)) and not isinstance(new, (dict, list))
    shared = (
        isinstance(old, dict)
        and isinstance(new, dict)
        and sum(new.get(key, new) is value for key, value in old.items()) * 2 > max(len(old), len(new))
    )
    return (plain or shared) and _left(before, was, after) == _left(after, name, before)


def _left(source: dict[str, Json], name: str, other: dict[str, Json]) -> str | None:
    """The nearest member before a name that both objects have."""
    found = None
    for key in source:
        if key == name:
            return found
        if key in other:
            found = key
    return found


def _whole(text: str, start: int, after: Json, style: Style, indent: str) -> Splice:
    _, end = _scan(text, start)
    return start, end, dumped(after, style, indent)


def _removed(found: list[Member], gone: list[int]) -> Iterator[Splice]:
    """Cuts for members that go, run by run, each with the comma that it no longer needs."""
    index = 0
    while index < len(gone):
        first = last = gone[index]
        while index + 1 < len(gone) and gone[index + 1] == last + 1:
            index += 1
            last = gone[index]
        index += 1
        if last + 1 < len(found):
            yield found[first].start, found[last + 1].start, ""
        else:
            yield found[first - 1].end, found[last].end, ""


def _inserted(found: list[Member], place: int | None, written: list[str], between: str, stays: set[int]) -> Splice:
    """New members behind the one at `place`, or before all of them."""
    if place is None:
        first = min(stays)
        return found[first].start, found[first].start, "".join(f"{one},{between}" for one in written)
    end = found[place].end
    return end, end, "".join(f",{between}{one}" for one in written)


def separator(text: str, start: int, found: list[Member]) -> str:
    """The blanks between two members: behind a comma, or behind the opening bracket where there is only one."""
    if len(found) > 1:
        return text[text.index(",", found[0].end) + 1 : found[1].start]
    space = text[start + 1 : found[0].start]
    return space if "\n" in space else space or " "


def _indent_at(text: str, index: int, indent: str) -> str:
    """The blanks at the beginning of the line of an index; `indent` for what does not begin its line."""
    line = text.rfind("\n", 0, index) + 1
    blank = text[line:index]
    return blank if not blank.strip(" \t") else indent


# Arrays -------------------------------------------------------------------------------------------------------------


def _array(text: str, start: int, before: list[Json], after: list[Json], style: Style, indent: str) -> Iterator[Splice]:
    found = members(text, start)
    pairs = aligned(before, after)
    kept = {old for old, _ in pairs}
    if not found or not kept:
        yield _whole(text, start, after, style, indent)
        return
    inner = _indent_at(text, found[0].start, indent)
    for old, new in pairs:
        own = _indent_at(text, found[old].start, indent)
        yield from _changes(text, found[old].value, before[old], after[new], style, own)
    yield from _removed(found, [index for index in range(len(found)) if index not in kept])
    origin = {new: old for old, new in pairs}
    between = separator(text, start, found)
    flat = _one_line(text, found)
    anchor: int | None = None
    behind: dict[int | None, list[str]] = {}
    for index, value in enumerate(after):
        if index in origin:
            anchor = origin[index]
        else:
            written = one_line(value, style) if flat else dumped(value, style, inner)
            behind.setdefault(anchor, []).append(written)
    for place, written_here in behind.items():
        yield _inserted(found, place, written_here, between, kept)


def _one_line(text: str, found: list[Member]) -> bool:
    """Is every object and array among the entries written on one line?"""
    groups = [text[member.value : member.end] for member in found if text[member.value] in "{["]
    return bool(groups) and all("\n" not in group for group in groups)


def aligned(before: list[Json], after: list[Json]) -> list[tuple[int, int]]:
    """Which entry of an array became which: equal ones first, then those between them in their order."""
    if len(before) == len(after):
        differ = [index for index in range(len(before)) if not same(before[index], after[index])]
        if len(differ) <= 1:
            return [(index, index) for index in range(len(before))]
    matcher = SequenceMatcher(None, [canonical(one) for one in before], [canonical(one) for one in after], False)
    pairs: list[tuple[int, int]] = []
    for _, old, old_end, new, new_end in matcher.get_opcodes():
        pairs += zip(range(old, old_end), range(new, new_end), strict=False)
    return pairs


# New text -----------------------------------------------------------------------------------------------------------


def dumped(value: Json, style: Style, indent: str) -> str:
    """A value as JSON text, laid out in a style; `indent` is that of the line it begins on."""
    if not isinstance(value, (dict, list)) or not value or not style.unit:
        return one_line(value, style)
    plain = not any(
        isinstance(one, (dict, list)) and one for one in (value.values() if isinstance(value, dict) else value)
    )
    if plain and (style.one_line_objects if isinstance(value, dict) else style.one_line_arrays):
        line = one_line(value, style)
        if len(indent) + len(line) <= LONGEST_LINE:
            return line
    inner = indent + style.unit
    if isinstance(value, dict):
        lines = [f"{_word(name)}{style.colon}{dumped(one, style, inner)}" for name, one in value.items()]
    else:
        lines = [dumped(one, style, inner) for one in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    joined = f",{style.newline}{inner}".join(lines)
    return f"{opening}{style.newline}{inner}{joined}{style.newline}{indent}{closing}"


def one_line(value: Json, style: Style) -> str:
    """A value as JSON text on one line."""
    comma = ", " if style.colon.endswith((" ", "\t")) or style.unit else ","
    if isinstance(value, dict) and value:
        inside = comma.join(f"{_word(name)}{style.colon}{one_line(one, style)}" for name, one in value.items())
        return f"{{{style.padding}{inside}{style.padding}}}"
    if isinstance(value, list) and value:
        return "[" + comma.join(one_line(one, style) for one in value) + "]"
    return _word(value)


def _word(value: Json) -> str:
    """A plain value as JSON; characters that no file can hold are escaped."""
    written = json.dumps(value, ensure_ascii=False)
    return json.dumps(value) if re.search(r"[\ud800-\udfff\u2028\u2029]", written) else written

"""A YAML text with other values in it: only the lines of what changed are written; comments, quotes and anchors stay.

The nodes that ruamel.yaml composes are walked along with the values before and after. A scalar keeps its kind of quotes, a
`|` block stays one; a new member comes behind its predecessor's lines; what is written in brackets stays in brackets. An
alias is another place with the same lines: where the two become different, the alias is written out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from engine.values import Json, same
from engine.writing_json import Splice, Style, aligned, applied, renamings, spliced
from engine.yamltext import composed
from engine.yamlwords import block, entry, flow, literal, member, quoted, scalar, single

_DASH = re.compile(r"^( *)-(?=\s|\Z)", re.MULTILINE)
_ALIAS = re.compile(r"\s*\*[^\s,\[\]{}]+")


class Coarse(Exception):
    """This part cannot be changed piece by piece; what holds it is written anew."""


@dataclass(frozen=True)
class Layout:
    """How a text is written, as far as it shows."""

    text: str

    @cached_property
    def newline(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"

    @cached_property
    def unit(self) -> str:
        """What one level is indented by."""
        found = re.search(
            r"^[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*( +)[^\s#-]", self.text, re.MULTILINE
        )
        return found[1] if found else "  "

    @cached_property
    def dash(self) -> str:
        """What the dashes of a list are indented by under its name."""
        found = re.search(r"^( *)[^\s#-][^\n]*:[ \t]*(?:&\S+[ \t]*)?(?:#[^\n]*)?\r?\n( *)- ", self.text, re.MULTILINE)
        return " " * max(0, len(found[2]) - len(found[1])) if found else "  "

    @cached_property
    def quote(self) -> str:
        return "'" if self.text.count(": '") > self.text.count(': "') else '"'


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a value stands: behind a colon or dash, up to the end of what it says."""

    node: Any
    start: int
    end: int
    column: int
    """Of the name or dash it belongs to."""
    kind: str
    """`member`, `entry` or `root`."""
    alias: bool = False


@dataclass(slots=True)
class Pen:
    """One try to write: what is put in, and which anchored nodes others may not follow any more."""

    text: str
    layout: Layout
    states: bool = False
    """Changed states are written anew as a whole."""
    apart: frozenset[int] = frozenset()
    """Nodes whose aliases are written out."""
    splices: list[Splice] = field(default_factory=list)
    dirty: set[int] = field(default_factory=set)


def attempts(text: str, before: Json, after: Json) -> Iterator[str]:
    """Texts that should hold `after`, the one with the fewest changed lines first."""
    node = composed(text)
    if node is None:
        return
    layout = Layout(text)
    for states in (False, True):
        apart: frozenset[int] = frozenset()
        for _ in range(3):
            pen = Pen(text, layout, states, apart)
            slot = Slot(node, node.start_mark.index, _end(text, node), -1, "root")
            try:
                _change(pen, slot, before, after, ())
            except Coarse:
                break
            yield applied(text, pen.splices)
            if pen.dirty <= apart:
                break
            apart |= pen.dirty


def places(text: str) -> tuple[dict[str, tuple[int, int]], dict[str, tuple[int, int]]]:
    """From where to where each value stands, and each name, by pointer. What an alias repeats is where it says so."""
    values: dict[str, tuple[int, int]] = {}
    names: dict[str, tuple[int, int]] = {}
    node = composed(text)
    if node is None:
        return values, names

    def look(slot: Slot, at: str, depth: int) -> None:
        start = slot.start if slot.alias else max(slot.start, slot.node.start_mark.index)
        values[at or "/"] = (start + (len(text[start : slot.end]) - len(text[start : slot.end].lstrip())), slot.end)
        if slot.alias or depth > 200 or slot.node.id == "scalar":
            return
        if slot.node.id == "mapping":
            for name, key, inner in _members(text, slot.node):
                names[f"{at}/{name}"] = (key.start_mark.index, key.end_mark.index)
                look(inner, f"{at}/{name}", depth + 1)
        else:
            for index, inner in enumerate(_entries(text, slot.node)):
                look(inner, f"{at}[{index}]", depth + 1)

    try:
        look(Slot(node, node.start_mark.index, _end(text, node), -1, "root"), "", 0)
    except Coarse:
        pass
    return values, names


# What stands where --------------------------------------------------------------------------------------------------


def _end(text: str, node: Any) -> int:
    """Index behind the last character that a node says."""
    start: int = node.start_mark.index
    end: int = node.end_mark.index
    if node.id == "scalar":
        return end if node.style not in ("|", ">") else start + len(text[start:end].rstrip())
    if node.flow_style or not node.value:
        return end
    if node.id == "mapping":
        return _last_member(text, node)
    return _entries(text, node)[-1].end


def _last_member(text: str, node: Any) -> int:
    key, value = node.value[-1]
    return _value_slot(text, key, value).end


def _value_slot(text: str, key: Any, value: Any) -> Slot:
    """Where the value of a member stands."""
    colon = text.find(":", key.end_mark.index)
    if colon < 0 or text[key.end_mark.index : colon].strip() or key.start_mark.line != key.end_mark.line:
        raise Coarse
    return _slot(text, value, colon + 1, key.start_mark.column, "member", key.start_mark.index)


def _slot(text: str, value: Any, start: int, column: int, kind: str, behind: int) -> Slot:
    if value.start_mark.index < behind:
        found = _ALIAS.match(text, start)
        if found is None:
            raise Coarse
        return Slot(value, start, found.end(), column, kind, True)
    if value.id == "scalar" and value.start_mark.index == value.end_mark.index:
        return Slot(value, start, start, column, kind)
    return Slot(value, start, _end(text, value), column, kind)


def _members(text: str, node: Any) -> list[tuple[str, Any, Slot]]:
    """Name, key and value of each member that is written here; merged ones are left out."""
    return [(str(key.value), key, _value_slot(text, key, value)) for key, value in node.value if not _is_merge(key)]


def _is_merge(key: Any) -> bool:
    return key.id == "scalar" and key.value == "<<" and key.style is None


def _entries(text: str, node: Any) -> list[Slot]:
    """The entries of a list: each from behind its dash, or where it begins in brackets."""
    found: list[Slot] = []
    at = node.start_mark.index
    if node.flow_style:
        for value in node.value:
            if value.start_mark.index < at:
                raise Coarse
            found.append(Slot(value, value.start_mark.index, _end(text, value), 0, "entry"))
        return found
    if text[at] != "-":
        first = _DASH.search(text, at)
        if first is None:
            raise Coarse
        at = first.end() - 1
    column = at - (text.rfind("\n", 0, at) + 1)
    for value in node.value:
        slot = _slot(text, value, at + 1, column, "entry", at)
        found.append(slot)
        if len(found) < len(node.value):
            following = re.compile(rf"^ {{{column}}}-(?=\s|\Z)", re.MULTILINE).search(text, _line_end(text, slot.end))
            if following is None:
                raise Coarse
            at = following.end() - 1
    return found


def _line_end(text: str, index: int) -> int:
    """Index of the line break behind an index, the end of the text when there is none."""
    found = text.find("\n", index)
    if found < 0:
        return len(text)
    return found - 1 if found > index and text[found - 1] == "\r" else found


def _begins_line(text: str, index: int) -> bool:
    return not text[text.rfind("\n", 0, index) + 1 : index].strip(" ")


# Changes ------------------------------------------------------------------------------------------------------------


def _change(pen: Pen, slot: Slot, before: Json, after: Json, path: tuple[str | int, ...]) -> None:
    """Put in what turns the value of a slot into another."""
    node = slot.node
    alike = before is after or same(before, after)
    if slot.alias:
        if not alike or id(node) in pen.apart:
            _anew(pen, slot, after)
        return
    if alike and not pen.apart:
        return
    if not alike and node.anchor:
        pen.dirty.add(id(node))
    if (str(node.tag or "").startswith("!") and not str(node.tag).startswith("!!")) or node.id == "scalar":
        if not alike and not _tagged(pen, slot, after):
            _anew(pen, slot, after)
        return
    fits = isinstance(after, dict if node.id == "mapping" else list) and type(before) is type(after)
    if not fits or not node.value or not after:
        if not alike:
            _anew(pen, slot, after)
        return
    if not alike and pen.states and len(path) > 1 and path[-2] == "States":
        _anew(pen, slot, after)
        return
    mark = len(pen.splices)
    try:
        if node.flow_style:
            if not alike:
                _in_brackets(pen, slot, before, after)
        elif node.id == "mapping":
            _mapping(pen, slot, before, after, path)
        else:
            _sequence(pen, slot, before, after, path)
    except Coarse:
        if slot.kind == "root":
            raise
        del pen.splices[mark:]
        _anew(pen, slot, after)


def _anew(pen: Pen, slot: Slot, after: Json) -> None:
    """Write the value of a slot from scratch, in the manner of the old one where it is a scalar."""
    if not slot.alias:
        pen.dirty |= _anchored(slot.node)
    pen.splices.append((slot.start, slot.end, _told(pen.layout, slot, after)))


def _tagged(pen: Pen, slot: Slot, after: Json) -> bool:
    """Write a text behind the short tag that it has in a template (`!Sub`), if that is all that changed."""
    tag = str(slot.node.tag or "")
    name = tag[1:] if tag[1:] in ("Ref", "Condition") else f"Fn::{tag[1:]}"
    if slot.node.id != "scalar" or not isinstance(after, dict) or list(after) != [name] or not tag.startswith("!"):
        return False
    if not isinstance(after[name], str):
        return False
    pen.splices.append((slot.start, slot.end, f" {tag}{_told(pen.layout, slot, after[name])}"))
    return True


def _told(layout: Layout, slot: Slot, after: Json) -> str:
    """The text of a value behind its colon or dash."""
    node = slot.node
    style = node.style if node.id == "scalar" and not slot.alias else None
    head = "" if slot.kind == "root" else " "
    if node.anchor and not slot.alias and not isinstance(after, (dict, list)):
        head += f"&{node.anchor} "
    inner = " " * slot.column + layout.unit if slot.column >= 0 else ""
    if isinstance(after, str) and (style in ("|", ">") or "\n" in after):
        lines = literal(after, inner)
        if lines:
            return head + layout.newline.join(lines)
    if not isinstance(after, (dict, list)) or not after:
        if isinstance(after, str) and style in ("'", '"'):
            return head + (single(after) if style == "'" else quoted(after))
        return head + scalar(after, layout.quote)
    if slot.kind == "entry":
        lines = entry(after, " " * slot.column, layout.unit, layout.dash, layout.quote)
        return " " + layout.newline.join(lines)[slot.column + 2 :]
    if slot.kind == "root":
        return layout.newline.join(block(after, "", layout.unit, layout.dash, layout.quote))
    lines = member("", after, " " * slot.column, layout.unit, layout.dash, layout.quote)
    return layout.newline + layout.newline.join(lines[1:])


def _anchored(node: Any) -> set[int]:
    """The nodes in a node, and itself, that others may refer to."""
    found = {id(node)} if node.anchor else set[int]()
    if node.id != "scalar":
        for child in node.value:
            for inner in child if isinstance(child, tuple) else (child,):
                if inner.start_mark.index >= node.start_mark.index:
                    found |= _anchored(inner)
    return found


def _in_brackets(pen: Pen, slot: Slot, before: Json, after: Json) -> None:
    """A value in brackets stays in them; when it is JSON, only what changed in it is written."""
    from engine.source import load_strictly

    start = slot.node.start_mark.index
    text = pen.text[start : slot.end]
    try:
        exact = same(load_strictly(text), before)
    except (ValueError, RecursionError):
        exact = False
    if exact:
        pen.splices.append((start, slot.end, spliced(text, text, before, after, Style(text))))
        return
    pen.dirty |= _anchored(slot.node)
    pen.splices.append((start, slot.end, flow(after, pen.layout.quote)))


def _mapping(
    pen: Pen, slot: Slot, before: dict[str, Json], after: dict[str, Json], path: tuple[str | int, ...]
) -> None:
    text, layout, node = pen.text, pen.layout, slot.node
    found = _members(text, node)
    own = {name: index for index, (name, _, _) in enumerate(found)}
    merges = [value for key, value in node.value if _is_merge(key)]
    if len(own) < len(found) or any(id(one) in pen.apart for value in merges for one in (value, *_listed(value))):
        raise Coarse
    renamed = {old: new for old, new in renamings(before, after).items() if old in own}
    if any(name not in own and name not in after for name in before):
        raise Coarse
    if not found or all(name not in after and name not in renamed for name in own):
        raise Coarse
    column = found[0][1].start_mark.column
    indent = " " * column
    gone: list[int] = []
    for index, (name, key, inner) in enumerate(found):
        new = renamed.get(name, name)
        if new not in after or (name not in after and name not in renamed):
            gone.append(index)
            pen.dirty |= set[int]() if inner.alias else _anchored(inner.node)
            continue
        if new != name:
            pen.splices.append((key.start_mark.index, key.end_mark.index, _name(new, key, layout)))
        _change(pen, inner, before[name], after[new], (*path, new))
    for index in gone:
        _, key, inner = found[index]
        following = found[index + 1][1].start_mark.index if index + 1 < len(found) else None
        pen.splices.append(_cut(text, key.start_mark.index, inner.end, following))
    back = {new: old for old, new in renamed.items()}
    anchor: int | None = None
    behind: dict[int | None, list[str]] = {}
    for name, value in after.items():
        if back.get(name, name) in own:
            anchor = own[back.get(name, name)]
        elif name not in before or not same(before[name], value):
            behind.setdefault(anchor, []).extend(member(name, value, indent, layout.unit, layout.dash, layout.quote))
    stays = [index for index in range(len(found)) if index not in gone]
    for place, lines in behind.items():
        if place is None:
            pen.splices.append(_put_before(text, found[stays[0]][1].start_mark.index, lines, indent, layout))
        else:
            pen.splices.append(_put_behind(text, found[place][2].end, lines, layout))


def _listed(value: Any) -> list[Any]:
    return list(value.value) if value.id == "sequence" else []


def _name(name: str, key: Any, layout: Layout) -> str:
    if key.style == '"':
        return quoted(name)
    return single(name) if key.style == "'" else scalar(name, layout.quote)


def _sequence(pen: Pen, slot: Slot, before: list[Json], after: list[Json], path: tuple[str | int, ...]) -> None:
    text, layout = pen.text, pen.layout
    found = _entries(text, slot.node)
    pairs = aligned(before, after)
    if not pairs or len(found) != len(before):
        raise Coarse
    indent = " " * found[0].column
    kept = {old for old, _ in pairs}
    for old, new in pairs:
        _change(pen, found[old], before[old], after[new], (*path, new))
    for index in range(len(found)):
        if index not in kept:
            pen.dirty |= set[int]() if found[index].alias else _anchored(found[index].node)
            following = found[index + 1].start - 1 if index + 1 < len(found) else None
            pen.splices.append(_cut(text, found[index].start - 1, found[index].end, following))
    origin = {new: old for old, new in pairs}
    anchor: int | None = None
    behind: dict[int | None, list[str]] = {}
    for index, value in enumerate(after):
        if index in origin:
            anchor = origin[index]
        else:
            behind.setdefault(anchor, []).extend(entry(value, indent, layout.unit, layout.dash, layout.quote))
    for place, lines in behind.items():
        if place is None:
            pen.splices.append(_put_before(text, found[min(kept)].start - 1, lines, indent, layout))
        else:
            pen.splices.append(_put_behind(text, found[place].end, lines, layout))


def _cut(text: str, start: int, end: int, following: int | None) -> Splice:
    """Take away the lines of a member or entry; one that shares its first line with a dash gives it to the next."""
    if not _begins_line(text, start):
        if following is None:
            raise Coarse
        return start, following, ""
    first = text.rfind("\n", 0, start) + 1
    last = _line_end(text, end)
    last += 2 if text.startswith("\r\n", last) else 1 if last < len(text) else 0
    return first, last, ""


def _put_behind(text: str, end: int, lines: list[str], layout: Layout) -> Splice:
    at = _line_end(text, end)
    return at, at, layout.newline + layout.newline.join(lines)


def _put_before(text: str, start: int, lines: list[str], indent: str, layout: Layout) -> Splice:
    if _begins_line(text, start):
        first = text.rfind("\n", 0, start) + 1
        return first, first, "".join(line + layout.newline for line in lines)
    return start, start, layout.newline.join(lines)[len(indent) :] + layout.newline + indent

"""What can still be read of a broken YAML text: line by line, led by the indentation.

A line that is no entry is noted and passed over, an entry that is indented oddly belongs to the mapping that is open, and
flow collections (`{…}`, `[…]`) are read as broken JSON is. Anchors, merges, blocks and CloudFormation's short tags are known;
the rarer parts of YAML (complex keys, several documents, directives) are not needed to draw a workflow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.partial import DEEPEST, MOST_MISTAKES, Partial, broken, json_partial
from engine.pointer import ROOT
from engine.problems import Problem
from engine.values import Json
from engine.yamltext import MOST_NODES, BadYaml, plain, read

_ENTRY = re.compile(
    r"""(?:"([^"]*)"|'([^']*)'|([^\s"'\[\]{}#&*!|>%@`,-][^:#]*?|-[^\s:][^:#]*?|[^\s:"'-][^\s]*?))[ ]*:(?:[ ]+(.*))?$"""
)
_NAME = re.compile(r"""["']?([A-Za-z][\w .-]*)["']?$""")
_TAG = re.compile(r"!([A-Za-z]+)(?:\s+(.*))?$")
_ANCHOR = re.compile(r"&(\S+)\s*(.*)$")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_BLOCK = re.compile(r"[|>][+-]?\d?[+-]?\s*(?:#.*)?$")

MOST_FLOWS = 1000
"""Flow collections that are read with care; those beyond are read roughly."""


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    indent: int
    text: str


def yaml_partial(text: str) -> Partial:
    """The part of a broken YAML text that can be read. Never raises; linear in the length of the text."""
    reader = _Reader(text)
    if not reader.lines:
        return Partial()
    value, _ = reader.block(0, -1, "", 0)
    return Partial(value, tuple(reader.problems), reader.places)


class _Reader:
    """One pass over the lines of a text."""

    def __init__(self, text: str) -> None:
        self.rows = text.splitlines()
        self.problems: list[Problem] = []
        self.places: dict[str, tuple[int, int]] = {}
        self.anchors: dict[str, Json] = {}
        self.weight = 0
        """Values that aliases have repeated; anchors cannot grow without end."""
        self.flows = 0
        self.lines: list[_Line] = []
        for number, row in enumerate(self.rows, 1):
            content = row.lstrip(" \t")
            if not content.strip() or content.startswith(("#", "---", "...", "%")):
                continue
            lead = row[: len(row) - len(content)]
            self.lines.append(_Line(number, len(lead.expandtabs(2)), content.rstrip()))
            if "\t" in lead:
                self.wrong("", self.lines[-1], "a tab stands where YAML wants spaces; indent with spaces")

    def wrong(self, at: str, line: _Line, message: str) -> None:
        if len(self.problems) < MOST_MISTAKES:
            self.problems.append(broken(at or ROOT, message, (line.number, line.indent + 1)))

    def block(self, index: int, above: int, at: str, depth: int) -> tuple[Json, int]:
        """The mapping, list or text that begins on a line, and the line behind it. All of it is deeper than `above`."""
        indent = self.lines[index].indent
        self.places.setdefault(at or ROOT, (self.lines[index].number, indent + 1))
        if depth > DEEPEST:
            self.wrong(at, self.lines[index], "values are nested too deep")
            return None, len(self.lines)
        if self.lines[index].text.startswith("- ") or self.lines[index].text == "-":
            return self.sequence(index, indent, at, depth)
        if _ENTRY.match(self.lines[index].text) or self.unfinished(index) or depth == 0:
            return self.mapping(index, above, at, depth)
        line = self.lines[index]
        return self.inline(line.text, index, indent - 1, at, depth)

    def unfinished(self, index: int) -> str | None:
        """The name on a line whose colon was forgotten: one word or a quoted one, and a deeper block behind it."""
        line = self.lines[index]
        following = self.lines[index + 1] if index + 1 < len(self.lines) else line
        match = _NAME.match(line.text)
        return match.group(1) if match and following.indent > line.indent and _ENTRY.match(following.text) else None

    def mapping(self, index: int, above: int, at: str, depth: int) -> tuple[dict[str, Json], int]:
        found: dict[str, Json] = {}
        indent = self.lines[index].indent
        while index < len(self.lines) and self.lines[index].indent > above:
            line = self.lines[index]
            entry = _ENTRY.match(line.text)
            unfinished = None if entry else self.unfinished(index)
            if entry is None and (line.text.startswith("- ") and depth > 0 and line.indent < indent):
                break
            if entry is None:
                self.wrong(at, line, "a colon is missing after a name")
            if entry is None and unfinished is None:
                index += 1
                continue
            if line.indent != indent:
                self.wrong(at, line, "the indentation does not fit here")
            name = unfinished or ""
            if entry is not None:
                name = next(part for part in entry.groups()[:3] if part is not None)
            place = f"{at}/{name}"
            self.places[place] = (line.number, line.indent + 1)
            value, index = self.inline((entry and entry.group(4)) or "", index, line.indent, place, depth + 1)
            if name == "<<":
                for part in value if isinstance(value, list) else [value]:
                    found = {**part, **found} if isinstance(part, dict) else found
            else:
                found[name] = value
        return found, index

    def sequence(self, index: int, indent: int, at: str, depth: int) -> tuple[list[Json], int]:
        found: list[Json] = []
        while index < len(self.lines):
            line = self.lines[index]
            if line.indent < indent or not (line.text.startswith("- ") or line.text == "-"):
                break
            place = f"{at}[{len(found)}]"
            self.places[place] = (line.number, line.indent + 1)
            rest = line.text[1:].lstrip()
            inner = line.indent + len(line.text) - len(rest)
            if rest and (_ENTRY.match(rest) or rest.startswith("- ")):
                self.lines[index] = _Line(line.number, inner, rest)
                value, index = self.block(index, line.indent, place, depth + 1)
            else:
                value, index = self.inline(rest, index, line.indent, place, depth + 1)
            found.append(value)
        return found, index

    def inline(self, written: str, index: int, indent: int, at: str, depth: int) -> tuple[Json, int]:
        """The value written behind a colon or dash, or on the deeper lines that follow line `index`."""
        written = written.strip()
        if tagged := _TAG.match(written):
            value, index = self.inline(tagged.group(2) or "", index, indent, at, depth)
            name = tagged.group(1)
            return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}, index
        if anchored := _ANCHOR.match(written):
            value, index = self.inline(anchored.group(2), index, indent, at, depth)
            self.anchors[anchored.group(1)] = value
            return value, index
        if written.startswith("*"):
            return self.alias(written[1:].split()[0] if written[1:].split() else "", index, at), index + 1
        if _BLOCK.match(written):
            return self.literal(index, indent, written)
        if written[:1] in ("{", "["):
            return self.flow(written, index, indent, at)
        if written[:1] in ('"', "'"):
            return self.quoted(written, index, indent, at)
        written = _COMMENT.sub("", written).strip()
        following = index + 1
        if not written:
            if following < len(self.lines):
                line = self.lines[following]
                listed = line.indent == indent and line.text.startswith("- ")
                if line.indent > indent or listed:
                    return self.block(following, indent - listed, at, depth)
            return None, following
        words = [written]
        while following < len(self.lines) and self.lines[following].indent > indent:
            line = self.lines[following]
            if _ENTRY.match(line.text):
                break
            words.append(_COMMENT.sub("", line.text))
            following += 1
        return plain(" ".join(words)), following

    def deeper(self, index: int, indent: int) -> int:
        """Behind the lines that are indented deeper."""
        while index < len(self.lines) and self.lines[index].indent > indent:
            index += 1
        return index

    def alias(self, name: str, index: int, at: str) -> Json:
        if name not in self.anchors:
            self.wrong(at, self.lines[index], f"there is no anchor {name}")
            return None
        value = self.anchors[name]
        self.weight += _weight(value)
        if self.weight > MOST_NODES:
            self.wrong(at, self.lines[index], "the text stands for more values than a definition may hold")
            return None
        return value

    def literal(self, index: int, indent: int, header: str) -> tuple[str, int]:
        """A `|` or `>` block, read from the rows themselves, because blank lines and # belong to it."""
        start = self.lines[index].number
        rows: list[str] = []
        inner = -1
        number = start
        while number < len(self.rows):
            row = self.rows[number]
            own = len(row) - len(row.lstrip(" "))
            if row.strip():
                if own <= indent:
                    break
                inner = own if inner < 0 else inner
            rows.append(row[max(0, inner) :])
            number += 1
        while rows and not rows[-1].strip():
            rows.pop()
        index += 1
        while index < len(self.lines) and self.lines[index].number <= number:
            index += 1
        between, ending = " " if header.startswith(">") else "\n", "" if "-" in header[:3] else "\n"
        return between.join(rows) + ending, index

    def flow(self, written: str, index: int, indent: int, at: str) -> tuple[Json, int]:
        """A flow collection with the deeper lines that go on with it."""
        following = self.deeper(index + 1, indent)
        if written.count("{") + written.count("[") <= written.count("}") + written.count("]"):
            following = index + 1
        parts = [written, *(line.text for line in self.lines[index + 1 : following])]
        if following < len(self.lines) and self.lines[following].text[:1] in ("}", "]"):
            parts.append(self.lines[following].text)
            following += 1
        self.flows += 1
        if self.flows <= MOST_FLOWS:
            try:
                return read("\n".join(parts)).value, following
            except BadYaml:
                pass
        found = json_partial("\n".join(parts))
        missing = next((problem for problem in found.problems if "missing" in problem.message), None)
        if missing is not None:
            self.wrong(at, self.lines[index], missing.message.partition(": ")[2])
        return found.value, following

    def quoted(self, written: str, index: int, indent: int, at: str) -> tuple[str, int]:
        """A quoted text, on its line or up to a deeper line that ends with its quote."""
        quote, following = written[0], index + 1
        end = written.rfind(quote)
        if end == 0:
            last = self.deeper(following, indent)
            for number in range(following, last):
                if self.lines[number].text.endswith(quote):
                    written = " ".join([written, *(line.text for line in self.lines[following : number + 1])])
                    end, following = len(written) - 1, number + 1
                    break
            else:
                self.wrong(at, self.lines[index], f"a closing {quote} is missing")
                return written[1:], following
        inner = written[1:end]
        return inner.replace("''", "'") if quote == "'" else inner.replace('\\"', '"').replace("\\\\", "\\"), following


def _weight(value: Json) -> int:
    """How many values these are, counted up to the most that are read."""
    total, level = 0, [value]
    while level and total <= MOST_NODES:
        total += len(level)
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return total

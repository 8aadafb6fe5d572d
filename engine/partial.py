"""What can still be read of a text that is broken, so that its graph is drawn all the same.

`json_partial` goes through a JSON text (or the value of a Terraform `jsonencode`) once and never stops at a mistake: it notes
it at the innermost object or array, mends it in the likeliest way and reads on. Missing commas, colons and quotes are taken
as if they stood there, commas too many and comments are passed over, bare words are texts, brackets that are open at the end
are closed, and what cannot be anything is skipped up to the next comma, bracket or line.

A bracket that was forgotten in the middle is invisible to such a reading: everything behind it seems to lie inside. Where
a text ends with open brackets it is therefore read a second time by its indentation: a member that begins a line as far to
the left as the member that it would lie in, or further, closes it. The reading with more states wins.

`yaml_partial` does the same for YAML (`engine/partial_yaml.py`). Both are linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.jsontext import Lines, lines
from engine.pointer import ROOT
from engine.problems import Problem
from engine.values import Json

DEEPEST = 100
MOST_MISTAKES = 50
"""More than so many are read past, but not told."""

_SPACE = re.compile(r"(?:[ \t\r\n\ufeff\u00a0]+|//[^\n]*|#[^\n]*|/\*.*?(?:\*/|\Z))*", re.DOTALL)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?=[\s,\]})]|\Z)")
_WORD = re.compile(r"[A-Za-z_$](?:[\w.$*-]|\[[\w*]*\])*")
_HOLE = re.compile(r"\$\{[^}\n]*\}")
_INDENT = re.compile(r"[ \t]*")
_PLAIN = re.compile(r'[^"\\\n]+')
_SINGLE = re.compile(r"[^'\\\n]+")
_BEGINS = re.compile(r"[{\[]")
_MEMBER = re.compile(r'"[^"\\\n]*"[ \t]*:(?!:)')
_UNCLOSED = re.compile(r'"([^":\n]+):(?=[ \t]*["{\[\dtfn-])')
_WORDS: dict[str, Json] = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
    "null": None,
    "None": None,
    "NULL": None,
}
_NOTHING: Json = object()
"""In the place of a value that is missing or cannot be read: its member is left out."""
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


@dataclass(frozen=True, slots=True)
class Partial:
    """What could be read, and the mistakes around which it was read, each with its pointer, line and column."""

    value: Json = None
    problems: tuple[Problem, ...] = ()
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Line and column by pointer; of a member, those of its name."""


def json_partial(text: str, start: int = 0) -> Partial:
    """The part of a broken JSON text (or HCL value) that can be read, from an index on. Never raises.

    A text in which no object or array begins gives a value of None.
    """
    reader = _Reader(text, by_indent=False, start=start)
    found = reader.all()
    if reader.left_open:
        again = _Reader(text, by_indent=True, start=start)
        other = again.all()
        if _states(other.value) > _states(found.value):
            return other
    return found


def _states(value: Json) -> int:
    """How many states a value seems to hold: the objects with a Type below every `States`, states within states left out."""
    if isinstance(value, list):
        return sum(map(_states, value))
    if not isinstance(value, dict):
        return 0
    states = value.get("States")
    own = [state for state in states.values() if isinstance(state, dict)] if isinstance(states, dict) else []
    inner = (_states(part) for name, part in value.items() if name != "States")
    return sum(inner) + sum(("Type" in state) + sum(map(_states, state.values())) for state in own)


def broken(at: str, message: str, place: tuple[int, int]) -> Problem:
    """A mistake of the text at a pointer."""
    line, column = place
    return Problem("unreadable", at, f"line {line}, column {column}: {message}", line=line, column=column)


class _Reader:
    """One pass over a text."""

    def __init__(self, text: str, by_indent: bool, start: int) -> None:
        self.text = text
        self.start = start
        self.where: Lines = lines(text)
        self.by_indent = by_indent
        self.places: dict[str, tuple[int, int]] = {}
        self.problems: list[Problem] = []
        self.left_open = False
        self.hcl = False
        """Is this the value of a `jsonencode`, where a line break separates as a comma does?"""
        self.open: list[str] = []
        """Closing brackets that are awaited."""

    def all(self) -> Partial:
        """The first object or array of the text, or the members of one that was never opened."""
        start = self.space(self.start)
        if self.char(start) != '"':
            begins = _BEGINS.search(self.text, start)
            start = begins.start() if begins else len(self.text)
        value, _ = self.value(start, "", -1) if start < len(self.text) else (None, 0)
        return Partial(None if value is _NOTHING else value, tuple(self.problems), self.places)

    def wrong(self, at: str, index: int, message: str) -> None:
        place = self.where(min(index, max(0, len(self.text) - 1)))
        if len(self.problems) < MOST_MISTAKES and all(known.line != place[0] for known in self.problems[-1:]):
            self.problems.append(broken(at or ROOT, message, place))

    def space(self, index: int) -> int:
        match = _SPACE.match(self.text, index)
        return match.end() if match else index

    def char(self, index: int) -> str:
        return self.text[index : index + 1]

    def value(self, index: int, at: str, indent: int) -> tuple[Json, int]:
        """The value at an index, and the index behind it; `indent` is that of the line on which its name stands."""
        index = self.space(index)
        self.places.setdefault(at or ROOT, self.where(min(index, len(self.text))))
        char = self.char(index)
        unopened = char == '"' and self.begins_member(index)
        if unopened:
            self.wrong(at, index, "{ is missing before here")
        if char in ("{", "[") or unopened:
            if len(self.open) >= DEEPEST:
                self.wrong(at, index, "brackets are nested too deep")
                return _NOTHING, len(self.text)
            self.open.append("]" if char == "[" else "}")
            index = index if unopened else index + 1
            read = self.entries(index, at, indent) if char == "[" else self.members(index, at, indent)
            self.open.pop()
            return read
        if char in ('"', "'") and char:
            if char == "'":
                self.wrong(at, index, "texts stand in double quotes, not in single ones")
            return self.string(index, at)
        if hole := _HOLE.match(self.text, index):
            return hole.group(), hole.end()
        if number := _NUMBER.match(self.text, index):
            written = number.group()
            return (
                int(written) if written.lstrip("-").isdigit() and len(written) < 300 else float(written)
            ), number.end()
        if word := _WORD.match(self.text, index):
            return self.word(word.group(), index, word.end(), at)
        self.wrong(at, index, f"a value is expected, but {char} stands here" if char else "a value is missing")
        return _NOTHING, index if not char or char in ",]}" else self.past(index)

    def word(self, word: str, index: int, end: int, at: str) -> tuple[Json, int]:
        """A bare word; what Terraform computes keeps its words, as `${…}`."""
        if word in _WORDS:
            if word not in ("true", "false", "null"):
                self.wrong(at, index, f"{word} is no JSON value; write {word.lower().replace('none', 'null')}")
            return _WORDS[word], end
        if self.hcl and (self.char(end) == "(" or "." in word):
            end = self.past(end) if self.char(end) == "(" else end
            return "${" + self.text[index:end].strip() + "}", end
        self.wrong(at, index, f"{word} is no JSON value; texts need double quotes")
        return word, end + 1 if self.char(end) == '"' else end

    def begins_member(self, index: int) -> bool:
        """Does `"name":` stand here?"""
        return _MEMBER.match(self.text, index) is not None

    def past(self, index: int) -> int:
        """Behind what cannot be read: up to the next comma, bracket or line end; brackets inside it are passed as a whole."""
        depth = 0
        while index < len(self.text):
            char = self.text[index]
            if char == '"' and depth == 0:
                return index
            if char in "([{":
                depth += 1
            elif char in ")]}":
                if depth == 0:
                    return index + 1 if char == ")" else index
                depth -= 1
            elif (char == "," or char == "\n") and depth == 0:
                return index
            index += 1
        return index

    def closed(self, index: int, at: str) -> int | None:
        """The index behind the end of the innermost bracket, None while it goes on."""
        char = self.char(index)
        if not char:
            self.left_open = True
            self.wrong(at, index, f"the text ends too early; {self.open[-1]} is missing")
            return index
        if char in "}]":
            if char == self.open[-1]:
                return index + 1
            if char in self.open[:-1]:
                self.wrong(at, index, f"{char} closes nothing here; {self.open[-1]} is expected first")
                return index
        return None

    def outdented(self, index: int, at: str, indent: int) -> bool:
        """Does a line begin here that stands no deeper than the line that opened the bracket?"""
        if not self.by_indent or indent < 0 or self.indent(index) > indent:
            return False
        if self.where(index)[1] != self.indent(index) + 1:
            return False
        self.left_open = True
        self.wrong(at, index, f"{self.open[-1]} is missing before here")
        return True

    def indent(self, index: int) -> int:
        """How far the line of an index is indented."""
        begin = index - self.where(index)[1] + 1
        match = _INDENT.match(self.text, begin)
        return match.end() - begin if match else 0

    def members(self, index: int, at: str, indent: int) -> tuple[dict[str, Json], int]:
        found: dict[str, Json] = {}
        separated, before = True, index
        while True:
            index = self.space(index)
            end = self.closed(index, at)
            if end is not None:
                if separated and found and end > index and not self.hcl:
                    self.wrong(at, index, f"there is a comma too many before {self.char(index)}")
                return found, end
            char = self.char(index)
            if char == ",":
                if separated:
                    self.wrong(at, index, "there is a comma too many")
                separated, index = True, index + 1
                continue
            if char not in "}]" and self.outdented(index, at, indent):
                return found, index
            start = index
            if char in "\"'":
                if char == "'":
                    self.wrong(at, index, "names stand in double quotes, not in single ones")
                if (unclosed := _UNCLOSED.match(self.text, index)) and not self.begins_member(index):
                    self.wrong(at, index, f'a closing " is missing after {unclosed.group(1)}')
                    name, index = unclosed.group(1), unclosed.end() - 1
                else:
                    name, index = self.string(index, at, name=True)
            elif word := _WORD.match(self.text, index):
                name, index = word.group(), word.end()
                if self.char(self.space(index)) != "=":
                    index += self.char(index) == '"'
                    self.wrong(at, start, f"names stand in double quotes: {name}")
            else:
                self.wrong(at, index, f"a name in double quotes is expected, but {char} stands here")
                index = max(self.past(index), index + 1)
                continue
            if not separated and not (self.hcl and self.where(start)[0] > self.where(before)[0]):
                self.wrong(at, start, f'a comma is missing before "{name}"')
            index = self.space(index)
            place = f"{at}/{name}"
            self.places[place] = self.where(start)
            if self.char(index) in (":", "=") and self.char(index):
                self.hcl = self.hcl or self.char(index) == "="
                index += 1
            elif self.char(index) in ("", ",", "}", "]"):
                self.wrong(at, start, f'a value is missing after "{name}"')
                continue
            elif self.begins_member(index):
                continue  # a word that slipped in before a name
            else:
                self.wrong(at, index, f'a colon is missing after "{name}"')
            value, index = self.value(index, place, self.indent(start))
            if value is not _NOTHING:
                found[name] = value
            separated, before = False, index

    def entries(self, index: int, at: str, indent: int) -> tuple[list[Json], int]:
        found: list[Json] = []
        separated = True
        while True:
            index = self.space(index)
            end = self.closed(index, at)
            if end is not None:
                if separated and found and end > index and not self.hcl:
                    self.wrong(at, index, f"there is a comma too many before {self.char(index)}")
                return found, end
            char = self.char(index)
            if char == ",":
                if separated:
                    self.wrong(at, index, "there is a comma too many")
                separated, index = True, index + 1
                continue
            if char not in "}]" and self.outdented(index, at, indent):
                return found, index
            if char in "}]:=)(":
                self.wrong(at, index, f"{char} stands where a value is expected")
                index += 1
                continue
            if not separated:
                self.wrong(at, index, "a comma is missing")
            start = index
            value, index = self.value(index, f"{at}[{len(found)}]", self.indent(index))
            if index == start:
                index += 1
                continue
            if value is not _NOTHING:
                found.append(value)
            separated = False

    def string(self, index: int, at: str, name: bool = False) -> tuple[str, int]:
        """The string at its opening quote. One that is not closed on its line ends there, unless the next line goes on."""
        quote, start = self.text[index], index
        plain = _PLAIN if quote == '"' else _SINGLE
        parts: list[str] = []
        index += 1
        while index < len(self.text):
            if match := plain.match(self.text, index):
                parts.append(match.group())
                index = match.end()
                continue
            char = self.text[index]
            if char == quote:
                return "".join(parts), index + 1
            if char == "\n":
                following = self.char(self.space(index))
                if name or following in ('"', "}", "]", ""):
                    self.wrong(at, start, f"a closing {quote} is missing")
                    return "".join(parts).rstrip().rstrip(",:").rstrip(quote), index
                self.wrong(at, index, "a line break stands inside a string; write \\n")
                parts.append(char)
                index += 1
                continue
            escape = self.text[index + 1 : index + 2]
            code = self.text[index + 2 : index + 6]
            if escape == "u" and re.fullmatch(r"[0-9a-fA-F]{4}", code):
                parts.append(chr(int(code, 16)))
                index += 6
                continue
            if escape not in '"\\/bfnrtu' or not escape:
                self.wrong(at, index, f"\\{escape} is no escape of JSON; a backslash itself is written \\\\")
            parts.append(_ESCAPES.get(escape, escape))
            index += 2
        self.left_open = True
        self.wrong(at, start, f"a closing {quote} is missing")
        return "".join(parts), len(self.text)

"""JSON text read character by character: where each value stands, and what exactly is wrong with a text that is no JSON.

`json.loads` does the everyday reading. This reader is for the two things it does not tell: the place of a value given its
pointer, and the kind of a mistake. A mistake is told twice: in a sentence that says what would be right (`sentence`), and
in the words of Jackson (`jackson`), the parser whose texts the service passes on when a definition is created.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from engine.pointer import ROOT

DEEPEST = 500
_SPACE = re.compile(r"[ \t\r\n]*")
_TEXT = re.compile(r'[^"\\\x00-\x1f]*')
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_ESCAPES = frozenset('"\\/bfnrt')
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_LITERALS = {"t": "true", "f": "false", "n": "null"}
_LONGEST_TOKEN = 256
_REMEMBERED = 400_000
"""Characters of a text whose places are worth keeping."""

Kind = Literal[
    "value",  # something that cannot begin a value
    "token",  # a bare word
    "comma",  # an entry that no comma separates from the one before
    "name",  # something else than a quoted name in an object
    "colon",  # no colon behind a name
    "close",  # the wrong closing bracket
    "end",  # the text ends too early
    "end in text",
    "end in name",
    "end in entries",
    "control",  # a control character inside a string
    "escape",  # an unknown escape
    "hex",  # \u without four hex digits
    "number",
    "deep",
]


class Broken(Exception):
    """The first mistake of a text. `index` is behind the character that did not fit, where Jackson counts columns."""

    def __init__(
        self,
        kind: Kind,
        index: int,
        found: str = "",
        within: str = "root",
        opened: int = 0,
        after: int = 0,
        note: str = "",
    ) -> None:
        super().__init__(kind, index)
        self.kind = kind
        self.index = index
        self.found = found
        self.within = within
        """`Object`, `Array` or `root`."""
        self.opened = opened
        """Index of the bracket that opened it."""
        self.after = after
        """Index behind the last thing that was right."""
        self.note = note


@dataclass(frozen=True, slots=True)
class Lines:
    """Turns an index of a text into line and column, both from 1."""

    starts: list[int] = field(repr=False)

    def __call__(self, index: int) -> tuple[int, int]:
        line = bisect_right(self.starts, index)
        return line, index - self.starts[line - 1] + 1


def lines(text: str) -> Lines:
    """Where each line of a text starts. A lone carriage return ends a line too."""
    return Lines([0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", text))])


@dataclass(slots=True)
class _Open:
    within: str
    at: str
    start: int
    count: int = 0
    name: str = ""


@dataclass(slots=True)
class Places:
    """What a reading found: the index of each value and of each member's name, by pointer; and where they end."""

    values: dict[str, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    ends: dict[str, int] = field(default_factory=dict)
    """Indices behind the values."""
    name_ends: dict[str, int] = field(default_factory=dict)
    twice: list[tuple[str, int]] = field(default_factory=list)
    """Names that stand in their object a second time, and where."""
    holes: list[tuple[int, int]] = field(default_factory=list)
    """Bare `${…}` in the place of a value: from where to where."""
    end: int = 0
    """Index behind the value."""


def places(text: str, holes: bool = False) -> Places:
    """Read a text. With `holes`, a bare `${…}` is accepted as a value.

    Raises:
        Broken: the text is no JSON. What follows the first value is not looked at.
    """
    return _known(text, holes) if len(text) <= _REMEMBERED else _read(text, holes)


@lru_cache(maxsize=4)
def _known(text: str, holes: bool) -> Places:
    """An edit asks for the places of a text that was just shown, and again for those of the one that it makes."""
    return _read(text, holes)


def mistake(text: str) -> Broken | None:
    """The first thing that is wrong with a text, None for a JSON text."""
    try:
        _read(text, False)
    except Broken as broken:
        return broken
    return None


def _read(text: str, holes: bool) -> Places:
    read = Places()
    found = read.values
    stack: list[_Open] = []
    at = ""
    index = after = 0
    while True:
        index = _space(text, index)
        # A value begins here; `at` is its pointer.
        if index >= len(text):
            raise _at_end(stack, index, after)
        found[at or ROOT] = index
        first = text[index]
        if first in "{[":
            if len(stack) >= DEEPEST:
                raise Broken("deep", index + 1, first)
            stack.append(_Open("Object" if first == "{" else "Array", at, index))
            index = after = index + 1
        elif holes and text.startswith("${", index) and "}" in text[index:]:
            end = text.index("}", index) + 1
            read.holes.append((index, end))
            index = after = read.ends[at or ROOT] = end
        else:
            index = after = read.ends[at or ROOT] = _scalar(text, index, stack, after)
        # A value (or an opening bracket) is done: close brackets, then find the next entry.
        while True:
            if not stack:
                read.end = index
                return read
            top = stack[-1]
            index = _space(text, index)
            if index >= len(text):
                raise Broken("end", index, "", top.within, top.start, after)
            char = text[index]
            if char in "}]":
                if char != ("}" if top.within == "Object" else "]"):
                    raise Broken("close", index + 1, char, top.within, top.start, after)
                stack.pop()
                index = after = read.ends[top.at or ROOT] = index + 1
                continue
            if top.count:
                if char != ",":
                    raise Broken("comma", index + 1, char, top.within, top.start, after)
                index = _space(text, index + 1)
                if index >= len(text):
                    raise Broken("end in entries", index, "", top.within, top.start, after)
            break
        top = stack[-1]
        if top.within == "Object":
            start = index
            if text[index] != '"':
                raise Broken("name", index + 1, text[index], top.within, top.start, after)
            name, index = _string(text, index + 1, "name")
            after = index
            at = f"{top.at}/{name}"
            read.name_ends[at] = index
            if at in read.names:
                read.twice.append((at, start))
            read.names[at] = start
            index = _space(text, index)
            if index >= len(text):
                raise Broken("end in entries", index, "", top.within, top.start, after)
            if text[index] != ":":
                raise Broken("colon", index + 1, text[index], top.within, top.start, after, note=name)
            index = after = index + 1
        else:
            at = f"{top.at}[{top.count}]"
        top.count += 1


def _space(text: str, index: int) -> int:
    match = _SPACE.match(text, index)
    return match.end() if match else index


def _at_end(stack: list[_Open], index: int, after: int) -> Broken:
    if not stack:
        return Broken("end", index)
    return Broken("end in entries", index, "", stack[-1].within, stack[-1].start, after)


def _scalar(text: str, index: int, stack: list[_Open], after: int) -> int:
    """The index behind a string, number or literal."""
    char = text[index]
    within = stack[-1].within if stack else "root"
    opened = stack[-1].start if stack else 0
    if char == '"':
        return _string(text, index + 1, "text")[1]
    if char == "-" or (char.isdecimal() and char.isascii()):
        return _number(text, index)
    if char in _LITERALS:
        word = _LITERALS[char]
        matched = 1
        while matched < len(word) and text[index + matched : index + matched + 1] == word[matched]:
            matched += 1
        end = index + matched
        if matched == len(word) and not _names_on(text[end : end + 1]):
            return end
        raise _token(text, index, end, within, opened, after)
    if char == "_" or char == "$" or char.isalpha():
        raise _token(text, index, index + 1, within, opened, after)
    raise Broken("value", index + 1, char, within, opened, after)


def _token(text: str, start: int, end: int, within: str, opened: int, after: int) -> Broken:
    while end < len(text) and _names_on(text[end]) and end - start < _LONGEST_TOKEN:
        end += 1
    dots = "..." if end - start >= _LONGEST_TOKEN else ""
    return Broken("token", end, text[start:end] + dots, within, opened, after)


def _names_on(char: str) -> bool:
    """Is this a character that a Java identifier can go on with?"""
    return bool(char) and (char in "_$" or char.isalnum())


def _number(text: str, index: int) -> int:
    match = _NUMBER.match(text, index)
    end = match.end() if match else index
    following = text[end : end + 1]
    if match is None:  # a minus sign without a digit
        end = index + 1
        following = text[end : end + 1]
        raise Broken(
            "number",
            end + 1 if following else end,
            following,
            note="expected digit (0-9) to follow minus sign, for valid numeric value",
        )
    if following.isdecimal() and text[end - 1] == "0" and text[index:end] in ("0", "-0"):
        raise Broken("number", end + 1, following, note="Leading zeroes not allowed")
    if following == ".":
        raise Broken("number", end + 2, text[end + 1 : end + 2], note="Decimal point not followed by a digit")
    if following in ("e", "E") and following:
        sign = 1 if text[end + 1 : end + 2] in ("+", "-") else 0
        raise Broken(
            "number",
            end + 2 + sign,
            text[end + 1 + sign : end + 2 + sign],
            note="Exponent indicator not followed by a digit",
        )
    return end


def _string(text: str, index: int, what: Literal["text", "name"]) -> tuple[str, int]:
    """The string that begins behind its opening quote, and the index behind its closing one."""
    parts: list[str] = []
    while True:
        match = _TEXT.match(text, index)
        end = match.end() if match else index
        parts.append(text[index:end])
        if end >= len(text):
            raise Broken("end in text" if what == "text" else "end in name", end, after=index)
        char = text[end]
        if char == '"':
            return "".join(parts), end + 1
        if char != "\\":
            raise Broken("control", end + 1, char, note="string value" if what == "text" else "name")
        escape = text[end + 1 : end + 2]
        if escape == "u":
            code = text[end + 2 : end + 6]
            if not re.fullmatch(r"[0-9a-fA-F]{4}", code):
                wrong = next(
                    (place for place, digit in enumerate(code) if digit not in "0123456789abcdefABCDEF"), len(code)
                )
                raise Broken("hex", end + 3 + wrong, code[wrong : wrong + 1])
            parts.append(chr(int(code, 16)))
            index = end + 6
        elif escape in _ESCAPES and escape:
            parts.append(_ESCAPED.get(escape, escape))
            index = end + 2
        elif escape:
            raise Broken("escape", end + 2, escape)
        else:
            raise Broken("end in text", end + 1, after=index)

"""Definitions inside Terraform: heredocs with JSON, and values written for `jsonencode`.

Only the value is read, not the configuration around it: what Terraform computes (references, function calls, conditions)
becomes text with `${…}`, which is tolerated everywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from engine.jsontext import lines
from engine.values import Json

_RESOURCE = re.compile(r'resource\s+"aws_sfn_state_machine"\s+"([^"]*)"\s*\{')
_DEFINITION = re.compile(r"^[ \t]*definition\s*=\s*", re.MULTILINE)
_HEREDOC = re.compile(r"<<[-~]?\s*\"?(\w+)\"?[ \t]*\r?\n")
_ENCODE = re.compile(r"jsonencode\s*\(")
_LOCAL = re.compile(r"local\.([A-Za-z_][\w-]*)[ \t]*(?=$|#|//)", re.MULTILINE)
_FILE = re.compile(r'\b(file|templatefile)\(\s*"((?:[^"\\\n]|\\.)*)"')
_COMMA = re.compile(r"\s*,\s*")
_SKIP = re.compile(r"(?:[ \t\r\n,]+|#[^\n]*|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_SPACE = re.compile(r"(?:[ \t\r\n]+|#[^\n]*|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][\w.-]*")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?=[\s,\]})]|$)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}
_PAIRS = {"(": ")", "[": "]", "{": "}"}
DEEPEST = 200


class BadTerraform(Exception):
    """A value that cannot be read. `line` and `column` from 1."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Found:
    """One machine: JSON `text` that begins on `line`, or a `value` with its places."""

    name: str | None
    text: str | None = None
    line: int = 1
    value: Json = None
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    elsewhere: str | None = None
    """The file that holds the definition, or what Terraform computes it from; then there is neither text nor value."""
    wrong: BadTerraform | None = None
    """Why there is none."""
    substitutions: dict[str, Json] = field(default_factory=dict)
    """The variables of a `templatefile`."""
    start: int = 0
    """Index of the definition in the text."""


def machines(text: str) -> list[Found]:
    """The machines of a file, or the one value when the text is nothing else. Never raises."""
    if text.lstrip().startswith("{"):
        return [_value(text, 0, None)]
    found: list[Found] = []
    starts = [(match.group(1), match.end()) for match in _RESOURCE.finditer(text)]
    for index, (name, start) in enumerate(starts):
        end = starts[index + 1][1] if index + 1 < len(starts) else len(text)
        definition = _DEFINITION.search(text, start, end)
        if definition is not None:
            found.append(_definition(text, name, definition.end(), end))
    return found


def _definition(text: str, name: str, here: int, end: int) -> Found:
    """The definition that stands at an index; that of a `local` stands where the local is set."""
    if named := _LOCAL.match(text, here):
        set_ = re.compile(rf"^[ \t]*{re.escape(named.group(1))}[ \t]*=[ \t]*", re.MULTILINE).search(text)
        if set_ is not None:
            here, end = set_.end(), len(text)
    if heredoc := _HEREDOC.match(text, here):
        closing = re.compile(rf"^[ \t]*{heredoc.group(1)}[ \t]*$", re.MULTILINE).search(text, heredoc.end())
        body = text[heredoc.end() : closing.start() if closing else end]
        body = body.replace("$${", "${").replace("%%{", "%{")
        return Found(name, body, text.count("\n", 0, heredoc.end()) + 1)
    if encode := _ENCODE.match(text, here):
        return _value(text, encode.end(), name)
    written = text[here:end].partition("\n")[0].strip()
    away = BadTerraform(f"the definition of {name} comes from {written}; open the file it names", *lines(text)(here))
    file = _FILE.search(text, here, end if end < here + 500 else here + 500)
    known: dict[str, Json] = {}
    if file is not None and file.group(1) == "templatefile" and (comma := _COMMA.match(text, file.end())):
        try:
            value, _ = _Reader(text).value(comma.end(), "", 0)
            known = value if isinstance(value, dict) else {}
        except BadTerraform:
            pass
    place = file.group(2) if file is not None and file.start() < here + len(written) + 40 else written
    return Found(name, elsewhere=place, wrong=away, substitutions=known, start=here)


def _value(text: str, start: int, name: str | None) -> Found:
    reader = _Reader(text)
    try:
        value, _ = reader.value(start, "", 0)
    except BadTerraform as wrong:
        return Found(name, wrong=wrong, start=start)
    return Found(name, None, 1, value, reader.places)


class _Reader:
    """Reads one HCL value; keeps the places of what it met."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.where = lines(text)
        self.places: dict[str, tuple[int, int]] = {}

    def wrong(self, index: int, message: str) -> BadTerraform:
        return BadTerraform(message, *self.where(min(index, max(0, len(self.text) - 1))))

    def skip(self, index: int, commas: bool = False) -> int:
        match = (_SKIP if commas else _SPACE).match(self.text, index)
        return match.end() if match else index

    def value(self, index: int, at: str, depth: int) -> tuple[Json, int]:
        """The value at an index and the index behind it."""
        index = self.skip(index)
        self.places.setdefault(at or "/", self.where(index))
        if depth > DEEPEST:
            raise self.wrong(index, f"values are nested more than {DEEPEST} deep")
        char = self.text[index : index + 1]
        if char == "{":
            return self.mapping(index + 1, at, depth)
        if char == "[":
            return self.sequence(index + 1, at, depth)
        if char == '"':
            value, end = self.string(index + 1)
            if self.operates(end):
                return self.expression(index)
            return value, end
        number = _NUMBER.match(self.text, index)
        if number:
            written = number.group()
            return (int(written) if re.fullmatch(r"-?\d{1,300}", written) else float(written)), number.end()
        for word, constant in (("true", True), ("false", False), ("null", None)):
            if re.match(rf"{word}\b(?!\.)", self.text[index : index + 6]):
                return constant, index + len(word)
        return self.expression(index)

    def operates(self, index: int) -> bool:
        return bool(re.match(r"[ \t]*(?:\?|==|!=|&&|\|\||\.)", self.text[index : index + 20]))

    def mapping(self, index: int, at: str, depth: int) -> tuple[dict[str, Json], int]:
        found: dict[str, Json] = {}
        while True:
            index = self.skip(index, commas=True)
            char = self.text[index : index + 1]
            if not char:
                raise self.wrong(index, "the text ends too early; } is missing")
            if char == "}":
                return found, index + 1
            start = index
            if char == '"':
                name, index = self.string(index + 1)
            elif char == "(":
                end = self.closing(index)
                name, index = f"${{{self.text[index + 1 : end - 1].strip()}}}", end
            else:
                match = _NAME.match(self.text, index)
                if match is None:
                    raise self.wrong(index, f"a name is expected, but {char} stands here")
                name, index = match.group(), match.end()
            index = self.skip(index)
            if self.text[index : index + 1] not in ("=", ":"):
                raise self.wrong(index, f"= is missing after {name}")
            place = f"{at}/{name}"
            self.places[place] = self.where(start)
            found[name], index = self.value(index + 1, place, depth + 1)

    def sequence(self, index: int, at: str, depth: int) -> tuple[list[Json], int]:
        found: list[Json] = []
        while True:
            index = self.skip(index, commas=True)
            char = self.text[index : index + 1]
            if not char:
                raise self.wrong(index, "the text ends too early; ] is missing")
            if char == "]":
                return found, index + 1
            entry, index = self.value(index, f"{at}[{len(found)}]", depth + 1)
            found.append(entry)

    def string(self, index: int) -> tuple[str, int]:
        """A quoted text behind its first quote; `${…}` is kept as it is, whatever quotes it has inside."""
        parts: list[str] = []
        start = index
        while index < len(self.text):
            char = self.text[index]
            if char == '"':
                return "".join(parts), index + 1
            if self.text.startswith(("$${", "%%{"), index):
                parts.append(self.text[index + 1 : index + 3])
                index += 3
            elif self.text.startswith("${", index):
                end = self.closing(index + 1)
                parts.append(self.text[index:end])
                index = end
            elif char == "\\":
                escape = self.text[index + 1 : index + 2]
                parts.append(_ESCAPES.get(escape, "\\" + escape))
                index += 2
            else:
                parts.append(char)
                index += 1
        raise self.wrong(start - 1, 'a closing " is missing')

    def closing(self, index: int) -> int:
        """The index behind the bracket that closes the one at `index`."""
        open_ = [_PAIRS[self.text[index]]]
        here = index + 1
        while here < len(self.text):
            char = self.text[here]
            if char == '"':
                _, here = self.string(here + 1)
                continue
            if char in _PAIRS:
                open_.append(_PAIRS[char])
                if len(open_) > DEEPEST:
                    raise self.wrong(here, f"values are nested more than {DEEPEST} deep")
            elif char == open_[-1]:
                open_.pop()
                if not open_:
                    return here + 1
            here += 1
        raise self.wrong(index, f"{open_[0]} is missing")

    def expression(self, index: int) -> tuple[str, int]:
        """Whatever Terraform computes, as `${…}`: up to the comma, line end or bracket that ends it."""
        here = index
        while here < len(self.text):
            char = self.text[here]
            if char == '"':
                _, here = self.string(here + 1)
            elif char in _PAIRS:
                here = self.closing(here)
            elif char in ",)]}\n#":
                break
            else:
                here += 1
        written = self.text[index:here].strip()
        if not written:
            raise self.wrong(index, "a value is missing")
        return f"${{{written}}}", here

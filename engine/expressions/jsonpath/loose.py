"""JSON as json-smart reads it in its permissive mode: single quotes, words without quotes, stray commas.

Filters and function arguments hold such JSON (`['a','b']`, `[red, green]`). Only what stands in paths is read this way,
never a document.
"""

from __future__ import annotations

import json
import re

from engine.values import Json

from .java import unescape

_NUMBER = re.compile(r"-?\d+(\.\d*)?([eE][+-]?\d+)?")
_WORDS: dict[str, Json] = {"true": True, "false": False, "null": None, "-": 0}
_DEEPEST = 100


class LooseError(ValueError):
    """Not even permissively JSON."""


def loads(text: str) -> Json:
    """The value; what follows a complete one is passed over. Raises LooseError."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    value, _ = _value(text, _blank(text, 0), "", 0)
    return value


def _end(text: str) -> LooseError:
    return LooseError(f"Unexpected End Of File position {len(text) - 1}: null")


def _blank(text: str, index: int) -> int:
    while index < len(text) and text[index] in " \t\r\n":
        index += 1
    return index


def _value(text: str, index: int, stops: str, depth: int) -> tuple[Json, int]:
    if index >= len(text):
        raise _end(text)
    if depth > _DEEPEST:
        raise LooseError("nested too deeply")
    character = text[index]
    if character == "{":
        return _object(text, index + 1, depth)
    if character == "[":
        return _array(text, index + 1, depth)
    if character in "'\"":
        return _string(text, index)
    start = index
    while index < len(text) and text[index] not in stops:
        index += 1
    return _word(text[start:index].strip()), index


def _word(word: str) -> Json:
    if word in _WORDS:
        return _WORDS[word]
    number = _NUMBER.fullmatch(word)
    if number is None:
        return word
    return float(word) if any(mark in word for mark in ".eE") else int(word)


def _string(text: str, index: int) -> tuple[str, int]:
    quote = text[index]
    start = index + 1
    index = start
    while index < len(text) and text[index] != quote:
        index += 2 if text[index] == "\\" else 1
    if index >= len(text):
        raise _end(text)
    try:
        return unescape(text[start:index]), index + 1
    except ValueError as bad:
        raise LooseError(str(bad)) from None


def _array(text: str, index: int, depth: int) -> tuple[list[Json], int]:
    items: list[Json] = []
    while True:
        index = _blank(text, index)
        if text[index : index + 1] == "]":
            return items, index + 1
        if text[index : index + 1] == ",":
            index += 1
            continue
        item, index = _value(text, index, ",]", depth + 1)
        items.append(item)


def _object(text: str, index: int, depth: int) -> tuple[dict[str, Json], int]:
    members: dict[str, Json] = {}
    while True:
        index = _blank(text, index)
        if text[index : index + 1] == "}":
            return members, index + 1
        if text[index : index + 1] == ",":
            index += 1
            continue
        if text[index : index + 1] in ("'", '"'):
            name, index = _string(text, index)
        else:
            start = index
            while index < len(text) and text[index] not in ":,}":
                index += 1
            name = text[start:index].strip()
        index = _blank(text, index)
        if index >= len(text) or text[index] in "},":
            raise _end(text)
        if text[index] != ":":
            raise LooseError(f"Unexpected character ({text[index]}) at position {index - 1}.")
        members[name], index = _value(text, _blank(text, index + 1), ",}", depth + 1)
        index = _blank(text, index)
        if index >= len(text):
            raise _end(text)
        if text[index] not in ",}":
            raise LooseError(f"Unexpected token {text[index]} at position {index - 1}.")

"""Text to tokens, in the dialect of Jayway JsonPath 2.10 and with its messages.

The compiler walks the text once and decides at every step by the next character, as Jayway does, because what it makes of
odd texts follows from that walk: after `.length()` it stands *on* the closing parenthesis, so that `.length().a` reads a
property named `)`; a text without `$` in front is read as if `$.` stood there; blanks around a path do not count.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from .brackets import array, bracket_names, wildcard
from .cursor import Cursor
from .filters import parse_filter
from .problems import InvalidPath, Slip
from .tokens import Argument, Call, Filter, JsonArgument, Property, Route, Scan, Token, Wildcard, invert

_T = TypeVar("_T")

LONGEST = 10_000
"""Characters of a path. Step Functions takes definitions of 1 MB; no path in them is near this."""
MOST_TOKENS = 150
"""Tokens of a path that is not a plain chain of names and indices, filters' own paths not counted."""
MOST_NESTED = 40
"""Filters within paths within filters."""


class Reading:
    """What all parts of one path share while it is compiled: leniency, and how deep filters are nested."""

    __slots__ = ("depth", "lenient", "used")

    def __init__(self, lenient: bool) -> None:
        self.lenient = lenient
        self.used = False
        self.depth = 0


def compile_route(text: str, reading: Reading) -> Route:
    """The path as a `Route`. Raises InvalidPath in Jayway's words."""
    cursor = Cursor(text)
    try:
        cursor.trim()
        if cursor.at(0) not in "$@":
            cursor = Cursor("$." + text)
            cursor.trim()
        if cursor.last_is("."):
            raise InvalidPath("Path must not end with a '.' or '..'")
        return _route(cursor, reading)
    except Slip as slip:
        raise InvalidPath(slip.text) from None


def _route(cursor: Cursor, reading: Reading) -> Route:
    while cursor.inside() and cursor.current() in " \t\n\r":
        cursor.position += 1
    root = cursor.current()
    if root not in "$@":
        raise InvalidPath("Path must start with '$' or '@'")
    tokens: list[Token] = []
    if not cursor.is_tail():
        cursor.position += 1
        if cursor.current() not in ".[":
            raise InvalidPath(f"Illegal character at position {cursor.position} expected '.' or '['")
        _read_tokens(cursor, tokens, reading)
    is_function = bool(tokens) and isinstance(tokens[-1], Call)
    return invert(Route(root, tuple(tokens), from_document=root == "$", is_function=is_function))


def _read_tokens(cursor: Cursor, tokens: list[Token], reading: Reading) -> None:
    while True:
        dotted = cursor.current() == "."
        if dotted:
            _read_dots(cursor, tokens)
        _read_token(cursor, tokens, reading)
        if cursor.is_tail():
            return


def _read_dots(cursor: Cursor, tokens: list[Token]) -> None:
    if cursor.inside(cursor.position + 1) and cursor.at(cursor.position + 1) == ".":
        tokens.append(Scan())
        cursor.position += 2
    elif cursor.is_tail():
        raise InvalidPath("Path must not end with a '.")
    else:
        cursor.position += 1
    if cursor.current() == ".":
        raise InvalidPath(f"Character '.' on position {cursor.position} is not valid.")


def _read_token(cursor: Cursor, tokens: list[Token], reading: Reading) -> None:
    character = cursor.current()
    token: Token | None
    if character == "[":
        token = bracket_names(cursor) or array(cursor) or wildcard(cursor) or _filter(cursor, reading)
        if token is None:
            _refuse_placeholder(cursor)
            raise InvalidPath(f"Could not parse token starting at position {cursor.position}. Expected ?, ', 0-9, * ")
    elif character == "*":
        cursor.position += 1
        token = Wildcard()
    elif character == " ":
        raise InvalidPath(f"Could not parse token starting at position {cursor.position}")
    else:
        token = _name_or_call(cursor, reading)
    tokens.append(token)


# --- names and calls -------------------------------------------------------------------------------------------------


def _name_or_call(cursor: Cursor, reading: Reading) -> Token:
    start = index = cursor.position
    while cursor.inside(index) and cursor.text[index] not in ".[(":
        if cursor.text[index] == " ":
            raise InvalidPath(
                "Use bracket notion ['my prop'] if your property contains blank characters. position: "
                f"{cursor.position}"
            )
        index += 1
    name = cursor.slice(start, index)
    if not (cursor.inside(index) and cursor.text[index] == "("):
        cursor.position = index
        return Property((name,))
    _check_closed(cursor, index, name)
    if cursor.at(index + 1) == ")":
        cursor.position = index + 1
        return Call(name, None)
    cursor.position = index + 1
    return Call(name, tuple(_arguments(cursor, name, reading)))


def _check_closed(cursor: Cursor, start: int, name: str) -> None:
    depth = 0
    for index in range(start, cursor.length):
        if cursor.text[index] == ")":
            depth -= 1
        elif cursor.text[index] == "(":
            depth += 1
        if depth == 0:
            return
    raise InvalidPath(f"Arguments to function: '{name}' are not closed properly.")


def _arguments(cursor: Cursor, name: str, reading: Reading) -> list[Argument]:
    """Arguments are paths, or JSON that begins with a brace, a digit, a minus or a double quote; all else is passed
    over in silence, single-quoted strings among it."""
    found: list[Argument] = []
    kind = ""
    part: list[str] = []
    parens, brackets, braces, quotes = 1, 0, 0, 0
    previous = ""
    closed = False
    while cursor.inside() and not closed:
        character = cursor.current()
        cursor.position += 1
        if not kind:
            if character in " \t\n\r":
                continue
            if character in '{"-' or character.isdigit():
                kind = "json"
            elif character in "$@":
                kind = "path"
        if character == '"':
            quotes += -1 if previous != "\\" and quotes > 0 else 1
        elif character == "(":
            parens += 1
        elif character == "{":
            braces += 1
        elif character == "[":
            brackets += 1
        elif character == "}":
            if braces == 0:
                raise InvalidPath(f"Unexpected close brace '}}' at character position: {cursor.position}")
            braces -= 1
        elif character == "]":
            if brackets == 0:
                raise InvalidPath(f"Unexpected close bracket ']' at character position: {cursor.position}")
            brackets -= 1
        elif character == ")":
            parens -= 1
            if parens < 0 or previous == "(":
                part.append(character)
        if character in "),":
            at_end = parens == 0 and character == ")"
            if quotes == 0 and braces == 0 and brackets == 0 and (at_end or parens == 1):
                closed = parens == 0
                if kind:
                    found.append(_argument(kind, "".join(part), reading))
                    part.clear()
                    kind = ""
        if kind and not (character == "," and braces == 0 and brackets == 0 and parens == 1):
            part.append(character)
        previous = character
    if braces or parens or brackets:
        raise InvalidPath(f"Arguments to function: '{name}' are not closed properly.")
    return found


def _argument(kind: str, text: str, reading: Reading) -> Argument:
    return JsonArgument(text) if kind == "json" else _nested(reading, lambda: _route(Cursor(text), reading))


# --- filters ----------------------------------------------------------------------------------------------------------


def _filter(cursor: Cursor, reading: Reading) -> Filter | None:
    begin = cursor.position
    question = cursor.index_of_next_significant(begin, "?")
    if question == -1:
        return None
    opening = cursor.index_of_next_significant(question, "(")
    if opening == -1:
        return None
    closing = cursor.index_of_closing(opening, "(", ")", strings=True, regexes=True)
    if closing == -1 or cursor.next_significant(closing) != "]":
        return None
    end = cursor.index_of_next_significant(closing, "]") + 1
    criteria = cursor.slice(begin, end)
    condition = _nested(reading, lambda: parse_filter(criteria, reading, lambda text: compile_route(text, reading)))
    cursor.position = end
    return Filter(condition)


def _refuse_placeholder(cursor: Cursor) -> None:
    """`[?]` stands for a predicate given from outside. There is none here, so it is always refused."""
    question = cursor.index_of_next_significant(cursor.position, "?")
    if question == -1 or cursor.next_significant(question) not in "],":
        return
    stop = cursor.index_of(cursor.position + 1, "]")
    if stop != -1:
        expression = cursor.slice(cursor.position + 1, stop)
        raise InvalidPath(f"Not enough predicates supplied for filter [{expression}] at position {cursor.position}")


def _nested(reading: Reading, read: Callable[[], _T]) -> _T:
    reading.depth += 1
    if reading.depth > MOST_NESTED:
        raise InvalidPath(f"Filters are nested more than {MOST_NESTED} deep")
    try:
        return read()
    finally:
        reading.depth -= 1

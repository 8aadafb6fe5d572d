"""What may stand in brackets, filters excepted: quoted names, indices, slices, the wildcard.

Each reader looks whether its kind stands here, steps over it and gives its token, or gives None and stays.
"""

from __future__ import annotations

import re

from .cursor import Cursor
from .java import unescape
from .problems import InvalidPath, Slip
from .tokens import Indices, Property, Slice, Wildcard


def bracket_names(cursor: Cursor) -> Property | None:
    """`['a']`, `["a","b"]`: one kind of quote for all of them. None if no name stands here."""
    quote = cursor.next_significant()
    if quote not in "'\"":
        return None
    names: list[str] = []
    start = index = cursor.position + 1
    end = 0
    in_name = escaped = after_comma = False
    while cursor.inside(index):
        character = cursor.text[index]
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == "]" and not in_name:
            if after_comma:
                raise InvalidPath(f"Found empty property at index {index}")
            break
        elif character == quote:
            if in_name:
                if cursor.next_significant(index) not in "],":
                    raise InvalidPath(
                        "Property must be separated by comma or Property must be terminated close square bracket "
                        f"at index {index}"
                    )
                end = index
                names.append(_unescaped(cursor.slice(start, end)))
                in_name = False
            else:
                start = index + 1
                in_name = True
                after_comma = False
        elif character == "," and not in_name:
            if after_comma:
                raise InvalidPath(f"Found empty property at index {index}")
            after_comma = True
        index += 1
    if in_name:
        raise InvalidPath(f"Property has not been closed - missing closing {quote}")
    closing = cursor.index_of_next_significant(end, "]")
    if closing == -1:
        raise InvalidPath("Property has not been closed - missing closing ]")
    cursor.position = closing + 1
    if not names:
        raise InvalidPath("Empty properties")
    return Property(tuple(names), quote)


def _unescaped(name: str) -> str:
    try:
        return unescape(name)
    except ValueError as bad:
        raise Slip(f"com.jayway.jsonpath.JsonPathException: Unable to parse unicode value: {bad}") from None


def array(cursor: Cursor) -> Indices | Slice | None:
    """`[0]`, `[0,-1]`, `[1:]`. None if there is more than digits, signs, commas and colons."""
    following = cursor.next_significant()
    if not following.isdigit() and following not in "-:":
        return None
    stop = cursor.index_of(cursor.position + 1, "]")
    if stop == -1:
        return None
    expression = cursor.slice(cursor.position + 1, stop).strip()
    if not all(character.isdigit() or character in ",-: " for character in expression):
        return None
    token = _slice(expression) if ":" in expression else _indices(expression)
    cursor.position = stop + 1
    return token


def _slice(expression: str) -> Slice:
    problem = InvalidPath(f"Failed to parse SliceOperation: {expression}")
    if "," in expression or " " in expression:
        raise problem
    parts = expression.split(":")
    start = _integer(parts[0]) if parts[0] else None
    stop = _integer(parts[1]) if len(parts) > 1 and parts[1] else None
    if start is None and stop is None:
        raise problem
    return Slice(start, stop)


def _indices(expression: str) -> Indices:
    numbers = []
    for part in re.split(r"\s*,\s*", expression):
        try:
            numbers.append(_integer(part))
        except Slip:
            raise InvalidPath(f"Failed to parse token in ArrayIndexOperation: {part}") from None
    return Indices(tuple(numbers))


def _integer(text: str) -> int:
    if re.fullmatch(r"-?\d{1,10}", text) and -(2**31) <= int(text) < 2**31:
        return int(text)
    raise Slip(f'java.lang.NumberFormatException: For input string: "{text}"')


def wildcard(cursor: Cursor) -> Wildcard | None:
    """`[*]`."""
    if cursor.next_significant() != "*":
        return None
    star = cursor.index_of_next_significant(cursor.position, "*")
    if cursor.next_significant(star) != "]":
        raise InvalidPath(f"Expected wildcard token to end with ']' on position {star + 1}")
    cursor.position = cursor.index_of_next_significant(star, "]") + 1
    return Wildcard()

"""The text of a filter, `[?(…)]`, to a condition.

    or         = and { "||" and }
    and        = operand { "&&" operand }
    operand    = "!" operand | "(" or ")" | expression
    expression = value operator value | path            (a path alone asks whether it is there)

An expression that cannot be read to its end is read again as a path alone; what then stands where a `)` should stand is
what the message speaks of. That is why `@.a == b` is refused with "Expected character: )": an unquoted word is no value.

*Lenient* reading takes such a word as a string. Published workflows have them, and older versions of the library behind
Step Functions let some through; whoever asks for leniency warns the author.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Protocol

import regex

from .cursor import Cursor
from .java import unescape
from .operands import OPERATORS, Tree
from .patterns import compile_pattern
from .problems import InvalidPath, Slip
from .tokens import AllOf, AnyOf, Comparison, Condition, Exists, Literal, Not, Operand, PathOperand, Route

MOST_BRACKETS = 60
_FLAGS = "dixmsuU"
_WORD = re.compile(r"[^\s()\[\]{}&|=<>!~,'\"/@$][^()\[\]{}&|=<>!~,'\"]*")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,9})?")

CompilePath = Callable[[str], Route]


class Leniency(Protocol):
    """Whether unquoted words are taken, and whether one was."""

    lenient: bool
    used: bool


def parse_filter(text: str, leniency: Leniency, compile_path: CompilePath) -> Condition:
    """`text` with its brackets, `[?(…)]`, as a condition. Raises InvalidPath."""
    cursor = Cursor(text)
    cursor.trim()
    if not cursor.current_is("[") or not cursor.last_is("]"):
        raise InvalidPath(f"Filter must start with '[' and end with ']'. {text}")
    cursor.position += 1
    cursor.end -= 1
    cursor.trim()
    if not cursor.current_is("?"):
        raise InvalidPath(f"Filter must start with '[?' and end with ']'. {text}")
    cursor.position += 1
    cursor.trim()
    if not cursor.current_is("(") or not cursor.last_is(")"):
        raise InvalidPath(f"Filter must start with '[?(' and end with ')]'. {text}")
    try:
        condition = _FilterReader(cursor, leniency, compile_path).read_or()
        cursor.skip_blanks()
        if cursor.inside():
            rest = cursor.slice(cursor.position, cursor.length)
            raise InvalidPath(f"Expected end of filter expression instead of: {rest}")
        return condition
    except Slip:
        raise InvalidPath(
            f"Failed to parse filter: {text}, error on position: {cursor.position}, char: {cursor.current()}"
        ) from None


class _FilterReader:
    """Recursive descent over one filter; a class because every step shares the cursor."""

    def __init__(self, cursor: Cursor, leniency: Leniency, compile_path: CompilePath) -> None:
        self.cursor = cursor
        self.leniency = leniency
        self.compile_path = compile_path
        self.depth = 0

    # --- logic ---

    def read_or(self) -> Condition:
        parts = [self.read_and()]
        while self._continues("||"):
            parts.append(self.read_and())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def read_and(self) -> Condition:
        parts = [self.read_operand()]
        while self._continues("&&"):
            parts.append(self.read_operand())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _continues(self, operator: str) -> bool:
        before = self.cursor.position
        if self.cursor.accept(operator):
            return True
        self.cursor.position = before
        return False

    def read_operand(self) -> Condition:
        cursor = self.cursor
        self.depth += 1
        if self.depth > MOST_BRACKETS:
            raise InvalidPath(f"A filter has more than {MOST_BRACKETS} brackets within brackets")
        try:
            before = cursor.skip_blanks().position
            if cursor.current_is("!"):
                cursor.position += 1
                if cursor.skip_blanks().current() not in "$@":
                    return Not(self.read_operand())
                cursor.position = before
            if cursor.current_is("("):
                cursor.position += 1
                inner = self.read_or()
                cursor.expect(")")
                return inner
            return self.read_expression()
        finally:
            self.depth -= 1

    def read_expression(self) -> Condition:
        left = self.read_value()
        before = self.cursor.position
        try:
            return Comparison(left, self.read_operator(), self.read_value())
        except InvalidPath:
            self.cursor.position = before
        if not isinstance(left, PathOperand):
            raise InvalidPath("Expected path node")
        return Exists(left)

    # --- operators and values ---

    def read_operator(self) -> str:
        cursor = self.cursor
        begin = cursor.skip_blanks().position
        if cursor.current() in "<>=~!":
            while cursor.inside() and cursor.current() in "<>=~!":
                cursor.position += 1
        else:
            while cursor.inside() and cursor.current() != " ":
                cursor.position += 1
        operator = cursor.slice(begin, cursor.position)
        if operator.upper() not in OPERATORS:
            raise InvalidPath(f"Filter operator {operator} is not supported!")
        return operator.upper()

    def read_value(self) -> Operand:
        cursor = self.cursor
        character = cursor.skip_blanks().current()
        if character == "!":
            cursor.position += 1
            character = cursor.skip_blanks().current()
            if character not in "$@":
                raise InvalidPath("Unexpected character: !")
        if character in "$@":
            return self._path()
        before = cursor.position
        try:
            return self._literal(character)
        except (InvalidPath, Slip):
            if not self.leniency.lenient:
                raise
            cursor.position = before
            return self._word()

    def _literal(self, character: str) -> Literal:
        if character in "'\"":
            return self._string(character)
        if character in "tf":
            return self._boolean(character)
        if character == "n":
            return self._null()
        if character in "{[":
            return self._json(character)
        if character == "/":
            return self._pattern()
        return self._number()

    def _word(self) -> Literal:
        found = _WORD.match(self.cursor.text, self.cursor.position, self.cursor.length)
        if found is None:
            raise InvalidPath("Expected a value")
        word = found.group().rstrip()
        self.cursor.position += len(word)
        self.leniency.used = True
        return Literal(word)

    def _string(self, quote: str) -> Literal:
        cursor = self.cursor
        closing = cursor.index_of_unescaped(cursor.position, quote)
        if closing == -1:
            raise InvalidPath(f"String literal does not have matching quotes. Expected {quote} in {cursor.text}")
        inner = cursor.slice(cursor.position + 1, closing)
        cursor.position = closing + 1
        try:
            return Literal(unescape(inner))
        except ValueError:
            raise Slip("Unable to parse unicode value") from None

    def _boolean(self, character: str) -> Literal:
        cursor = self.cursor
        stop = cursor.position + (4 if character == "t" else 5)
        if not cursor.inside(stop - 1) or cursor.slice(cursor.position, stop) not in ("true", "false"):
            raise InvalidPath("Expected boolean literal")
        cursor.position = stop
        return Literal(character == "t")

    def _null(self) -> Literal:
        cursor = self.cursor
        stop = cursor.position + 4
        if not cursor.inside(stop - 1) or cursor.slice(cursor.position, stop) != "null":
            raise InvalidPath("Expected <null> value")
        cursor.position = stop
        return Literal(None)

    def _json(self, opening: str) -> Literal:
        cursor = self.cursor
        closing = cursor.index_of_closing(
            cursor.position, opening, "]" if opening == "[" else "}", strings=True, regexes=False
        )
        if closing == -1:
            raise InvalidPath(f"String not closed. Expected ' in {cursor.text}")
        text = cursor.slice(cursor.position, closing + 1)
        cursor.position = closing + 1
        return Literal(Tree(text, written=True))

    def _pattern(self) -> Literal:
        cursor = self.cursor
        closing = cursor.index_of_unescaped(cursor.position, "/")
        if closing == -1:
            raise InvalidPath(f"Pattern not closed. Expected / in {cursor.text}")
        stop = closing + 1
        while cursor.inside(stop) and cursor.text[stop] in _FLAGS:
            stop += 1
        written = cursor.slice(cursor.position, stop)
        cursor.position = stop
        body, _, flags = written[1:].rpartition("/")
        try:
            return Literal(compile_pattern(body, flags))
        except (regex.error, ValueError, OverflowError) as error:
            raise Slip(f"java.util.regex.PatternSyntaxException: {error}") from None

    def _number(self) -> Literal:
        cursor = self.cursor
        begin = cursor.position
        while cursor.inside() and (cursor.current().isdigit() or cursor.current() in "-.Ee"):
            cursor.position += 1
        written = cursor.slice(begin, cursor.position)
        try:
            if _NUMBER.fullmatch(written):
                return Literal(Decimal(written))
        except InvalidOperation:
            pass
        raise Slip("java.lang.NumberFormatException")

    # --- paths ---

    def _path(self) -> PathOperand:
        cursor = self.cursor
        before = cursor.previous_significant()
        begin = cursor.position
        cursor.position += 1
        while cursor.inside():
            if cursor.current() == "[":
                closing = cursor.index_of_closing(cursor.position, "[", "]", strings=True, regexes=False)
                if closing == -1:
                    raise InvalidPath(f"Square brackets does not match in filter {cursor.text}")
                cursor.position = closing + 1
            character = cursor.current()
            ends = character == ")" and not self._closes_call(begin)
            if not cursor.inside() or character in "<>=~! " or ends:
                break
            cursor.position += 1
        route = self.compile_path(cursor.slice(begin, cursor.position))
        return PathOperand(route, wanted=before != "!")

    def _closes_call(self, lower: int) -> bool:
        """Whether the parenthesis here ends a call without arguments, `.length()`; one with arguments is cut short."""
        cursor = self.cursor
        index = cursor.previous_significant_index()
        if index == -1 or cursor.text[index] != "(":
            return False
        return "." in cursor.text[lower + 1 : index]

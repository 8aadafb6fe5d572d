"""A small part of JSONata as a tree: paths of names and indices, constants, calls, operators, objects and arrays.

This is for whoever wants to say an expression in other words, not for evaluating it. What is beyond that part — lambdas,
predicates, orders, groups, assignments — is `BeyondReading`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.expressions.jsonata_text import tokens
from engine.values import Json


class BeyondReading(Exception):
    """The expression uses more of the language than is read here; the text says what."""


@dataclass(frozen=True, slots=True)
class Following:
    """`$states.input.lines[0].sku`: a variable, and names and indices behind it."""

    variable: str
    steps: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Fixed:
    """A constant: string, number, true, false or null."""

    value: Json


@dataclass(frozen=True, slots=True)
class Calling:
    name: str
    arguments: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Joining:
    """`left operator right`."""

    operator: str
    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class Listing:
    items: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Naming:
    """An object: names and values."""

    members: tuple[tuple[str, Tree], ...]


@dataclass(frozen=True, slots=True)
class Asserting:
    """`( $assert($exists(path), …); inner )`: paths that must be there."""

    paths: tuple[Following, ...]
    inner: Tree


Tree = Following | Fixed | Calling | Joining | Listing | Naming | Asserting

_POWER = {"or": 25, "and": 30, "=": 40, "!=": 40, "<": 40, ">": 40, "<=": 40, ">=": 40, "in": 40, "&": 50, "+": 50,
          "-": 50, "*": 60, "/": 60, "%": 60}  # fmt: skip
_ESCAPE = re.compile(r'\\(u[0-9a-fA-F]{4}|.)|(")', re.DOTALL)
_DEEPEST = 60


def read(expression: str) -> Tree:
    """The tree of what stands between `{%` and `%}`. Raises BeyondReading."""
    reader = _Reader(list(tokens(expression)))
    tree = reader.operand(0, 0)
    if reader.position < len(reader.tokens):
        raise BeyondReading(f"'{reader.tokens[reader.position][1]}' is beyond what can be said there")
    return tree


class _Reader:
    """Operators by their binding power; a class because every step moves the position on."""

    def __init__(self, found: list[tuple[str, str]]) -> None:
        self.tokens = found
        self.position = 0

    def peek(self) -> str:
        return self.tokens[self.position][1] if self.position < len(self.tokens) else ""

    def take(self, wanted: str = "") -> tuple[str, str]:
        if self.position >= len(self.tokens):
            raise BeyondReading("The expression ends too early")
        kind, text = self.tokens[self.position]
        if wanted and text != wanted:
            raise BeyondReading(f"'{text}' is beyond what can be said there")
        self.position += 1
        return kind, text

    def operand(self, power: int, depth: int) -> Tree:
        if depth > _DEEPEST:
            raise BeyondReading("The expression is nested too deeply")
        left = self.single(depth)
        while (bound := _POWER.get(self.peek(), 0)) > power:
            operator = self.take()[1]
            left = Joining(operator, left, self.operand(bound, depth + 1))
        return left

    def single(self, depth: int) -> Tree:
        kind, text = self.take()
        if kind == "string" and not text.startswith("`"):
            return Fixed(_unquoted(text))
        if kind == "number":
            return Fixed(json.loads(text))
        if text == "-" and self.tokens[self.position : self.position + 1] and self.tokens[self.position][0] == "number":
            return Fixed(-json.loads(self.take()[1]))
        if kind == "name" and text in ("true", "false", "null"):
            return Fixed({"true": True, "false": False, "null": None}[text])
        if kind == "variable" and self.peek() == "(":
            self.take()
            return Calling(text[1:], tuple(self.listed(")", depth)))
        if kind == "variable" and text not in ("$", "$$"):
            return Following(text[1:], tuple(self.steps()))
        if text == "(":
            inner = self.operand(0, depth + 1)
            if self.peek() == ";":
                return self.asserted(inner, depth)
            self.take(")")
            if isinstance(inner, Following) and self.peek() in (".", "["):
                return Following(inner.variable, (*inner.steps, *self.steps()))
            return inner
        if text == "[":
            return Listing(tuple(self.listed("]", depth)))
        if text == "{":
            return Naming(tuple(self.members(depth)))
        raise BeyondReading(f"'{text}' is beyond what can be said there")

    def asserted(self, first: Tree, depth: int) -> Tree:
        """The rest of a block that begins with assertions."""
        paths: list[Following] = []
        last = first
        while self.peek() == ";":
            match last:
                case Calling("assert", (Calling("exists", (Following() as path,)), *_)):
                    paths.append(path)
                case _:
                    raise BeyondReading("A block of several expressions is beyond what can be said there")
            self.take()
            last = self.operand(0, depth + 1)
        self.take(")")
        return Asserting(tuple(paths), last)

    def steps(self) -> Iterator[str | int]:
        while self.peek() in (".", "["):
            if self.take()[1] == ".":
                kind, text = self.take()
                if kind == "name":
                    yield text
                elif kind == "string":
                    yield text[1:-1] if text.startswith("`") else _unquoted(text)
                else:
                    raise BeyondReading(f"'{text}' is no step that can be said there")
            else:
                kind, text = self.take()
                sign = -1 if text == "-" else 1
                if sign < 0:
                    kind, text = self.take()
                if kind != "number" or not text.isdecimal():
                    raise BeyondReading("A predicate is beyond what can be said there")
                self.take("]")
                yield sign * int(text)

    def listed(self, end: str, depth: int) -> Iterator[Tree]:
        while self.peek() != end:
            yield self.operand(0, depth + 1)
            if self.peek() != end:
                self.take(",")
        self.take(end)

    def members(self, depth: int) -> Iterator[tuple[str, Tree]]:
        while self.peek() != "}":
            kind, text = self.take()
            if kind != "string" or text.startswith("`"):
                raise BeyondReading("A name that is computed is beyond what can be said there")
            self.take(":")
            yield _unquoted(text), self.operand(0, depth + 1)
            if self.peek() != "}":
                self.take(",")
        self.take("}")


def _unquoted(text: str) -> str:
    try:
        found = json.loads('"' + _ESCAPE.sub(_escaped, text[1:-1]) + '"', strict=False)
    except ValueError:
        raise BeyondReading(f"{text} is no text") from None
    return str(found)


def _escaped(match: re.Match[str]) -> str:
    if match[2]:
        return '\\"'
    return "'" if match[1] == "'" else match[0]

"""Paths and payload templates, said in JSONata.

The JSONata is written so that it gives the same where the path gives something. JSONata unwraps an array of one and drops
what is undefined, so a list is kept one by `[ … []]`. What has no twin
is `Unwritable`, with the reason for a person. Where the two can only part on unusual data, a note says on which.

JSONata looks a name up in every item of an array where a path would miss; that is not imitated: a path that misses fails
the state, so a recorded state whose paths hit gives the same.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from engine.expressions.jsonpath import InvalidPath, tokens
from engine.expressions.jsonpath.compiler import Reading, compile_route
from engine.expressions.roots import split
from engine.values import Json

_PLAIN = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_WORDS = frozenset(("and", "or", "in", "true", "false", "null", "function"))
_LEFT_OUT = "Where a path inside an object misses, its name is left out; in JSONPath the execution fails."
_STARS = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\.\s*\*|\[\s*\*\s*\]")


class Unwritable(Exception):
    """This cannot be said in the other language; the text says why."""


class Nowhere(Unwritable):
    """A path that finds nothing, whatever the data."""


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of JSONata. A `loose` one needs parentheses before a step or beside an operator."""

    text: str
    loose: bool = False

    @property
    def tight(self) -> str:
        return f"({self.text})" if self.loose else self.text


@dataclass(frozen=True, slots=True)
class Built:
    """A payload template and what `$` means in it: written as JSON with expressions, or as one expression."""

    source: Json
    dollar: Value


@dataclass(frozen=True, slots=True)
class Placed:
    """`value` put into `into` at a reference path, as ResultPath does."""

    into: Text
    steps: tuple[str | int, ...]
    value: Value


Value = Text | Built | Placed


def drawn(written: Json) -> bool:
    """Does a piece of a state draw at random, in either language?"""
    return any(word in str(written) for word in ("$random", "$uuid", "$shuffle", "States.MathRandom", "States.UUID"))


@dataclass(slots=True)
class Writing:
    """What is collected while a state is written: notes on where the two may part."""

    notes: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)


# Names and constants --------------------------------------------------------------------------------------------------


def name_step(base: Text, name: str) -> Text:
    """`base.name`; a name that is no word stands in backquotes."""
    if _PLAIN.fullmatch(name) and name not in _WORDS:
        return Text(f"{base.tight}.{name}")
    if "`" not in name:
        return Text(f"{base.tight}.`{name}`")
    return Text(f"$lookup({base.text}, {constant(name).text})")


def step(base: Text, part: str | int) -> Text:
    return name_step(base, part) if isinstance(part, str) else Text(f"{base.tight}[{part}]")


def constant(value: Json) -> Text:
    """JSON is JSONata."""
    loose = isinstance(value, dict) or (isinstance(value, (int, float)) and value < 0)
    return Text(json.dumps(value, ensure_ascii=False), loose)


# Values ---------------------------------------------------------------------------------------------------------------


def as_text(value: Value, writing: Writing) -> Text:
    """A value as one expression."""
    match value:
        case Text():
            return value
        case Built(source, dollar):
            return _template_text(source, dollar, writing)
        case Placed(into, steps, inner):
            return _placed(into, steps, as_text(inner, writing))


def as_field(value: Value, writing: Writing) -> Json:
    """A value as a field holds it: JSON with `{% … %}` in it."""
    if isinstance(value, Built):
        return _template_field(value.source, value.dollar, writing)
    return expression(as_text(value, writing))


def expression(text: Text) -> str:
    return f"{{% {text.text} %}}"


def _template_field(source: Json, dollar: Value, writing: Writing) -> Json:
    if isinstance(source, dict):
        made: dict[str, Json] = {}
        for key, inner in source.items():
            if key.endswith(".$"):
                made[key[:-2]] = expression(leaf_text(inner, dollar, writing))
            else:
                made[key] = _template_field(inner, dollar, writing)
        return made
    if isinstance(source, list):
        return [_template_field(inner, dollar, writing) for inner in source]
    return literal_field(source)


def literal_field(source: Json) -> Json:
    """A constant as a field holds it: a text that looks like an expression becomes one that gives that text."""
    if isinstance(source, str) and source.startswith("{%") and source.endswith("%}"):
        return expression(constant(source))
    if isinstance(source, dict):
        return {key: literal_field(inner) for key, inner in source.items()}
    return [literal_field(inner) for inner in source] if isinstance(source, list) else source


def _template_text(source: Json, dollar: Value, writing: Writing) -> Text:
    if isinstance(source, dict):
        parts = []
        for key, inner in source.items():
            if key.endswith(".$"):
                if "$" in str(inner):
                    writing.note(_LEFT_OUT)
                parts.append(f"{constant(key[:-2]).text}: {leaf_text(inner, dollar, writing).text}")
            else:
                parts.append(f"{constant(key).text}: {_template_text(inner, dollar, writing).text}")
        return Text("{" + ", ".join(parts) + "}", True)
    if isinstance(source, list):
        return Text("[" + ", ".join(_template_text(inner, dollar, writing).text for inner in source) + "]")
    return constant(source)


def leaf_text(written: Json, dollar: Value, writing: Writing) -> Text:
    """The value of a key that ends in `.$`: a path or a call."""
    if not isinstance(written, str):
        raise Unwritable("A key ending in .$ holds no text")
    if written.startswith("$"):
        return path_text(written, dollar, writing)
    from engine.rewrite_calls import call_text  # here, because templates hold calls and calls hold paths

    return call_text(written, dollar, writing)


def _placed(into: Text, steps: tuple[str | int, ...], value: Text) -> Text:
    if not steps:
        return value
    first, rest = steps[0], steps[1:]
    inner = _placed(step(into, first), rest, value) if rest else value
    if isinstance(first, str):
        return Text(f"$merge([{into.text}, {{{constant(first).text}: {inner.text}}}])")
    return Text(f"$map({into.text}, function($item, $at) {{ $at = {first} ? {inner.text} : $item }})[]")


# Paths ----------------------------------------------------------------------------------------------------------------


def path_text(written: str, dollar: Value, writing: Writing) -> Text:
    """A path from any root, as an expression. Raises Unwritable."""
    return as_text(path_value(written, dollar, writing), writing)


def path_value(written: str, dollar: Value, writing: Writing) -> Value:
    """A path from any root; one that leads into a template gives the part that it leads to. Raises Unwritable."""
    root, name, inner = split(written)
    base: Value = Text("$states.context") if root == "context" else Text(f"${name}") if root == "variable" else dollar
    try:
        route = compile_route(inner, Reading(lenient=True))
    except InvalidPath as wrong:
        raise Unwritable(f"{written} is no path: {wrong.message}") from None
    rest = list(route.tokens)
    while rest and (part := _single(rest[0])) is not None:
        base = _followed(base, part, writing)
        rest.pop(0)
    return _many(rest, written, as_text(base, writing), writing) if rest else base


def _many(rest: list[tokens.Token], written: str, text: Text, writing: Writing) -> Text:
    """The steps from the first one on that leads to many places."""
    stars = [found for found in _STARS.findall(written) if found[0] in ".["]
    many = False
    while rest:
        token = rest.pop(0)
        inner: list[str | int] = []
        match token:
            case tokens.Property() | tokens.Indices() if many and (part := _single(token)) is not None:
                inner.append(part)
                while rest and (more := _single(rest[0])) is not None:
                    inner.append(more)
                    rest.pop(0)
                item = Text("$item")
                for part in inner:
                    item = step(item, part)
                text = Text(f"[$map({text.text}, function($item) {{ {item.text} }})[]]")
            case tokens.Property(names) if not many and not rest:
                members = ", ".join(f"{constant(name).text}: {name_step(text, name).text}" for name in names)
                text = Text("{" + members + "}", True)
            case tokens.Indices(numbers) if not many:
                listed = ", ".join(map(str, numbers))
                text = Text(f"[$map([{listed}], function($at) {{ {text.tight}[$at] }})[]]")
                many = True
            case tokens.Wildcard():
                star = stars.pop(0) if stars else "[*]"
                if many:
                    text = Text(f"$reduce({text.text}, $append, [])")
                elif star.startswith("."):
                    text = Text(f"[$each({text.text}, function($item) {{ $item }})[]]")
                    writing.note(f"The * of {written} is taken for the members of an object.")
                else:
                    writing.note(f"The * of {written} is taken for the items of an array.")
                many = True
            case tokens.Slice(start, stop) if not many:
                text = Text(f"[$filter({text.text}, function($item, $at) {{ {_between(text, start, stop)} }})[]]")
                many = True
            case tokens.Filter(condition) if not many:
                test = _condition(condition)
                text = Text(f"[$filter({text.text}, function($item) {{ {test.text} }})[]]")
                many = True
            case tokens.Call(name, None) if not many and not rest and name in _CALLS:
                text = Text(f"{_CALLS[name]}({text.text})")
            case _:
                raise Unwritable(f"{written} has a step without a twin in JSONata: {tokens.fragment(token)}")
    return text


_CALLS = {"length": "$count", "min": "$min", "max": "$max", "avg": "$average", "sum": "$sum"}


def _single(token: tokens.Token) -> str | int | None:
    """The name or index of a step that leads to one place."""
    match token:
        case tokens.Property((name,)):
            return name
        case tokens.Indices((number,)):
            return number
        case _:
            return None


def _followed(base: Value, part: str | int, writing: Writing) -> Value:
    """One step further. Into a template it is followed at once, and past what was put somewhere else."""
    if isinstance(base, Built) and isinstance(base.source, dict) and isinstance(part, str):
        if part in base.source:
            return Built(base.source[part], base.dollar)
        if part + ".$" in base.source:
            return leaf_text(base.source[part + ".$"], base.dollar, writing)
    if isinstance(base, Built) and isinstance(base.source, list) and part in range(len(base.source)):
        return Built(base.source[int(part)], base.dollar)
    if isinstance(base, Built):
        raise Nowhere(f"The path finds nothing: there is no {part!r} in what it is applied to")
    if isinstance(base, Placed):
        first, *rest = base.steps
        if first == part:
            inner = step(base.into, part)
            return Placed(inner, tuple(rest), base.value) if rest else base.value
        if isinstance(first, str) and isinstance(part, str):
            return step(base.into, part)
    return step(as_text(base, writing), part)


def _between(array: Text, start: int | None, stop: int | None) -> str:
    def bound(number: int) -> str:
        return f"$count({array.text}) - {-number}" if number < 0 else str(number)

    parts = [f"$at >= {bound(start)}"] if start is not None else []
    parts += [f"$at < {bound(stop)}"] if stop is not None else []
    return " and ".join(parts)


# Filters --------------------------------------------------------------------------------------------------------------


def _condition(condition: tokens.Condition) -> Text:
    match condition:
        case tokens.AllOf(parts):
            return Text(" and ".join(_condition(part).tight for part in parts), True)
        case tokens.AnyOf(parts):
            return Text(" or ".join(_condition(part).tight for part in parts), True)
        case tokens.Not(part):
            return Text(f"$not({_condition(part).text})")
        case tokens.Exists(path):
            there = Text(f"$exists({_item_path(path).text})")
            return there if path.wanted else Text(f"$not({there.text})")
        case tokens.Comparison(left, operator, right):
            return _comparison(left, operator, right)


def _comparison(left: tokens.Operand, operator: str, right: tokens.Operand) -> Text:
    if isinstance(left, tokens.Literal):
        turned = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}
        if operator not in turned or isinstance(right, tokens.Literal):
            raise Unwritable(f"The filter's operator {operator} has no twin in JSONata for these operands")
        return _comparison(right, turned[operator], left)
    if not isinstance(right, tokens.Literal):
        raise Unwritable("A filter that compares two paths has no twin that is sure of their types")
    seen, wanted = _item_path(left), _operand(right.value)
    match operator:
        case "==":
            return Text(f"{seen.tight} = {wanted.text}", True)
        case "!=":
            return Text(f"$not({seen.tight} = {wanted.text})")
        case "<" | "<=" | ">" | ">=":
            kind = "string" if wanted.text.startswith('"') else "number"
            return Text(f'$type({seen.text}) = "{kind}" and {seen.tight} {operator} {wanted.text}', True)
        case _:
            raise Unwritable(f"The filter's operator {operator} has no twin in JSONata")


def _operand(value: Any) -> Text:
    if value is None or isinstance(value, (bool, str)):
        return constant(value)
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise Unwritable("The filter compares with an object, an array or a pattern") from None
    return constant(int(number) if number.is_integer() else number)


def _item_path(operand: tokens.PathOperand) -> Text:
    route = operand.route
    if route.from_document:
        raise Unwritable("The filter looks at the whole document with $")
    item = Text("$item")
    for token in route.tokens:
        part = _single(token)
        if part is None:
            raise Unwritable("The filter follows a path of many places")
        item = step(item, part)
    return item

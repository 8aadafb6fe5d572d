"""Choice rules while they are edited: another operator, one more part, without losing what was said.

A rule is the object of the document; what stands beside the test (Next, Assign, Output, Comment) always stays. Nothing is
changed in place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.expressions.choices import operator_of
from engine.expressions.operators import OPERANDS, OPERATORS, Kind
from engine.values import Json

JOINING = ("And", "Or", "Not")
FIRST: Mapping[Kind, Json] = {
    "string": "",
    "pattern": "*",
    "number": 0,
    "boolean": True,
    "test": True,
    "timestamp": "2030-01-31T09:00:00Z",
}
"""What an operator is compared with at first, where nothing that was there fits."""

Rule = Mapping[str, Json]


def word_of(rule: Rule) -> str:
    """`And`, `Or`, `Not` or the comparison operator; empty where there is none, or more than one."""
    joined = [word for word in JOINING if word in rule]
    return joined[0] if len(joined) == 1 else "" if joined else operator_of(rule) or ""


def parts_of(rule: Rule) -> list[Json]:
    """The rules that a rule joins; empty for a comparison."""
    word = word_of(rule)
    if word == "Not":
        return [rule["Not"]]
    found = rule.get(word) if word in JOINING else None
    return found if isinstance(found, list) else []


def beside(rule: Rule) -> dict[str, Json]:
    """What stands beside the test and is no part of it."""
    return {
        name: value
        for name, value in rule.items()
        if name != "Variable" and name not in JOINING and name not in OPERATORS
    }


def test_of(rule: Rule) -> dict[str, Json]:
    """The test alone."""
    kept = beside(rule)
    return {name: value for name, value in rule.items() if name not in kept}


def with_word(rule: Rule, word: str) -> dict[str, Json]:
    """The rule with another operator. Joining wraps what there was; a comparison takes the first one that was joined."""
    test = test_of(rule)
    if word in JOINING:
        parts = parts_of(rule) if word_of(rule) in JOINING else [test or compared(word="IsPresent")]
        made: dict[str, Json] = {word: parts[0] if word == "Not" else parts}
    else:
        made = compared(first_comparison(rule), word)
    return {**made, **beside(rule)}


def first_comparison(rule: Rule) -> dict[str, Json]:
    """The comparison in a rule that is met first; an empty one where there is none."""
    for part in parts_of(rule):
        if isinstance(part, dict):
            found = first_comparison(part)
            if found:
                return found
    return test_of(rule) if word_of(rule) in OPERATORS else {}


def compared(rule: Rule | None = None, word: str = "IsPresent") -> dict[str, Json]:
    """A comparison by this operator, of the same variable and with the same operand as far as it fits."""
    rule = rule or {}
    old = operator_of(rule)
    return {"Variable": rule.get("Variable", "$"), word: _operand(rule.get(old) if old else None, old, word)}


def _operand(value: Json, old: str | None, word: str) -> Json:
    row = OPERATORS[word]
    if row.by_path:
        return value if isinstance(value, str) and value.startswith("$") else "$"
    was_path = old is not None and OPERATORS[old].by_path
    return value if not was_path and OPERANDS[row.kind][0](value) else FIRST[row.kind]


def with_part(rule: Rule) -> dict[str, Json]:
    """The joined rule with one more comparison, of the variable that its last one has."""
    parts = parts_of(rule)
    last = first_comparison(parts[-1]) if parts and isinstance(parts[-1], dict) else {}
    return {**rule, word_of(rule): [*parts, compared({"Variable": last.get("Variable", "$")})]}


def operand_kind(word: str) -> Kind | None:
    """What a literal operand must be; None where the operand is a path."""
    row: Any = OPERATORS.get(word)
    return None if row is None or row.by_path else row.kind

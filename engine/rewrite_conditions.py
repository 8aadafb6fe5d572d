"""A JSONata condition, said as a choice rule of JSONPath.

Comparisons with a constant show the type that they compare, and so the operator; two paths show none. A variable that is
not there makes a comparison false in JSONata and fails the execution in JSONPath, so `IsPresent` goes before it.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.expressions.jsonata import bare
from engine.expressions.jsonata_reading import (
    Asserting,
    BeyondReading,
    Calling,
    Fixed,
    Following,
    Joining,
    Listing,
    Tree,
    read,
)
from engine.expressions.timestamps import nanoseconds
from engine.placeholders import is_jsonata
from engine.rewrite_paths import Seen, follow
from engine.rewrite_values import Unwritable, Writing
from engine.values import Json

INPUT = Seen("input")
Rule = dict[str, Json]
There = Mapping[str, str]
"""Variables that a rule before this one, in the same And, has found, with their type where it has found that too."""

_WORDS = {"=": "Equals", "<": "LessThan", ">": "GreaterThan", "<=": "LessThanEquals", ">=": "GreaterThanEquals"}
_TURNED = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_KINDS = {"IsPresent": "", "IsNumeric": "Numeric", "IsString": "String", "IsBoolean": "Boolean"}
_TYPES = {"null": "IsNull", "number": "IsNumeric", "string": "IsString", "boolean": "IsBoolean"}


def rule(condition: Json, writing: Writing) -> Rule:
    """The rule, without Next. Raises Unwritable."""
    if not is_jsonata(condition):
        raise Unwritable("A condition that is always the same has no rule")
    try:
        return _rule(read(bare(condition)), {})
    except BeyondReading as beyond:
        raise Unwritable(f"{bare(condition)} — {beyond}") from None


def _rule(tree: Tree, there: There) -> Rule:
    match tree:
        case Joining("and" | "or" as word, _, _):
            return _joined(tree, word, there)
        case Asserting(paths, inner):
            return _rule(inner, {**there, **{follow(path, INPUT): "" for path in paths}})
        case Calling("not", (inner,)):
            return {"Not": _rule(inner, there)}
        case Calling("boolean", (inner,)):
            return _rule(inner, there)
        case Calling("exists", (Following() as path,)):
            return {"Variable": follow(path, INPUT), "IsPresent": True}
        case Calling("contains", (Following() as path, Fixed(str() as piece))):
            quoted = piece.replace("\\", "\\\\").replace("*", "\\*")
            return _present({"Variable": follow(path, INPUT), "StringMatches": f"*{quoted}*"}, there)
        case Following():
            return _present({"Variable": follow(tree, INPUT), "BooleanEquals": True}, there)
        case Joining(operator, left, right):
            return _comparison(operator, left, right, there)
        case _:
            raise Unwritable("This has no twin among the operators of choice rules")


def _joined(tree: Tree, word: str, there: There) -> Rule:
    parts: list[Tree] = []

    def gather(part: Tree) -> None:
        if isinstance(part, Joining) and part.operator == word:
            gather(part.left)
            gather(part.right)
        else:
            parts.append(part)

    gather(tree)
    rules: list[Rule] = []
    for part in parts:
        one = _rule(part, there)
        for added in one.get("And", [one]) if word == "and" else [one]:
            rules.append(added)
            if word == "and":
                there = {**there, **_found(added)}
    return {word.title(): rules}


def _found(rule: Rule) -> Mapping[str, str]:
    """What a rule that holds says of its variable."""
    kind = next((_KINDS[name] for name, value in rule.items() if name in _KINDS and value is True), None)
    return {} if kind is None else {str(rule["Variable"]): kind}


def _present(comparison: Rule, there: There) -> Rule:
    variables = [comparison["Variable"]]
    variables += [value for name, value in comparison.items() if name.endswith("Path")]
    asked: list[Rule] = [{"Variable": one, "IsPresent": True} for one in dict.fromkeys(variables) if one not in there]
    return {"And": [*asked, comparison]} if asked else comparison


def _comparison(operator: str, left: Tree, right: Tree, there: There) -> Rule:
    if isinstance(left, Fixed) and operator in _TURNED:
        return _comparison(_TURNED[operator], right, left, there)
    match operator, left, right:
        case "=" | "!=", Calling("type", (Following() as path,)), Fixed(str() as name) if name in _TYPES:
            return _present({"Variable": follow(path, INPUT), _TYPES[name]: operator == "="}, there)
        case "in", Following(), Listing(items) if items and all(isinstance(item, Fixed) for item in items):
            rules = [_comparison("=", left, item, there) for item in items]
            return {"Or": rules} if len(rules) > 1 else rules[0]
        case "!=", Following() as path, Fixed():
            inner = _plain("=", follow(path, INPUT), right)
            return _present_not(inner, there)
        case _, Calling("toMillis", (Following() as path,)), Calling("toMillis", (Fixed(str() as moment),)):
            if operator in _WORDS and nanoseconds(moment) is not None:
                return _present({"Variable": follow(path, INPUT), f"Timestamp{_WORDS[operator]}": moment}, there)
        case _, Calling("toMillis", (Following() as path,)), Calling("toMillis", (Following() as other,)):
            if operator in _WORDS:
                name = f"Timestamp{_WORDS[operator]}Path"
                return _present({"Variable": follow(path, INPUT), name: follow(other, INPUT)}, there)
        case _, Following() as path, Fixed() if operator in _WORDS:
            return _present(_plain(operator, follow(path, INPUT), right), there)
        case _, Following() as path, Following() as other if operator in _WORDS:
            first, second = follow(path, INPUT), follow(other, INPUT)
            kind = there.get(first) or there.get(second)
            if kind and (kind != "Boolean" or operator == "="):
                return _present({"Variable": first, f"{kind}{_WORDS[operator]}Path": second}, there)
            raise Unwritable("Two values are compared, and nothing says of which type; choice rules ask for it")
        case _:
            pass
    raise Unwritable("A choice rule compares a variable with a constant or another variable, and computes nothing")


def _present_not(inner: Rule, there: There) -> Rule:
    found = _present(inner, there)
    negated: Rule = {"Not": inner}
    return {"And": [*found["And"][:-1], negated]} if "And" in found else negated


def _plain(operator: str, variable: str, operand: Fixed) -> Rule:
    value = operand.value
    if value is None and operator == "=":
        return {"Variable": variable, "IsNull": True}
    if isinstance(value, bool) and operator == "=":
        return {"Variable": variable, "BooleanEquals": value}
    if isinstance(value, str):
        return {"Variable": variable, f"String{_WORDS[operator]}": value}
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return {"Variable": variable, f"Numeric{_WORDS[operator]}": value}
    raise Unwritable("true, false and null have no order")

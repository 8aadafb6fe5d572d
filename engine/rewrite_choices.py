"""Choice rules in JSONPath, said as one JSONata condition.

A rule compares values of one type, and a value of another type makes it false. A variable that is not there fails the
execution, where JSONata would go on with undefined: so the first mention of a variable asserts that it is there. What an
earlier rule has asserted need not be asserted again, and `IsPresent` before a comparison asks instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.expressions import InvalidExpression
from engine.expressions.operators import OPERATORS, pieces_of
from engine.expressions.timestamps import nanoseconds
from engine.rewrite_values import Nowhere, Text, Unwritable, Value, Writing, constant, path_text
from engine.values import Json
from engine.world import timestamp

ROOTS = ("$", "$$")
"""What is always there."""
_STAMP = r"/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/"
_SIGNS = {"Equals": "=", "LessThan": "<", "GreaterThan": ">", "LessThanEquals": "<=", "GreaterThanEquals": ">="}
_TYPES = {"IsNull": "null", "IsNumeric": "number", "IsString": "string", "IsBoolean": "boolean"}


@dataclass(slots=True)
class Rules:
    """The rules of one state, written one after the other."""

    dollar: Value
    writing: Writing
    there: set[str] = field(default_factory=set)
    """Variables that are there for certain when a rule is asked."""

    def condition(self, rule: Mapping[str, Json]) -> Text:
        """The condition of the next rule. Raises Unwritable."""
        text, certain = self._rule(rule, frozenset(self.there))
        self.there |= certain
        return text

    def _rule(self, rule: Json, there: frozenset[str]) -> tuple[Text, frozenset[str]]:
        """The condition, and which variables are certainly there once it has been asked."""
        if not isinstance(rule, Mapping):
            raise Unwritable("A rule must be an object")
        for word in ("And", "Or"):
            if word in rule:
                return self._joined(rule[word], word, there)
        if "Not" in rule:
            text, certain = self._rule(rule["Not"], there)
            return Text(f"$not({text.text})"), certain
        return self._comparison(rule, there)

    def _joined(self, rules: Json, word: str, there: frozenset[str]) -> tuple[Text, frozenset[str]]:
        parts: list[str] = []
        first: frozenset[str] | None = None
        for rule in rules if isinstance(rules, list) else ():
            text, certain = self._rule(rule, there)
            first = certain if first is None else first
            there |= certain
            if isinstance(rule, Mapping) and rule.get("IsPresent") is (word == "And"):
                there |= {self._path(rule["Variable"]).text}
            parts.append(text.tight if " and " in text.text or " or " in text.text else text.text)
        if not parts:
            raise Unwritable(f"{word} needs rules")
        joined = f" {word.lower()} ".join(parts)
        return Text(joined, len(parts) > 1), first or frozenset()

    def _path(self, written: Json) -> Text:
        if not isinstance(written, str):
            raise Unwritable("A rule's variable must be a path")
        return path_text(written, self.dollar, self.writing)

    def _comparison(self, rule: Mapping[str, Json], there: frozenset[str]) -> tuple[Text, frozenset[str]]:
        name = next((key for key in rule if key in OPERATORS), None)
        if name is None or "Variable" not in rule:
            raise Unwritable("A rule compares one variable by one operator")
        row, operand = OPERATORS[name], rule[name]
        try:
            seen = self._path(rule["Variable"])
        except Nowhere:
            if name != "IsPresent":
                raise
            return Text("false" if operand else "true"), frozenset()
        if name == "IsPresent":
            return Text(f"$exists({seen.text})" if operand else f"$not($exists({seen.text}))"), frozenset()
        needed = {seen.text: str(rule["Variable"])}
        if row.by_path:
            other = self._path(operand)
            needed[other.text] = str(operand)
            text = _between_values(name, seen, other)
        else:
            text = _with_constant(name, row.kind, seen, operand)
        missing = [f'$assert($exists({one}), {constant(path + " is not there").text}); '
                   for one, path in needed.items() if one not in there and path not in ROOTS]  # fmt: skip
        if missing:
            text = Text(f"( {''.join(missing)}{text.text} )")
        return text, frozenset(needed)


def _sign(name: str) -> str:
    return next(sign for word, sign in reversed(_SIGNS.items()) if name.endswith(word))


def _with_constant(name: str, kind: str, seen: Text, operand: Json) -> Text:
    if name in _TYPES:
        return Text(f'$type({seen.text}) {"=" if operand else "!="} "{_TYPES[name]}"', True)
    if name == "IsTimestamp":
        test = _is_stamp(seen)
        return Text(test, True) if operand else Text(f"$not({test})")
    if name == "StringMatches":
        return _matches(seen, str(operand))
    if kind == "timestamp":
        return Text(f"{_is_stamp(seen)} and $toMillis({seen.text}) {_sign(name)} {_moment(operand)}", True)
    if name.endswith("Equals") and not name.endswith("ThanEquals"):
        return Text(f"{seen.tight} = {constant(operand).text}", True)
    return Text(f'$type({seen.text}) = "{kind}" and {seen.tight} {_sign(name)} {constant(operand).text}', True)


def _between_values(name: str, seen: Text, other: Text) -> Text:
    kind = OPERATORS[name].kind
    sign = _sign(name.removesuffix("Path"))
    if kind == "timestamp":
        return Text(
            f"{_is_stamp(seen)} and {_is_stamp(other)} and $toMillis({seen.text}) {sign} $toMillis({other.text})", True
        )
    types = [f'$type({one.text}) = "{kind}"' for one in ([seen] if sign == "=" else [seen, other])]
    return Text(f"{' and '.join(types)} and {seen.tight} {sign} {other.tight}", True)


def _is_stamp(seen: Text) -> str:
    return f'$type({seen.text}) = "string" and $contains({seen.text}, {_STAMP})'


def _moment(operand: Json) -> str:
    """A moment as JSONata counts it: it knows thousandths of a second."""
    nanos = nanoseconds(operand) if isinstance(operand, str) else None
    if nanos is None:
        raise Unwritable("The operand is no timestamp")
    if nanos % 1_000_000:
        raise Unwritable("JSONata compares timestamps by thousandths of a second, this one is finer")
    return f'$toMillis("{timestamp(nanos // 1_000_000)}")'


def _matches(seen: Text, pattern: str) -> Text:
    try:
        pieces = pieces_of(pattern)
    except InvalidExpression as wrong:
        raise Unwritable(wrong.message) from None
    if len(pieces) == 1:
        return Text(f"{seen.tight} = {constant(pieces[0]).text}", True)
    regex = r"[\s\S]*".join(_quoted(piece) for piece in pieces)
    return Text(f'$type({seen.text}) = "string" and $contains({seen.text}, /^{regex}$/)', True)


def _quoted(piece: str) -> str:
    """A text as a regular expression; what is no letter or digit is written as a code, which no reader mistakes."""
    plain = " -_,:;@#%&=~"
    return "".join(c if c.isalnum() or ord(c) > 127 or c in plain else f"\\x{ord(c):02x}" for c in piece)

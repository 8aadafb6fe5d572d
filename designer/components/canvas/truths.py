"""How the rules of each Choice came out: the nested truth, worked out again for whoever looks at a run.

A rule is `[holds, written, seen, parts]`: true, false or null (never asked, because a rule before it had decided); what it
compares; what its variable named, as short JSON text, null where there is nothing to show; and the same for each part that
And, Or and Not join. A condition in JSONata has no parts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.expressions.choices import Truth
from engine.expressions.choices import truths as truths_of
from engine.situation import situation
from engine.trace import Trace
from engine.values import Json, text

MOST = 400
"""Choice visits that are worked out. For those after them the page shows which rule held, and no more."""
MOST_MOMENTS = 2_000_000
"""Moments looked at for it: each visit reads the trace once for its variables and context."""
LONGEST = 60
JOINED = ("And", "Or", "Not")


def truths(trace: Trace) -> dict[str, list[Json]]:
    """By visit, the rules in their order. Only visits that were decided, and not too many."""
    choices = {visit for visit, (_, state, _) in enumerate(trace.raw_visits) if state.type == "Choice"}
    most = min(MOST, MOST_MOMENTS // max(1, len(trace.raw)))
    found: dict[str, list[Json]] = {}
    given: dict[int, Json] = {}
    for kind, _, visit, name, value, _ in trace.raw if choices else ():
        if visit not in choices:
            continue
        if kind == "entered" or (kind == "stage" and name == "afterInputPath"):
            given[visit] = value
        elif kind == "rule" and len(found) < most:
            found[str(visit)] = _rules(trace, visit, given[visit], value)
    return found


def _rules(trace: Trace, visit: int, value: Json, held: int | None) -> list[Json]:
    scope = situation(trace, visit)
    rules: list[Json] = []
    for index, rule in enumerate(trace.visits[visit].state.rules):
        source = rule.holds.source
        if held is not None and index > held:
            rules.append([None, _written(source), None, []])
        elif isinstance(source, Mapping) and "Condition" not in source:
            rules.append(_told(truths_of(source, value, scope), source))
        else:
            rules.append([index == held, _written(source), None, []])
    return rules


def _told(truth: Truth, source: Mapping[str, Json]) -> list[Json]:
    parts = source.get(truth.operator) if truth.operator in JOINED else ()
    inner = [parts] if truth.operator == "Not" else list(parts or ())
    seen = None
    if truth.variable is not None and truth.holds is not None and truth.present:
        seen = _short(truth.seen)
    below = [_told(part, rule) for part, rule in zip(truth.parts, inner, strict=False)]
    return [truth.holds, _written(source), seen, below]


def _written(source: Any) -> str:
    """`$.total ≥ 500` stays AWS's own word: `$.total NumericGreaterThanEquals 500`; a joined rule is its word."""
    if not isinstance(source, Mapping):
        return str(source)
    for word in JOINED:
        if word in source:
            return word
    if "Condition" in source:
        return str(source["Condition"])
    kept = {name: value for name, value in source.items() if name not in _NO_PART_OF_IT}
    operator, operand = next(iter(kept.items()), ("", None))
    return f"{source.get('Variable', '')} {operator} {_short(operand)}".strip()


_NO_PART_OF_IT = frozenset(("Variable", "Next", "Assign", "Output", "Comment"))


def _short(value: Json) -> str:
    written = text(value)
    return written if len(written) <= LONGEST else written[: LONGEST - 1] + "…"

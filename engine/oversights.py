"""The three warnings of the service: paths in places where nobody follows them.

`NO_DOLLAR`: a key of a template whose text looks like a path, but whose name does not end in `.$`. `NO_PATH`: a field with
such a text whose `…Path` twin was meant. `PASS_RESULT_IS_STATIC`: a path inside the literal Result of a Pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from engine.expressions.choices import OPERATORS
from engine.fields import fields_of
from engine.outline import Spot, spots
from engine.pointer import under
from engine.problems import Problem, problem
from engine.values import Json

_PATH = re.compile(r"\$\$?(?:\.[A-Za-z_@]|\[)|States\.[A-Z]\w+\(")
_TEMPLATES = ("template", "template or value", "variables")


def looks_like_path(text: Json) -> bool:
    """Would this be followed, were it in the right place: `$.a`, `$$.Execution`, `$['a']`, `States.UUID()`?"""
    return isinstance(text, str) and _PATH.match(text) is not None


def oversights(document: Mapping[str, Json]) -> Iterator[Problem]:
    """The service's warnings about a definition, state by state."""
    for spot in spots(document):
        if spot.language == "JSONPath":
            yield from _of_state(spot)


def _of_state(spot: Spot) -> Iterator[Problem]:
    known = fields_of(spot.type)
    for name, field in known.items():
        if name not in spot.source:
            continue
        value, at = spot.source[name], under(spot.at, [name])
        if field.kind in _TEMPLATES:
            yield from _in_template(value, at)
        elif name == "Result":
            yield from _in_result(value, at)
        elif name + "Path" in known and looks_like_path(value):
            yield problem("NO_PATH", at, field=name)
    for index, entry in enumerate(_list(spot.source, "Catch")):
        if isinstance(entry, dict):
            yield from _in_template(entry.get("Assign"), under(spot.at, ["Catch", index, "Assign"]))
    for index, rule in enumerate(_list(spot.source, "Choices")):
        yield from _in_rule(rule, under(spot.at, ["Choices", index]))


def _in_template(value: Json, at: str) -> Iterator[Problem]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if looks_like_path(inner) and not key.endswith(".$"):
                yield problem("NO_DOLLAR", under(at, [key]), key=key)
            yield from _in_template(inner, under(at, [key]))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _in_template(inner, f"{at}[{index}]")


def _in_result(value: Json, at: str) -> Iterator[Problem]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if (key.endswith(".$") and isinstance(inner, str)) or looks_like_path(inner):
                yield problem("PASS_RESULT_IS_STATIC", under(at, [key]), key=key)
            yield from _in_result(inner, under(at, [key]))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _in_result(inner, f"{at}[{index}]")
    elif at.endswith("/Result") and looks_like_path(value):
        yield problem("PASS_RESULT_IS_STATIC", at, key=value)


def _in_rule(rule: Json, at: str) -> Iterator[Problem]:
    if isinstance(rule, list):
        for index, entry in enumerate(rule):
            yield from _in_rule(entry, f"{at}[{index}]")
    elif isinstance(rule, dict):
        for name, value in rule.items():
            if name in ("And", "Or", "Not"):
                yield from _in_rule(value, under(at, [name]))
            elif name in OPERATORS and name + "Path" in OPERATORS and looks_like_path(value):
                yield problem("NO_PATH", under(at, [name]), field=name)


def _list(source: Mapping[str, Json], name: str) -> list[Json]:
    value = source.get(name)
    return value if isinstance(value, list) else []

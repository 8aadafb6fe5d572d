"""The fields of an object, compiled: each function takes a place in the document and the name of a field.

Absent fields give None. A field that cannot be compiled leaves a problem, and an expression that fails with the same words
when it is reached.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeGuard

from engine.errors import QUERY_EVALUATION, StatesError, runtime
from engine.expressions import InvalidExpression, paths, templates
from engine.model import Expression, Language, ResultPath
from engine.placeholders import is_jsonata, is_placeholder, settled, settled_jsonata
from engine.pointer import under
from engine.problems import SCHEMA, Problem
from engine.values import Json, text


def refusal(refused: InvalidExpression, at: str) -> Problem:
    """The problem that a compiler's refusal is."""
    params = {"detail": refused.detail} if refused.detail else {}
    return Problem(refused.code, under(at, refused.at), refused.message, params=params)


@dataclass(frozen=True, slots=True)
class Place:
    """An object of the document that is being read: where it stands, in which language, and where problems go.

    `within` is the way from the state to this object, as error texts name fields: `Catch[0]/`.
    """

    source: Mapping[str, Json]
    at: str
    language: Language
    problems: list[Problem] = field(repr=False)
    depth: int = 0
    machine_language: Language = "JSONPath"
    within: str = ""

    def inner(self, *steps: str | int) -> Place:
        """The object found by following `steps`; empty where there is none."""
        value: Json = self.source
        for step in steps:
            value = value[step]
        way = under("", steps)[1:] + "/"
        return replace(
            self,
            source=value if isinstance(value, dict) else {},
            at=under(self.at, steps),
            within=self.within + way,
        )


def compiled(
    place: Place, name: str, source: Json, called: str, compile_: Callable[[], Expression]
) -> Expression | None:
    """What `compile_` makes; on refusal a problem, and an expression that fails with the same words when reached."""
    try:
        return compile_()
    except InvalidExpression as refused:
        message = refused.message
        place.problems.append(refusal(refused, under(place.at, [name] if name else [])))

        def fail(value_of: Json, _scope: Any) -> Json:
            raise runtime(message)

        return Expression(source, fail, called)


def template(place: Place, name: str) -> Expression | None:
    if name not in place.source:
        return None
    source = place.source[name]
    called = place.within + name
    return compiled(place, name, source, called, lambda: templates.template(settled(source), called))


def expression(place: Place, name: str, expected: tuple[str, ...] | None = None) -> Expression | None:
    """A value with JSONata in it. `expected` are the JSON types it must give, where they are not those of the field's name."""
    if name not in place.source:
        return None
    from engine.expressions import jsonata  # here, because most machines have none and it takes its time to load

    source = place.source[name]
    called = place.within + name
    return compiled(place, name, source, called, lambda: jsonata.value(settled_jsonata(source), called, expected))


def value_of(place: Place, name: str) -> Expression | None:
    """A field that both languages have: a payload template in one, a value with expressions in the other."""
    return expression(place, name) if place.language == "JSONata" else template(place, name)


def path(place: Place, name: str, compile_: Callable[[Any, str], Expression]) -> Expression | None:
    if name not in place.source:
        return None
    source = place.source[name]
    if not isinstance(source, str) and not (source is None and compile_ is paths.select):
        place.problems.append(Problem(SCHEMA, under(place.at, [name]), "Expected value of type [STRING]"))
        return None
    return compiled(place, name, source, name, lambda: compile_(source, name))


def result_path(place: Place) -> ResultPath | None:
    if "ResultPath" not in place.source:
        return None
    source = place.source["ResultPath"]
    at = under(place.at, ["ResultPath"])
    if source is not None and not isinstance(source, str):
        place.problems.append(Problem(SCHEMA, at, "Expected value of type [STRING]"))
        return None
    try:
        return paths.result_path(source)
    except InvalidExpression as refused:
        place.problems.append(refusal(refused, at))
        return ResultPath(source, None)


def number(place: Place, name: str) -> Expression | None:
    """A literal number, a path to one (`…Path`), or JSONata that gives one."""
    source = place.source
    if name in source:
        value = source[name]
        if is_number(value):
            return paths.literal(value, place.within + name)
        if place.language == "JSONata" and is_jsonata(value):
            return _from(LEAST.get(name), expression(place, name))
        if not is_placeholder(value):
            place.problems.append(Problem(SCHEMA, under(place.at, [name]), "Expected value of type [INTEGER]"))
        return None
    if place.language == "JSONPath":
        if name == "ToleratedFailurePercentage":
            return path(place, name + "Path", lambda text, called: paths.number_path(text, called, "float"))
        return _from(LEAST.get(name), path(place, name + "Path", paths.number_path))
    return None


LEAST: Mapping[str, int] = {"TimeoutSeconds": 1, "HeartbeatSeconds": 1, "Seconds": 0, "MaxConcurrency": 0}
"""The least that a number may be that is known only when it is reached. Others are looked at where they are used."""


def _from(least: int | None, made: Expression | None) -> Expression | None:
    """The expression, failing on a number below `least`: in JSONata as a value out of range, by a path as States.Runtime.

    The names are documented (Developer Guide, "Handling errors"), the sentences are made after recorded ones.
    """
    if made is None or least is None:
        return made
    source, called, evaluate = str(made.source), made.field, made.evaluate

    def bounded(given: Json, scope: Any) -> Json:
        number = evaluate(given, scope)
        if number >= least:
            return number
        if is_jsonata(source):
            raise StatesError(
                QUERY_EVALUATION,
                f"The JSONata expression '{source[2:-2].strip()}' specified for the field '{called}'"
                f" returned a value out of range: {text(number)}",
                framed=True,
                location=called,
            )
        raise runtime(f"{called.removesuffix('Path')} {'must be positive' if least else 'cannot be negative'}.")

    return replace(made, evaluate=bounded)


def value_or_text(place: Place, name: str) -> Expression | None:
    """A literal string, or JSONata that gives one."""
    if name not in place.source:
        return None
    value = place.source[name]
    if not isinstance(value, str):
        place.problems.append(Problem(SCHEMA, under(place.at, [name]), "Expected value of type [STRING]"))
        return None
    if place.language == "JSONata" and is_jsonata(value):
        return expression(place, name)
    return paths.literal(value, place.within + name)


def words(place: Place, name: str) -> Expression | None:
    """Error and Cause of a Fail state: literal, path or JSONata."""
    if name in place.source:
        return value_or_text(place, name)
    if place.language == "JSONPath":
        return path(place, name + "Path", paths.text_path)
    return None


def entries(source: Mapping[str, Json], name: str) -> list[Json]:
    value = source.get(name)
    return value if isinstance(value, list) else []


def text_of(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def whole(value: Json) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def is_number(value: Json) -> TypeGuard[float]:
    """An integer or float; a boolean is neither."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)

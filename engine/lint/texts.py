"""Texts that look like something else: expressions, paths, values that are put in later."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine import oversights
from engine.expressions import InvalidExpression, roots
from engine.expressions.jsonpath import InvalidPath, compile_path
from engine.fields import fields_of
from engine.lint.view import View, texts_in
from engine.outline import Spot
from engine.placeholders import is_jsonata, is_placeholder
from engine.pointer import under
from engine.problems import Problem, problem

_AMBITIOUS = re.compile(r"\$.*(?:\(|\.\.|\[[^\]]*[,:?*])", re.DOTALL)
_EXPRESSION_INSIDE = re.compile(r"\{%.*%\}", re.DOTALL)


_LITERAL_FIELDS = ("Comment", "Result", "Type", "Next", "Default", "Resource", "QueryLanguage", "Label")


def _own_texts(spot: Spot) -> Iterator[tuple[str, str]]:
    """Place and text of every string in a state's own fields, those that are literal left out."""
    for name, value in spot.source.items():
        if name not in _LITERAL_FIELDS and name not in ("Branches", "ItemProcessor", "Iterator"):
            yield from texts_in(value, under(spot.at, [name]))


def partial_expression(view: View) -> Iterator[Problem]:
    for spot in view.spots:
        if spot.language == "JSONata":
            for at, text in _own_texts(spot):
                begun = text.lstrip().startswith("{%") or text.rstrip().endswith("%}")
                if not is_jsonata(text) and (begun or _EXPRESSION_INSIDE.search(text)):
                    yield problem("partial-expression", at)


def expression_in_jsonpath(view: View) -> Iterator[Problem]:
    for spot in view.spots:
        if spot.language == "JSONPath":
            for at, text in _own_texts(spot):
                if is_jsonata(text):
                    yield problem("expression-in-jsonpath", at)


def path_in_jsonata(view: View) -> Iterator[Problem]:
    for spot in view.spots:
        if spot.language == "JSONata":
            for at, text in _own_texts(spot):
                if oversights.looks_like_path(text):
                    yield problem("path-in-jsonata", at)


def unquoted_word(view: View) -> Iterator[Problem]:
    for spot in view.spots:
        if spot.language == "JSONPath":
            for at, text in _own_texts(spot):
                if text.startswith("$") and "[?" in text and _needs_leniency(text):
                    yield problem("unquoted-word", at, path=text)


def _needs_leniency(path: str) -> bool:
    try:
        return compile_path(roots.split(path)[2], lenient=True).lenient
    except (InvalidPath, InvalidExpression):
        return False


def other_tools(view: View) -> Iterator[Problem]:
    """Only paths with more than names and indices are tried; the rest is read alike everywhere."""
    for spot in view.spots:
        if spot.language == "JSONPath":
            for at, text in _own_texts(spot):
                if _AMBITIOUS.match(text):
                    from engine.expressions import dialects  # here, because few paths are of that kind

                    parts = dialects.likely_difference(roots.split(text)[2])
                    if parts:
                        yield problem("other-tools-differ", at, path=text, parts=parts)


def open_value(view: View) -> Iterator[Problem]:
    for spot in view.spots:
        for name, field in fields_of(spot.type).items():
            if field.kind.startswith(("whole", "number")) and is_placeholder(spot.source.get(name)):
                counts = "1" if name == "Seconds" else "absent"
                yield problem("open-value", under(spot.at, [name]), name=spot.source[name], counts=counts)

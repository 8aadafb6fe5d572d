"""The engine's sentences in the reader's language.

Most problems have a sentence in the engine's catalogue, kept apart from what fills it: that is translated. Sentences that
are composed where the problem is found (about texts that cannot be read, and the words of AWS about definitions) have
their forms here, with a name for each part that changes. A message is recognised by its form and said again in the
reader's language, filled with the same parts. A message without a form stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any

from designer.texts import Texts
from designer.theme import N_
from engine.problems import CATALOGUE, Problem

PLACE = re.compile(r"^(?:The (?:input|mocks|definition) is not JSON: )?line \d+, column \d+: ")
"""The beginning of a message that says where; the place is shown by itself."""

TOO_LONG = N_("This text has {size} bytes; at most {limit} are read. Shorten it or split the workflow.")
NO_STATE = N_("“{target}” is not a state here. Add it, or write one of: {names}.")
NEAR_STATE = N_("“{target}” is not a state here. Did you mean “{nearest}”?")

FORMS: tuple[str, ...] = (
    # a text that cannot be read
    N_("there is no JSON here"),
    N_("the text is empty; a definition is an object with StartAt and States"),
    N_("a definition is an object with StartAt and States"),
    N_("a comma or {bracket} is missing after {last}"),
    N_("there is a comma too many before {sign}"),
    N_("names stand in double quotes, not in single ones"),
    N_("texts stand in double quotes, not in single ones"),
    N_("a name in double quotes is expected, but {sign} stands here"),
    N_('a colon is missing after "{name}"'),
    N_("{sign} closes nothing here; {bracket} is expected first"),
    N_("a value is missing before {sign}"),
    N_("a value is expected, but {sign} stands here"),
    N_("JSON has no comments; remove what begins with /"),
    N_("{word} is no JSON value; write {right}"),
    N_("{word} is no JSON value; texts need double quotes"),
    N_('the text ends inside a string; a closing " is missing'),
    N_("the text ends too early; {bracket} is missing"),
    N_('a line break stands inside a string; write {sign} or close the string with "'),
    N_('a tab stands inside a string; write {sign} or close the string with "'),
    N_('a control character stands inside a string; write {sign} or close the string with "'),
    N_("\\{sign} is no escape of JSON; a backslash itself is written \\\\"),
    N_("\\u needs four hexadecimal digits"),
    N_("a number does not begin with 0; text needs double quotes"),
    N_("a digit is missing after the decimal point"),
    N_("a digit is missing after the exponent"),
    N_("a digit is missing after the minus sign"),
    N_("the number is not complete"),
    N_("something follows after the end of the value; remove it"),
    N_('"{name}" stands here a second time; only this last one counts'),
    # a history that cannot be opened
    N_("The history has {size} characters; up to {limit} can be opened"),
    N_("An entry has no id or no type, so this is no execution history of Step Functions"),
    N_(
        "There are no events in this file. A history is an object with a list 'events', as `aws stepfunctions "
        "get-execution-history` prints it"
    ),
    N_(
        "The history begins with event {number}, {kind}: its first pages are missing. Fetch all pages, or leave out "
        "--max-results"
    ),
    N_("Event {number} is missing between the others; the file was cut or a page of it is not here"),
    N_(
        "The text at line {line}, column {column} is not whole JSON: {what}. The file may have been cut; export the "
        "history again"
    ),
    N_("The JSON is nested too deeply for a history"),
    N_("An event has the id {value}; ids count from 1"),
    N_("Event {number} has the {field} {value}, which is no number"),
    N_("Event {number} has the {field} {value}, which is no text"),
    N_("Event {number} has the timestamp {value}, which is no date"),
    N_("Event {number}, {kind}, belongs to no state that was entered before it; the history is not whole"),
    N_("Two events have the number {number} and are not the same: these pages belong to several executions"),
    N_(
        "This describes an execution, and has none of its events. Drop it together with the output of `aws stepfunctions "
        "get-execution-history`, or after it"
    ),
    N_("This is a definition, but no execution history (found: {found}). A history is an object with a list 'events'"),
    N_("This is JSON, but no execution history (found: {found}). A history is an object with a list 'events'"),
    # a definition that is not in order, in the words of AWS
    N_("Definition must be a valid JSON object"),
    N_("These fields are required: [{fields}]"),
    N_("One of these fields is required: [{fields}]"),
    N_("There should only be one of the following fields: [{fields}]"),
    N_("Field '{name}' is not supported"),
    N_("The field 'Type' should have one of these values: [{values}]"),
    N_("Expected value of type [{type}]"),
    N_("Value should be one of the following: [{values}]"),
    N_("Minimum value is {value}"),
    N_("Maximum value is {value}"),
    N_("Value is not a Reference Path"),
    N_("String does not match RFC3339 timestamp"),
    N_("States.ALL must appear alone in ErrorEquals"),
    N_("States.ALL must appear only in the last element"),
    N_("A comparison operator is required, or one of these fields: [And, Or, Not]"),
    N_("Workflow has no terminal state"),
    N_("State cannot be reached"),
    N_('State "{name}" is not reachable'),
    N_("Duplicate State name: {name}"),
    N_("The state name cannot be empty"),
    N_("The state name is {length} characters long; at most {limit} are allowed"),
    # mocks
    N_("There is no test case {case}."),
    N_("There is no test case {case}; there are {cases}."),
    N_("Test case {case} gives state {state} the response {name}, which MockedResponses does not have."),
    N_("Answer {place} has neither Return nor Throw; exactly one is needed."),
    N_("Answer {place} has both Return and Throw; exactly one is needed."),
    N_("Answer {place} cannot be evaluated: {what}"),
    N_("Answer {place} has {name}; it may have Return or Throw, Delay and QueryLanguage"),
    N_('QueryLanguage of {place} may only be "JSONata", beside Return'),
    N_("{part} must be a JSON object, not {kind}."),
    N_("Two answers are for the same calls"),
    N_("Response {name} begins with call {number}: calls are counted from 0"),
    N_("Response {name} has a gap: no answer for call {number}"),
    N_("Response {name} answers call {number} twice"),
    N_('Response {name} has the key {key}: a number ("0") or a range ("1-2") is needed'),
    N_("Response {name} has the range {key}, which runs backwards"),
    N_("Each mock of TestState needs stateName, a text, and mock, an object"),
    N_("The mock of {state} needs result, a text that is JSON, or errorOutput"),
    # what is expected of a scenario
    N_("Expect must be an object"),
    N_("{what} cannot be expected; {names} can"),
    N_("This cannot be run as it stands"),
)


def sentence(problem: Problem, t: Texts, *, fix: bool = True) -> str:
    """What is wrong and what would be right; where it is stands in the problem. Without `fix`, where a button offers it."""
    told: dict[str, Any] = dict(problem.params)
    if problem.code == "text-too-long":
        return t(TOO_LONG, size=t.number(told["size"]), limit=t.number(told["limit"]))
    if problem.code == "MISSING_TRANSITION_TARGET" and told.get("names"):
        return _no_state(str(told.get("target", "")), [str(name) for name in told["names"]], t)
    entry = CATALOGUE.get(problem.code)
    if entry is not None and entry.text:
        said = _ended(t(entry.text).format(**told))
        return f"{said} {_ended(t(entry.fix).format(**told))}" if entry.fix and fix else said
    return said_in(problem.message, t)


def said_in(message: str, t: Texts) -> str:
    """A message of the engine in the reader's language, as far as its form is known."""
    message = PLACE.sub("", message)
    for candidate in (message.removesuffix("."), message):
        for form, shape in _shapes():
            found = shape.fullmatch(candidate)
            if found:
                return _ended(t(form, **found.groupdict()))
    return _ended(message)


def _no_state(target: str, names: Sequence[str], t: Texts) -> str:
    near = get_close_matches(target, names, 1)
    if near:
        return t(NEAR_STATE, target=target, nearest=near[0])
    shown = ", ".join(names[:6]) + (", …" if len(names) > 6 else "")
    return t(NO_STATE, target=target, names=shown)


def _ended(text: str) -> str:
    """With a capital letter and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text[-1:] in ".?!:" else ".")


@cache
def _shapes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((form, re.compile(_as_pattern(form), re.DOTALL)) for form in FORMS)


def _as_pattern(form: str) -> str:
    parts = re.split(r"\{(\w+)\}", form)
    return "".join(f"(?P<{part}>.+?)" if index % 2 else re.escape(part) for index, part in enumerate(parts))

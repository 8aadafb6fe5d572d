"""What is wrong with a document: a `Problem` is a value in a list, never an exception.

The catalogue gives each code its severity, its sentence, its help and, where there is one, what a fix does; what fills the
sentence is kept apart from it, so that it can be translated. Codes in capitals are those of AWS's
ValidateStateMachineDefinition, with AWS's own wording in `message`; codes with a dash are our own rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["error", "warning", "hint"]
SCHEMA = "SCHEMA_VALIDATION_FAILED"


@dataclass(frozen=True, slots=True)
class Problem:
    """`at` says where, in the form of `pointer`. `message` is the sentence a person reads, in English."""

    code: str
    at: str
    message: str
    severity: Severity = "error"
    params: Mapping[str, Any] = field(default_factory=dict)
    """What the sentence was filled with, for translations and quick fixes: `{"name": "Shipp", "nearest": "Ship"}`."""
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One code of the catalogue. `text` is the sentence with `{names}`; it is empty where AWS words it case by case."""

    severity: Severity
    help: str
    text: str = ""
    fix: str = ""
    """What a quick fix would do, as an imperative; empty where a person must decide."""


def problem(code: str, at: str, **params: Any) -> Problem:
    """A problem of the catalogue, its sentence filled."""
    entry = CATALOGUE[code]
    return Problem(code, at, entry.text.format(**params), entry.severity, params)


_AWS: Mapping[str, Entry] = {
    "SCHEMA_VALIDATION_FAILED": Entry(
        "error", "A field is missing, does not belong here, or holds something that it may not hold."
    ),
    "INVALID_JSON_DESCRIPTION": Entry(
        "error", "The text is not JSON; the message says at which character it stops being so."
    ),
    "MISSING_TRANSITION_TARGET": Entry(
        "error", "A transition must name a state of the same block, and every state must be the target of one."
    ),
    "MISSING_END_STATE": Entry(
        "error", "Each block needs a state that ends it: one with End, or one of type Succeed or Fail."
    ),
    "DUPLICATE_STATE_NAME": Entry(
        "error", "A state's name must be the only one in the whole machine, branches and processors included."
    ),
    "INVALID_STATE_NAME": Entry("error", "A state's name has 1 to 80 characters."),
    "DUPLICATE_LABEL_NAME": Entry("error", "Each Label may be used by one Map state only."),
    "INVALID_LABEL_NAME": Entry(
        "error",
        "A Label becomes part of an ARN: at most 40 characters, no blanks, brackets, wildcards or special characters.",
    ),
    "TOO_DEEPLY_NESTED": Entry("error", "Blocks are nested in blocks too often."),
    "INVALID_JSONATA_EXPRESSION": Entry("error", "The expression in {% … %} cannot be read."),
    "UNSUPPORTED_JSONATA_EXPRESSION": Entry(
        "error",
        "At its top level, an expression sees $states, variables and functions, and no names of the input: write $states.input.name.",
    ),
    "NO_DOLLAR": Entry(
        "warning",
        "A text is followed as a path only under a key whose name ends in .$ and nowhere else.",
        "'{key}' holds what looks like a path, but its name does not end in .$, so it is taken as text",
        "Rename {key} to {key}.$",
    ),
    "NO_PATH": Entry(
        "warning",
        "Fields that take a path have names that end in Path; others take their value as it is.",
        "'{field}' holds what looks like a path; use '{field}Path' to follow it",
        "Rename {field} to {field}Path",
    ),
    "PASS_RESULT_IS_STATIC": Entry(
        "warning",
        "Result of a Pass state is taken literally. Parameters follow paths.",
        "Result is taken literally: '{key}' in it is not followed; use Parameters instead",
        "Rename Result to Parameters",
    ),
}

_TEXTS: Mapping[str, Entry] = {
    "unreadable": Entry("error", "The text cannot be read as a definition; the sentence says where and why."),
    "invalid-json": Entry("error", "The text is not JSON; the sentence says where and why."),
    "duplicate-key": Entry("warning", "Of names that stand twice in one object, only the last counts."),
}

_RULES: Mapping[str, Entry] = {
    "choice-without-default": Entry(
        "warning",
        "When no rule holds and there is no Default, the execution fails, and nothing in a Choice can catch that.",
        "no rule may hold here, and there is no Default: the execution would fail",
        "Add a Default",
    ),
    "misspelt-target": Entry(
        "hint",
        "The target does not exist, but a state with a similar name does.",
        'did you mean "{nearest}"?',
        "Write {nearest}",
    ),
    "misspelt-field": Entry(
        "hint",
        "The field does not exist here, but one with a similar name does.",
        "there is no field {name} here; did you mean {nearest}?",
        "Rename {name} to {nearest}",
    ),
    "field-with-dollar": Entry(
        "hint",
        "Only keys inside Parameters, ResultSelector, ItemSelector and Assign end in .$; the fields of a state do not.",
        "there is no field {name}; {nearest} follows paths without .$",
        "Rename {name} to {nearest}",
    ),
    "misspelt-error": Entry(
        "warning",
        "Names that begin with States. are the language's own, and this is none of them.",
        "{name} is no error of the language; did you mean {nearest}?",
        "Write {nearest}",
    ),
    "callback-without-timeout": Entry(
        "warning",
        "A task that waits for someone else's answer waits a year when the answer never comes.",
        "{what} waits for an answer with neither a timeout nor a heartbeat",
        "Add TimeoutSeconds",
    ),
    "callback-without-token": Entry(
        "warning",
        "Who should answer needs the token of the task, which is in the context object.",
        "the task waits for a callback, but does not pass on its token ({path})",
    ),
    "lambda-without-retry": Entry(
        "hint",
        "Calls of Lambda fail now and then for reasons of the service; AWS advises to retry them.",
        "a Lambda call without a retry for Lambda.ServiceException, Lambda.AWSLambdaException, Lambda.SdkClientException "
        "and Lambda.TooManyRequestsException",
        "Add a retrier for the service's errors",
    ),
    "loop-without-exit": Entry(
        "warning",
        "States that lead only to each other never end; a Standard execution fails after 25,000 events.",
        "there is no way out of the loop {states}",
    ),
    "loop-meets-event-limit": Entry(
        "hint",
        "Each turn of a loop leaves events in the history, and a Standard execution fails at the 25,000th.",
        "the loop {states} leaves about {events} events per turn: after some {turns} turns ({duration}) the execution fails",
        "Wait longer between two turns",
    ),
    "express-too-long": Entry(
        "warning",
        "An Express execution ends after five minutes.",
        "{seconds} seconds are longer than an Express execution may last",
    ),
    "idle-pass": Entry(
        "hint",
        "A Pass state without fields hands on what it gets.",
        "this state changes nothing",
        "Remove the state",
    ),
    "parameters-ignored": Entry(
        "warning",
        "When a Pass state has both, Result wins.",
        "Parameters has no effect, because Result is the result",
        "Remove Parameters",
    ),
    "unset-variable": Entry(
        "warning",
        "A variable must be set by Assign on the way to where it is read.",
        "${name} is read here, but nothing sets it",
    ),
    "unused-variable": Entry(
        "hint",
        "Variables that nobody reads cost space: all together may hold 10 MiB.",
        "${name} is set here and never read",
        "Remove {name} from Assign",
    ),
    "outer-variable": Entry(
        "warning",
        "Child executions of a distributed Map have no access to the variables around it.",
        "${name} is set outside, and a distributed Map does not see it; pass it on with ItemSelector",
    ),
    "partial-expression": Entry(
        "warning",
        "A text is an expression only when all of it stands in {% … %}, without a blank before or behind.",
        "this is taken as text: an expression must fill the whole string, from {{% to %}}",
    ),
    "expression-in-jsonpath": Entry(
        "warning",
        "Expressions in {% … %} need the query language JSONata.",
        "this is taken as text: the state's query language is JSONPath",
        'Add "QueryLanguage": "JSONata"',
    ),
    "path-in-jsonata": Entry(
        "warning",
        "In JSONata, paths are expressions that begin with $states.",
        "this is taken as text: in JSONata, write {{% $states.input… %}}",
    ),
    "unquoted-word": Entry(
        "warning",
        "Texts in filters stand in quotes. Without them, tools answer differently.",
        "a word in the filter of {path} has no quotes",
        "Put the word into single quotes",
    ),
    "other-tools-differ": Entry(
        "hint",
        "AWS evaluates paths with Jayway JsonPath. Emulators built on jsonpath-ng read some of them in another way.",
        "tools built on jsonpath-ng answer differently to {path}: they {parts}",
    ),
    "heartbeat-too-long": Entry(
        "warning",
        "A heartbeat that is not shorter than the timeout never fails first.",
        "the heartbeat ({heartbeat} s) is not shorter than the timeout ({timeout} s)",
    ),
    "error-answered-before": Entry(
        "warning",
        "Entries are tried in order, and the first that answers to the error is taken.",
        "{name} is answered by an earlier entry already",
    ),
    "uncatchable-error": Entry(
        "warning",
        "Errors of this kind end the execution; neither Retry nor Catch sees them.",
        "{name} cannot be caught or retried",
    ),
    "empty-error-list": Entry(
        "warning", "An entry without names answers to no error.", "this entry answers to no error"
    ),
    "older-field": Entry(
        "hint",
        "The field still works; the newer name is the one in AWS's documentation.",
        "{name} is the older name of {newer}",
        "Rename {name} to {newer}",
    ),
    "items-path-ignored": Entry(
        "hint",
        "Items come from the reader; ItemsPath has no effect beside it.",
        "ItemsPath has no effect beside ItemReader",
        "Remove ItemsPath",
    ),
    "tolerance-ignored": Entry(
        "warning",
        "One failing iteration fails an inline Map.",
        "{name} has no effect: the Map does not run in distributed mode",
        "Remove {name}",
    ),
    "unknown-action": Entry(
        "warning",
        "The action is not in AWS's documentation as we know it.",
        "{action} is not among the known actions of {service}: {known}",
    ),
    "foreign-resource": Entry(
        "warning",
        "Other programs run this language too, with resources of their own.",
        "{resource} belongs to another runner of this language; Step Functions would refuse it",
    ),
    "other-runner": Entry("warning", "What another runner allows, Step Functions may refuse."),
    "jsonata-later-version": Entry("warning", "AWS runs JSONata 2.0.6; newer operators work here and fail there."),
    "open-value": Entry(
        "hint",
        "What stands in ${…} is put in at deployment. Until then a number counts as absent, and as 1 in a Wait.",
        "{name} is known only after deployment; here it counts as {counts}",
    ),
}

CATALOGUE: Mapping[str, Entry] = {**_AWS, **_TEXTS, **_RULES}
"""Every code there is. Texts of AWS's codes are composed where the problem is found."""

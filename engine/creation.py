"""What `CreateStateMachine` and `UpdateStateMachine` refuse, before anything is run: the request around the definition.

The definition itself is the business of `validate`; here are the rules about the rest of the request, as a table of small
functions, each with the error it raises. Nothing is created, and nothing is asked of any account: whether a log group
exists is told by the caller.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from engine.validate import creation_error
from engine.values import Json

LONGEST_NAME = 80
_NAME_REFUSES = re.compile(r"[\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Refusal(NamedTuple):
    """An error of the service: its name and message."""

    error: str
    message: str


Request = Mapping[str, Json]
Rule = Callable[[Request, Collection[str]], Refusal | None]


def refusal(request: Request, log_groups: Collection[str] = ()) -> Refusal | None:
    """What the service answers instead of creating or updating a machine, None when it accepts the request.

    `request` has the fields of the call: name, definition, type, loggingConfiguration, publish, versionDescription …;
    `log_groups` are the ARNs of those that exist.
    """
    for rule in RULES:
        found = rule(request, log_groups)
        if found is not None:
            return found
    return None


def _name(request: Request, log_groups: Collection[str]) -> Refusal | None:
    name = request.get("name")
    if isinstance(name, str) and (len(name) > LONGEST_NAME or _NAME_REFUSES.search(name)):
        return Refusal("InvalidName", f"Invalid Name: '{name}'")
    return None


def _version(request: Request, log_groups: Collection[str]) -> Refusal | None:
    if request.get("versionDescription") is not None and not request.get("publish"):
        return Refusal("ValidationException", "Version description can only be set when publish is true")
    return None


def _logging(request: Request, log_groups: Collection[str]) -> Refusal | None:
    configuration: Any = request.get("loggingConfiguration")
    if not isinstance(configuration, Mapping) or configuration.get("level", "OFF") == "OFF":
        return None
    destinations = configuration.get("destinations") or []
    if len(destinations) != 1:
        return _bad_logging("Must specify exactly one Log Destination.")
    group = destinations[0].get("cloudWatchLogsLogGroup") or {}
    if group.get("logGroupArn") not in log_groups:
        return _bad_logging("Log Destination not found.")
    return None


def _bad_logging(message: str) -> Refusal:
    return Refusal("InvalidLoggingConfiguration", f"Invalid Logging Configuration: {message}")


def _definition(request: Request, log_groups: Collection[str]) -> Refusal | None:
    definition = request.get("definition")
    if not isinstance(definition, str):
        return None
    message = creation_error(definition, str(request.get("type") or "STANDARD"))
    return Refusal("InvalidDefinition", message) if message else None


RULES: tuple[Rule, ...] = (_name, _version, _logging, _definition)

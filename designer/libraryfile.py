"""The whole library as one file, and back.

    {"paso": "library", "version": 1, "workflows": [{"name": …, "definition": …, …, "earlier": [{"changed": …, …}]}]}

A file is foreign: its size is capped before it is read, and every field is checked before anything of it is kept. What is
not in a file of this version is refused with a sentence that says where.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, get_args

from designer.archive import Scenario, Version, Workflow
from designer.session import EDITORS, WorkflowType
from designer.sharing import NotShared
from designer.theme import N_

KIND = "library"
VERSION = 1
MOST_BYTES = 32 * 1_048_576
MOST_WORKFLOWS = 1_000
MOST_SCENARIOS = 500
MOST_EARLIER = 20

TOO_LARGE = N_("This file holds more than {limit} MB, and is not read.")
NO_JSON = N_("This is no library of Paso: the file is not JSON. Choose a file that was exported here.")
NO_LIBRARY = N_("This is no library of Paso: it does not say that it is one. Choose a file that was exported here.")
OTHER_VERSION = N_(
    "This library was written by another version of Paso (format {version}; this one reads {ours}). Export it again from the same version."
)
TOO_MANY = N_("This library holds {n} workflows; at most {limit} are taken at once. Nothing was taken.")
WRONG = N_(
    "This library was changed by hand or by a program: {field} of workflow {n} is not what it should be. Nothing was taken."
)

Kept = tuple[Workflow, Sequence[Version]]


def written(library: Iterable[Kept]) -> bytes:
    """The file. JSON in ASCII: any text survives."""
    told = [
        {**_plain(workflow, GIVEN), "earlier": [_plain(version, {"number"}) for version in earlier]}
        for workflow, earlier in library
    ]
    return json.dumps({"paso": KIND, "version": VERSION, "workflows": told}, indent=1).encode("ascii")


def read(content: bytes) -> list[Kept]:
    """What a file holds. Raises NotShared with the sentence that says why it is none, and then nothing of it counts."""
    if len(content) > MOST_BYTES:
        raise NotShared(TOO_LARGE, limit=str(MOST_BYTES // 1_048_576))
    try:
        told = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise NotShared(NO_JSON) from None
    if not isinstance(told, dict) or told.get("paso") != KIND or not isinstance(told.get("workflows"), list):
        raise NotShared(NO_LIBRARY)
    if told.get("version") != VERSION:
        raise NotShared(OTHER_VERSION, version=str(told.get("version"))[:20], ours=str(VERSION))
    found = told["workflows"]
    if len(found) > MOST_WORKFLOWS:
        raise NotShared(TOO_MANY, n=str(len(found)), limit=str(MOST_WORKFLOWS))
    return [_workflow(one, place) for place, one in enumerate(found, start=1)]


GIVEN = {"number", "changed", "digest"}
"""What the archive gives, and no file."""


def _plain(record: Any, without: Iterable[str]) -> dict[str, Any]:
    told = {one.name: getattr(record, one.name) for one in fields(record) if one.name not in without}
    if "scenarios" in told:
        told["scenarios"] = [_plain(scenario, ()) for scenario in told["scenarios"]]
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in told.items()}


def _workflow(told: Any, place: int) -> Kept:
    wrong = _wrong(told, WORKFLOW)
    if wrong is not None:
        raise NotShared(WRONG, field=wrong, n=str(place))
    own = {name: value for name, value in told.items() if name != "earlier"}
    own["scenarios"] = tuple(Scenario(**{**one, "made_up": tuple(one["made_up"])}) for one in told["scenarios"])
    own["made_up"] = tuple(told["made_up"])
    return Workflow(**own), [Version(0, **one) for one in told["earlier"]]


def _wrong(told: Any, checks: Mapping[str, Callable[[Any], bool]]) -> str | None:
    """The first field that is not what it should be; the name of one that should not be there, cut short."""
    if not isinstance(told, dict):
        return "{}"
    missing = next((name for name, fits in checks.items() if name not in told or not fits(told[name])), None)
    return missing or next((str(name)[:40] for name in told if name not in checks), None)


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _maybe_text(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _title(value: Any) -> bool:
    return _text(value) or (isinstance(value, dict) and all(map(_text, value.values())))


def _type(value: Any) -> bool:
    return value in get_args(WorkflowType)


def _drafts(value: Any) -> bool:
    return isinstance(value, dict) and all(name in EDITORS and _text(text) for name, text in value.items())


def _moment(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def _many(checks: Mapping[str, Callable[[Any], bool]], most: int) -> Callable[[Any], bool]:
    return lambda value: (
        isinstance(value, list) and len(value) <= most and all(_wrong(one, checks) is None for one in value)
    )


SCENARIO: Mapping[str, Callable[[Any], bool]] = {
    "name": _text, "input": _text, "title": _title, "case": _maybe_text, "workflow_type": _type, "expect": _text,
    "made_up": _texts,
}  # fmt: skip
EARLIER: Mapping[str, Callable[[Any], bool]] = {
    "changed": _moment, "definition": _text, "path": _maybe_text, "mocks": _maybe_text, "drafts": _drafts,
}  # fmt: skip
WORKFLOW: Mapping[str, Callable[[Any], bool]] = {
    "name": _text, "definition": _text, "path": _maybe_text, "workflow_type": _type, "mocks": _maybe_text,
    "scenarios": _many(SCENARIO, MOST_SCENARIOS), "scenario": _text, "input": _text, "case": _maybe_text,
    "made_up": _texts, "drafts": _drafts, "machine": _text, "earlier": _many(EARLIER, MOST_EARLIER),
}  # fmt: skip
"""What a file holds, and what each field must be."""

"""A run as a link: definition, input, mocks, scenario, changes and step, compressed into the address.

    ?p=1.<base64url of zlib of JSON>

The number before the point is the version of what follows; a reader of another version says so. What a link holds is
foreign text: its size is capped before and while it is unpacked, and every field is checked before it is used.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any, get_args

from designer.session import MOST_CHANGES, Change, Own, Scenario, Session, WorkflowType, recording_of
from designer.theme import N_

VERSION = 1
MOST_IN_ADDRESS = 6_000
"""Characters of a link that pass through proxies; a longer one becomes a file."""
MOST_UNPACKED = 8 * 1_048_576
"""Bytes of JSON that a link or a file may hold."""

NOT_OURS = N_("This is no link or file of Paso: it does not begin with a version number. Copy it whole and try again.")
OTHER_VERSION = N_(
    "This was made by another version of Paso (format {version}; this one reads {ours}). Ask for it again from the same version."
)
DAMAGED = N_("This link is damaged or was cut: what it holds cannot be unpacked. Copy it whole and try again.")
TOO_LARGE = N_("This holds more than {limit} MB when unpacked, and is not opened.")
WRONG = N_("This link was changed by hand or by a program: {field} is not what it should be. Nothing was opened.")


class NotShared(ValueError):
    """What was given is nothing that can be opened. `text` is an English msgid, `values` fill it."""

    def __init__(self, text: str, **values: str) -> None:
        super().__init__(text.format(**values))
        self.text = text
        self.values = values


def packed(session: Session) -> str:
    """What a link or a file holds of a session, with its version in front."""
    text = json.dumps(_told(session), separators=(",", ":"), ensure_ascii=False)
    body = base64.urlsafe_b64encode(zlib.compress(text.encode("utf-8", "surrogatepass"), 9)).decode("ascii").rstrip("=")
    return f"{VERSION}.{body}"


def opened(text: str, session: Session) -> Session:
    """The session with what a link, its tail or a file holds on the table. Raises NotShared, and then nothing is changed.

    Language, executions and what stands in boxes stay.
    """
    told = _checked(_unpacked(_tail(text)))
    scenarios = tuple(_scenario(one) for one in told["scenarios"])
    recording = told["recording"]
    return replace(
        session,
        workflow=told["workflow"],
        title=told["title"],
        own=Own(),
        definition=told["definition"],
        path=told["path"],
        mocks=told["mocks"],
        scenarios=scenarios,
        scenario=told["scenario"],
        input=told["input"],
        case=told["case"],
        workflow_type=told["type"],
        seed=told["seed"],
        delay=told["delay"],
        made_up=tuple(told["made_up"]),
        recording=recording_of(recording["name"], recording["text"], simulated=recording["simulated"])
        if recording
        else None,
        changes=tuple(Change(**one) for one in told["changes"]),
        cursor=told["step"],
        order=session.order + 1,
        run=0,
        drafts={},
        typed={},
        notice=None,
        revision=session.revision + 1,
    )


def _told(session: Session) -> dict[str, Any]:
    recording = session.recording
    return {
        "workflow": session.workflow,
        "title": dict(session.title) if isinstance(session.title, Mapping) else session.title,
        "definition": session.definition,
        "path": session.path,
        "mocks": session.mocks,
        "scenarios": [{**asdict(one), "title": one.title if isinstance(one.title, str) else dict(one.title)} for one in session.scenarios],
        "scenario": session.scenario,
        "input": session.input,
        "case": session.case,
        "type": session.workflow_type,
        "seed": session.seed,
        "delay": session.delay,
        "made_up": list(session.made_up),
        "recording": asdict(recording) if recording else None,
        "changes": [asdict(one) for one in session.changes],
        "step": session.cursor,
    }  # fmt: skip


def _tail(text: str) -> str:
    """What stands behind `p=` in an address; the whole text where there is none."""
    text = "".join(text.split())
    _, found, tail = text.partition("p=") if "?" in text else ("", "", "")
    return tail.partition("&")[0].partition("#")[0] if found else text


def _unpacked(text: str) -> Any:
    version, point, body = text.partition(".")
    if not point or not version.isascii() or not version.isdigit() or len(version) > 6:
        raise NotShared(NOT_OURS)
    if int(version) != VERSION:
        raise NotShared(OTHER_VERSION, version=version, ours=str(VERSION))
    limit = NotShared(TOO_LARGE, limit=str(MOST_UNPACKED // 1_048_576))
    if len(body) > MOST_UNPACKED:
        raise limit
    try:
        unzip = zlib.decompressobj()
        raw = unzip.decompress(
            base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True), MOST_UNPACKED
        )
        if unzip.unconsumed_tail:
            raise limit
        if not unzip.eof:
            raise NotShared(DAMAGED)
        return json.loads(raw.decode("utf-8", "surrogatepass"))
    except (binascii.Error, zlib.error, UnicodeError, RecursionError, json.JSONDecodeError):
        raise NotShared(DAMAGED) from None


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _maybe_text(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53


def _title(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, dict) and all(map(_text, value.values())))


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _a_change(value: Any) -> bool:
    if not isinstance(value, dict) or set(value) != {"kind", "moment", "text"}:
        return False
    if value["kind"] not in ("value", "answer", "input", "definition") or not _whole(value["moment"]):
        return False
    if not _text(value["text"]):
        return False
    return value["kind"] not in ("value", "answer") or (value["moment"] >= 0 and _json(value["text"], value["kind"]))


def _json(text: str, kind: str) -> bool:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return kind == "value" or _an_answer(found)


def _an_answer(value: Any) -> bool:
    if not isinstance(value, dict) or not {"output", "error", "timeout"} & set(value):
        return False
    beats = value.get("heartbeats", [])
    whole = _whole(value.get("delay", 0)) and value.get("delay", 0) >= 0
    named = _maybe_text(value.get("error")) and _maybe_text(value.get("cause"))
    return whole and named and isinstance(beats, list) and all(_whole(beat) and beat >= 0 for beat in beats)


def _a_scenario(value: Any) -> bool:
    checks = {
        "name": _text, "title": _title, "input": _text, "case": _maybe_text, "expect": _text, "made_up": _texts,
        "workflow_type": lambda kind: kind in get_args(WorkflowType),
    }  # fmt: skip
    return isinstance(value, dict) and set(value) == set(checks) and all(checks[name](value[name]) for name in checks)


def _a_recording(value: Any) -> bool:
    checks: dict[str, Callable[[Any], bool]] = {
        "name": _text, "digest": _text, "text": _text, "simulated": lambda is_so: isinstance(is_so, bool),
    }  # fmt: skip
    if value is None:
        return True
    return isinstance(value, dict) and set(value) == set(checks) and all(checks[name](value[name]) for name in checks)


FIELDS: Mapping[str, Callable[[Any], bool]] = {
    "workflow": _text,
    "title": _title,
    "definition": lambda value: isinstance(value, str) and bool(value),
    "path": _maybe_text,
    "mocks": _maybe_text,
    "scenarios": lambda value: isinstance(value, list) and len(value) <= 200 and all(map(_a_scenario, value)),
    "scenario": _text,
    "input": _text,
    "case": _maybe_text,
    "type": lambda value: value in get_args(WorkflowType),
    "seed": _whole,
    "delay": _whole,
    "made_up": _texts,
    "recording": _a_recording,
    "changes": lambda value: isinstance(value, list) and len(value) <= MOST_CHANGES and all(map(_a_change, value)),
    "step": lambda value: value is None or (_whole(value) and value >= 0),
}
"""What a link holds, and what each field must be."""


def _checked(told: Any) -> dict[str, Any]:
    if not isinstance(told, dict):
        raise NotShared(DAMAGED)
    for name, fits in FIELDS.items():
        if name not in told or not fits(told[name]):
            raise NotShared(WRONG, field=name)
    return told


def _scenario(told: Mapping[str, Any]) -> Scenario:
    return Scenario(**{**told, "made_up": tuple(told["made_up"])})

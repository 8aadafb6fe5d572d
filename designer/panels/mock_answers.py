"""The answers of one task as they stand in their row: what is typed there, what keeps it from being used, what it is as mocks.

An entry has `calls` ("0", "1-3"), `error` (empty for a result as it stands, `{%` for one in JSONata, else an error's name),
`text` (the result or the cause) and `delay` in seconds.
"""

from __future__ import annotations

import json
from typing import Any

from designer import mocking
from designer.mocking import Task
from designer.session import Session
from designer.theme import N_
from engine.connectors.mock import JSONATA, MARK
from engine.expressions import jsonata
from engine.problems import Problem
from engine.source import load_json

Entry = dict[str, Any]

RETURN, COMPUTED = "", "{%"
"""In the list of errors: none, the task succeeds; with a result as it stands, or with one in JSONata."""
REPLIES = {RETURN: N_("Result"), COMPUTED: N_("JSONata")}
FIRST_TEXT = {RETURN: "{}", COMPUTED: "{% $request %}"}


def draft(session: Session, config: mocking.Config, task: Task, box: str) -> list[Entry]:
    """The answers as they stand in the row: those of the file, unless something was typed that makes no sense yet."""
    typed = session.typed.get(box)
    if typed is not None:
        found: list[Entry] = json.loads(typed)
        return found
    return [_shown(key, entry) for key, entry in (mocking.row(config, session.case, task.name) or {}).items()]


def complaint(task: Task, entries: list[Entry]) -> Problem | None:
    """What keeps these answers from being used."""
    for entry in entries:
        if entry["error"] in REPLIES and not _is_bare(entry):
            _, problem = load_json(entry["text"])
            if problem is not None:
                return problem
    if len({entry["calls"] for entry in entries}) < len(entries):
        return Problem("mocks-unusable", "/", "Two answers are for the same calls.")
    said = mocking.complaint(task.name, written(entries))
    return Problem("mocks-unusable", "/", said) if said else None


def written(entries: list[Entry]) -> dict[str, Any]:
    """The entries as a mock file has them."""
    made = {}
    for entry in entries:
        answer: dict[str, Any] = {"Throw": {"Error": entry["error"], "Cause": entry["text"]}}
        if entry["error"] in REPLIES:
            answer = {"Return": result(entry)} | ({MARK: JSONATA} if entry["error"] == COMPUTED else {})
        made[entry["calls"]] = answer | ({"Delay": entry["delay"]} if entry["delay"] else {})
    return made


def following(entries: list[Entry]) -> Entry:
    """An answer more, for the call after the last."""
    last = max((int(part) for entry in entries for part in entry["calls"].split("-") if part.isdigit()), default=-1)
    return {"calls": str(last + 1), "error": RETURN, "text": "{}", "delay": 0}


def carried(entry: Entry, kind: str) -> str:
    """The text under another kind of reply: a result may become an expression and back, a cause is none."""
    if kind not in REPLIES:
        return entry["text"] if entry["error"] not in REPLIES else ""
    if entry["error"] not in REPLIES or entry["text"].strip() in FIRST_TEXT.values():
        return FIRST_TEXT[kind]
    if kind == RETURN and jsonata.is_expression(entry["text"].strip()):
        return json.dumps(entry["text"].strip(), ensure_ascii=False)
    return str(entry["text"])


def result(entry: Entry) -> Any:
    """The Return of an entry without a complaint."""
    return entry["text"].strip() if _is_bare(entry) else json.loads(entry["text"])


def _shown(key: str, entry: Any) -> Entry:
    entry = entry if isinstance(entry, dict) else {}
    thrown = entry.get("Throw")
    delay = entry.get("Delay", 0)
    if isinstance(thrown, dict):
        return {
            "calls": key,
            "error": str(thrown.get("Error", "")),
            "text": str(thrown.get("Cause", "")),
            "delay": delay,
        }
    given = entry.get("Return")
    text = json.dumps(given, indent=2, ensure_ascii=False)
    if mocking.is_expression(entry):
        return {
            "calls": key,
            "error": COMPUTED,
            "text": given if jsonata.is_expression(given) else text,
            "delay": delay,
        }
    return {"calls": key, "error": RETURN, "text": text, "delay": delay}


def _is_bare(entry: Entry) -> bool:
    """One expression alone, without the quotes that JSON would want."""
    return entry["error"] == COMPUTED and jsonata.is_expression(entry["text"].strip())

"""When a retrier tries again, in a picture and in words."""

from __future__ import annotations

import xml.etree.ElementTree as xml
from typing import Any

import pytest

from designer.panels.backoff import backoff_picture, delays, in_words
from designer.texts import Texts
from engine.execution import run
from engine.parse import parse
from engine.trace import Reply
from engine.world import World

ENTRIES: list[dict[str, Any]] = [
    {},
    {"IntervalSeconds": 2, "MaxAttempts": 4, "BackoffRate": 1.5},
    {"IntervalSeconds": 3, "MaxAttempts": 6, "MaxDelaySeconds": 10},
    {"MaxAttempts": 0},
]


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_delays_are_those_of_a_run(entry: dict[str, Any]) -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": True,
            "Retry": [{"ErrorEquals": ["States.ALL"], **entry}]}  # fmt: skip
    machine, _ = parse({"StartAt": "A", "States": {"A": task}})
    assert machine is not None
    trace = run(machine, {}, World(connector=lambda call: Reply(error="Broken", failed=True)))
    assert delays(entry) == [moment[4] for moment in trace.raw if moment[0] == "retry"]


@pytest.mark.parametrize("entry", [*ENTRIES, {"MaxAttempts": 99_999_999, "BackoffRate": 10}, {"MaxAttempts": "x", "JitterStrategy": "FULL"}])  # fmt: skip
def test_the_picture_stands_in_both_modes_whatever_the_numbers_are(entry: dict[str, Any]) -> None:
    for mode in ("light", "dark"):
        drawing = xml.fromstring(backoff_picture(entry, mode))
        bars = [part for part in drawing if part.tag.endswith("rect")]
        assert len(bars) == min(len(delays(entry)), 8)
        assert all(float(part.get("y", 0)) >= 0 for part in bars)


def test_in_words() -> None:
    t = Texts("en")
    assert in_words({"MaxAttempts": 0}, t) == "It is never tried again: the error goes on to Catch."
    assert in_words({"MaxAttempts": 2}, t) == "2 retries, after 1\u00a0s, 2\u00a0s: 3\u00a0s of waiting in all."
    assert "at most 3\u00a0s" in in_words({"MaxAttempts": 2, "JitterStrategy": "FULL"}, t)
    assert in_words({"MaxAttempts": 1}, Texts("es")).startswith("1 reintento, tras 1\u00a0s")

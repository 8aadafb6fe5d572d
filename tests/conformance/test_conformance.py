"""The project beside recordings of AWS, published workflows and Jayway's own answers, where these are at hand.

They lie beside the project (`../shared`), not in it. Where they are absent these tests stand aside; what they showed is
kept in tables of our own. Known differences stand in `deviations.json`, case → reason; the list is held true both ways: a
difference that is not in it fails, and so does an entry that has become untrue.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.conformance import adapter

SHARED = Path(__file__).resolve().parents[3] / "shared"
RECORDINGS = SHARED / "conformance"
CORPUS = SHARED / "corpus"
LEVELS = ("outcome", "events", "causality")
LEAST = {"outcome": 98.0, "events": 95.0, "causality": 95.0}

recordings = pytest.mark.skipif(
    not (RECORDINGS / "run.py").exists(),
    reason="the recordings of AWS are not beside the project (../shared/conformance)",
)
published = pytest.mark.skipif(
    not (CORPUS / "manifest.csv").exists(),
    reason="the published workflows are not beside the project (../shared/corpus)",
)


@pytest.fixture(scope="module")
def runner() -> ModuleType:
    """The recordings' own judge."""
    sys.path.insert(0, str(RECORDINGS))
    spec = importlib.util.spec_from_file_location("recordings_run", RECORDINGS / "run.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def known() -> dict[str, str]:
    path = Path(__file__).with_name("deviations.json")
    told: dict[str, str] = json.loads(path.read_text("utf-8"))
    return told


@recordings
def test_what_differs_from_the_recordings_is_known(runner: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    good: Counter[str] = Counter()
    all_of: Counter[str] = Counter()
    differing: dict[str, str] = {}
    for path in sorted((RECORDINGS / "cases").glob("*.json")):
        for case in json.loads(path.read_text("utf-8")):
            verdict: dict[str, Any] = runner.judge(adapter, case)
            for level in LEVELS:
                if verdict[level] is not None:
                    all_of[level] += 1
                    good[level] += bool(verdict[level])
            if verdict.get("crash") or False in [verdict[level] for level in LEVELS]:
                differing[case["id"]] = verdict.get("crash") or "; ".join(verdict["notes"])
    with capsys.disabled():
        shares = ", ".join(f"{level} {good[level]}/{all_of[level]}" for level in LEVELS)
        print(f"\nrecordings: {shares}")
    assert all(100 * good[level] / all_of[level] >= LEAST[level] for level in LEVELS)
    assert differing.keys() - known().keys() == set(), differing
    assert known().keys() - differing.keys() == set(), "these no longer differ: take them out of deviations.json"


@published
def test_published_workflows_are_accepted_and_run_to_an_end(capsys: pytest.CaptureFixture[str]) -> None:
    refused: dict[str, list[str]] = {}
    count = 0
    with (CORPUS / "manifest.csv").open(encoding="utf-8", newline="") as file:
        valid = [row["id"] for row in csv.DictReader(file) if row["expected"] == "valid"]
    for name in valid:
        path = CORPUS / "asl" / f"{name}.json"
        if path.exists():
            count += 1
            answer = adapter.corpus(path.read_text("utf-8"))
            if not answer["accepted"] or answer["status"] not in ("SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"):
                refused[name] = answer["problems"] or [str(answer["status"])]
    with capsys.disabled():
        print(f"\npublished workflows: {count - len(refused)} of {count} accepted and run to an end")
    assert refused == {}


@published
def test_published_texts_load_or_are_refused_with_their_place() -> None:
    from engine import source

    for path in sorted((CORPUS / "raw").iterdir()):
        document = source.load(path.read_text("utf-8", errors="replace"), path=path.name)
        if document.value is None:
            first = document.problems[0]
            assert first.message and first.line and first.column, path.name


def test_every_known_difference_has_its_reason() -> None:
    assert all(len(reason) > 20 for reason in known().values())

"""Queries with Jayway JsonPath's own answers and error texts, where they lie beside the project (`../shared/jsonpath`)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.values import same
from tests.conformance import adapter

QUERIES = Path(__file__).resolve().parents[3] / "shared" / "jsonpath" / "jayway.json"


@pytest.mark.skipif(not QUERIES.exists(), reason="Jayway's answers are not beside the project (../shared/jsonpath)")
def test_paths_answer_as_jayway_does(capsys: pytest.CaptureFixture[str]) -> None:
    right = texts = refused = count = 0
    for query in json.loads(QUERIES.read_text("utf-8"))["queries"]:
        count += 1
        answer = adapter.jsonpath(query["selector"], query["document"])
        outcome = query["outcome"]
        right += answer["outcome"] == outcome and (outcome != "ok" or same(answer["result"], query["result"]))
        if outcome != "ok":
            refused += 1
            texts += answer.get("message") == query["message"]
    with capsys.disabled():
        print(
            f"\njsonpath: outcomes {right}/{count} = {100 * right / count:.2f} %, "
            f"error texts {texts}/{refused} = {100 * texts / refused:.2f} %"
        )
    assert 100 * right / count >= 99.5
    assert 100 * texts / refused >= 95

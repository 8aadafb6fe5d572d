"""Where tools built on jsonpath-ng part from AWS."""

from __future__ import annotations

from typing import Any

import pytest

from engine.expressions.dialects import OtherRefusal, difference, likely_difference, other_answer, own_answer
from engine.expressions.jsonpath import InvalidPath

PANTRY = {"loaves": [{"kind": "rye", "grams": 700}, {"kind": "bun"}], "salt": {"grams": 5}}


@pytest.mark.parametrize(
    "path", ["$.loaves[*].kind", "$..grams", "$.loaves[?(@.kind == 'rye')]", "$.loaves[-1]", "$.salt.grams", "$.pepper"]
)
def test_they_agree(path: str) -> None:
    assert difference(path, PANTRY) is None
    assert same_answers(path, PANTRY)


def same_answers(path: str, value: Any) -> bool:
    return own_answer(path, value) == other_answer(path, value)


@pytest.mark.parametrize("path", ["$.loaves.length()", "$.loaves[?(@.kind in ['rye'])]", "$.brötchen"])
def test_they_refuse(path: str) -> None:
    with pytest.raises(OtherRefusal):
        other_answer(path, PANTRY)
    assert difference(path, PANTRY) == likely_difference(path) == "refuse it"


def test_they_answer_otherwise() -> None:
    told = difference("$['salt','loaves']", {"salt": 1, "loaves": 2})
    assert told == 'find [1,2] in {"salt":1,"loaves":2}, where AWS finds [{"salt":1,"loaves":2}]'


def test_a_path_that_is_none_for_us() -> None:
    with pytest.raises(InvalidPath):
        difference("$.loaves[?(@.kind==]", PANTRY)
    assert likely_difference("$.loaves[?(@.kind==]") is None

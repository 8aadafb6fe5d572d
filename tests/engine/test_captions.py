"""What a graph says in a few words: captions of states and conditions of Choice rules, as a table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.captions import LONGEST, caption, condition, cut

CASES = json.loads((Path(__file__).parents[1] / "cases" / "graph" / "captions.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES["captions"], ids=lambda case: case["caption"])
def test_a_state_in_a_few_words(case: dict[str, Any]) -> None:
    assert caption(case["state"]) == case["caption"]


@pytest.mark.parametrize("case", CASES["conditions"], ids=lambda case: case["condition"])
def test_a_rule_as_a_sentence(case: dict[str, Any]) -> None:
    assert condition(case["rule"]) == case["condition"]


def test_a_long_label_is_cut_on_one_line() -> None:
    assert cut("short\n  label") == "short label"
    assert len(cut("x" * 100)) == LONGEST and cut("x" * 100).endswith("…")

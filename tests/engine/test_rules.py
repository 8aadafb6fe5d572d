"""Choice rules while they are edited. The table is tests/cases/rules/edits.json."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from engine.expressions import choices
from engine.expressions.operators import OPERATORS
from engine.rules import JOINING, compared, with_part, with_word, word_of

TABLE = Path(__file__).parent.parent / "cases" / "rules" / "edits.json"
CASES = json.loads(TABLE.read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["says"]) for case in CASES])
def test_an_edited_rule(case: dict[str, Any]) -> None:
    rule = deepcopy(case["rule"])
    assert (with_part(rule) if "part" in case else with_word(rule, case["word"])) == case["gives"]
    assert rule == case["rule"]


@pytest.mark.parametrize("word", [*JOINING, *OPERATORS])
def test_every_operator_makes_a_rule_that_compiles(word: str) -> None:
    """From every kind of rule there can be, whatever was compared before."""
    rules = [compared(), *(compared({"Variable": "$.a"}, name) for name in OPERATORS), {"And": [compared()]}]
    for rule in rules:
        made = with_word({**rule, "Next": "A"}, word)
        assert word_of(made) == word and made["Next"] == "A"
        choices.rule(made)

"""What can be read of broken texts, and that their graphs are drawn. Table in tests/cases/partial."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.drawn import drawn
from engine.partial import json_partial
from engine.partial_yaml import yaml_partial
from engine.source import load
from engine.values import same

CASES = json.loads((Path(__file__).parent.parent / "cases" / "partial" / "read.json").read_text("utf-8"))["cases"]
BREAD = {
    "StartAt": "Knead",
    "States": {
        "Knead": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Enough"},
        "Enough": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.n", "NumericGreaterThan": 3, "Next": "Bake"}],
            "Default": "Knead",
        },
        "Bake": {"Type": "Pass", "Result": [1, {"hot": True}], "End": True},
    },
}
TEXT = json.dumps(BREAD, indent=2)
MARKS = [index for index, char in enumerate(TEXT) if char in '{}[],:"']


@pytest.mark.parametrize("case", CASES, ids=[case["what"] for case in CASES])
def test_what_can_be_read_is_read(case: dict[str, Any]) -> None:
    document = load(case["text"], path=case.get("path"))
    assert document.value is None and document.problems
    partial = document.partial
    assert same(partial.value, case["value"]), partial.value
    assert partial.problems
    told = [problem.at for problem in partial.problems]
    for at in case.get("at", []):
        assert at in told
    if "first" in case:
        assert partial.problems[0].message.endswith(case["first"])
    if "line" in case:
        assert partial.problems[0].line == case["line"]


@pytest.mark.parametrize("index", MARKS)
def test_a_definition_without_one_of_its_signs_still_shows_every_state(index: int) -> None:
    """Whichever bracket, quote, comma or colon is missing: three states are drawn, and a reason stands at one of them."""
    document = load(TEXT[:index] + TEXT[index + 1 :], path="bread.asl.json")
    if document.value is not None:  # a text without one of its brackets can be JSON by chance
        return
    names = {node.name for node in drawn(document).nodes}
    assert {"Knead", "Enough", "Bake"} <= names, document.partial


def test_the_broken_state_is_drawn_broken_with_its_reason() -> None:
    document = load(
        TEXT.replace('"n",', "").replace('"NumericGreaterThan": 3,', '"NumericGreaterThan": ,'), path="w.json"
    )
    nodes = {node.name: node for node in drawn(document).nodes}
    assert nodes["Knead"].broken is None and nodes["Bake"].broken is None
    assert "a value is missing before ," in (nodes["Enough"].broken or "")
    assert nodes["Enough"].severity == "error"


def test_a_text_that_can_be_read_is_its_own_part() -> None:
    document = load(TEXT)
    assert document.partial.value is document.value


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"a":' * 10_000,
        '"' * 100_000,
        '{"a' * 15_000,
        "{'a\n" * 25_000,
        "{" + "(" * 100_000,
        "{" + "/*" * 100_000,
        "{" + '"a":1 ' * 10_000,
        '{"a":"\n' + "x\n" * 15_000,
        "a: {\n" * 10_000,
        "- " * 100_000,
        "a: |\n  x\n" * 10_000,
        "a:\n - \n" * 15_000,
        'a: "\n' * 15_000,
    ],
    ids=lambda text: text[:8],
)
def test_it_takes_no_longer_than_the_text_is_long(text: str) -> None:
    """100 kB of anything are looked through in a few seconds at most, on a machine that has other work too."""
    read = json_partial if text[0] in '{["' else yaml_partial
    begun = time.perf_counter()
    read(text)
    assert time.perf_counter() - begun < 5


@given(st.text(alphabet="{}[]\"',: \n\t\\ab01-.*&!|$=#/()", max_size=60), st.sampled_from(["w.json", "w.yaml", "w.tf"]))
def test_it_never_fails(text: str, path: str) -> None:
    drawn(load(text, path=path))

"""From text to document. Tables in tests/cases/source."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.source import LARGEST_DEFINITION, load, load_json
from engine.values import same

CASES = Path(__file__).parent.parent / "cases" / "source"


def table(name: str) -> list[Any]:
    cases = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))["cases"]
    return [pytest.param(case, id=case["text"][:60]) for case in cases]


@pytest.mark.parametrize("case", table("refused"))
def test_refused(case: dict[str, Any]) -> None:
    document = load(case["text"], path=case.get("path"))
    [problem] = [problem for problem in document.problems if problem.severity == "error"]
    assert problem.message == case["message"]
    line, column = (int(part.split(" ")[1]) for part in problem.message.split(":")[0].split(", "))
    assert (problem.line, problem.column) == (line, column)


@pytest.mark.parametrize("case", table("loaded"))
def test_loaded(case: dict[str, Any]) -> None:
    document = load(case["text"], path=case.get("path"), machine=case.get("machine"))
    assert [problem.message for problem in document.problems] == case.get("warnings", [])
    assert same(document.value, case["value"])
    assert document.kind == case["kind"]
    assert document.name == case.get("name")
    assert list(document.names) == case.get("names", [case["name"]] if "name" in case else [])
    assert document.workflow_type == case.get("workflow_type", "STANDARD")
    for pointer, place in case.get("at", {}).items():
        assert document.position(pointer) == tuple(place), pointer


def test_the_place_of_what_is_not_there_is_that_of_what_is_around_it() -> None:
    document = load('{\n "States": {\n  "A": {"Type": "Pass"}}}')
    assert document.position("/States/A/Next") == (3, 3)
    assert document.position("/States/B/Choices[0]/Next") == (2, 2)


def test_a_definition_has_a_largest_size() -> None:
    text = json.dumps({"Comment": "x" * LARGEST_DEFINITION})
    [problem] = load(text).problems
    assert "longer than" in problem.message


def test_anchors_cannot_grow_without_end() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]")
    [problem] = load("\n".join(lines), path="bomb.yaml").problems
    assert "do not repeat anchors" in problem.message


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "a: " + "[" * 1_000, '{"a": ' + "9" * 6_000 + "}"])
def test_what_is_too_much_is_refused(text: str) -> None:
    document = load(text)
    assert document.value is None or document.problems
    assert "line 1, column" in document.problems[0].message


def test_load_json() -> None:
    assert load_json('{"loaves": 3}') == ({"loaves": 3}, None)
    value, problem = load_json('{"loaves": 3', "execution input")
    assert value is None and problem is not None
    assert problem.message == (
        "The execution input is not JSON: line 1, column 12: the text ends too early; } is missing."
    )
    assert (problem.line, problem.column) == (1, 12)
    for text in ("NaN", "[Infinity]", "", "tea", "1 2"):
        assert load_json(text)[1] is not None


@given(st.text(alphabet='{}[]",: \n\\abc01-.*&!|$', max_size=40))
def test_loading_never_fails(text: str) -> None:
    for path in (None, "w.json", "w.yaml", "w.tf"):
        document = load(text, path=path)
        assert document.value is not None or document.problems
        document.position("/States")


def test_yaml_is_loaded_only_for_yaml() -> None:
    told = "import engine.source, engine.validate, sys; print('ruamel.yaml' in sys.modules or 'jlens' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"

"""Every example in `assets/examples` is what it says: valid, and each scenario ends as expected, moment by moment."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from engine.cost import bill, transitions
from engine.prices import price_table
from engine.scenarios import Folder, Scenario, check
from engine.validate import validate
from tests.golden import EXAMPLES, played, read, scenarios, told
from tests.golden import place as golden

ALL = [pytest.param(folder, scenario, id=f"{folder.name}-{scenario.name}") for folder, scenario in scenarios()]


@pytest.mark.parametrize("folder", sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir()))
def test_the_definition_is_accepted(folder: str) -> None:
    found = validate(read(EXAMPLES / folder / "workflow.asl.json"))
    assert [problem.message for problem in found if problem.severity == "error"] == []


@pytest.mark.parametrize(("folder", "scenario"), ALL)
def test_a_scenario_ends_as_it_expects(folder: Folder, scenario: Scenario) -> None:
    verdicts = check(played(folder, scenario), scenario.expect)
    assert verdicts
    assert [str(verdict) for verdict in verdicts if not verdict.ok] == []


@pytest.mark.parametrize(("folder", "scenario"), ALL)
def test_a_scenario_goes_its_golden_way(folder: Folder, scenario: Scenario) -> None:
    assert told(folder, scenario) == golden(folder, scenario).read_text("utf-8")


def test_no_golden_run_is_left_without_its_scenario() -> None:
    assert {path.name for path in golden(*next(scenarios())).parent.glob("*.txt")} == {
        golden(*each).name for each in scenarios()
    }


@pytest.mark.parametrize("folder", sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir()))
def test_an_example_is_described_in_both_languages(folder: str) -> None:
    about = json.loads((EXAMPLES / folder / "about.json").read_text("utf-8"))
    for told_in in (about["title"], about["description"]):
        assert set(told_in) == {"es", "en"} and all(told_in.values())


def of(folder: str, name: str) -> tuple[Folder, Scenario]:
    return next((f, s) for f, s in scenarios() if (f.name, s.name) == (folder, name))


def test_the_talk_s_standard_figures_come_out_of_a_trace() -> None:
    trace = played(*of("order", "placed"))
    prices = price_table("us-east-1")
    assert transitions(trace) == 17
    assert trace.duration == 11_900
    assert bill(trace, prices, executions=1_000).total == Decimal("0.425")
    assert bill(trace, prices, executions=1_000_000).total == Decimal("425")


def test_the_talk_s_express_figures_come_out_of_a_trace() -> None:
    trace = played(*of("order", "placed-express"))
    prices = price_table("us-east-1")
    assert trace.duration == 11_300
    assert bill(trace, prices, executions=1, memory_mb=64).total == Decimal("0.0000127746")
    assert bill(trace, prices, executions=1_000_000, memory_mb=64).total == Decimal("12.7746")

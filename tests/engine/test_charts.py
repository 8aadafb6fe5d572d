"""The charts: each says what its table says, and the command line writes all of them as files."""

from __future__ import annotations

import csv
import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from engine.__main__ import main
from engine.batch import batch
from engine.breakeven import AXES, curve
from engine.charts import Hand, break_even, failures, of_batch
from engine.prices import price_table
from tests.e2e import chromium
from tests.engine.test_advisor import order

ITEM = str(Path(__file__).parents[2] / "assets" / "examples" / "get-item" / "workflow.asl.json")
ASK = {
    "StartAt": "Ask",
    "States": {"Ask": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": True}},
}
SPEC = {
    "count": 200,
    "seed": 1,
    "tasks": {
        "Ask": {"duration": {"distribution": "uniform", "low": 1, "high": 3}, "result": {}, "errors": {"Busy": 0.25}}
    },
}


@pytest.fixture
def pictures(on_ci: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package that draws, and a browser for it."""
    stand_aside = pytest.fail if on_ci else pytest.skip
    if find_spec("kaleido") is None:
        stand_aside("kaleido is not installed: pip install -r requirements-charts.txt")
    path = chromium.find()
    if path is None:
        stand_aside(chromium.NONE_FOUND)
    monkeypatch.setenv("BROWSER_PATH", os.fspath(path))


def test_a_batch_has_its_charts_and_their_tables_say_the_same():
    found = {"STANDARD": batch(ASK, SPEC, 1), "EXPRESS": batch(ASK, {**SPEC, "workflowType": "EXPRESS"}, 1)}
    spread, percent, failed = of_batch(found, Hand())
    assert sum(spread.table["Executions"]) == 400
    assert percent.table["Percentile"] == ["p50", "p90", "p99"]
    assert percent.table["Standard, ms"] == list(found["STANDARD"].duration.percentiles(50, 90, 99))
    assert [bar.name for bar in percent.figure.data] == ["Standard", "Express"]
    many = sum(one.failures["Busy"]["/States/Ask"] for one in found.values())
    assert failed.table == {"State": ["Ask"], "Error": ["Busy"], "Executions": [many]}
    assert [bar.marker.pattern.shape for bar in percent.figure.data] == ["/", ""], "not by colour alone"


def test_failures_are_cut_in_the_chart_and_whole_in_the_table():
    chart = failures({(f"S{number}", "x" * 99): number for number in range(1, 20)}, Hand())
    assert len(chart.figure.data[0].x) == 6 and len(chart.table["Error"]) == 19
    assert chart.table["Executions"][0] == 19 and chart.table["Error"][0] == "x" * 99


@pytest.mark.parametrize("axis", AXES)
def test_the_run_stands_on_both_lines(axis):
    found = curve(order("placed"), axis, price_table())
    chart = break_even(found, Hand())
    standard, express, here = chart.figure.data
    assert list(standard.y) == chart.table["Standard, US$"] and list(express.y) == chart.table["Express, US$"]
    assert set(here.y) <= {*standard.y, *express.y}
    crossed = [shape for shape in chart.figure.layout.shapes if shape.type == "line"]
    assert len(crossed) == (found.crossing is not None)


def test_the_command_line_writes_every_chart(pictures, tmp_path, capsys):
    spec = json.dumps(SPEC)
    definition = tmp_path / "ask.asl.json"
    definition.write_text(json.dumps(ASK))
    assert main(["batch", str(definition), "--spec", spec, "--workers", "1", "--charts", str(tmp_path / "b")]) == 0
    names = {"durations", "batch-percentiles", "batch-failures"}
    kinds = ("svg", "png", "csv", "parquet")
    assert {file.name for file in (tmp_path / "b").iterdir()} == {f"{name}.{kind}" for name in names for kind in kinds}
    assert (tmp_path / "b" / "durations.png").read_bytes().startswith(b"\x89PNG")
    drawn = (tmp_path / "b" / "batch-percentiles.svg").read_text("utf-8")
    assert drawn.startswith("<svg") and "Duration percentiles" in drawn and "p99" in drawn
    with (tmp_path / "b" / "batch-failures.csv").open(newline="") as file:
        [row] = csv.DictReader(file)
    assert (row["State"], row["Error"]) == ("Ask", "Busy")
    assert "12 files in" in capsys.readouterr().err


@pytest.mark.parametrize("axis", AXES)
def test_the_command_line_writes_the_break_even(axis, monkeypatch, tmp_path):
    """Which charts are written, without a browser."""
    written: list[str] = []
    monkeypatch.setattr("engine.pictures.write_charts", lambda charts, folder: [written.extend(c.name for c in charts)])
    assert main(["cost", ITEM, "--charts", str(tmp_path)]) in (0, 1)
    assert f"break-even-{axis}" in written


def test_without_the_package_or_a_browser_a_sentence_says_what_helps(monkeypatch, tmp_path, capsys):
    command = ["cost", ITEM, "--charts", str(tmp_path / "c")]
    if find_spec("kaleido") is not None:
        monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "nothing"))
        assert main(command) == 2
        assert "need a Chrome or Chromium" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "kaleido", None)
    assert main(command) == 2
    assert "pip install 'paso[charts]'" in capsys.readouterr().err

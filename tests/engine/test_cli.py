"""`python -m engine`, as a user types it: what it prints, and its exit status (0 succeeded, 1 failed, 2 unusable)."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas
import pytest

import engine
from engine.__main__ import main
from tests.golden import EXAMPLES, played, scenarios

FOUND = '{"table": "reinvent2022", "collection": "wardrobe", "item": "shoes"}'
ITEM = str(EXAMPLES / "get-item" / "workflow.asl.json")


def case(name: str) -> str:
    scenario = next(s for f, s in scenarios() if (f.name, s.name) == ("get-item", name))
    return f"{EXAMPLES / 'get-item' / 'mocks.json'}#{scenario.case}"


def of(name: str) -> str:
    return json.dumps(next(s for f, s in scenarios() if (f.name, s.name) == ("get-item", name)).input)


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(arguments)
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.mark.parametrize(("name", "status"), [("found", 0), ("uncaught", 1), ("caught", 1)])
def test_run_tells_the_outcome_and_exits_by_it(capsys: pytest.CaptureFixture[str], name: str, status: int) -> None:
    ended, out, _ = told(capsys, "run", ITEM, "--input", of(name), "--mocks", case(name))
    assert ended == status
    assert ("SUCCEEDED" if status == 0 else "FAILED") in out
    assert "transition" in out


def test_the_command_line_and_the_api_give_the_same_trace(capsys: pytest.CaptureFixture[str]) -> None:
    folder, scenario = next((f, s) for f, s in scenarios() if (f.name, s.name) == ("get-item", "found"))
    _, out, _ = told(capsys, "history", ITEM, "--input", of("found"), "--mocks", case("found"))
    ours = [(event["id"], event["previousEventId"], event["type"]) for event in json.loads(out)["events"]]
    expected = [(e["id"], e["previousEventId"], e["type"]) for e in engine.history(played(folder, scenario))]
    assert ours == expected


def test_json_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = told(capsys, "run", ITEM, "--input", of("found"), "--mocks", case("found"), "--json")
    assert json.loads(out)["status"] == "SUCCEEDED"


def test_stages_tells_the_way_of_the_data(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = told(capsys, "run", ITEM, "--input", of("found"), "--mocks", case("found"), "--stages")
    assert "afterParameters" in out and "afterResultSelector" in out


def test_an_input_can_come_from_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "input.json"
    file.write_text(of("found"), "utf-8")
    assert told(capsys, "run", ITEM, "--input", f"@{file}", "--mocks", case("found"))[0] == 0


def test_a_mock_may_compute_its_result(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    computed = {"Return": {"Item": {"name": {"S": "{% $request.Key.SK.S %}"}}}, "QueryLanguage": "JSONata"}
    mocks = tmp_path / "mocks.json"
    cases_ = {"C": {"Get item": "Computed", "Send message": "Sent"}}
    responses = {"Computed": {"0": computed}, "Sent": {"0": {"Return": {"MessageId": "m"}}}}
    mocks.write_text(json.dumps({"StateMachines": {"M": {"TestCases": cases_}}, "MockedResponses": responses}))
    _, out, _ = told(capsys, "run", ITEM, "--input", FOUND, "--mocks", f"{mocks}#C", "--stages")
    assert '"name"' in out and "shoes" in out
    computed["Return"] = "{% $request. %}"
    mocks.write_text(json.dumps({"StateMachines": {"M": {"TestCases": cases_}}, "MockedResponses": responses}))
    status, _, error = told(capsys, "run", ITEM, "--input", FOUND, "--mocks", f"{mocks}#C")
    assert status == 2 and "Answer Computed.0 cannot be evaluated" in error


def test_cost_compares_both_types(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = told(capsys, "cost", ITEM, "--input", of("found"), "--mocks", case("found"), "--count", "1000")
    assert status == 0
    assert "Standard" in out or "STANDARD" in out
    assert "Express" in out or "EXPRESS" in out


def test_tables_are_written_as_csv_and_parquet(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    bill, many = tmp_path / "bill.csv", tmp_path / "many.parquet"
    given = ("--input", of("found"), "--mocks", case("found"))
    assert told(capsys, "cost", ITEM, *given, "--out", str(bill))[0] == 0
    with bill.open(encoding="utf-8", newline="") as file:
        assert {row["item"] for row in csv.DictReader(file)} >= {"transitions", "requests"}
    assert told(capsys, "batch", ITEM, *given, "--count", "20", "--workers", "1", "--out", str(many))[0] == 0
    table = pandas.read_parquet(many)
    assert int(table[(table["table"] == "status") & (table["name"] == "SUCCEEDED")]["value"].iloc[0]) == 20
    status, _, err = told(capsys, "cost", ITEM, *given, "--out", str(tmp_path / "bill.doc"))
    assert status == 2 and ".csv or .parquet" in err


def test_a_folder_of_scenarios_is_tested(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = told(capsys, "test", str(EXAMPLES / "transfer"))
    assert status == 0
    assert "3 of 3" in out


@pytest.mark.parametrize("format", ["dot", "mermaid"])
def test_a_graph_is_written(capsys: pytest.CaptureFixture[str], format: str) -> None:
    status, out, _ = told(capsys, "graph", ITEM, "--format", format)
    assert status == 0
    assert "Get item" in out


def test_a_graph_is_drawn_with_a_run_or_with_differences(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "run.svg"
    given = ("--run", of("caught"), "--mocks", case("caught"))
    assert told(capsys, "graph", ITEM, "--format", "svg", *given, "--out", str(out))[0] == 0
    assert "Caught error" in out.read_text("utf-8")
    old = tmp_path / "old.asl.json"
    old.write_text('{"StartAt": "Before", "States": {"Before": {"Type": "Succeed"}}}', "utf-8")
    status, drawn, _ = told(capsys, "graph", ITEM, "--format", "mermaid", "--compare", str(old))
    assert status == 0 and "− Before" in drawn and "+ Get item" in drawn


def test_what_can_be_read_of_a_broken_text_is_drawn(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "broken.asl.json"
    file.write_text(
        '{"StartAt": "A", "States": {"A": {"Type": "Pass" "Next": "B"}, "B": {"Type": "Succeed"}}}', "utf-8"
    )
    status, out, _ = told(capsys, "graph", str(file), "--format", "mermaid")
    assert status == 1 and "classDef broken" in out and '"B<br/>' in out


def test_validate_lists_problems_with_their_places(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "broken.asl.json"
    file.write_text('{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}', "utf-8")
    status, out, _ = told(capsys, "validate", str(file))
    assert status == 1
    assert "Missing 'Next' target: B" in out and "/States/A/Next" in out


def test_two_versions_are_compared(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Status 0 when they mean the same, whatever they look like; 1 when not, with a line for each difference; 2 for no file."""
    old, same, new = tmp_path / "old.asl.json", tmp_path / "same.asl.yaml", tmp_path / "new.asl.json"
    old.write_text('{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 5, "End": true}}}', "utf-8")
    same.write_text("States:\n  A:\n    End: true\n    Seconds: 5\n    Type: Wait\nStartAt: A\n", "utf-8")
    new.write_text(
        '{"StartAt": "B", "States": {"B": {"Type": "Wait", "Seconds": 5, "Next": "C"}, "C": {"Type": "Succeed"}}}',
        "utf-8",
    )
    assert told(capsys, "diff", str(old), str(same))[:2] == (0, "no difference\n")
    status, out, _ = told(capsys, "diff", str(old), str(new))
    assert status == 1
    assert out.splitlines() == ["~ B  was called A", '~ B  Next: "End" → "C"', "+ C", "3 differences"]
    status, out, _ = told(capsys, "diff", str(old), str(new), "--json")
    assert status == 1
    assert [(entry["kind"], entry["at"]) for entry in json.loads(out)["differences"]] == [
        ("renamed", "/States/B"),
        ("redirected", "/States/B/Next"),
        ("added", "/States/C"),
    ]
    assert told(capsys, "diff", str(old), str(tmp_path / "nowhere.json"))[0] == 2


@pytest.mark.parametrize("to", ["sam", "cdk-python", "cdk-typescript", "terraform", "json", "yaml"])
def test_a_workflow_is_exported(capsys: pytest.CaptureFixture[str], tmp_path: Path, to: str) -> None:
    """The first file is printed; with a folder all of them are written, and a template can be opened again."""
    status, out, err = told(capsys, "export", ITEM, "--to", to)
    assert status == 0 and out
    assert ("--out" in err) == to.startswith("cdk")
    status, names, _ = told(capsys, "export", ITEM, "--to", to, "--out", str(tmp_path / to))
    written = [Path(line) for line in names.splitlines()]
    assert status == 0 and written[0].read_text("utf-8") == out
    if to in ("sam", "json", "yaml"):
        assert told(capsys, "diff", ITEM, str(written[0]))[0] == 0


def test_a_machine_that_a_template_has_not_is_unusable(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = told(capsys, "export", ITEM, "--to", "sam", "--machine", "Oven")
    assert status == 2 and "has no machine Oven" in err


UNUSABLE: dict[str, tuple[Any, ...]] = {
    "a file that is not there": (["run", "nowhere.json", "--input", "{}"], "nowhere.json"),
    "an input that is no JSON": (["run", ITEM, "--input", '{"a": }'], "column 7"),
    "a test case that is not there": (
        ["run", ITEM, "--input", FOUND, "--mocks", f"{EXAMPLES / 'get-item' / 'mocks.json'}#Nowhere"],
        "Nowhere",
    ),
    "a mock file without a case": (
        ["run", ITEM, "--input", FOUND, "--mocks", f"{EXAMPLES / 'get-item' / 'mocks.json'}"],
        "test case",
    ),
}


@pytest.mark.parametrize("what", UNUSABLE)
def test_unusable_input_gets_one_clear_sentence(capsys: pytest.CaptureFixture[str], what: str) -> None:
    arguments, named = UNUSABLE[what]
    status, out, err = told(capsys, *arguments)
    assert status == 2
    assert out == ""
    assert named in err
    assert len(err.strip().splitlines()) == 1


def test_a_definition_that_is_wrong_is_unusable(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "wrong.json"
    file.write_text('{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}', "utf-8")
    status, _, err = told(capsys, "run", str(file), "--input", "{}")
    assert status == 2
    assert "Missing 'Next' target: B" in err


def test_the_module_is_a_command() -> None:
    done = subprocess.run([sys.executable, "-m", "engine", "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "validate" in done.stdout

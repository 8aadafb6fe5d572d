"""The Executions page: what was run is kept, found again, filtered, compared and deleted; batches by lot; exports."""

from __future__ import annotations

import hashlib
import io
import json
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from designer import actions, answers, batches, compute, keeping
from designer.archive import ArchiveProblem, Filter, open_archive
from designer.panels.batch import _task as task_of_row
from designer.panels.batch import drawn
from designer.panels.compare import parting
from designer.panels.complaints import KINDS
from designer.panels.exports import parquet
from designer.session import Change, Run, Session
from designer.texts import LANGUAGES, Texts
from engine.batch import BatchProblem, batch
from tests.designer.test_pages import order, page, words

PASSING = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
WAITING = {
    "StartAt": "Ask",
    "States": {"Ask": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {}, "End": True}},
}


def listed(app: AppTest) -> pd.DataFrame:
    """The list of executions."""
    [table] = [one.value for one in app.dataframe if len(one.value.columns) == 10]
    return table


def ended(owner: str) -> batches.Job:
    deadline = time.monotonic() + 30
    job = batches.job_of(owner)
    while job is not None and job.running and time.monotonic() < deadline:
        time.sleep(0.02)
    assert job is not None and not job.running
    return job


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_run_is_listed_with_its_charts(language: str):
    app = page("executions", order(language))
    assert not app.exception, app.exception
    t = Texts(language)
    [row] = listed(app).to_dict("records")
    assert row[t("Status")] == f"✓ {t('Succeeded')}"
    assert row[t("Transitions")] == 17
    assert t("Status over time") in words(app)


def test_an_execution_outlives_its_session(monkeypatch: pytest.MonkeyPatch):
    """Another session of the same browser finds it, and opens it in Debug as it was run."""
    monkeypatch.setattr("designer.store.browser", lambda: "the-same-browser-again")
    page("executions", order())
    found = keeping.archive().executions(_owner("the-same-browser-again")).rows
    assert [row.workflow for row in found] == ["order"]

    later = page("executions", Session())
    assert len(listed(later)) == 1
    opened = keeping._opened(keeping.archive(), _owner("the-same-browser-again"), found[0].number, ("", "", 0))
    assert not opened.why_not and opened.trace is not None
    setting = keeping.setting_of(opened)
    assert setting is not None
    again = compute.trace(setting)
    assert again is not None and again.raw == opened.trace.raw


def test_another_browser_sees_nothing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("designer.store.browser", lambda: "one-browser-of-two-aaaa")
    page("executions", order())
    monkeypatch.setattr("designer.store.browser", lambda: "one-browser-of-two-bbbb")
    app = page("executions", Session())
    assert not app.dataframe
    assert "Which executions succeed" in words(app)


def test_the_list_is_filtered_and_deleted(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("designer.store.browser", lambda: "filters-and-deletes-xyz")
    app = page("executions", order())
    next(button for button in app.button if button.label.startswith("Run ")).click().run()
    assert len(listed(app)) == 61
    app.text_input(key="filter-text").set_value("OrderRefused").run()
    assert set(listed(app)["Status"]) == {"✕ Failed · OrderRefused"}
    app.button(key="delete").click().run()
    assert not app.exception, app.exception
    app.text_input(key="filter-text").set_value("").run()
    assert len(listed(app)) == 51, "only what the filter left is gone"
    app.text_input(key="filter-text").set_value("no such thing").run()
    assert "No execution fits" in words(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_database_that_fails_is_a_sentence_and_nothing_is_lost(
    language: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """No file at all, and then a good one: what was run meanwhile is kept as soon as it can be."""
    (tmp_path / "none.sqlite3").write_bytes(b"this is no database, whatever its name says" * 50)
    monkeypatch.setenv("PASO_DATABASE_URL", f"sqlite:///{tmp_path / 'none.sqlite3'}")
    app = page("executions", order(language))
    assert not app.exception, app.exception
    assert Texts(language)(KINDS["damaged"]) in words(app)
    monkeypatch.setenv("PASO_DATABASE_URL", f"sqlite:///{tmp_path / 'good.sqlite3'}")
    app.run()
    assert not app.exception, app.exception
    assert len(listed(app)) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_trouble_is_said_in_both_languages(kind: str):
    assert str(ArchiveProblem(kind, "why")) == "why"  # type: ignore[arg-type]
    assert Texts("es")(KINDS[kind]) != KINDS[kind]


def test_counts_by_workflow_and_status(tmp_path: Path):
    archive = open_archive(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    run = order().runs[0]
    record = keeping.execution_of(run)
    assert record is not None
    archive.keep("me", [record, record])
    assert archive.counts("me") == {("order", "SUCCEEDED"): 2}
    assert archive.counts("me", Filter(text="nothing like it")) == {}
    assert archive.counts("you") == {}


def test_two_runs_are_alike_or_part_at_a_moment():
    session = order()
    good = compute.trace(session.setting)
    bad = compute.trace(actions.choose_scenario(session, "declined").setting)
    assert good is not None and bad is not None
    assert parting(good, good) is None
    at = parting(good, bad)
    assert at is not None and good.raw[:at] == bad.raw[:at] and good.raw[at] != bad.raw[at]


def test_a_batch_runs_beside_the_page_and_shows_its_results(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("designer.store.browser", lambda: "runs-a-batch-of-both-ty")
    session = order()
    app = page("executions", session)
    app.session_state["executions-view"] = "batch"
    app.run()
    assert not app.exception, app.exception
    app.number_input(key="batch-count").set_value(40).run()
    app.button(key="batch-start").click().run()
    job = ended(_owner("runs-a-batch-of-both-ty"))
    assert {kind: part.state for kind, part in job.parts.items()} == {"STANDARD": "done", "EXPRESS": "done"}
    app.run()
    assert not app.exception, app.exception
    table = next(one.value for one in app.dataframe if "Measure" in one.value.columns)
    assert list(table.columns) == ["Measure", "Standard", "Express"]
    measures = dict(zip(table["Measure"], table["Standard"], strict=True))
    assert measures["Cost per million"] == "$425.00"


def test_a_batch_is_cancelled_and_its_owner_has_one_at_a_time():
    spec: dict[str, Any] = {"count": 1_000_000, "seed": 1}
    job = batches.start("me", "Pass", PASSING, spec, ("STANDARD", "EXPRESS"))
    with pytest.raises(batches.Busy):
        batches.start("me", "Pass", PASSING, spec, ("STANDARD",))
    job.stop.set()
    ended("me")
    assert {part.state for part in job.parts.values()} == {"cancelled"}


def test_a_distribution_without_sense_is_a_sentence():
    row = {"task": "Ask", "shape": "normal", "first": 1.0, "second": None, "error": "", "rate": 0}
    with pytest.raises(BatchProblem, match="deviation"):
        batches.start("you", "Ask", WAITING, {"count": 1, "tasks": {"Ask": task_of_row(row, {})}}, ("STANDARD",))
    assert batches.job_of("you") is None


@pytest.mark.parametrize("shape", ["constant", "lognormal", "normal", "uniform", "exponential"])
def test_each_row_of_the_form_is_a_distribution(shape: str):
    row = {"task": "Ask", "shape": shape, "first": 2.0, "second": 3.0, "error": "Busy", "rate": 50.0}
    spec = {"count": 50, "tasks": {"Ask": task_of_row(row, {"result": 1})}}
    summary = batch(WAITING, spec)
    assert 0 < summary.errors["Busy"] < 50


def test_edges_are_drawn_with_what_they_were_taken():
    summary = batch(PASSING, {"count": 10})
    picture = drawn(
        compute.read('{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}', None).graph,
        summary,
        Texts("en"),
    )
    assert str(picture).count("100 %") == 2


def test_tables_leave_as_parquet():
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", None]})
    assert pd.read_parquet(io.BytesIO(parquet(frame))).equals(frame)


def _owner(token: str) -> str:
    return "browser:" + hashlib.sha256(token.encode()).hexdigest()[:32]


def test_a_run_that_was_answered_by_hand_opens_with_the_replies_of_its_tape(tmp_path: Path):
    """No mock gives that answer again, so Debug gets the execution as a recording that is simulated."""
    text = json.dumps(WAITING)
    session = actions.open_workflow(Session(), workflow="", title="", definition=text, path=None)
    parked = compute.trace(session.setting)
    assert parked is not None and parked.status == "WAITING"
    at = next(index for index, moment in enumerate(parked.raw) if moment[0] == "parked")
    answered = actions.change(session, Change("answer", at, answers.written({"output": {"by": "hand"}})))
    outcome = compute.outcome(answered.setting)
    assert outcome is not None and outcome.status == "SUCCEEDED"
    record = keeping.execution_of(Run(1, "", answered.setting, outcome))
    assert record is not None
    archive = open_archive(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    [number] = archive.keep("me", [record])
    opened = keeping._opened(archive, "me", number, ("", "", 0))
    setting = keeping.setting_of(opened)
    assert not opened.why_not and setting is not None and setting.recording is not None
    again = compute.trace(setting)
    assert again is not None and (again.status, again.output) == ("SUCCEEDED", {"by": "hand"})

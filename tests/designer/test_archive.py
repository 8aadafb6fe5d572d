"""What lasts: the same contract over SQLite and over a real PostgreSQL, kills, and what a database that fails is told."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, make_url, text

from designer.archive import (
    Archive,
    ArchiveProblem,
    Execution,
    Filter,
    NotReopened,
    Result,
    Scenario,
    Version,
    Workflow,
    engine_version,
    open_archive,
    reopen,
    result_of,
)
from designer.archive import replay as replaying
from designer.archive.address import address, data_folder
from designer.archive.migrating import FOLDER
from designer.archive.schema import digest, metadata, pack, pack_tape, unpack_tape
from engine.connectors.mock import load_mocks
from engine.execution import run
from engine.parse import parse
from engine.trace import Reply
from engine.world import World
from tests.designer import postgres

ROOT = Path(__file__).resolve().parents[2]
ORDER = ROOT / "assets" / "examples" / "order"
ME, YOU = "me", "you"
DONE = Result("SUCCEEDED", None, None, "", 5, 1, 4)


@pytest.fixture(scope="session")
def team_server() -> Iterator[str]:
    """One server for all tests, with a database of its own for each."""
    if find_spec("psycopg") is None:
        pytest.skip("psycopg is not installed: pip install -r requirements-postgres.txt")
    if postgres.programs() is None:
        if os.environ.get("CI"):
            pytest.fail(postgres.WITHOUT)
        pytest.skip(postgres.WITHOUT)
    with postgres.server() as found:
        yield found


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/folder/paso.sqlite3"
    server = make_url(request.getfixturevalue("team_server"))
    engine = create_engine(server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        count = connection.scalar(text("SELECT count(*) FROM pg_database"))
        connection.execute(text(f"CREATE DATABASE paso{count}"))
    engine.dispose()
    return server.set(database=f"paso{count}").render_as_string(hide_password=False)


@pytest.fixture
def archive(place: str) -> Iterator[Archive]:
    opened = open_archive(place, patience=2)
    yield opened
    opened.close()


def execution(name: str = "run-1", **other: Any) -> Execution:
    return Execution(**{"name": name, "definition": '{"a": 1}', "input": "{}", "result": DONE, **other})


def order(case: str = "Express") -> Execution:
    """An order of the shop, run here and now."""
    definition = (ORDER / "workflow.asl.json").read_text("utf-8")
    value = json.loads((ORDER / "scenarios.json").read_text("utf-8"))["scenarios"][0]["input"]
    machine, _ = parse(json.loads(definition))
    assert machine is not None
    mocks = (ORDER / "mocks.json").read_text("utf-8")
    world = World(
        connector=load_mocks(json.loads(mocks), case), seed=3, name="o-1", machine_name="order", start=86_400_000
    )
    trace = run(machine, value, world)
    return Execution(
        "o-1", definition, json.dumps(value), result_of(trace), "order", "placed", "workflow.asl.json", mocks, case,
        machine="order", seed=3, start=world.start, tape=trace.tape, cost=Decimal("0.000425"), engine=engine_version(),
    )  # fmt: skip


# The contract


def test_what_was_kept_comes_back_as_it_was(archive):
    kept = order("BusyBank")
    [number] = archive.keep(ME, [kept])
    assert archive.execution(ME, number) == replace(kept, number=number)


@pytest.mark.parametrize("foreign", ["a\0b", "\ud800", "’; DROP TABLE executions; --", "%_\\", "λ" * 5000])
def test_any_text_survives(archive, foreign):
    kept = execution(
        foreign, definition=foreign, input=foreign, mocks=foreign, workflow=foreign, scenario=foreign, case=foreign,
        result=Result("FAILED", foreign, foreign, "", 0, 1, 2), tape={foreign: Reply(error=foreign, failed=True)},
    )  # fmt: skip
    [number] = archive.keep(ME, [kept])
    assert archive.execution(ME, number) == replace(kept, number=number)
    [row] = archive.executions(ME, Filter(text=foreign)).rows
    assert (row.name, row.workflow, row.error) == (foreign, foreign, foreign)
    made = Workflow(
        foreign, foreign, foreign, "EXPRESS", foreign, (Scenario(foreign, foreign, foreign, foreign, "EXPRESS", foreign, (foreign,)),),
        foreign, foreign, foreign, (foreign,), {"definition": foreign}, foreign,
    )  # fmt: skip
    there = archive.put_workflow(ME, made)
    assert archive.workflow(ME, there.number) == there
    assert replace(there, name=made.name, number=0, changed=0, digest="") == made
    archive.put_prices(ME, foreign[:20].replace("\0", "").encode("utf-8", "replace").decode(), foreign)
    assert [table.text for table in archive.prices(ME)] == [foreign]


def test_a_tape_keeps_every_part_of_a_reply():
    tape = {
        "A#0@0": Reply({"n": 1}, delay=10, submitted={"id": 1}, heartbeats=(1, 2), worker="w"),
        "A#0@1": Reply(False), "A#0@2": Reply(None, "E", "c", True), "A#0@3": Reply(timed_out=True, delay=0),
        "A#0@4": Reply("", event="TaskSubmitFailed", error="", cause=""),
    }  # fmt: skip
    assert unpack_tape(pack_tape(tape)) == tape


def test_nobody_sees_what_another_owner_keeps(archive):
    [mine] = archive.keep(ME, [execution()])
    own = archive.put_workflow(ME, Workflow("w", "{}"))
    archive.put_prices(ME, "us-east-1", "{}")
    assert archive.executions(YOU).total == 0 and archive.workflows(YOU) == () and archive.prices(YOU) == ()
    assert archive.delete(YOU, [mine]) == 0 and archive.delete_workflows(YOU, [own.number]) == 0
    assert not archive.delete_prices(YOU, "us-east-1") and archive.versions(YOU, own.number) == ()
    for refused in (
        lambda: archive.workflow(YOU, own.number),
        lambda: archive.rename_workflow(YOU, own.number, "mine now"),
    ):
        with pytest.raises(ArchiveProblem, match=f"There is no workflow {own.number} of yours here"):
            refused()
    taken = archive.put_workflow(YOU, Workflow("w", "{ }", number=own.number))
    assert taken.number != own.number, "a number of another owner's is none of mine"
    assert archive.workflow(ME, own.number).definition == "{}"
    with pytest.raises(ArchiveProblem) as problem:
        archive.execution(YOU, mine)
    assert problem.value.kind == "missing"
    archive.forget(YOU)
    assert archive.execution(ME, mine).name == "run-1"
    archive.forget(ME)
    assert archive.executions(ME).total == 0 and archive.workflows(ME) == () and archive.prices(ME) == ()


def test_lists_are_filtered_sorted_and_cut(archive):
    failed = Result("FAILED", "Card.Declined", "no", "", 900, 11, 30)
    archive.keep(
        ME,
        [
            execution("b-1", workflow="order", start=1000, cost=Decimal("0.1")),
            execution(
                "a-2", workflow="order", start=3000, result=failed, workflow_type="EXPRESS", cost=Decimal("0.003")
            ),
            execution("c_3", workflow="ship", start=2000, scenario="Late", caught=True),
        ],
    )

    def names(**wanted: Any) -> list[str]:
        return [row.name for row in archive.executions(ME, Filter(**wanted)).rows]

    assert names() == ["c_3", "a-2", "b-1"]
    assert names(order="name", descending=False) == ["a-2", "b-1", "c_3"]
    assert names(order="started") == ["a-2", "c_3", "b-1"]
    assert names(order="cost", descending=False) == ["c_3", "a-2", "b-1"]
    assert names(order="duration")[0] == "a-2"
    assert names(status="FAILED") == ["a-2"]
    assert names(workflow="order") == ["a-2", "b-1"]
    assert names(workflow_type="EXPRESS") == ["a-2"]
    assert names(since=2000) == ["c_3", "a-2"] and names(until=2000) == ["c_3", "b-1"]
    assert names(text="DECLINED") == ["a-2"] and names(text="late") == ["c_3"]
    assert names(text="_") == ["c_3"], "an underscore stands for itself"
    page = archive.executions(ME, Filter(limit=1, offset=1))
    assert page.total == 3 and [row.name for row in page.rows] == ["a-2"]
    assert page.rows[0].cost == Decimal("0.003") and page.rows[0].transitions == 11


def test_a_number_is_given_once(archive):
    first = archive.keep(ME, [execution(), execution()])
    assert archive.delete(ME, first) == 2
    [later] = archive.keep(ME, [execution()])
    assert later > max(first)


def test_a_text_stands_once_and_goes_with_the_last_that_needs_it(archive):
    numbers = archive.keep(ME, [execution(f"run-{count}", input=f"{count % 2}") for count in range(1200)])
    assert numbers == sorted(numbers) and len(set(numbers)) == 1200
    assert bodies(archive) == {'{"a": 1}', "0", "1"}
    archive.delete(ME, numbers[1:])
    assert bodies(archive) == {'{"a": 1}', "0"}
    archive.delete(ME, numbers)
    assert bodies(archive) == set()


def bodies(archive: Archive) -> set[str]:
    with archive._engine.begin() as connection:
        return {bytes(body).decode() for body in connection.scalars(text("SELECT body FROM texts"))}


def test_a_workflow_is_kept_under_its_number(archive):
    first = archive.put_workflow(ME, Workflow("w", "{}", scenarios=(Scenario("one", "1"), Scenario("two", "2"))))
    new = Workflow(
        "w", "{ }", "w.yaml", "EXPRESS", '{"m": 1}', (Scenario("two", "2", {"es": "Dos"}, "Busy", "EXPRESS"),),
        number=first.number,
    )  # fmt: skip
    then = archive.put_workflow(ME, new, first.digest)
    other = archive.put_workflow(ME, Workflow("v", "{}"))
    assert [workflow.name for workflow in archive.workflows(ME)] == ["v", "w"]
    found = archive.workflow(ME, first.number)
    assert found == then and replace(found, changed=0, digest="") == new and found.changed > 1_700_000_000_000
    assert archive.put_workflow(ME, replace(new, name=""), then.digest).name == "w", "no name leaves the name"
    assert archive.workflow(ME, other.number).digest == archive.put_workflow(ME, Workflow("u", "{}")).digest


def test_names_are_not_given_twice(archive):
    names = [
        archive.put_workflow(ME, Workflow(name, "{}")).name for name in ("Order", "order", "Order 2", " ", "x" * 500)
    ]
    assert names == ["Order", "order 2", "Order 3", "Workflow", "x" * 120]
    last = archive.put_workflow(ME, Workflow("x" * 120, "{}"))
    assert last.name == "x" * 118 + " 2"
    assert archive.rename_workflow(ME, last.number, "Order") == "Order 4"
    assert archive.rename_workflow(ME, last.number, "Order 4") == "Order 4"


def test_a_text_that_stood_for_a_while_is_a_version_when_the_next_comes(archive, monkeypatch):
    def at(seconds: int, text: str, seen: str | None = None) -> None:
        nonlocal kept
        monkeypatch.setattr("time.time_ns", lambda: (1_800_000_000 + seconds) * 1_000_000_000)
        kept = archive.put_workflow(ME, Workflow("w", text, number=kept.number), kept.digest if seen is None else seen)

    def earlier() -> list[str]:
        return [version.definition for version in archive.versions(ME, kept.number)]

    kept = Workflow("w", "")
    at(0, "a")
    at(10, "ab")
    assert earlier() == [], "what is typed without a pause is one text"
    at(45, "abc")
    assert earlier() == ["ab"]
    at(46, "abcd", seen="what somebody else wrote over")
    assert earlier() == ["abc", "ab"], "nobody's text is lost"
    for count in range(30):
        at(100 + count * 60, str(count))
    assert earlier() == [str(count) for count in range(28, 8, -1)], "the last twenty"


def test_drafts_and_mocks_come_back_with_a_version(archive):
    first = archive.put_workflow(ME, Workflow("w", "{}", "w.yaml", mocks="m", drafts={"definition": "{"}))
    archive.put_workflow(ME, Workflow("w", "{}", number=first.number), "unseen")
    [version] = archive.versions(ME, first.number)
    assert (version.path, version.mocks, version.drafts) == ("w.yaml", "m", {"definition": "{"})
    assert version.changed == first.changed


def test_a_deleted_workflow_comes_back_under_its_number_with_its_versions(archive):
    first = archive.put_workflow(ME, Workflow("w", "1"))
    then = archive.put_workflow(ME, Workflow("w", "2", number=first.number), "unseen")
    assert archive.delete_workflows(ME, [first.number]) == 1 and archive.workflows(ME) == ()
    assert archive.delete_workflows(ME, [first.number]) == 0 and archive.versions(ME, first.number) == ()
    with pytest.raises(ArchiveProblem, match="There is no workflow"):
        archive.workflow(ME, first.number)
    new = archive.put_workflow(ME, Workflow("w", "3"))
    assert new.number > first.number and new.name == "w"
    assert archive.bring_back_workflows(ME, [first.number, 99]) == 1
    assert archive.workflow(ME, first.number) == replace(then, name="w 2")
    assert [version.definition for version in archive.versions(ME, first.number)] == ["1"]


def test_what_was_deleted_long_ago_is_gone(archive, monkeypatch):
    old, new = (archive.put_workflow(ME, Workflow(name, "{}")) for name in "ab")
    archive.delete_workflows(ME, [old.number])
    later = time.time_ns() + 31 * 86_400 * 10**9
    monkeypatch.setattr("time.time_ns", lambda: later)
    archive.delete_workflows(ME, [new.number])
    assert archive.bring_back_workflows(ME, [old.number, new.number]) == 1


def test_all_workflows_of_one_call_are_kept_or_none(archive):
    earlier = [Version(0, 5, "2"), Version(0, 4, "1")]
    kept = archive.add_workflows(ME, [(Workflow("w", "3"), earlier), (Workflow("w", "4", number=7), ())])
    assert [one.name for one in kept] == ["w", "w 2"]
    assert [(one.changed, one.definition) for one in archive.versions(ME, kept[0].number)] == [(5, "2"), (4, "1")]
    with pytest.raises(TypeError):
        archive.add_workflows(ME, [(Workflow("v", "3"), ()), (None, ())])
    assert len(archive.workflows(ME)) == 2


def test_prices_of_ones_own_stand_in_the_place_of_a_regions(archive):
    archive.put_prices(ME, "us-east-1", "1")
    archive.put_prices(ME, "us-east-1", "2")
    archive.put_prices(ME, "eu-west-3", "3")
    assert [(one.region, one.text) for one in archive.prices(ME)] == [("eu-west-3", "3"), ("us-east-1", "2")]
    assert archive.delete_prices(ME, "us-east-1") and not archive.delete_prices(ME, "us-east-1")


def test_an_archive_of_the_step_before_is_brought_up(place):
    """With what stood in it."""
    engine = open_archive(place)._engine
    metadata.drop_all(engine)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with engine.execution_options(paso_writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        row = {"d": digest("{}"), "i": digest("1"), "about": pack({"name": "w", "path": "w.yaml", "title": "W"})}
        inner = {"i": row["i"], "about": pack({"name": "s", "title": {"es": "Uno"}, "input": None, "case": None, "workflow_type": "EXPRESS"})}  # fmt: skip
        for sha, body in ((row["d"], b"{}"), (row["i"], b"1")):
            connection.execute(text("INSERT INTO texts VALUES (:sha, :body)"), {"sha": sha, "body": body})
        connection.execute(text("INSERT INTO workflows VALUES (1, 'me', 'w', :d, :i, :about, 1700)"), row)
        connection.execute(text("INSERT INTO scenarios VALUES (1, 0, :i, :about)"), inner)
    engine.dispose()
    archive = open_archive(place)
    [found] = archive.workflows(ME)
    assert replace(found, digest="", number=0) == Workflow(
        "w", "{}", "w.yaml", mocks="1", scenarios=(Scenario("s", "1", {"es": "Uno"}, None, "EXPRESS"),), changed=1700
    )  # fmt: skip
    archive.put_workflow(ME, replace(found, definition="2"), "")
    assert [one.definition for one in archive.versions(ME, found.number)] == ["{}"]
    archive.close()


def test_all_executions_of_one_call_are_kept_or_none(archive):
    with pytest.raises(AttributeError):
        archive.keep(ME, [execution(), None])
    assert archive.executions(ME).total == 0


def test_many_may_write_at_once(place, archive):
    wrong: list[BaseException] = []
    shared = archive.put_workflow(ME, Workflow("all", ""))

    def write(who: int) -> None:
        mine = open_archive(place, patience=30)
        try:
            for count in range(10):
                [number] = mine.keep(ME, [execution(f"{who}-{count}", input=str(count))])
                if count % 3 == 0:
                    mine.delete(ME, [number])
                mine.put_workflow(f"{who}", Workflow("w", str(count)))
                mine.put_workflow(ME, Workflow("all", f"{who} {count}", number=shared.number), "another's")
        except BaseException as error:
            wrong.append(error)
        finally:
            mine.close()

    threads = [threading.Thread(target=write, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    rows = archive.executions(ME, Filter(limit=1000)).rows
    assert len(rows) == 24
    assert all(archive.execution(ME, row.number).input == row.name.split("-")[1] for row in rows)
    assert len(archive.versions(ME, shared.number)) == 20, "each of them wrote over a text that it had not seen"


def test_two_programs_may_open_an_empty_archive_at_once(place):
    wrong: list[BaseException] = []

    def start() -> None:
        try:
            open_archive(place, patience=30).close()
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_the_steps_lead_to_the_tables_that_the_code_knows(archive):
    with archive._engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


# Killed


@pytest.mark.parametrize("after", [1, 40, 200])
def test_a_process_that_is_killed_while_it_writes_loses_nothing_that_was_acknowledged(place, after):
    command = [sys.executable, str(Path(__file__).with_name("keeper.py")), place, ME]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    keeper = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert keeper.stdout is not None
    said = [keeper.stdout.readline() for _ in range(after)]
    keeper.send_signal(signal.SIGKILL)
    said += keeper.stdout.readlines()
    keeper.wait()
    acknowledged = {int(number): count for number, count in (line.split() for line in said if line.endswith("\n"))}
    assert len(acknowledged) >= after
    archive = open_archive(place)
    for number, count in acknowledged.items():
        found = archive.execution(ME, number)
        assert found.name == f"run-{count}" and json.loads(found.input) == {"count": int(count)}
    [again] = archive.keep(ME, [execution("after")])
    assert archive.execution(ME, again).name == "after"
    archive.close()


def test_a_commit_waits_for_the_disk(place, archive):
    with archive._engine.begin() as connection:
        if place.startswith("sqlite"):
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2, "FULL"
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        else:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"


# Opened again


@pytest.mark.parametrize("case", ["Express", "BusyBank", "CardDeclined"])
def test_a_stored_execution_opens_again(archive, case):
    [number] = archive.keep(ME, [order(case)])
    stored = archive.execution(ME, number)
    opened = reopen(stored, stored.definition)
    assert result_of(opened.trace) == stored.result
    assert not opened.engine_changed and not opened.definition_changed
    assert opened.trace.started_at == 86_400_000 and opened.trace.name == "o-1"


def test_another_definition_under_the_name_is_said():
    assert reopen(order(), "{}").definition_changed


def test_an_engine_that_changed_and_comes_to_the_same_is_said(monkeypatch):
    stored = order()
    monkeypatch.setattr(replaying, "engine_version", lambda: "9.9")
    assert reopen(stored).engine_changed


def test_an_engine_that_comes_to_something_else_is_the_reason(monkeypatch):
    stored = replace(order(), result=replace(order().result, duration=1, status="FAILED"))
    monkeypatch.setattr(replaying, "engine_version", lambda: "9.9")
    with pytest.raises(NotReopened) as reason:
        reopen(stored)
    assert reason.value.reason == "engine-changed" and reason.value.trace is not None
    assert "status was FAILED and is SUCCEEDED; duration in ms was 1 and is 11300" in str(reason.value)
    assert f"The engine has changed since ({stored.engine} then, 9.9 now)." in str(reason.value)


def test_an_outcome_that_differs_without_a_change_is_the_reason():
    with pytest.raises(NotReopened) as reason:
        reopen(replace(order(), tape={}))
    assert reason.value.reason == "outcome-differs" and "status was SUCCEEDED and is WAITING" in str(reason.value)


@pytest.mark.parametrize(
    ("broken", "reason"), [({"definition": "[]"}, "definition-unusable"), ({"input": "{"}, "input-unusable")]
)
def test_what_cannot_be_run_is_the_reason(broken, reason):
    with pytest.raises(NotReopened) as told:
        reopen(replace(order(), **broken))
    assert told.value.reason == reason


# What fails


def told(kind: str, action: Any) -> str:
    """The sentence of a problem of this kind."""
    with pytest.raises(ArchiveProblem) as problem:
        action()
    assert problem.value.kind == kind and "\n" not in str(problem.value)
    return str(problem.value)


def test_a_locked_file_is_said_and_what_was_to_be_kept_can_be_tried_again(tmp_path):
    archive = open_archive(f"sqlite:///{tmp_path}/p.sqlite3", patience=0.2)
    other = sqlite3.connect(tmp_path / "p.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    new = [execution()]
    assert "holding the database" in told("locked", lambda: archive.keep(ME, new))
    assert archive.executions(ME).total == 0, "reading goes on"
    other.execute("ROLLBACK")
    assert len(archive.keep(ME, new)) == 1
    archive.close()


def test_a_locked_server_is_said(team_server):
    archive = open_archive(team_server, patience=2)
    engine = create_engine(archive._engine.url)
    with engine.begin() as connection:
        connection.execute(text("LOCK TABLE executions IN ACCESS EXCLUSIVE MODE"))
        assert "holding the database" in told("locked", lambda: archive.keep(ME, [execution()]))
    assert len(archive.keep(ME, [execution()])) == 1
    archive.close()
    engine.dispose()


def test_a_full_disk_is_said_and_nothing_is_lost(tmp_path):
    archive = open_archive(f"sqlite:///{tmp_path}/p.sqlite3")
    [before] = archive.keep(ME, [execution()])
    archive.close()
    archive = open_archive(f"sqlite:///{tmp_path}/p.sqlite3")
    with archive._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 1}")
    large = execution(input=json.dumps("x" * 100_000))
    assert "There is no room to write" in told("full", lambda: archive.keep(ME, [large]))
    assert archive.execution(ME, before).name == "run-1"
    archive.close()
    archive = open_archive(f"sqlite:///{tmp_path}/p.sqlite3")
    [after] = archive.keep(ME, [large])
    assert archive.execution(ME, after).input == large.input
    archive.close()


def test_a_database_that_may_only_be_read_is_said(place, archive):
    """For SQLite on this connection alone, for PostgreSQL on the next ones."""
    only = "PRAGMA query_only = ON"
    if place.startswith("postgresql"):
        only = f"ALTER DATABASE {make_url(place).database} SET default_transaction_read_only = on"
    with archive._engine.connect() as connection:
        connection.exec_driver_sql(only)
        connection.commit()
    if place.startswith("postgresql"):
        archive.close()
    assert "may only be read" in told("read-only", lambda: archive.keep(ME, [execution()]))
    assert archive.executions(ME).total == 0


def test_a_newer_archive_is_left_alone(place, archive):
    archive.keep(ME, [execution()])
    with archive._engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    sentence = told("newer", lambda: open_archive(place))
    assert "made by a newer Paso (step 9999, and this one knows up to 0002)" in sentence
    assert archive.executions(ME).total == 1


def test_a_file_that_is_no_database_is_said(tmp_path):
    (tmp_path / "p.sqlite3").write_bytes(b"no database at all, whatever its name says. " * 50)
    assert "is not a database of Paso" in told("damaged", lambda: open_archive(f"sqlite:///{tmp_path}/p.sqlite3"))


def test_a_folder_that_cannot_be_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    assert "cannot be made" in told("unreachable", lambda: open_archive(f"sqlite:///{tmp_path}/file/p.sqlite3"))
    (tmp_path / "p.sqlite3").mkdir()
    assert "cannot be opened" in told("unreachable", lambda: open_archive(f"sqlite:///{tmp_path}/p.sqlite3"))


def test_a_server_that_does_not_answer_is_said_without_its_password():
    pytest.importorskip("psycopg", reason="psycopg is not installed: pip install -r requirements-postgres.txt")
    sentence = told("unreachable", lambda: open_archive("postgresql://ana:secret@127.0.0.1:1/paso", patience=2))
    assert "does not answer" in sentence and "127.0.0.1" in sentence and "secret" not in sentence


def test_a_database_or_user_that_is_not_there_is_said(team_server):
    url = make_url(team_server)
    nowhere = url.set(database="nowhere").render_as_string()
    assert "createdb" in told("unreachable", lambda: open_archive(nowhere))
    stranger = url.set(username="stranger").render_as_string()
    assert "refuses this user" in told("unreachable", lambda: open_archive(stranger))


def test_a_connection_that_went_away_is_made_again(team_server):
    archive = open_archive(team_server)
    archive.keep(ME, [execution()])
    engine = create_engine(archive._engine.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        )
    engine.dispose()
    assert len(archive.keep(ME, [execution()])) == 1
    archive.close()


@pytest.mark.parametrize("wrong", ["mysql://localhost/paso", "paso.db", "://", "postgresql://host:port/x"])
def test_an_address_that_is_none_is_said(wrong, monkeypatch):
    monkeypatch.setenv("PASO_DATABASE_URL", wrong)
    assert "PASO_DATABASE_URL" in told("address", open_archive)


# Where


@pytest.mark.parametrize(
    ("environment", "system", "folder"),
    [
        ({}, "linux", "/home/ana/.local/share/paso"),
        ({"XDG_DATA_HOME": "/data"}, "linux", "/data/paso"),
        ({"XDG_DATA_HOME": "relative"}, "linux", "/home/ana/.local/share/paso"),
        ({"XDG_DATA_HOME": "/data"}, "darwin", "/home/ana/Library/Application Support/paso"),
        ({"LOCALAPPDATA": "/local"}, "win32", "/local/paso"),
        ({}, "win32", "/home/ana/AppData/Local/paso"),
    ],
)
def test_the_file_stands_where_the_system_keeps_such_files(environment, system, folder):
    assert data_folder(environment, system, Path("/home/ana")) == Path(PurePosixPath(folder))


def test_start_up_needs_nothing_from_the_user(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("PASO_DATABASE_URL", raising=False)
    archive = open_archive()
    assert archive.place == str(tmp_path / "paso" / "paso.sqlite3") and (tmp_path / "paso").stat().st_mode & 0o077 == 0
    archive.close()
    assert address("postgres://h/d").drivername == "postgresql+psycopg"

"""Batches: what is counted, that no split of the work shows, and what a specification without sense is told."""

from __future__ import annotations

import json
import random
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from engine.__main__ import main
from engine.batch import BatchProblem, Progress, batch, plan, sample, suggestion, work
from engine.cost import bill
from engine.distributions import duration
from engine.graph import graph
from engine.prices import price_table
from engine.sketch import EXACT, Sketch
from engine.summary import MOST_NAMES, OTHERS, Summary, as_json, routes

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "cases" / "batch"
ORDER = ROOT / "assets" / "examples" / "order"


def table(name: str) -> Any:
    return json.loads((CASES / f"{name}.json").read_text("utf-8"))


REFUSED, COUNTED = table("refused"), table("counted")["cases"]


def order(count: int, seed: int = 7) -> tuple[Any, dict[str, Any]]:
    """The order of the shop, its mocks as distributions, with a bank that is often busy and sometimes refuses."""
    document = json.loads((ORDER / "workflow.asl.json").read_text("utf-8"))
    mocks = json.loads((ORDER / "mocks.json").read_text("utf-8"))
    basket = json.loads((ORDER / "scenarios.json").read_text("utf-8"))["scenarios"][0]["input"]
    tasks = suggestion(document, mocks, "Express", sigma=0.3)
    tasks["Charge card"]["errors"] = {"Lambda.TooManyRequestsException": 0.1, "CardDeclined": 0.02}
    empty = {"order": {**basket["order"], "items": []}}
    spec = {
        "count": count,
        "seed": seed,
        "workflowType": "EXPRESS",
        "inputs": [basket, empty],
        "weights": [19, 1],
        "tasks": tasks,
    }
    return document, spec


@pytest.mark.parametrize("case", REFUSED["cases"], ids=lambda case: case["says"][:60])
def test_what_has_no_sense_is_refused_in_one_sentence(case):
    with pytest.raises(BatchProblem) as refusal:
        plan(REFUSED["given"]["document"], case["spec"])
    assert case["says"] in str(refusal.value) and "\n" not in str(refusal.value)


def test_a_definition_that_cannot_be_run_is_refused():
    with pytest.raises(BatchProblem, match="This definition cannot be run"):
        batch([], {"count": 1})


@pytest.mark.parametrize("case", table("durations")["cases"], ids=lambda case: json.dumps(case["told"]))
def test_dice_become_seconds(case):
    draw = duration(case["told"], "here")
    assert [round(draw(dice), 3) for dice in case["dice"]] == case["seconds"]


def test_no_dice_fall_outside_of_what_is_possible():
    told = {"distribution": "normal", "mean": 1, "deviation": 3, "low": 0.5, "high": 1.5}
    draws = [duration(told, "here"), duration({"distribution": "lognormal", "median": 1, "sigma": 10}, "here")]
    for dice in (0.0, 1e-300, 0.5, 1 - 2**-53):
        assert 0.5 <= draws[0](dice) <= 1.5
        assert 0 <= draws[1](dice) <= 100_000_000


@pytest.mark.parametrize("case", COUNTED, ids=lambda case: case["name"])
def test_what_happened_is_counted(case):
    summary = as_json(batch(case["document"], case["spec"], workers=1))
    assert {name: summary[name] for name in case["expect"]} == case["expect"]


def test_every_edge_that_is_counted_is_an_edge_of_the_graph():
    document, spec = order(600)
    known = {edge.id for edge in graph(document).edges}
    taken = batch(document, spec, workers=1).edges
    assert {edge for edge in taken if not edge.endswith("/End")} <= known
    assert {"/StartAt", "/States/Anything ordered?/Default", "/States/Charge card/Catch[0]"} <= taken.keys()


def test_any_split_of_the_work_gives_the_same_summary():
    document, spec = order(120)
    told = json.dumps({"document": document, "spec": {**spec, "memoryMb": 64}})
    whole = work(told, 0, 120)
    for cuts in ((0, 1, 120), (0, 50, 51, 119, 120), tuple(range(0, 121, 10))):
        parts = [work(told, first, last) for first, last in pairwise(cuts)]
        random.Random(len(cuts)).shuffle(parts)
        merged = Summary("EXPRESS", 64)
        for part in parts:
            merged.merge(part)
        assert merged == whole


def test_several_processes_count_what_one_counts():
    document, spec = order(400)
    assert batch(document, spec, workers=2) == batch(document, spec, workers=1)


def test_an_execution_of_a_batch_can_be_looked_at():
    document, spec = order(30)
    planned = plan(document, spec)
    looked = Summary("EXPRESS", batch(document, spec, workers=1).memory_mb, asked=30)
    for number in range(30):
        looked.add(sample(planned, number), routes(planned.machine))
    assert looked == batch(document, spec, workers=1)


def test_another_seed_throws_other_dice_and_the_same_seed_the_same():
    one, other = (batch(*order(40, seed), workers=1) for seed in (1, 2))
    assert one.duration != other.duration
    assert one == batch(*order(40, 1), workers=1)


def test_lots_fall_as_often_as_they_should():
    document, spec = order(4000)
    summary = batch(
        document, {**spec, "tasks": {**spec["tasks"], "Charge card": {"errors": {"CardDeclined": 0.1}}}}, workers=1
    )
    charged = summary.visits["/States/Charge card"]
    assert charged == pytest.approx(3800, abs=60)
    assert summary.errors["OrderRefused"] == pytest.approx(0.1 * charged, abs=80)


def test_progress_is_told_and_a_cancelled_batch_is_that_of_the_first_executions():
    document, spec = order(3000)
    told: list[Progress] = []

    def note(now: Progress) -> None:
        told.append(now._replace(summary=Summary()))

    done = batch(document, spec, workers=1, progress=note, cancel=lambda: bool(told) and told[-1].done >= 300)
    assert not done.complete and 300 <= done.count < 3000
    assert [now.done for now in told] == sorted(now.done for now in told)
    assert told[-1].asked == 3000 and told[-1].rate > 0 and told[-1].left is not None
    memory = done.memory_mb
    first = batch(document, {**spec, "count": done.count, "memoryMb": memory}, workers=1)
    done.asked = done.count
    assert first == done


def test_a_batch_over_processes_can_be_cancelled():
    document, spec = order(100_000)
    done = batch(document, spec, workers=2, cancel=lambda: True)
    assert not done.complete


def test_what_a_batch_costs_is_what_its_executions_cost():
    document, spec = order(50)
    planned, summary, prices = plan(document, spec), batch(document, spec, workers=1), price_table()
    for kind in ("STANDARD", "EXPRESS"):
        traces = [sample(planned, number) for number in range(50)]
        alone = sum(bill(trace, prices, kind, memory_mb=summary.memory_mb).total for trace in traces)
        told = summary.cost(prices, kind, executions=50)
        assert told.total == alone
        assert sum(line.amount for line in told.lines) == told.total
        assert told.low < told.total < told.high


def test_the_interval_holds_the_truth_in_about_95_of_100_batches():
    document, spec = order(60)
    prices, truth = price_table(), batch(*order(4000), workers=1).cost(price_table(), "STANDARD").total
    inside = 0
    for seed in range(40):
        told = batch(document, {**spec, "seed": seed + 100}, workers=1).cost(prices, "STANDARD")
        inside += told.low <= truth <= told.high
    assert 33 <= inside <= 40


def test_a_batch_without_spread_has_an_interval_without_width():
    document = COUNTED[0]["document"]
    told = batch(document, COUNTED[0]["spec"], workers=1).cost(price_table(), "STANDARD")
    assert told.low == told.total == told.high == Decimal(25)


def test_shares_have_intervals_that_stay_between_none_and_all():
    summary = batch(COUNTED[0]["document"], COUNTED[0]["spec"], workers=1)
    low, high = summary.share_interval("SUCCEEDED")
    assert summary.share("SUCCEEDED") == 1 and 0.6 < low < 1 and high == 1


def test_a_suggestion_answers_as_the_mocks_do_when_all_goes_well():
    document = json.loads((ORDER / "workflow.asl.json").read_text("utf-8"))
    mocks = json.loads((ORDER / "mocks.json").read_text("utf-8"))
    tasks = suggestion(document, mocks, "BusyBank")
    assert tasks["Charge card"]["duration"] == 3.1 and tasks["Charge card"]["result"]["Payload"] == {
        "receipt": "R-88214"
    }
    assert [result["Attributes"]["available"]["N"] for result in tasks["Reserve item"]["results"]] == ["17", "240"]
    assert tasks["Release stock"] == {"duration": 0.1, "errors": {}}, "not mocked, so made up as it is needed"


# The command


def command(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(["batch", str(ORDER / "workflow.asl.json"), *words])
    out, err = capsys.readouterr()
    return status, out, err


def test_the_command_counts_what_the_engine_counts(capsys):
    document, spec = order(50)
    words = ["--spec", json.dumps({**spec, "count": 9}), "--count", "50", "--workers", "1"]
    status, out, err = command(capsys, *words, "--json")
    assert (status, err) == (0, "")
    told = json.loads(out)
    costs = told.pop("perMillion")
    assert told.pop("currency") == "USD"
    summary = batch(document, spec, workers=1)
    assert told == json.loads(json.dumps(as_json(summary)))
    assert costs["EXPRESS"]["total"] == str(summary.cost(price_table(), "EXPRESS").total)
    status, out, err = command(capsys, *words)
    assert (status, err) == (0, "") and out.startswith("50 executions as Express\n")


def test_the_command_takes_mocks_and_an_input(capsys, tmp_path):
    scenarios = json.loads((ORDER / "scenarios.json").read_text("utf-8"))["scenarios"]
    (tmp_path / "input.json").write_text(json.dumps(scenarios[0]["input"]))
    mocks = f"{ORDER / 'mocks.json'}#Express"
    status, out, _ = command(capsys, "--count", "3", "--input", f"@{tmp_path / 'input.json'}", "--mocks", mocks)
    assert status == 0 and "Standard     $425.00 per million ($425.00 to $425.00)" in out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "count must be a whole number"),
        (["--spec", "["], "not JSON"),
        (["--spec", "[]"], "A batch must be a JSON object"),
        (["--count", "2", "--mocks", "mocks.json"], "Say which test case"),
        (["--count", "2", "--region", "atlantis"], "There are no prices for 'atlantis'"),
        (["--count", "2", "--spec", '{"tasks": {"Charge card": {"duration": -1}}}'], "must be a number between 0 and"),
    ],
)
def test_the_command_says_what_it_cannot_use(capsys, words, says):
    status, out, err = command(capsys, *words)
    assert (status, out) == (2, "") and says in err


# The sketch


def test_few_numbers_are_exact():
    sketch = Sketch()
    for number in (5, 1, 3, 3, 100):
        sketch.add(number)
    assert sketch.exact and sketch.percentiles(0, 20, 21, 50, 80, 81, 100) == [1, 1, 3, 3, 5, 100, 100]
    assert (sketch.mean, sketch.low, sketch.high) == (22.4, 1, 100)
    assert sketch.deviation == pytest.approx(statistics.stdev([5, 1, 3, 3, 100]))


def test_many_numbers_are_as_good_as_exact_and_take_little_room():
    dice = random.Random(1)
    numbers = [int(dice.lognormvariate(9, 1)) for _ in range(60_000)]
    whole, parts = Sketch(), [Sketch() for _ in range(7)]
    for index, number in enumerate(numbers):
        whole.add(number)
        parts[index % 7].add(number)
    merged = Sketch()
    for part in reversed(parts):
        merged.merge(part)
    assert merged == whole and not whole.exact and len(whole.counts) < EXACT
    for percent in (1, 50, 90, 99, 99.9):
        true = sorted(numbers)[max(0, -(-int(percent * len(numbers)) // 100) - 1)]
        assert whole.percentile(percent) == pytest.approx(true, rel=0.002)
    assert whole.total == sum(numbers)
    assert sum(count for _, _, count in whole.bins()) == len(numbers)


def test_nothing_is_nothing():
    assert Sketch().percentile(50) == 0 and list(Sketch().bins()) == []
    assert Summary().cost(price_table()).total == 0


def test_names_without_end_are_told_apart_as_far_as_there_is_room():
    document = {"StartAt": "F", "States": {"F": {"Type": "Fail", "ErrorPath": "$.e"}}}
    inputs = [{"e": f"E{number:05}"} for number in range(3 * MOST_NAMES)]
    spec = {"count": 5000, "inputs": inputs, "memoryMb": 64}
    told = json.dumps({"document": document, "spec": spec})
    whole, merged = work(told, 0, 5000), Summary("STANDARD", 64)
    for first in range(0, 5000, 1250):
        merged.merge(work(told, first, first + 1250))
    assert merged == whole
    assert len(whole.errors) == MOST_NAMES + 1 and whole.errors[OTHERS] > 1000
    assert sum(whole.errors.values()) == 5000


# Dask


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A scheduler and two worker processes on this machine."""
    pytest.importorskip("distributed", reason="Dask is not installed: pip install -r requirements-dask.txt")
    address = f"tcp://127.0.0.1:{free_port()}"
    folder = tmp_path_factory.mktemp("dask")
    environment = {"PYTHONPATH": str(ROOT), "HOME": str(folder)}
    here = ["--host", "127.0.0.1"]
    scheduler = ["dask_scheduler", *here, "--port", address.rpartition(":")[2], "--no-dashboard"]
    worker = ["dask_worker", address, *here, "--nthreads", "1", "--no-dashboard", "--no-nanny", "--local-directory"]
    started: list[subprocess.Popen[bytes]] = []
    log = (folder / "log").open("w")
    try:
        for command in (scheduler, [*worker, str(folder / "one")], [*worker, str(folder / "two")]):
            program = [sys.executable, "-m", f"distributed.cli.{command[0]}", *command[1:]]
            started.append(subprocess.Popen(program, cwd=folder, env=environment, stdout=log, stderr=log))
        from distributed import Client

        deadline = time.monotonic() + 60
        while True:
            try:
                with Client(address, timeout="5s", set_as_default=False) as client:
                    client.wait_for_workers(2, timeout=50)
                break
            except OSError:
                assert time.monotonic() < deadline, (folder / "log").read_text()
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def test_a_batch_on_dask_counts_what_one_process_counts(dask):
    document, spec = order(600)
    assert batch(document, spec, dask=dask) == batch(document, spec, workers=1)


def test_the_scheduler_of_the_environment_is_used_and_a_batch_on_it_can_be_cancelled(dask, monkeypatch):
    monkeypatch.setenv("PASO_DASK", dask)
    document, spec = order(50_000)
    done = batch(document, spec, cancel=cancelled)
    assert 0 < done.count < 50_000


_calls = iter(range(10_000))


def cancelled() -> bool:
    """Not before some work has gone out."""
    return next(_calls) > 12


def test_a_scheduler_that_does_not_answer_is_told_in_a_sentence():
    pytest.importorskip("distributed", reason="Dask is not installed: pip install -r requirements-dask.txt")
    with pytest.raises(BatchProblem, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:\d+"):
        batch(*order(5), dask=f"tcp://127.0.0.1:{free_port()}")

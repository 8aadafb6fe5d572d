"""`python -m tests.bench.batch`: 100,000 executions of the shop's order, its mocks as distributions.

Prints how long that took, how fast it went, and how much memory this process and its workers held after a tenth of the
batch and at its end. Exit status 1: it took more than 60 s, or memory grew with the count.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

from engine.batch import Progress, batch, suggestion
from engine.crew import cores
from engine.prices import price_table

ORDER = Path(__file__).resolve().parents[2] / "assets" / "examples" / "order"
MOST_SECONDS = 60.0
MOST_GROWTH_MB = 8.0


def order(count: int) -> tuple[Any, dict[str, Any]]:
    """The workflow and what is asked for: lognormal times around the mocked ones, a busy bank, a refusal now and then."""
    document, mocks, scenarios = (
        json.loads((ORDER / name).read_text("utf-8")) for name in ("workflow.asl.json", "mocks.json", "scenarios.json")
    )
    tasks = suggestion(document, mocks, "Express", sigma=0.3)
    tasks["Charge card"]["errors"] = {"Lambda.TooManyRequestsException": 0.1, "CardDeclined": 0.02}
    inputs = [scenario["input"] for scenario in scenarios["scenarios"]]
    return document, {"count": count, "seed": 1, "workflowType": "EXPRESS", "inputs": inputs, "tasks": tasks}


def held() -> float:
    """MB of this process and its children that are in memory; Linux only, 0 elsewhere."""
    total, here = 0.0, str(os.getpid())
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            told = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if status.parent.name == here or told.get("PPid", "").strip() == here:
            total += int(told.get("VmRSS", "0 kB").split()[0]) / 1024
    return total


def main() -> int:
    ask = argparse.ArgumentParser(prog="python -m tests.bench.batch", description="How quick a batch is.")
    ask.add_argument("--count", type=int, default=100_000)
    ask.add_argument("--workers", type=int, help="processes; every core without")
    asked = ask.parse_args()
    document, spec = order(asked.count)
    memory: list[tuple[int, float]] = []

    def note(now: Progress) -> None:
        if now.done * 10 >= now.asked * (len(memory) + 1):
            memory.append((now.done, held()))
        if sys.stderr.isatty():
            left = "?" if now.left is None else f"{now.left:.0f}"
            print(f"\r{now.done:,} of {now.asked:,} · {now.rate:,.0f}/s · {left} s left ", end="", file=sys.stderr)

    began = perf_counter()
    summary = batch(document, spec, workers=asked.workers, progress=note)
    seconds = perf_counter() - began
    (early, before), (late, after) = memory[0], memory[-1]
    p50, p99 = summary.duration.percentiles(50, 99)
    print(
        f"{summary.count:,} executions in {seconds:.1f} s on {asked.workers or cores()} cores: {summary.count / seconds:,.0f}/s"
    )
    print(f"memory of all processes: {before:.0f} MB after {early:,}, {after:.0f} MB after {late:,}")
    print(f"{dict(sorted(summary.statuses.items()))} · p50 {p50 / 1000:g} s · p99 {p99 / 1000:g} s")
    for kind in ("STANDARD", "EXPRESS"):
        cost = summary.cost(price_table(), kind)
        print(f"{kind.capitalize()}: ${cost.total:.2f} per million (${cost.low:.2f} to ${cost.high:.2f})")
    return int(seconds > MOST_SECONDS * asked.count / 100_000 or after - before > MOST_GROWTH_MB)


if __name__ == "__main__":
    sys.exit(main())

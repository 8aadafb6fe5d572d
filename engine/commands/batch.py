"""`batch`: run a workflow many times by lot, and tell what it came to."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.commands.given import Unusable, count, json_given, machine_of, read_json
from engine.commands.printing import print_json, write_charts, write_table

if TYPE_CHECKING:
    from engine.commands import Commands
    from engine.prices import Prices
    from engine.summary import Summary

Json = Any


def add(commands: Commands, name: str) -> None:
    """`batch FILE --spec … [--workers 4 | --dask ADDRESS] [--json] [--charts FOLDER]`."""
    about = "Run a workflow many times, with durations and errors by lot."
    parser = commands.add_parser(name, help=about, description=about)
    parser.set_defaults(command=command)
    parser.add_argument("file", metavar="FILE", help="definition: JSON, YAML, or a template that holds one")
    parser.add_argument(
        "--spec", metavar="JSON", help="what to draw: JSON, @file, or - for standard input (engine/batch.py)"
    )
    parser.add_argument("--count", type=count, help="executions, up to 1,000,000")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--input", metavar="JSON", help="one input for all: JSON, @file, or -")
    parser.add_argument("--mocks", metavar="FILE#CASE", help="a MockConfigFile and the test case that answers")
    parser.add_argument("--type", choices=("STANDARD", "EXPRESS"), type=str.upper)
    parser.add_argument("--workers", type=count, help="processes; as many as there are cores without")
    parser.add_argument("--dask", metavar="ADDRESS", help="a Dask scheduler; PASO_DASK without")
    parser.add_argument("--region", default="us-east-1")
    parser.add_argument("--prices", metavar="FILE", help="a table of prices of your own")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", metavar="FILE", help="write the table as well: .csv or .parquet")
    parser.add_argument("--charts", metavar="FOLDER", help="write every chart: .svg, .png, and its table")


def command(options: argparse.Namespace) -> int:
    """Progress on a terminal while it runs, then statuses, durations and costs."""
    from engine.batch import BatchProblem, Progress
    from engine.batch import batch as run_many
    from engine.prices import PriceProblem, price_table, prices
    from engine.summary import as_json

    spec = _spec(options)
    express = isinstance(spec, dict) and spec.get("workflowType") == "EXPRESS"
    machine = machine_of(options.file, "EXPRESS" if express else "STANDARD")

    def told(now: Progress) -> None:
        left = "" if now.left is None else f" · {now.left:.0f} s left "
        print(
            f"\r{now.done:,} of {now.asked:,} · {now.rate:,.0f} per second{left}", end="", file=sys.stderr, flush=True
        )

    progress = told if sys.stderr.isatty() else None
    try:
        table = prices(read_json(Path(options.prices))) if options.prices else price_table(options.region)
        summary = run_many(machine.document, spec, options.workers, progress, dask=options.dask)
    except (BatchProblem, PriceProblem) as problem:
        raise Unusable(str(problem)) from None
    if progress:
        print(file=sys.stderr)
    if options.json:
        kinds: tuple[Any, ...] = ("STANDARD", "EXPRESS")
        costs = {kind: summary.cost(table, kind) for kind in kinds}
        per_million = {
            kind: {"total": str(one.total), "low": str(one.low), "high": str(one.high)} for kind, one in costs.items()
        }
        print_json({**as_json(summary), "perMillion": per_million, "currency": table.currency})
    else:
        print("\n".join(_lines(summary, table)))
    if options.out:
        from engine.tables import summary_rows

        write_table(summary_rows(summary), options.out)
    if options.charts:
        from engine.charts import Hand, of_batch

        write_charts(of_batch({summary.workflow_type: summary}, Hand()), options.charts)
    return 0


def _spec(options: argparse.Namespace) -> Json:
    """The specification with what the other options say in its place; without one, as the mocks answer."""
    spec = json_given(options.spec) if options.spec else {}
    if not isinstance(spec, dict):
        return spec
    said = {"count": options.count, "seed": options.seed, "workflowType": options.type}
    spec = {**spec, **{name: value for name, value in said.items() if value is not None}}
    if options.input is not None:
        spec["inputs"] = [json_given(options.input)]
    if options.mocks:
        path, _, case = options.mocks.rpartition("#")
        if not path:
            raise Unusable(f"Say which test case: {options.mocks}#Case.")
        spec |= {"mocks": read_json(Path(path)), "case": case}
    return spec


def _lines(summary: Summary, table: Prices) -> Iterable[str]:
    """Statuses, errors, durations and costs, a line each."""
    yield f"{summary.count:,} executions as {summary.workflow_type.capitalize()}"
    for status, number in sorted(summary.statuses.items()):
        low, high = summary.share_interval(status)
        yield f"  {status:<10} {number:>11,}  {number / summary.count:7.2%}  ({low:.2%} to {high:.2%})"
    for error, places in sorted(summary.failures.items()):
        for at, number in sorted(places.items()):
            yield f"  failed     {number:>11,}  {error or 'without a name'} at {at}"
    p50, p90, p99 = (number / 1000 for number in summary.duration.percentiles(50, 90, 99))
    yield f"duration     mean {summary.duration.mean / 1000:.3f} s · p50 {p50:g} s · p90 {p90:g} s · p99 {p99:g} s"
    yield f"transitions  mean {summary.transitions.mean:.3f} · {sum(summary.retries.values()):,} retries in all"
    kinds: tuple[Any, ...] = ("STANDARD", "EXPRESS")
    for kind in kinds:
        cost = summary.cost(table, kind)
        yield f"{kind.capitalize():<12} ${cost.total:,.2f} per million (${cost.low:,.2f} to ${cost.high:,.2f})"

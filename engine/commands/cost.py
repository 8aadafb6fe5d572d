"""`cost`: run a workflow once, and tell what many such runs cost as Standard and as Express."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.commands.given import Unusable, count, read_json
from engine.commands.printing import print_json, write_charts, write_table
from engine.commands.running import add_run_options, summary, trace_of

if TYPE_CHECKING:
    from engine.commands import Commands
    from engine.cost import Bill

Json = Any


def add(commands: Commands, name: str) -> None:
    """`cost FILE --input … --mocks … --count 1000 [--charts FOLDER]`."""
    about = "Tell what runs like this one cost, as Standard and as Express."
    parser = commands.add_parser(name, help=about, description=about)
    parser.set_defaults(command=command)
    add_run_options(parser)
    parser.add_argument("--count", type=count, default=1000, help="executions in the month (1000)")
    parser.add_argument("--region", default="us-east-1")
    parser.add_argument("--prices", metavar="FILE", help="a table of prices of your own")
    parser.add_argument("--memory", type=_megabytes, metavar="MB", help="measured memory instead of the estimate")
    parser.add_argument("--free-tier", action="store_true", help="take off the free transitions of a month")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", metavar="FILE", help="write the table as well: .csv or .parquet")
    parser.add_argument("--charts", metavar="FOLDER", help="write every chart: .svg, .png, and its table")


def command(options: argparse.Namespace) -> int:
    """Both bills, line by line, and what stands in the way of Express."""
    from engine.cost import bill, hindrances
    from engine.prices import PriceProblem, price_table, prices

    try:
        table = prices(read_json(Path(options.prices))) if options.prices else price_table(options.region)
    except PriceProblem as problem:
        raise Unusable(str(problem)) from None
    trace = trace_of(options)
    kinds: tuple[Any, ...] = ("STANDARD", "EXPRESS")
    bills = [
        bill(trace, table, kind, executions=options.count, memory_mb=options.memory, free_tier=options.free_tier)
        for kind in kinds
    ]
    reasons = hindrances(trace)
    if options.json:
        print_json({"bills": [_as_json(one) for one in bills], "notExpress": [reason.message for reason in reasons]})
    else:
        print(f"{trace.status} · {summary(trace)}")
        for one in bills:
            print("\n" + "\n".join(_lines(one)))
        for reason in reasons:
            print(f"\nNot as Express: {reason.message}")
        print(f"\nPrices of {table.name}, {table.date}; time priced per 100 ms at 64 MB. {table.note}")
    if options.out:
        from engine.tables import bill_rows

        write_table(bill_rows(bills), options.out)
    if options.charts:
        from engine.breakeven import AXES, curve
        from engine.charts import Hand, break_even

        curves = [
            curve(trace, axis, table, executions=options.count, memory_mb=options.memory, free_tier=options.free_tier)
            for axis in AXES
        ]
        write_charts([break_even(one, Hand()) for one in curves], options.charts)
    return 0 if trace.status == "SUCCEEDED" else 1


def _as_json(bill: Bill) -> dict[str, Json]:
    return {
        "type": bill.workflow_type,
        "executions": bill.executions,
        "basis": bill.basis,
        "lines": [
            {
                "item": line.item,
                "tier": line.tier,
                "quantity": line.quantity,
                "price": str(line.price),
                "amount": str(line.amount),
            }
            for line in bill.lines
        ],
        "total": str(bill.total),
        "currency": bill.prices.currency,
    }


_ITEMS = {
    "transitions": "transitions",
    "free": "free transitions",
    "requests": "requests",
    "duration": "100 ms × 64 MB",
}


def _lines(bill: Bill) -> Iterable[str]:
    """Amounts in full: a sum of tiny prices is not rounded before it is told."""
    runs = "1 execution" if bill.executions == 1 else f"{bill.executions:,} executions"
    yield f"{bill.workflow_type.capitalize()}, {runs}"
    for line in bill.lines:
        yield f"  {line.quantity:>15,}  {_ITEMS[line.item]:<17} × ${_money(line.price):<14} = ${_money(line.amount)}"
    yield f"  total ${_money(bill.total)}"


def _money(amount: Any) -> str:
    return f"{amount:f}".rstrip("0").rstrip(".") if "." in f"{amount:f}" else f"{amount:f}"


def _megabytes(text: str) -> float:
    try:
        size = float(text)
    except ValueError:
        size = 0
    if not 0 < size < 100_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of megabytes")
    return size

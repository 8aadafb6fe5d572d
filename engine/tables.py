"""Bills and batches as plain rows, and rows as files: CSV, or Parquet where the name says so."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.values import Json

if TYPE_CHECKING:
    from engine.cost import Bill
    from engine.summary import Summary

Row = dict[str, Json]


class TableProblem(ValueError):
    """The table cannot be written; the message is one sentence."""


def bill_rows(bills: Sequence[Bill]) -> list[Row]:
    """A row per line of each bill. Amounts are texts: money is not rounded to a float."""
    return [
        {
            "type": bill.workflow_type,
            "executions": bill.executions,
            "item": line.item,
            "tier": line.tier,
            "quantity": line.quantity,
            "price": str(line.price),
            "amount": str(line.amount),
            "currency": bill.prices.currency,
        }
        for bill in bills
        for line in bill.lines
    ]


def summary_rows(summary: Summary) -> list[Row]:
    """A row per number of a batch: `table`, `of` (an error, for failures by state), `name`, `value`."""
    return list(_summary_rows(summary))


def _summary_rows(summary: Summary) -> Iterator[Row]:
    counted = {
        "status": summary.statuses,
        "error": summary.errors,
        "visits": summary.visits,
        "retries": summary.retries,
        "edge": summary.edges,
    }
    for table, counts in counted.items():
        for name, value in counts.items():
            yield {"table": table, "of": "", "name": name, "value": value}
    for table, nested in (("failures", summary.failures), ("attempts", summary.attempts)):
        for error, states in nested.items():
            for name, value in states.items():
                yield {"table": table, "of": error, "name": name, "value": value}
    shares = (1, 5, 25, 50, 75, 90, 95, 99)
    for share, value in zip(shares, summary.duration.percentiles(*map(float, shares)), strict=True):
        yield {"table": "duration_ms", "of": "", "name": f"p{share}", "value": value}


def write(rows: Sequence[Row], path: Path) -> None:
    """Write rows to `path`: `.csv` or `.parquet`. Raises TableProblem."""
    if path.suffix == ".csv":
        made = csv_text(rows).encode("utf-8")
    elif path.suffix == ".parquet":
        made = parquet(rows)
    else:
        raise TableProblem(f"{path.name} should end in .csv or .parquet, which says what to write.")
    try:
        path.write_bytes(made)
    except OSError as problem:
        raise TableProblem(f"{path} cannot be written: {problem.strerror}.") from None


def csv_text(rows: Sequence[Row]) -> str:
    """Rows as CSV with a header (RFC 4180)."""
    file = io.StringIO()
    writer = csv.DictWriter(file, fieldnames=list(rows[0]) if rows else [])
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def parquet(rows: Sequence[Row]) -> bytes:
    """Rows as a Parquet file."""
    import pandas  # type: ignore[import-untyped]  # it ships no types

    file = io.BytesIO()
    pandas.DataFrame(list(rows)).to_parquet(file, index=False)
    return file.getvalue()

"""What commands write: JSON on standard output, tables and pictures to a file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.commands.given import Unusable

if TYPE_CHECKING:
    from engine.charts import Chart

Json = Any


def print_json(value: Json) -> None:
    """A value on standard output, indented."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


def write_table(rows: list[dict[str, Json]], file: str) -> None:
    """Rows to a .csv or .parquet file."""
    from engine.tables import TableProblem, write

    try:
        write(rows, Path(file))
    except TableProblem as problem:
        raise Unusable(str(problem)) from None


def write_charts(charts: list[Chart], folder: str) -> None:
    """Every chart as SVG and PNG, and its table as CSV and Parquet; says where on standard error."""
    from engine.pictures import PictureProblem
    from engine.pictures import write_charts as write

    try:
        written = write(charts, Path(folder))
    except PictureProblem as problem:
        raise Unusable(str(problem)) from None
    print(f"{len(written)} files in {folder}", file=sys.stderr)


def write_bytes(content: bytes, file: str | None) -> None:
    """To a file, or to standard output where none is named."""
    if file is None:
        sys.stdout.buffer.write(content)
        return
    try:
        Path(file).write_bytes(content)
    except OSError as error:
        raise Unusable(f"{file} cannot be written: {error.strerror}.") from None

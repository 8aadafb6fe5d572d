"""Charts as files: SVG and PNG by the browser that plotly's kaleido finds, and each chart's table as CSV and Parquet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.charts import Chart
from engine.tables import TableProblem, write

WIDTH, HEIGHT = 900, 460
"""Pixels; a PNG has two to each."""


class PictureProblem(ValueError):
    """The charts cannot be drawn here; the message is one sentence that says what would help."""


def write_charts(charts: Sequence[Chart], folder: Path) -> list[Path]:
    """Writes `name.svg`, `.png`, `.csv` and `.parquet` of each chart; says which files those are. Raises PictureProblem."""
    try:
        import kaleido
        from choreographer.errors import BrowserDepsError, BrowserFailedError, ChromeNotFoundError
    except ImportError:
        raise PictureProblem(
            "Charts are drawn as pictures by the package kaleido, which is not installed: pip install 'paso[charts]'."
        ) from None
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PictureProblem(f"The folder {folder} cannot be made: {error.strerror}.") from None
    written: list[Path] = []
    tasks = []
    for chart in charts:
        for kind in ("svg", "png"):
            path = folder / f"{chart.name}.{kind}"
            figure = {**chart.figure.to_plotly_json()}
            figure["layout"] = {
                **figure["layout"],
                "title": {"text": chart.title, "x": 0.01, "font": {"size": TITLE_SIZE}},
                "margin": _MARGIN,
            }
            options = {"format": kind, "width": WIDTH, "height": HEIGHT, "scale": 2 if kind == "png" else 1}
            tasks.append({"fig": figure, "path": str(path), "opts": options})
            written.append(path)
    try:
        kaleido.write_fig_from_object_sync(
            tasks, kopts={"page_generator": kaleido.PageGenerator(mathjax=False), "timeout": 60}
        )
    except (ChromeNotFoundError, BrowserFailedError, BrowserDepsError):
        raise PictureProblem(
            "Pictures of charts need a Chrome or Chromium, and none was found that starts; BROWSER_PATH may name one."
        ) from None
    for chart in charts:
        rows = [dict(zip(chart.table, row, strict=True)) for row in zip(*chart.table.values(), strict=True)]
        for kind in ("csv", "parquet"):
            path = folder / f"{chart.name}.{kind}"
            try:
                write(rows, path)
            except TableProblem as problem:
                raise PictureProblem(str(problem)) from None
            written.append(path)
    return written


TITLE_SIZE = 16
_MARGIN = {"l": 70, "r": 20, "t": 70, "b": 60}

"""The golden runs: every scenario of every example, told moment by moment, in `tests/cases/golden/`.

python -m tests.golden      writes them anew; the difference is to be read before it is kept
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from engine.parse import parse
from engine.scenarios import Folder, Scenario, load_folder, play
from engine.story import story
from engine.trace import Trace

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "assets" / "examples"
GOLDEN = ROOT / "tests" / "cases" / "golden"


def read(path: Path) -> object:
    return json.loads(path.read_text("utf-8"))


def scenarios() -> Iterator[tuple[Folder, Scenario]]:
    for path in sorted(EXAMPLES.iterdir()):
        if path.is_dir():
            folder = load_folder(path, read)
            for scenario in folder.scenarios:
                yield folder, scenario


def played(folder: Folder, scenario: Scenario) -> Trace:
    machine, problems = parse(read(folder.definition))
    assert machine is not None and not problems, problems
    return play(machine, scenario, folder.mocks, folder.name)


def told(folder: Folder, scenario: Scenario) -> str:
    """The golden text of a scenario."""
    return "\n".join(story(played(folder, scenario))) + "\n"


def place(folder: Folder, scenario: Scenario) -> Path:
    return GOLDEN / f"{folder.name}-{scenario.name}.txt"


if __name__ == "__main__":
    for old in GOLDEN.glob("*.txt"):
        old.unlink()
    for each in scenarios():
        place(*each).write_text(told(*each), "utf-8")
        print(place(*each).name)

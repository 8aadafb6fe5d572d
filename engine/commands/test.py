"""`test`: play the scenarios of a folder and compare each with what it expects."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commands.given import Unusable, machine_of, read_json

if TYPE_CHECKING:
    from engine.commands import Commands


def add(commands: Commands, name: str) -> None:
    """`test FOLDER [SCENARIO …]`."""
    about = "Play the scenarios of a folder."
    parser = commands.add_parser(name, help=about, description=about)
    parser.set_defaults(command=command)
    parser.add_argument("folder", metavar="FOLDER", help="holds workflow.asl.json, mocks.json and scenarios.json")
    parser.add_argument("scenario", nargs="*", help="names of scenarios; all without")


def command(options: argparse.Namespace) -> int:
    """A line for each scenario, and under it what was not as expected."""
    from engine.connectors.mock import MockProblem
    from engine.scenarios import ScenarioProblem, check, load_folder, play

    try:
        folder = load_folder(Path(options.folder), read_json)
        machine = machine_of(str(folder.definition))
        chosen = [folder.scenario(name) for name in options.scenario] or folder.scenarios
        failed = 0
        for scenario in chosen:
            verdicts = check(play(machine, scenario, folder.mocks, folder.name), scenario.expect)
            bad = [verdict for verdict in verdicts if not verdict.ok]
            failed += bool(bad)
            print(f"{'✕' if bad else '✓'} {scenario.name}")
            for verdict in bad:
                print(f"    {verdict}")
    except (ScenarioProblem, MockProblem) as problem:
        raise Unusable(f"{options.folder}: {problem}") from None
    print(f"{len(chosen) - failed} of {len(chosen)} scenarios as expected")
    return 1 if failed else 0

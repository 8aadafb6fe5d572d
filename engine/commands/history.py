"""`history`: run a workflow once and print its events, as GetExecutionHistory gives them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from engine.commands.printing import print_json
from engine.commands.running import add_run_options, trace_of

if TYPE_CHECKING:
    from engine.commands import Commands


def add(commands: Commands, name: str) -> None:
    """`history FILE --input … --mocks …`."""
    about = "Run a workflow and print its execution history."
    parser = commands.add_parser(name, help=about, description=about)
    parser.set_defaults(command=command)
    add_run_options(parser)


def command(options: argparse.Namespace) -> int:
    """Run once and print the events."""
    from engine.history import history

    trace = trace_of(options)
    print_json({"events": history(trace)})
    return 0 if trace.status == "SUCCEEDED" else 1

"""`run`: run a workflow once and tell its outcome, its stages, or its events."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from engine.commands.printing import print_json
from engine.commands.running import add_run_options, told, trace_of, waiting

if TYPE_CHECKING:
    from engine.commands import Commands
    from engine.trace import Trace

Json = Any


def add(commands: Commands, name: str) -> None:
    """`run FILE --input … --mocks … [--json | --stages | --history]`."""
    about = "Run a workflow and tell its outcome."
    parser = commands.add_parser(name, help=about, description=about)
    parser.set_defaults(command=command)
    add_run_options(parser)
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="the outcome as JSON")
    shape.add_argument("--stages", action="store_true", help="every moment on a line")
    shape.add_argument("--history", action="store_true", help="the events, as GetExecutionHistory gives them")
    parser.add_argument("--full", action="store_true", help="with --stages: values uncut")


def command(options: argparse.Namespace) -> int:
    """Run once and tell the outcome."""
    trace = trace_of(options)
    if options.json:
        print_json(_outcome(trace))
    elif options.history:
        from engine.history import history

        print_json({"events": history(trace)})
    else:
        if options.stages:
            _print_stages(trace, options.full)
        print(told(trace))
    return 0 if trace.status == "SUCCEEDED" else 1


def _outcome(trace: Trace) -> dict[str, Json]:
    from engine.cost import transitions
    from engine.world import timestamp

    return {
        "status": trace.status,
        "output": trace.output,
        "error": trace.error,
        "cause": trace.cause,
        "type": trace.workflow_type,
        "transitions": transitions(trace),
        "durationMs": trace.duration,
        "startDate": timestamp(trace.started_at),
        "path": [visit.state.name for visit in trace.visits],
        "waitingFor": waiting(trace),
    }


def _print_stages(trace: Trace, full: bool) -> None:
    from engine.story import WIDTH, story

    for line in story(trace, None if full else WIDTH):
        print(line)

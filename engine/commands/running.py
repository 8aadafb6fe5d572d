"""One run of a workflow, as several commands make it: its options, who answers its tasks, and how it went."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.commands.given import Unusable, document_of, json_given, machine_of, read_json

if TYPE_CHECKING:
    from engine.trace import Trace
    from engine.world import Answer

Json = Any


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """What a run needs: the file, the input, who answers."""
    parser.add_argument("file", metavar="FILE", help="definition: JSON, YAML, or a template that holds one")
    parser.add_argument("--input", default="{}", metavar="JSON", help="JSON, @file, or - for standard input")
    add_world_options(parser)


def add_world_options(parser: argparse.ArgumentParser) -> None:
    """Who answers the tasks of a run, and what else its world holds."""
    parser.add_argument("--mocks", metavar="FILE#CASE", help="a MockConfigFile and the test case to play")
    parser.add_argument("--generate", action="store_true", help="make up a reply for tasks without a mock")
    parser.add_argument("--type", choices=("STANDARD", "EXPRESS"), default="STANDARD", type=str.upper)
    parser.add_argument("--seed", type=int, default=0, help="for States.UUID, States.MathRandom and jitter")
    parser.add_argument("--name", default="run", help="name of the execution")


def trace_of(options: argparse.Namespace) -> Trace:
    """The run that the options ask for."""
    from engine.execution import run as run_machine
    from engine.world import World

    machine = machine_of(options.file, options.type)
    world = World(
        connector=_answer(options, options.file), seed=options.seed, workflow_type=options.type, name=options.name
    )
    return run_machine(machine, json_given(options.input), world)


def _answer(options: argparse.Namespace, file: str) -> Answer:
    """Who answers the tasks: the mock file, then made-up replies if they are wanted, else nobody."""
    from engine.world import nobody

    answers: list[Answer] = []
    if options.mocks:
        from engine.connectors.mock import MockProblem, cases, load_mocks

        path, _, case = options.mocks.rpartition("#")
        if not path:
            path, case = options.mocks, ""
        config = read_json(Path(path))
        try:
            if not case:
                known = [name for names in cases(config).values() for name in names]
                raise Unusable(f"Say which test case of {path}: {path}#{known[0] if known else 'Case'}, for example.")
            answers.append(load_mocks(config, case))
        except MockProblem as problem:
            raise Unusable(f"{path}: {problem}") from None
    if options.generate:
        from engine.connectors.generated import generated

        answers.append(generated(document_of(file).value))
    if not answers:
        return nobody
    from engine.connectors import first_of

    return first_of(*answers)


def told(trace: Trace) -> str:
    """The outcome as a person reads it: status, then output or error."""
    lines = [f"{trace.status} · {summary(trace)}"]
    if trace.status == "SUCCEEDED":
        lines.append(json.dumps(trace.output, indent=2, ensure_ascii=False))
    else:
        if trace.error is not None:
            lines.append(f"error  {trace.error}")
        if trace.cause is not None:
            lines.append(f"cause  {trace.cause}")
        for state in waiting(trace):
            lines.append(f"waits  “{state}” has no answer yet: --mocks gives one, --generate makes one up")
    return "\n".join(lines)


def summary(trace: Trace) -> str:
    """Type, transitions and virtual time on a line."""
    from engine.cost import transitions

    count = transitions(trace)
    return (
        f"{trace.workflow_type} · {count} transition{'' if count == 1 else 's'} · {trace.duration / 1000:g} s (virtual)"
    )


def waiting(trace: Trace) -> list[str]:
    """The states whose call has no answer yet."""
    if trace.status != "WAITING":
        return []
    return [moment.value.state for moment in trace.moments if moment.kind == "parked"]

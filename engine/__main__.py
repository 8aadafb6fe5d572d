"""`python -m engine`: run, check and price workflows without a browser.

    python -m engine run FILE --input '{"a": 1}' --mocks mocks.json#Found [--type EXPRESS] [--json | --stages | --history]
    python -m engine test FOLDER
    python -m engine validate FILE
    python -m engine cost FILE --input @input.json --mocks mocks.json#Found --count 1000
    python -m engine batch FILE --spec spec.json [--workers 4 | --dask tcp://host:8786] [--json]
    python -m engine graph FILE --format mermaid
    python -m engine history FILE --input - --mocks mocks.json#Found

Exit status: 0 the run succeeded, or all is well; 1 it failed, waits for an answer, or something is not as it should be;
2 unusable input, with one clear sentence on stderr. Modules are imported by the command that needs them, for a quick start.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.cost import Bill
    from engine.model import Machine
    from engine.prices import Prices
    from engine.problems import Problem
    from engine.source import Document
    from engine.summary import Summary
    from engine.trace import Trace
    from engine.world import Answer

Json = Any
PROBLEMS_SHOWN = 3


class Unusable(Exception):
    """The input cannot be used. The message is what the user reads."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status for these arguments."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except Unusable as problem:
        print(problem, file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def run(options: argparse.Namespace) -> int:
    """Run once and tell the outcome."""
    trace = _trace(options)
    if options.json:
        _print_json(_outcome(trace))
    elif options.history:
        _print_history(trace)
    else:
        if options.stages:
            _print_stages(trace, options.full)
        print(_told(trace))
    return 0 if trace.status == "SUCCEEDED" else 1


def history(options: argparse.Namespace) -> int:
    """Run once and print the events."""
    trace = _trace(options)
    _print_history(trace)
    return 0 if trace.status == "SUCCEEDED" else 1


def test(options: argparse.Namespace) -> int:
    """Play the scenarios of a folder and compare each with what it expects."""
    from engine.connectors.mock import MockProblem
    from engine.scenarios import ScenarioProblem, check, load_folder, play

    try:
        folder = load_folder(Path(options.folder), _read_json)
        machine = _machine(str(folder.definition))
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


def validate(options: argparse.Namespace) -> int:
    """List the problems of a definition."""
    document = _document(options.file)
    problems = _problems(document, options.type)
    if options.json:
        _print_json([_problem_json(problem) for problem in problems])
    else:
        for problem in problems:
            print(f"{problem.severity:<7}  {_said(problem)}  [{problem.code}]")
        errors = sum(problem.severity == "error" for problem in problems)
        print(f"{errors} error{'' if errors == 1 else 's'}, {len(problems) - errors} more to look at")
    return 1 if any(problem.severity == "error" for problem in problems) else 0


def cost(options: argparse.Namespace) -> int:
    """Run once, and tell what many such runs cost as Standard and as Express."""
    from engine.cost import bill, hindrances
    from engine.prices import PriceProblem, price_table, prices

    try:
        table = prices(_read_json(Path(options.prices))) if options.prices else price_table(options.region)
    except PriceProblem as problem:
        raise Unusable(str(problem)) from None
    trace = _trace(options)
    kinds: tuple[Any, ...] = ("STANDARD", "EXPRESS")
    bills = [
        bill(trace, table, kind, executions=options.count, memory_mb=options.memory, free_tier=options.free_tier)
        for kind in kinds
    ]
    reasons = hindrances(trace)
    if options.json:
        _print_json({"bills": [_bill_json(one) for one in bills], "notExpress": [reason.message for reason in reasons]})
    else:
        print(f"{trace.status} · {_summary(trace)}")
        for one in bills:
            print("\n" + "\n".join(_bill_lines(one)))
        for reason in reasons:
            print(f"\nNot as Express: {reason.message}")
        print(f"\nPrices of {table.name}, {table.date}; time priced per 100 ms at 64 MB. {table.note}")
    if options.out:
        from engine.tables import bill_rows

        _write_table(bill_rows(bills), options.out)
    return 0 if trace.status == "SUCCEEDED" else 1


def batch(options: argparse.Namespace) -> int:
    """Run many times by lot, and tell what it came to."""
    from engine.batch import BatchProblem, Progress
    from engine.batch import batch as run_many
    from engine.prices import PriceProblem, price_table, prices
    from engine.summary import as_json

    spec = _batch_spec(options)
    express = isinstance(spec, dict) and spec.get("workflowType") == "EXPRESS"
    machine = _machine(options.file, "EXPRESS" if express else "STANDARD")

    def told(now: Progress) -> None:
        left = "" if now.left is None else f" · {now.left:.0f} s left "
        print(
            f"\r{now.done:,} of {now.asked:,} · {now.rate:,.0f} per second{left}", end="", file=sys.stderr, flush=True
        )

    progress = told if sys.stderr.isatty() else None
    try:
        table = prices(_read_json(Path(options.prices))) if options.prices else price_table(options.region)
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
        _print_json({**as_json(summary), "perMillion": per_million, "currency": table.currency})
    else:
        print("\n".join(_summary_lines(summary, table)))
    if options.out:
        from engine.tables import summary_rows

        _write_table(summary_rows(summary), options.out)
    return 0


def graph(options: argparse.Namespace) -> int:
    """Write the graph in another format."""
    from engine.export import ExportProblem, export
    from engine.graph import graph as graph_of

    document = _document(options.file)
    try:
        drawn = export(graph_of(document.value), options.format, options.direction)
    except ExportProblem as problem:
        raise Unusable(str(problem)) from None
    if options.out:
        Path(options.out).write_bytes(drawn)
    else:
        sys.stdout.buffer.write(drawn)
    return 0


# What the commands read ----------------------------------------------------------------------------------------------


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise Unusable(f"There is no file {path}.") from None
    except IsADirectoryError:
        raise Unusable(f"{path} is a folder; a file is needed.") from None
    except UnicodeDecodeError as error:
        raise Unusable(f"{path} is not UTF-8 text: byte {error.start} cannot be read.") from None
    except OSError as error:
        raise Unusable(f"{path} cannot be read: {error.strerror}.") from None


def _json_of(text: str, what: str) -> Json:
    from engine.source import load_json

    value, problem = load_json(text, what)
    if problem is not None:
        raise Unusable(problem.message)
    return value


def _read_json(path: Path) -> Json:
    return _json_of(_read(path), f"file {path}")


def _input(given: str) -> Json:
    """JSON text, `@file`, or `-` for standard input."""
    if given == "-":
        return _json_of(sys.stdin.read(), "input")
    if given.startswith("@"):
        return _read_json(Path(given[1:]))
    return _json_of(given, "input")


def _document(file: str) -> Document:
    from engine.source import load

    document = load(_read(Path(file)), path=file)
    if document.value is None:
        raise Unusable(f"{file} cannot be read: {_first(document.problems, document)}")
    return document


def _problems(document: Document, workflow_type: str = "STANDARD") -> list[Problem]:
    """All problems once, in the order in which reading, parsing and the rules find them."""
    from engine.parse import parse
    from engine.validate import validate as rules

    found = [
        *document.problems,
        *rules(document.value, workflow_type=workflow_type),
        *parse(document.value)[1],
    ]
    return [_placed(problem, document) for problem in {(one.at, one.message): one for one in reversed(found)}.values()][
        ::-1
    ]


def _machine(file: str, workflow_type: str = "STANDARD") -> Machine:
    from engine.parse import parse

    document = _document(file)
    machine, _ = parse(document.value)
    errors = [problem for problem in _problems(document, workflow_type) if problem.severity == "error"]
    if errors or machine is None:
        count = f"{len(errors)} problem{'' if len(errors) == 1 else 's'}"
        raise Unusable(f"{file} cannot be run: {count}.\n{_first(errors, document)}")
    return machine


def _answer(options: argparse.Namespace, file: str) -> Answer:
    """Who answers the tasks: the mock file, then made-up replies if they are wanted, else nobody."""
    from engine.world import nobody

    answers: list[Answer] = []
    if options.mocks:
        from engine.connectors.mock import MockProblem, cases, load_mocks

        path, _, case = options.mocks.rpartition("#")
        if not path:
            path, case = options.mocks, ""
        config = _read_json(Path(path))
        try:
            if not case:
                known = [name for names in cases(config).values() for name in names]
                raise Unusable(f"Say which test case of {path}: {path}#{known[0] if known else 'Case'}, for example.")
            answers.append(load_mocks(config, case))
        except MockProblem as problem:
            raise Unusable(f"{path}: {problem}") from None
    if options.generate:
        from engine.connectors.generated import generated

        answers.append(generated(_document(file).value))
    if not answers:
        return nobody
    from engine.connectors import first_of

    return first_of(*answers)


def _trace(options: argparse.Namespace) -> Trace:
    from engine.execution import run as run_machine
    from engine.world import World

    machine = _machine(options.file, options.type)
    world = World(
        connector=_answer(options, options.file), seed=options.seed, workflow_type=options.type, name=options.name
    )
    return run_machine(machine, _input(options.input), world)


def _batch_spec(options: argparse.Namespace) -> Json:
    """The specification with what the other options say in its place; without one, as the mocks answer."""
    spec = _input(options.spec) if options.spec else {}
    if not isinstance(spec, dict):
        return spec
    said = {"count": options.count, "seed": options.seed, "workflowType": options.type}
    spec = {**spec, **{name: value for name, value in said.items() if value is not None}}
    if options.input is not None:
        spec["inputs"] = [_input(options.input)]
    if options.mocks:
        path, _, case = options.mocks.rpartition("#")
        if not path:
            raise Unusable(f"Say which test case: {options.mocks}#Case.")
        spec |= {"mocks": _read_json(Path(path)), "case": case}
    return spec


# What the commands write ---------------------------------------------------------------------------------------------


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
        "waitingFor": _waiting(trace),
    }


def _told(trace: Trace) -> str:
    lines = [f"{trace.status} · {_summary(trace)}"]
    if trace.status == "SUCCEEDED":
        lines.append(json.dumps(trace.output, indent=2, ensure_ascii=False))
    else:
        if trace.error is not None:
            lines.append(f"error  {trace.error}")
        if trace.cause is not None:
            lines.append(f"cause  {trace.cause}")
        for state in _waiting(trace):
            lines.append(f"waits  “{state}” has no answer yet: --mocks gives one, --generate makes one up")
    return "\n".join(lines)


def _summary(trace: Trace) -> str:
    from engine.cost import transitions

    count = transitions(trace)
    return (
        f"{trace.workflow_type} · {count} transition{'' if count == 1 else 's'} · {trace.duration / 1000:g} s (virtual)"
    )


def _waiting(trace: Trace) -> list[str]:
    if trace.status != "WAITING":
        return []
    return [moment.value.state for moment in trace.moments if moment.kind == "parked"]


def _print_stages(trace: Trace, full: bool) -> None:
    from engine.story import WIDTH, story

    for line in story(trace, None if full else WIDTH):
        print(line)


def _print_history(trace: Trace) -> None:
    from engine.history import history as events

    _print_json({"events": events(trace)})


def _print_json(value: Json) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))


def _summary_lines(summary: Summary, table: Prices) -> Iterable[str]:
    """Statuses, errors, durations and costs, a line each."""
    yield f"{summary.count:,} executions as {summary.workflow_type.capitalize()}"
    for status, count in sorted(summary.statuses.items()):
        low, high = summary.share_interval(status)
        yield f"  {status:<10} {count:>11,}  {count / summary.count:7.2%}  ({low:.2%} to {high:.2%})"
    for error, places in sorted(summary.failures.items()):
        for at, count in sorted(places.items()):
            yield f"  failed     {count:>11,}  {error or 'without a name'} at {at}"
    p50, p90, p99 = (number / 1000 for number in summary.duration.percentiles(50, 90, 99))
    yield f"duration     mean {summary.duration.mean / 1000:.3f} s · p50 {p50:g} s · p90 {p90:g} s · p99 {p99:g} s"
    yield f"transitions  mean {summary.transitions.mean:.3f} · {sum(summary.retries.values()):,} retries in all"
    kinds: tuple[Any, ...] = ("STANDARD", "EXPRESS")
    for kind in kinds:
        cost = summary.cost(table, kind)
        yield f"{kind.capitalize():<12} ${cost.total:,.2f} per million (${cost.low:,.2f} to ${cost.high:,.2f})"


def _placed(problem: Problem, document: Document) -> Problem:
    from dataclasses import replace

    if problem.line is not None:
        return problem
    place = document.positions.get(problem.at)
    return replace(problem, line=place[0], column=place[1]) if place else problem


def _first(problems: Iterable[Problem], document: Document) -> str:
    """The first few problems with their places, one a line."""
    placed = [_said(_placed(problem, document)) for problem in problems]
    more = [f"and {len(placed) - PROBLEMS_SHOWN} more"] if len(placed) > PROBLEMS_SHOWN else []
    return "\n".join([*placed[:PROBLEMS_SHOWN], *more])


def _said(problem: Problem) -> str:
    place = "" if problem.line is None else f" ({problem.line}:{problem.column})"
    return f"{problem.at}{place}  {problem.message}"


def _problem_json(problem: Problem) -> dict[str, Json]:
    return {
        "severity": problem.severity,
        "code": problem.code,
        "at": problem.at,
        "line": problem.line,
        "column": problem.column,
        "message": problem.message,
    }


def _write_table(rows: list[dict[str, Json]], file: str) -> None:
    from engine.tables import TableProblem, write

    try:
        write(rows, Path(file))
    except TableProblem as problem:
        raise Unusable(str(problem)) from None


def _bill_json(bill: Bill) -> dict[str, Json]:
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


def _bill_lines(bill: Bill) -> Iterable[str]:
    """Amounts in full: a sum of tiny prices is not rounded before it is told."""
    runs = "1 execution" if bill.executions == 1 else f"{bill.executions:,} executions"
    yield f"{bill.workflow_type.capitalize()}, {runs}"
    for line in bill.lines:
        yield f"  {line.quantity:>15,}  {_ITEMS[line.item]:<17} × ${_money(line.price):<14} = ${_money(line.amount)}"
    yield f"  total ${_money(bill.total)}"


def _money(amount: Any) -> str:
    return f"{amount:f}".rstrip("0").rstrip(".") if "." in f"{amount:f}" else f"{amount:f}"


# What the user may write ---------------------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m engine", description="Run, check and price Step Functions workflows."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Callable[[argparse.Namespace], int], help: str, runs: bool) -> argparse.ArgumentParser:
        own = commands.add_parser(name, help=help, description=help)
        own.set_defaults(command=command)
        if runs:
            own.add_argument("file", metavar="FILE", help="definition: JSON, YAML, or a template that holds one")
            own.add_argument("--input", default="{}", metavar="JSON", help="JSON, @file, or - for standard input")
            own.add_argument("--mocks", metavar="FILE#CASE", help="a MockConfigFile and the test case to play")
            own.add_argument("--generate", action="store_true", help="make up a reply for tasks without a mock")
            own.add_argument("--type", choices=("STANDARD", "EXPRESS"), default="STANDARD", type=str.upper)
            own.add_argument("--seed", type=int, default=0, help="for States.UUID, States.MathRandom and jitter")
            own.add_argument("--name", default="run", help="name of the execution")
        return own

    running = add("run", run, "Run a workflow and tell its outcome.", True)
    shape = running.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="the outcome as JSON")
    shape.add_argument("--stages", action="store_true", help="every moment on a line")
    shape.add_argument("--history", action="store_true", help="the events, as GetExecutionHistory gives them")
    running.add_argument("--full", action="store_true", help="with --stages: values uncut")

    add("history", history, "Run a workflow and print its execution history.", True)

    testing = add("test", test, "Play the scenarios of a folder.", False)
    testing.add_argument("folder", metavar="FOLDER", help="holds workflow.asl.json, mocks.json and scenarios.json")
    testing.add_argument("scenario", nargs="*", help="names of scenarios; all without")

    validating = add("validate", validate, "List the problems of a definition.", False)
    validating.add_argument("file", metavar="FILE")
    validating.add_argument("--type", choices=("STANDARD", "EXPRESS"), default="STANDARD", type=str.upper)
    validating.add_argument("--json", action="store_true")

    costing = add("cost", cost, "Tell what runs like this one cost, as Standard and as Express.", True)
    costing.add_argument("--count", type=_count, default=1000, help="executions in the month (1000)")
    costing.add_argument("--region", default="us-east-1")
    costing.add_argument("--prices", metavar="FILE", help="a table of prices of your own")
    costing.add_argument("--memory", type=_megabytes, metavar="MB", help="measured memory instead of the estimate")
    costing.add_argument("--free-tier", action="store_true", help="take off the free transitions of a month")
    costing.add_argument("--json", action="store_true")
    costing.add_argument("--out", metavar="FILE", help="write the table as well: .csv or .parquet")

    many = add("batch", batch, "Run a workflow many times, with durations and errors by lot.", False)
    many.add_argument("file", metavar="FILE", help="definition: JSON, YAML, or a template that holds one")
    many.add_argument(
        "--spec", metavar="JSON", help="what to draw: JSON, @file, or - for standard input (engine/batch.py)"
    )
    many.add_argument("--count", type=_count, help="executions, up to 1,000,000")
    many.add_argument("--seed", type=int)
    many.add_argument("--input", metavar="JSON", help="one input for all: JSON, @file, or -")
    many.add_argument("--mocks", metavar="FILE#CASE", help="a MockConfigFile and the test case that answers")
    many.add_argument("--type", choices=("STANDARD", "EXPRESS"), type=str.upper)
    many.add_argument("--workers", type=_count, help="processes; as many as there are cores without")
    many.add_argument("--dask", metavar="ADDRESS", help="a Dask scheduler; PASO_DASK without")
    many.add_argument("--region", default="us-east-1")
    many.add_argument("--prices", metavar="FILE", help="a table of prices of your own")
    many.add_argument("--json", action="store_true")
    many.add_argument("--out", metavar="FILE", help="write the table as well: .csv or .parquet")

    drawing = add("graph", graph, "Write the graph in another format.", False)
    drawing.add_argument("file", metavar="FILE")
    drawing.add_argument("--format", choices=("dot", "mermaid", "svg", "png"), default="dot")
    drawing.add_argument("--direction", choices=("TB", "LR"), default="TB")
    drawing.add_argument("--out", metavar="FILE", help="write to a file")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of executions")
    return int(text)


def _megabytes(text: str) -> float:
    try:
        size = float(text)
    except ValueError:
        size = 0
    if not 0 < size < 100_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of megabytes")
    return size


if __name__ == "__main__":
    sys.exit(main())

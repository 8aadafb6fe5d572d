"""The engine of Paso: Amazon States Language, run in virtual time, deterministically, and looked at from every side.

>>> machine = load('{"StartAt": "Greet", "States": {"Greet": {"Type": "Pass", "Parameters": '
...                '{"hello.$": "States.Format(\\'Hola, {}\\', $.name)"}, "ResultPath": "$.said", "End": true}}}')
>>> trace = run(machine, {"name": "Ana"})
>>> trace.status, trace.output
('SUCCEEDED', {'name': 'Ana', 'said': {'hello': 'Hola, Ana'}})
>>> [moment.name for moment in trace.moments if moment.kind == "stage"]
['afterParameters', 'afterResultPath']
>>> [event["type"] for event in history(trace)][:3]
['ExecutionStarted', 'PassStateEntered', 'PassStateExited']
>>> str(bill(trace, executions=1000).total)
'0.025000'
>>> validate({"StartAt": "Gret", "States": {"Greet": {"Type": "Succeed"}}})[0].message
"Missing 'Next' target: Gret"

Everything else has a file of its own, named after what it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

# A function and its module share a name here. Whichever is bound last stays, so these two are not put off.
from engine.history import history
from engine.validate import validate

if TYPE_CHECKING:
    from engine.cost import Bill
    from engine.model import Machine
    from engine.prices import Prices
    from engine.problems import Problem
    from engine.trace import Trace
    from engine.values import Json
    from engine.world import World

__all__ = ["Refused", "bill", "history", "load", "run", "test_state", "validate"]


class Refused(ValueError):
    """A definition that cannot be run. `problems` says what is wrong and where."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        first = problems[0]
        super().__init__(f"{first.at}: {first.message}" if first.at else first.message)
        self.problems = problems


def load(text: str, *, path: str | None = None) -> Machine:
    """The machine in a definition: ASL as JSON or YAML, or a template that holds one. Raises Refused."""
    from engine import source
    from engine.parse import parse

    document = source.load(text, path=path)
    problems = (*document.problems, *validate(document.value)) if document.value is not None else document.problems
    errors = tuple(problem for problem in problems if problem.severity == "error")
    machine, _ = parse(document.value)
    if errors or machine is None:
        raise Refused(errors or tuple(problems))
    return machine


def run(machine: Machine, input: Json = None, world: World | None = None) -> Trace:
    """Run a machine on an input (`{}` unless said) in a world (one where nobody answers tasks unless said)."""
    from engine import execution
    from engine.world import World

    return execution.run(machine, {} if input is None else input, world or World())


def bill(trace: Trace, prices: Prices | None = None, *, executions: int = 1) -> Bill:
    """What `executions` such executions cost as the type that they ran as, at the prices of us-east-1 unless said."""
    from engine import cost
    from engine.prices import price_table

    return cost.bill(trace, prices or price_table("us-east-1"), executions=executions)


def test_state(request: dict[str, Json], world: World | None = None) -> dict[str, Json]:
    """One state, tried on an input: AWS's TestState, request and response in its shape. Raises `teststate.Refused`."""
    from engine import teststate

    return teststate.test_state(request, world)


test_state.__test__ = False  # type: ignore[attr-defined]  # the name is AWS's; it is not a test of ours

"""What is measured: our engine at two depths of recording, and others that can run the same definitions.

Each is a function `peer(workload) -> run`, where `run()` executes the workload once and returns its output. Compiling the
definition is done before, once. A peer that is not there says so with `Absent`.
"""

from __future__ import annotations

import io
import itertools
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.workloads import Json, Workload

ROOT = Path(__file__).resolve().parents[2]
YARDSTICK = ROOT.parent / "shared" / "bench"
Run = Callable[[], Json]


class Absent(Exception):
    """This peer is not to be had here; the message says why."""


def paso(workload: Workload, record: str = "stages", check: bool = True) -> Run:
    """Our engine. `record` is World.record."""
    from engine.execution import run
    from engine.parse import parse
    from engine.trace import Call, Reply, Trace
    from engine.world import World

    machine, problems = parse(workload.definition)
    if machine is None:
        raise AssertionError(problems)

    answers = {
        name: [
            Reply(error=reply["error"], cause=reply["cause"], failed=True)
            if "error" in reply
            else Reply(reply["return"])
            for reply in replies
        ]
        for name, replies in workload.mocks.items()
    }

    def answer(call: Call) -> Reply:
        replies = answers[call.state]
        return replies[min(call.number, len(replies) - 1)]

    # The quota of the history stands at 25,000 events; W3 is a Map of a size that only a simulator can watch inline.
    world = World(connector=answer, record=record, history_limit=10**9, payload_limit=10**9)  # type: ignore[arg-type]
    given = json.dumps(workload.input)

    def once() -> Json:
        trace: Trace = run(machine, json.loads(given), world)
        once.trace = trace  # type: ignore[attr-defined]
        return trace.output

    return once


def paso_outcomes(workload: Workload) -> Run:
    """Our engine, recording nothing but the outcome."""
    return paso(workload, record="outcome")


def floor(workload: Workload) -> Run:
    """The yardstick: a bare loop that shows what CPython can do."""
    if not (YARDSTICK / "floor.py").exists():
        raise Absent("the floor is a file of ../shared/bench, which is not here")
    os.environ["FLOOR_JSONATA"] = "jlens"
    sys.path.insert(0, str(YARDSTICK))
    import floor as yardstick

    mocks = {name: list(replies) for name, replies in workload.mocks.items()}
    run: Run = yardstick.setup({"definition": workload.definition, "input": workload.input, "mocks": mocks})
    return run


def moto(workload: Workload) -> Run:
    """moto's execution of state machines, called as its documentation says, through boto3."""
    try:
        import boto3
        import botocore.client
        from moto import mock_aws
    except ImportError as error:
        raise Absent(f"moto is not installed: {error}") from None
    os.environ |= {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "us-east-1"}
    config = {"stepfunctions": {"execute_state_machine": True}, "lambda": {"use_docker": False}}
    mock_aws(config=config).start()  # type: ignore[arg-type]
    counts: dict[str, int] = {}
    real = botocore.client.BaseClient._make_api_call

    def call(self: Any, operation: str, parameters: Any) -> Any:
        if operation != "Invoke":
            return real(self, operation, parameters)
        name = parameters["FunctionName"].rpartition(":")[2]
        replies = workload.mocks[name]
        reply = replies[min(counts.get(name, 0), len(replies) - 1)]
        counts[name] = counts.get(name, 0) + 1
        failed = "error" in reply
        payload = {"errorType": reply["error"], "errorMessage": reply["cause"]} if failed else reply["return"]
        body = io.BytesIO(json.dumps(payload).encode())
        return {"StatusCode": 200, "Payload": body} | ({"FunctionError": "Unhandled"} if failed else {})

    botocore.client.BaseClient._make_api_call = call
    client = boto3.client("stepfunctions")
    definition = json.dumps(workload.definition)
    role = "arn:aws:iam::123456789012:role/bench"
    machine = client.create_state_machine(name="bench", definition=definition, roleArn=role)["stateMachineArn"]
    given = json.dumps(workload.input)
    numbers = itertools.count()

    def once() -> Json:
        counts.clear()
        name = f"run-{next(numbers)}"
        execution = client.start_execution(stateMachineArn=machine, name=name, input=given)["executionArn"]
        while True:
            told = client.describe_execution(executionArn=execution)
            if told["status"] != "RUNNING":
                break
            time.sleep(0.05)
        if told["status"] != "SUCCEEDED":
            return told.get("error"), told.get("cause")
        return json.loads(told["output"])

    return once


PEERS: dict[str, Callable[[Workload], Run]] = {
    "paso": paso,
    "paso, outcomes only": paso_outcomes,
    "floor": floor,
    "moto": moto,
}

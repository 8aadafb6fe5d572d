"""What runs cost: lines that sum, and the reasons why Express does not fit."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.cost import bill, hindrances, memory, transitions
from engine.execution import run
from engine.parse import parse
from engine.prices import PriceProblem, price_table, prices, regions
from engine.trace import Reply, Trace
from engine.world import World

L = "arn:aws:lambda:us-east-1:123456789012:function:f"


def ran(states: dict[str, Any], replies: list[Reply] | None = None, **world: Any) -> Trace:
    machine, _ = parse({"StartAt": next(iter(states)), "States": states})
    assert machine is not None
    left = list(replies or [])
    return run(machine, {}, World(connector=lambda call: left.pop(0) if left else None, **world))


def test_a_retry_is_a_transition_of_its_own() -> None:
    retry = [{"ErrorEquals": ["E"], "MaxAttempts": 2}]
    failed = Reply(failed=True, error="E")
    trace = ran({"T": {"Type": "Task", "Resource": L, "Retry": retry, "End": True}}, [failed, failed, Reply(output=1)])
    assert transitions(trace) == 3


@pytest.mark.parametrize("kind", ["STANDARD", "EXPRESS"])
@pytest.mark.parametrize("executions", [1, 1_000, 40_000_000])
@pytest.mark.parametrize("free_tier", [False, True])
def test_the_lines_sum_to_the_total(kind: Any, executions: int, free_tier: bool) -> None:
    trace = ran({"W": {"Type": "Wait", "Seconds": 9, "Next": "P"}, "P": {"Type": "Pass", "End": True}})
    made = bill(trace, price_table(), kind, executions=executions, free_tier=free_tier)
    assert sum((line.amount for line in made.lines), Decimal(0)) == made.total


def test_express_is_billed_by_tiers() -> None:
    """AWS's own worked example: 100 million executions of 10 s at 64 MB cost 100 dollars of requests and 382.97 of time."""
    trace = ran({"W": {"Type": "Wait", "Seconds": 10, "End": True}})
    made = bill(trace, price_table(), "EXPRESS", executions=100_000_000, memory_mb=64, basis="gb_hour")
    assert round(made.total, 0) == Decimal("483")


def test_duration_is_rounded_up_to_100_ms_and_memory_to_64_mb() -> None:
    trace = ran({"T": {"Type": "Task", "Resource": L, "End": True}}, [Reply(output=1, delay=101)])
    one = bill(trace, price_table(), "EXPRESS", memory_mb=65)
    assert [line.quantity for line in one.lines][-1] in (2, 4)
    assert one.total == Decimal("0.000001") + 4 * Decimal("0.0000001042")


def test_a_small_workflow_is_estimated_at_64_mb() -> None:
    assert 50 <= memory(ran({"P": {"Type": "Pass", "End": True}})) <= 64


@pytest.mark.parametrize(
    ("states", "count"),
    [
        ({"P": {"Type": "Pass", "End": True}}, 0),
        ({"W": {"Type": "Wait", "Seconds": 301, "End": True}}, 1),
        ({"T": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": True}}, 1),
        ({"T": {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.sync", "End": True}}, 1),
        ({"T": {"Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:a", "End": True}}, 1),
    ],
)
def test_what_keeps_a_workflow_from_express(states: dict[str, Any], count: int) -> None:
    assert len(hindrances(ran(states, [Reply(output={})]))) == count


def test_every_price_table_that_comes_along_can_be_read() -> None:
    assert "us-east-1" in regions()
    for region in regions():
        assert price_table(region).standard.transition > 0


@pytest.mark.parametrize("table", [None, {}, {"name": "x"}, {"standard": {"transition": "dear"}}])
def test_what_is_no_price_table_is_refused_in_a_sentence(table: Any) -> None:
    with pytest.raises(PriceProblem) as refused:
        prices(table)
    assert len(str(refused.value)) > 20

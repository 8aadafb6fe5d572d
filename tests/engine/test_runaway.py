"""Expressions that would never end: they end within their time, in AWS's words, and meanwhile other threads go on.

A page of the designer is served by threads of one process, so an expression that kept the interpreter to itself would stop
every other user. Lengths of time are generous here: what is tested is a matter of seconds against thousandths.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from engine.errors import StatesError
from engine.execution import run
from engine.expressions import jsonata
from engine.parse import parse
from engine.world import World

STACK = "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive"
TIMEOUT = "Expression evaluation timeout: Check for infinite loop"
MEMORY = "Expression evaluation memory limit exceeded: Check for excessive memory usage"

ENDLESS = {
    "recursion without end": ("( $f := function($n) { $f($n + 1) + 1 }; $f(0) )", STACK),
    "a tail call without end": ("( $f := function($n) { $f($n + 1) }; $f(0) )", TIMEOUT),
    "two functions that call each other": (
        "( $f := function($n) { $g($n) }; $g := function($n) { $f($n) }; $f(1) )",
        TIMEOUT,
    ),
    "a huge range": ("[1..5000000]", MEMORY),
    "one item too many": ("[1..873783]", MEMORY),
    "a huge range by function": ("$range(1, 1000000000000, 1)", MEMORY),
    "a huge range downwards": ("$range(1000000000000000000000000, 1, -1)", MEMORY),
    "a text that doubles": ("( $f := function($s) { $f($s & $s) }; $f('ab') )", MEMORY),
    "a list that doubles": ("( $f := function($l) { $f($append($l, $l)) }; $f([1, 2]) )", MEMORY),
    "loops in loops": (
        "$map([1..100000], function($i) { $map([1..100000], function($j) { $i * $j }) })",
        TIMEOUT,
    ),
    "a sort of many by a function": (
        "$sort([1..500000], function($l, $r) { $string($l) < $string($r) })",
        TIMEOUT,
    ),
    "a pattern that backtracks": ('$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /^(a+)+$/)', TIMEOUT),
    "a replacement that backtracks": (
        '$replace("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx!", /(x|xx)+$/, "")',
        TIMEOUT,
    ),
    "dice thrown without end": ("( $f := function($n) { $f($random()) }; $f(0) )", TIMEOUT),
}
SLOW = [name for name, (_, reason) in ENDLESS.items() if reason == TIMEOUT]


def scope(**more: Any) -> Any:
    return SimpleNamespace(states={"input": {}}, context={}, variables={}, random=Random(3), now=0, **more)


def outcome(expression: str, seen: Any = None) -> Any:
    return jsonata.value(f"{{% {expression} %}}", "Output").evaluate(None, seen or scope())


def beats_during(work: Callable[[], object]) -> tuple[float, int, float]:
    """Seconds of `work`, how often another thread got to act meanwhile, and the longest it had to wait."""
    beats, longest, over = 0, 0.0, threading.Event()
    started = threading.Event()

    def other() -> None:
        nonlocal beats, longest
        last = time.perf_counter()
        while not over.is_set():
            started.set()
            time.sleep(0.002)
            now = time.perf_counter()
            longest, last, beats = max(longest, now - last), now, beats + 1

    thread = threading.Thread(target=other)
    thread.start()
    started.wait()
    beats, longest = 0, 0.0
    begin = time.perf_counter()
    try:
        work()
    finally:
        seconds = time.perf_counter() - begin
        over.set()
        thread.join()
    return seconds, beats, longest


@pytest.mark.parametrize("name", ENDLESS)
def test_it_ends_within_its_time_and_in_the_words_of_the_service(name: str) -> None:
    expression, reason = ENDLESS[name]
    begin = time.perf_counter()
    with pytest.raises(StatesError) as failure:
        outcome(expression)
    assert time.perf_counter() - begin < jsonata.TIME_LIMIT + jsonata.AT_ONCE + 1.5
    assert failure.value.name == "States.QueryEvaluationError"
    assert failure.value.cause == (
        f"The JSONata expression '{expression}' specified for the field 'Output' threw an error during evaluation: {reason}"
    )


@pytest.mark.parametrize("name", SLOW)
def test_meanwhile_other_threads_go_on(name: str) -> None:
    def work() -> None:
        with pytest.raises(StatesError):
            outcome(ENDLESS[name][0])

    seconds, beats, longest = beats_during(work)
    assert seconds > 0.5
    assert beats > 50, f"another thread acted {beats} times in {seconds:.2f} s"
    assert longest < 0.5, f"another thread waited {longest:.2f} s"


def test_a_run_with_such_an_expression_fails_where_it_stands_and_can_be_caught() -> None:
    expression = ENDLESS["a tail call without end"][0]
    machine, _ = parse(
        {
            "QueryLanguage": "JSONata",
            "StartAt": "Count",
            "States": {
                "Count": {"Type": "Pass", "Output": {"n": f"{{% {expression} %}}"}, "End": True},
            },
        }
    )
    assert machine is not None
    trace = run(machine, {}, World())
    assert (trace.status, trace.error) == ("FAILED", "States.QueryEvaluationError")
    assert trace.cause is not None and trace.cause.endswith(TIMEOUT)
    assert "'Output/n'" in trace.cause


def test_what_takes_longer_than_a_moment_gives_the_same_as_what_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second way of asking, in which others go on, throws the same dice."""
    expression = "$sum($map([1..200], function($n) { $n * $random() })) + $count($shuffle([1..9]))"
    quick = outcome(expression)
    monkeypatch.setattr(jsonata, "AT_ONCE", 0.0)
    assert outcome(expression) == quick


def test_an_endless_expression_leaves_the_next_one_unharmed() -> None:
    seen = scope()
    with pytest.raises(StatesError):
        outcome(ENDLESS["a pattern that backtracks"][0], seen)
    assert outcome("1 + 1", seen) == 2


def test_what_draws_and_gives_null_gives_null() -> None:
    assert outcome("$uuid() = '' ? 1 : null") is None

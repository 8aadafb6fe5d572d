"""The eight workloads, as definitions, inputs and the answers that plain Python arithmetic gives for them.

They use what every interpreter of the language has, so that the same text can be given to each. `states` is the number of
states entered in one run; every figure of the benchmark is CPU time divided by it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Any
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:"


@dataclass(frozen=True, slots=True)
class Workload:
    """`mocks` are the answers of each task in turn, by the name of its state (which is its function's name too)."""

    name: str
    title: str
    definition: Json
    input: Json
    expected: Json
    states: int
    mocks: Mapping[str, list[Json]] = field(default_factory=dict)
    virtual_ms: int | None = None
    """How long the run takes in its own time, where the workload is about that."""


def chained(names: list[str], bodies: list[Json]) -> Json:
    """A machine whose states follow one another."""
    states = {}
    for name, body, following in zip(names, bodies, [*names[1:], None], strict=True):
        states[name] = body | ({"Next": following} if following else {"End": True})
    return {"StartAt": names[0], "States": states}


def chain() -> Workload:
    """W1: each state makes a small object from two paths and puts it beside what was there."""
    length = 100
    names = [f"Stop{n}" for n in range(length)]
    bodies = [
        {
            "Type": "Pass",
            "Parameters": {"stop": n, "line.$": "$.route.line", "before.$": "$.at.stop"},
            "ResultPath": "$.at",
        }
        for n in range(length)
    ]
    route = {"line": {"name": "R2", "zones": [1, 2, 3]}, "operator": "north"}
    expected = {"route": route, "at": {"stop": length - 1, "line": route["line"], "before": length - 2}}
    given = {"route": route, "at": {"stop": -1}}
    return Workload("W1", "chain of 100 Pass", chained(names, bodies), given, expected, length)


def loop() -> Workload:
    """W2: count to a thousand with a Choice and States.MathAdd."""
    until = 1000
    states = {
        "Enough?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.count", "NumericLessThan": until, "Next": "Count"}],
            "Default": "Enough",
        },
        "Count": {"Type": "Pass", "Parameters": {"count.$": "States.MathAdd($.count, 1)"}, "Next": "Enough?"},
        "Enough": {"Type": "Succeed"},
    }
    definition = {"StartAt": "Enough?", "States": states}
    return Workload("W2", "loop to 1,000", definition, {"count": 0}, {"count": until}, 2 * until + 2)


def each(items: int, name: str) -> Workload:
    """W3: an inline Map, three states to an item, one of them a Choice."""
    processor = {
        "StartAt": "Weigh",
        "States": {
            "Weigh": {"Type": "Pass", "Parameters": {"grams.$": "$.item", "unit": "g"}, "Next": "Heavy?"},
            "Heavy?": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.grams", "NumericGreaterThan": 700, "Next": "Truck"}],
                "Default": "Bike",
            },
            "Truck": {"Type": "Pass", "Result": "truck", "End": True},
            "Bike": {"Type": "Pass", "Result": "bike", "End": True},
        },
    }
    state = {
        "Type": "Map",
        "ItemsPath": "$.parcels",
        "ItemSelector": {"item.$": "$$.Map.Item.Value"},
        "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, **processor},
        "End": True,
    }
    weights = [index % 1500 for index in range(items)]
    expected = ["truck" if weight > 700 else "bike" for weight in weights]
    definition = {"StartAt": "Each", "States": {"Each": state}}
    return Workload(name, f"inline Map over {items:,}", definition, {"parcels": weights}, expected, 1 + 3 * items)


def parallel() -> Workload:
    """W4: twenty branches of twenty states."""
    width, depth = 20, 20
    branches = []
    for lane in range(width):
        names = [f"Lane{lane}Step{step}" for step in range(depth)]
        bodies = [
            {"Type": "Pass", "Parameters": {"lane": lane, "step": step, "load.$": "$.load"}} for step in range(depth)
        ]
        branches.append(chained(names, bodies))
    definition = {"StartAt": "All", "States": {"All": {"Type": "Parallel", "Branches": branches, "End": True}}}
    given = {"load": {"tons": 12}}
    expected = [{"lane": lane, "step": depth - 1, **given} for lane in range(width)]
    return Workload("W4", "Parallel 20 × 20", definition, given, expected, 1 + width * depth)


def order() -> Workload:
    """W5: an order's way through 17 states, two of them tasks; the second is declined and caught."""
    retry = [
        {
            "ErrorEquals": ["Throttled", "Lambda.ServiceException"],
            "IntervalSeconds": 1,
            "MaxAttempts": 3,
            "BackoffRate": 2,
        }
    ]

    def catch(following: str) -> list[Json]:
        return [{"ErrorEquals": ["Declined", "SoldOut"], "ResultPath": "$.problem", "Next": following}]

    def made(following: str, parameters: Json, path: str | None = None) -> Json:
        where = {"ResultPath": path} if path else {}
        return {"Type": "Pass", "Parameters": parameters, **where, "Next": following}

    def given(following: str, result: Json, path: str) -> Json:
        return {"Type": "Pass", "Result": result, "ResultPath": path, "Next": following}

    def when(rule: Json, following: str, otherwise: str = "Refuse") -> Json:
        return {"Type": "Choice", "Choices": [rule | {"Next": following}], "Default": otherwise}

    some = {"Variable": "$.basket.pieces", "NumericGreaterThan": 0}
    signed = {"Variable": "$.signed", "BooleanEquals": True}
    paid = [{"Variable": "$.bill.state", "StringEquals": word} for word in ("PAID", "ON_ACCOUNT")]
    states = {
        "Take": made("Anything?", {"basket.$": "$.basket", "buyer.$": "$.buyer", "signed": True}),
        "Anything?": when({"And": [some, signed]}, "Open"),
        "Open": given("Pick", {"net": 80, "vat": 0}, "$.sums"),
        "Pick": {
            "Type": "Task",
            "Resource": FUNCTION + "Pick",
            "InputPath": "$.basket",
            "ResultPath": "$.picked",
            "Retry": retry,
            "Catch": catch("Refuse"),
            "Next": "Shelf",
        },
        "Shelf": made("There?", {"shelf.$": "$.picked.shelf"}, "$.found"),
        "There?": when({"Variable": "$.picked.state", "StringEquals": "HERE"}, "Add"),
        "Add": made("Friend?", {"net.$": "$.sums.net", "post": 4}, "$.sums"),
        "Friend?": when({"Variable": "$.buyer.kind", "StringEquals": "friend"}, "Rebate", "Vat"),
        "Rebate": given("Vat", {"percent": 15}, "$.rebate"),
        "Vat": given("Bill", 19, "$.vat"),
        "Bill": {
            "Type": "Task",
            "Resource": FUNCTION + "Bill",
            "ResultPath": "$.bill",
            "Retry": retry,
            "Catch": catch("Account"),
            "Next": "Settled?",
        },
        "Account": given("Settled?", {"state": "ON_ACCOUNT"}, "$.bill"),
        "Settled?": when({"Or": paid}, "Send"),
        "Send": made("Tell", {"to.$": "$.buyer.street", "from.$": "$.picked.shelf"}, "$.parcel"),
        "Tell": made("Sum", {"text": "on its way", "who.$": "$.buyer.mail"}, "$.note"),
        "Sum": made(
            "Done",
            {
                "number.$": "$.basket.number",
                "bill.$": "$.bill.state",
                "parcel.$": "$.parcel",
                "rebate.$": "$.rebate.percent",
                "net.$": "$.sums.net",
            },
        ),
        "Done": {"Type": "Succeed"},
        "Refuse": {"Type": "Fail", "Error": "Refused", "Cause": "cannot be delivered"},
    }
    buyer = {"kind": "friend", "street": "Calle Mayor 3", "mail": "ana@example.org"}
    basket = {"number": "n-77", "pieces": 2, "lines": [{"art": "cup", "n": 1}, {"art": "pot", "n": 1}]}
    expected = {
        "number": "n-77",
        "bill": "ON_ACCOUNT",
        "parcel": {"to": "Calle Mayor 3", "from": "s-4"},
        "rebate": 15,
        "net": 80,
    }
    mocks = {
        "Pick": [{"return": {"shelf": "s-4", "state": "HERE"}}],
        "Bill": [{"error": "Declined", "cause": "no cover"}],
    }
    definition = {"StartAt": "Take", "States": states}
    return Workload("W5", "order of 17 steps", definition, {"basket": basket, "buyer": buyer}, expected, 17, mocks)


def expressions() -> Workload:
    """W6: a JSONata chain that adds, joins text, sums an array, and keeps a running total in a variable."""
    length = 100
    goods = [{"art": f"a{n}", "price": 5 * n} for n in range(6)]
    names = [f"Sum{n}" for n in range(length)] + ["Total"]
    bodies = [
        {
            "Type": "Pass",
            "Output": {
                "n": "{% $states.input.n + 1 %}",
                "name": "{% 'no. ' & $string($states.input.n) %}",
                "worth": "{% $sum($states.input.goods.price) %}",
                "goods": "{% $states.input.goods %}",
            },
            "Assign": {"total": "{% $total + $states.input.n %}" if n else "{% $states.input.n %}"},
        }
        for n in range(length)
    ]
    last = {
        "n": "{% $states.input.n %}",
        "total": "{% $total %}",
        "name": "{% $states.input.name %}",
        "worth": "{% $states.input.worth %}",
    }
    definition = {"QueryLanguage": "JSONata"} | chained(names, [*bodies, {"Type": "Pass", "Output": last}])
    expected = {"n": length, "total": sum(range(length)), "name": f"no. {length - 1}", "worth": 75}
    return Workload("W6", "JSONata chain of 100", definition, {"n": 0, "goods": goods}, expected, length + 1)


def large() -> Workload:
    """W7: 200 KB through fifty states, with InputPath, Parameters, ResultSelector, ResultPath and OutputPath."""
    parcels = [
        {
            "id": n,
            "name": f"parcel {n:05d}",
            "marks": ["fragile", "this side up", "cool"],
            "to": {"street": f"{n} Avenida del Puerto", "town": "Villanueva", "code": f"{28000 + n}"},
            "weight": n * 0.25,
            "paid": n % 3 == 0,
        }
        for n in range(1200)
    ]
    names = [f"Leg{n}" for n in range(50)]
    bodies: list[Json] = []
    for n in range(50):
        match n % 5:
            case 0:
                seen = {"leg": n, "id.$": f"$.parcels[{n}].id", "town.$": "$.parcels[7].to.town"}
                bodies.append({"Type": "Pass", "InputPath": "$.cargo", "Parameters": seen, "ResultPath": "$.log.seen"})
            case 1:
                one = {"leg": n, "one.$": f"$.cargo.parcels[{n * 3}]"}
                bodies.append({"Type": "Pass", "Parameters": one, "ResultPath": "$.log.one", "OutputPath": "$"})
            case 2:
                bodies.append({"Type": "Pass", "OutputPath": "$.cargo"})
            case 3:
                bodies.append({"Type": "Pass", "Parameters": {"cargo.$": "$", "log": {"leg": n}}})
            case _:
                inner = {"id.$": f"$.parcels[{n}].id", "name.$": f"$.parcels[{n}].name"}
                branch = {
                    "StartAt": f"Look{n}",
                    "States": {f"Look{n}": {"Type": "Pass", "Parameters": inner, "End": True}},
                }
                bodies.append(
                    {
                        "Type": "Parallel",
                        "InputPath": "$.cargo",
                        "Branches": [branch],
                        "ResultSelector": {"found.$": "$[0].name"},
                        "ResultPath": "$.log.look",
                        "OutputPath": "$.log" if n == 49 else "$",
                    }
                )
    expected = {"leg": 48, "look": {"found": "parcel 00049"}}
    given = {"cargo": {"parcels": parcels}, "log": {}}
    return Workload("W7", "200 KB through 50", chained(names, bodies), given, expected, 60)


def waiting() -> Workload:
    """W8: an hour of waits."""
    names = [f"Wait{n}" for n in range(4)]
    definition = chained(names, [{"Type": "Wait", "Seconds": 900}] * 4)
    return Workload(
        "W8", "an hour of Waits", definition, {"patience": True}, {"patience": True}, 4, virtual_ms=3_600_000
    )


def retried() -> Workload:
    """Not measured, only checked: three retries wait 1, 2 and 4 seconds, to the millisecond."""
    task = {
        "Type": "Task",
        "Resource": FUNCTION + "Try",
        "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 1, "MaxAttempts": 3, "BackoffRate": 2}],
    }
    mocks = {"Try": [*[{"error": "Busy", "cause": "later"}] * 3, {"return": "at last"}]}
    return Workload("R", "retry waits", chained(["Try"], [task]), {}, "at last", 1, mocks, virtual_ms=7_000)


WORKLOADS: dict[str, Callable[[], Workload]] = {
    "W1": chain,
    "W2": loop,
    "W3": lambda: each(10_000, "W3"),
    "W3k": lambda: each(1_000, "W3k"),
    "W4": parallel,
    "W5": order,
    "W6": expressions,
    "W7": large,
    "W8": waiting,
    "R": retried,
}

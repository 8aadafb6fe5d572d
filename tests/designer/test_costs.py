"""The Costs page: bills whose lines sum, nested too; prices of one's own; break-even; the advice; the talk's figures."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import replace
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from designer import billing, compute, keeping
from designer.billing import Terms
from designer.panels.advice import difference
from designer.texts import LANGUAGES, Texts
from engine.breakeven import AXES, Axis
from engine.breakeven import curve as curve_of
from engine.prices import PriceProblem, price_table, regions
from engine.trace import Trace
from tests.designer.test_pages import SCRIPT, order, page, words

TERMS = Terms(price_table())


@pytest.fixture
def trace() -> Trace:
    found = compute.trace(order().setting)
    assert found is not None
    return found


def test_the_figures_of_the_talk_come_out_of_the_trace(trace: Trace):
    assert billing.per(trace, "STANDARD", TERMS)[1_000] == Decimal("0.425")
    assert billing.per(trace, "STANDARD", TERMS)[1_000_000] == Decimal(425)
    assert billing.per(trace, "EXPRESS", TERMS)[1_000_000] == Decimal("12.7746")


def test_a_nested_workflow_is_billed_on_the_same_trace(trace: Trace):
    """Reserve stock, with its two items, to Prepare delivery, with its branches, in a child: 8 transitions are left."""
    one = billing.nested(trace, "Reserve stock", "Charge card", replace(TERMS, executions=1_000))
    assert one is not None and not one.hindrances
    lines = {line.item: line for line in one.lines}
    inside = 17 + 1 - one.transitions
    assert lines["transitions"].amount == one.transitions * 1_000 * Decimal("0.000025")
    assert (lines["requests"].quantity, inside) == (1_000, 6)
    assert one.total == sum(line.amount for line in one.lines)
    assert one.child_ms < trace.duration


def test_the_combination_of_the_talk_costs_about_twenty_cents(trace: Trace):
    """Some part of the order leaves a parent of eight transitions or fewer: 20 cents for a thousand, and the child's cent."""
    names = billing.parts(trace)
    found = [billing.nested(trace, first, last, replace(TERMS, executions=1_000)) for first in names for last in names]
    eights = [one for one in found if one is not None and one.transitions == 8]
    assert eights
    assert all(Decimal("0.20") < one.total < Decimal("0.22") for one in eights)


def test_what_is_no_part_of_the_run_has_no_bill(trace: Trace):
    names = billing.parts(trace)
    assert billing.nested(trace, names[2], names[1], TERMS) is None
    assert billing.nested(trace, names[0], names[-1], TERMS) is None
    assert billing.nested(trace, "nobody", names[1], TERMS) is None


@pytest.mark.parametrize("axis", AXES)
def test_the_lines_cross_where_the_bills_are_equal(axis: Axis, trace: Trace):
    curve = curve_of(trace, axis, TERMS.prices)
    assert curve.at[0] <= curve.here <= curve.at[-1]
    cheaper = [express <= standard for standard, express in zip(curve.standard, curve.express, strict=True)]
    assert (curve.crossing is not None) == (len(set(cheaper)) == 2)


def test_the_crossing_over_duration_is_exact(trace: Trace):
    crossing = curve_of(trace, "duration", TERMS.prices).crossing
    assert crossing is not None
    express = [billing.of(replace(trace, duration=ms), "EXPRESS", TERMS).total for ms in (crossing, crossing + 1)]
    standard = billing.of(trace, "STANDARD", TERMS).total
    assert express[0] <= standard < express[1]


def test_a_table_of_prices_is_written_and_read():
    for region in regions():
        table = price_table(region)
        assert billing.table_of(billing.text_of(table)) == table


@pytest.mark.parametrize("text", ["", "no json", "[]", "{}", '{"standard": 3}', "[" * 100_000, "x" * 2_000_000, "null"])
def test_what_is_no_table_of_prices_is_one_sentence(text: str):
    with pytest.raises(PriceProblem) as problem:
        billing.table_of(text)
    assert str(problem.value).endswith(".") or ": " in str(problem.value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_own_prices_change_the_bills_and_bad_ones_do_not(language: str):
    t = Texts(language)
    app = page("costs", order(language))
    assert not app.exception, app.exception
    area = next(one for one in app.text_area)
    table = json.loads(area.value)
    table["standard"]["transition"] = "0.00005"
    area.set_value(json.dumps(table))
    app.button(key="prices-use").click().run()
    assert not app.exception, app.exception
    assert t.money(Decimal(850)) in words(app).replace("\\$", "$")

    next(one for one in app.text_area).set_value("{")
    app.button(key="prices-use").click().run()
    assert not app.exception, app.exception
    assert t("This is no table of prices; the bills keep the last good one.") in words(app)
    assert t.money(Decimal(850)) in words(app).replace("\\$", "$"), "the last good table stays"
    assert next(one for one in app.text_area).value == "{", "nothing typed is lost"


def owner_of(app: AppTest) -> str:
    return "browser:" + hashlib.sha256(app.session_state["paso-browser"].encode()).hexdigest()[:32]


def test_own_prices_last_beyond_the_visit_until_the_region_gets_its_own_back():
    def visit(before: AppTest | None = None) -> AppTest:
        app = AppTest.from_string(SCRIPT.format(name="costs"), default_timeout=30)
        app.session_state["paso"] = order()
        if before is not None:
            app.session_state["paso-browser"] = before.session_state["paso-browser"]
        return app.run()

    first = visit()
    area = next(one for one in first.text_area)
    area.set_value(area.value.replace('"0.000025"', '"0.00005"'))
    first.button(key="prices-use").click().run()
    again = visit(first)
    assert not again.exception and "$850.00" in words(again).replace("\\$", "$")
    again.button(key="prices-back").click().run()
    assert "$425.00" in words(again).replace("\\$", "$")
    assert "$425.00" in words(visit(first)).replace("\\$", "$")


def test_own_prices_hold_while_the_database_is_held_and_are_kept_later(monkeypatch):
    monkeypatch.setattr(keeping, "PATIENCE_SECONDS", 0.1)
    app = page("costs", order())
    other = sqlite3.connect(keeping.archive().place, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    area = next(one for one in app.text_area)
    area.set_value(area.value.replace('"0.000025"', '"0.00005"').replace("us-east-1", "mars-1"))
    app.button(key="prices-use").click().run()
    assert not app.exception and "$850.00" in words(app).replace("\\$", "$")
    assert "Somebody else is holding the database" in words(app)
    other.execute("ROLLBACK")
    app.session_state["paso-beside-tariffs-after"] = 0.0
    app.run()
    assert "Somebody else" not in words(app)
    [kept] = keeping.archive().prices(owner_of(app))
    assert kept.region == "mars-1" and '"0.00005"' in kept.text


def test_a_region_has_its_own_prices_and_the_free_tier_is_taken_off():
    app = page("costs", order())
    region = next(box for box in app.selectbox if box.label == "Region")
    region.select("sa-east-1").run()
    assert not app.exception, app.exception
    dear = price_table("sa-east-1").standard.transition * 17 * 1_000_000
    assert Texts("en").money(dear) in words(app).replace("\\$", "$")
    app.toggle(key="costs-free").set_value(True).run()
    free = dear - 4_000 * price_table("sa-east-1").standard.transition
    assert Texts("en").money(free) in words(app).replace("\\$", "$")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_misprint_is_named_where_it_is_taught(language: str):
    text = words(page("costs", order(language))).replace("\\$", "$")
    for figure in ("0.00001042", "0.0000117746", "0.0000001042"):
        assert Texts(language).money(Decimal(figure)) in text


def test_a_change_is_shown_as_a_diff():
    told = difference({"a": 1, "b": 2}, {"a": 1, "b": 3})
    assert '-  "b": 2' in told and '+  "b": 3' in told

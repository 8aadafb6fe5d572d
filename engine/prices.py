"""Dated tables of prices, one file per region in `assets/prices/`: data that a user may look at, date and replace.

>>> price_table("us-east-1").standard.transition * 17 * 1000
Decimal('0.425000')
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Literal

from engine.values import Json, text

FOLDER = Path(__file__).parents[1] / "assets" / "prices"
YEAR = 2025

Basis = Literal["chunk", "gb_second", "gb_hour"]
"""The three ways in which the pricing page writes the price of time: per 100 ms at 64 MB, per GB-second, per GB-hour."""

BASES: tuple[Basis, ...] = ("chunk", "gb_second", "gb_hour")


@dataclass(frozen=True, slots=True)
class Tier:
    """The price of time up to `gb_hours` more in the month; None is without end."""

    gb_hours: int | None
    prices: Mapping[Basis, Decimal]


@dataclass(frozen=True, slots=True)
class Standard:
    transition: Decimal
    free_transitions: int


@dataclass(frozen=True, slots=True)
class Express:
    request: Decimal
    tiers: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class Prices:
    """A table of prices: of one region, at one date."""

    region: str
    name: str
    date: str
    currency: str
    source: str
    note: str
    standard: Standard
    express: Express


class PriceProblem(ValueError):
    """A table of prices cannot be used; the message is one sentence."""


@cache
def price_table(region: str = "us-east-1", folder: Path = FOLDER) -> Prices:
    """The dated table of a region that comes with Paso. Raises PriceProblem when there is none."""
    path = folder / f"{region}-{YEAR}.json"
    if not path.is_file():
        raise PriceProblem(f"There are no prices for {region!r}; there are some for {', '.join(regions(folder))}.")
    return prices(json.loads(path.read_text("utf-8")))


def regions(folder: Path = FOLDER) -> tuple[str, ...]:
    """The regions that have a table."""
    return tuple(sorted(path.stem.removesuffix(f"-{YEAR}") for path in folder.glob(f"*-{YEAR}.json")))


def prices(table: Json) -> Prices:
    """A table of prices as it stands in a file; amounts may be texts or numbers. Raises PriceProblem."""
    standard = _part(table, "standard")
    express = _part(table, "express")
    tiers = express.get("tiers")
    if not isinstance(tiers, list) or not tiers:
        raise PriceProblem("express.tiers must be an array with at least one tier.")
    if _whole(tiers[-1] if isinstance(tiers[-1], dict) else {}, "gb_hours") is not None:
        raise PriceProblem("The last of express.tiers has no end: its gb_hours must be null.")
    return Prices(
        **{name: str(table.get(name, "")) for name in ("region", "name", "date", "source", "note")},
        currency=str(table.get("currency", "USD")),
        standard=Standard(_amount(standard, "transition"), _whole(standard, "free_transitions") or 0),
        express=Express(_amount(express, "request"), tuple(_tiers(tiers))),
    )


def _tiers(tiers: Iterable[Json]) -> Iterator[Tier]:
    for tier in tiers:
        if not isinstance(tier, dict):
            raise PriceProblem("Each of express.tiers must be an object.")
        yield Tier(_whole(tier, "gb_hours"), {basis: _amount(tier, basis) for basis in BASES})


def _part(table: Json, name: str) -> dict[str, Json]:
    part = table.get(name) if isinstance(table, dict) else None
    if not isinstance(part, dict):
        raise PriceProblem(f"A table of prices needs {name!r}, an object.")
    return part


def _amount(part: Mapping[str, Json], name: str) -> Decimal:
    value = part.get(name)
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise PriceProblem(f"The price {name!r} must be a number, 0 or more, not {text(value)}.")
    return amount


def _whole(part: Mapping[str, Json], name: str) -> int | None:
    value = part.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
        raise PriceProblem(f"{name!r} must be a whole number, 0 or more, not {text(value)}.")
    return value

"""The visitor's own tables of prices: each stands in the place of its region's, and lasts beyond the visit.

They are read once per visit. Where the archive cannot be had they hold for the visit, and are kept when it answers again.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from designer import billing, keeping, store
from designer.archive import ArchiveProblem
from engine.prices import PriceProblem, Prices, price_table, regions

HOME = "us-east-1"
MOST_NAME = 80


def tables() -> Mapping[str, Prices]:
    """The own tables by region. What is kept and is no table any more is left out."""
    if store.recall("tariffs") is None:
        _read()
    return store.recall("tariffs") or {}


def places() -> tuple[str, ...]:
    """Every region that has prices, of Paso or of one's own."""
    return tuple(sorted({*regions(), *tables()}))


def chosen() -> Prices:
    """The prices that this visitor reckons with."""
    return tables().get(here()) or price_table(here())


def here() -> str:
    """The region that the visitor chose."""
    region: str = store.recall("region", HOME)
    return region if region in places() else HOME


def is_own(region: str) -> bool:
    return region in tables()


def take(text: str) -> str:
    """A table as the visitor wrote it, in the place of its region's, and that region chosen. Raises PriceProblem."""
    prices = billing.table_of(text)
    region = prices.region.strip() or here()
    if len(region) > MOST_NAME:
        raise PriceProblem(f"The name of a region may have at most {MOST_NAME} characters.")
    store.remember("tariffs", {**tables(), region: prices})
    store.remember("tariffs-waiting", {**store.recall("tariffs-waiting", {}), region: text})
    store.remember("region", region)
    keep(again=True)
    return region


def give_back(region: str) -> None:
    """The region has its own table again; one that Paso does not have is gone."""
    store.remember("tariffs", {name: prices for name, prices in tables().items() if name != region})
    store.remember("tariffs-waiting", {**store.recall("tariffs-waiting", {}), region: None})
    keep(again=True)


def keep(*, again: bool = False) -> ArchiveProblem | None:
    """Keeps what could not be kept yet; why not, if it still cannot. Tries again when some time has passed."""
    waiting: dict[str, str | None] = dict(store.recall("tariffs-waiting", {}))
    problem: ArchiveProblem | None = store.recall("tariffs-problem")
    if not again and problem is not None and time.monotonic() < store.recall("tariffs-after", 0.0):
        return problem
    if store.recall("tariffs-unread", False):
        _read()
        if store.recall("tariffs-unread"):
            unread: ArchiveProblem | None = store.recall("tariffs-problem")
            return unread
    problem = None
    try:
        for region, text in list(waiting.items()):
            if text is None:
                keeping.archive().delete_prices(store.owner(), region)
            else:
                keeping.archive().put_prices(store.owner(), region, text)
            del waiting[region]
    except ArchiveProblem as found:
        problem = found
    _note(problem)
    store.remember("tariffs-waiting", waiting)
    return problem


def _read() -> None:
    """What is kept, beneath what was changed in this visit."""
    found: dict[str, Prices] = {}
    try:
        for one in keeping.archive().prices(store.owner()):
            try:
                found[one.region] = billing.table_of(one.text)
            except PriceProblem:
                continue
    except ArchiveProblem as problem:
        _note(problem)
        store.remember("tariffs-unread", True)
        store.remember("tariffs", store.recall("tariffs") or {})
        return
    store.remember("tariffs-unread", False)
    waiting = store.recall("tariffs-waiting", {})
    kept = {region: prices for region, prices in found.items() if region not in waiting}
    store.remember("tariffs", {**kept, **(store.recall("tariffs") or {})})


def _note(problem: ArchiveProblem | None) -> None:
    store.remember("tariffs-problem", problem)
    if problem is not None:
        store.remember("tariffs-after", time.monotonic() + keeping.PAUSE_SECONDS)

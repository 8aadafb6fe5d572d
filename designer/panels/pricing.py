"""Whose prices: a region's dated table, or one of the visitor's own. What is no table gets a sentence; its text stays."""

from __future__ import annotations

import streamlit as st

from designer import billing, store
from designer.texts import Texts, plain
from designer.theme import N_
from engine.cost import CHUNK_MB
from engine.prices import PriceProblem, Prices, price_table, regions

OWN = "own"
NOTE = N_("Prices change: compare with the source before you rely on a figure.")
"""What the tables of prices that come with Paso say of themselves."""
HOME = "us-east-1"


def chosen() -> Prices:
    """The prices that this visitor reckons with."""
    own: Prices | None = store.recall("prices")
    region = store.recall("region", HOME)
    return own if region == OWN and own is not None else price_table(region if region != OWN else HOME)


def region_box(t: Texts) -> None:
    """The regions, and the visitor's own table when there is one."""
    options = list(regions()) + ([OWN] if store.recall("prices") else [])
    names = {region: price_table(region).name for region in regions()}
    key = f"costs-region-{store.recall('region', HOME)}-{len(options)}"
    st.selectbox(
        t("Region"),
        options,
        index=options.index(store.recall("region", HOME)),
        format_func=lambda one: t("Your own prices") if one == OWN else f"{names[one]} · {one}",
        key=key,
        on_change=lambda: store.remember("region", store.value(key)),
        width=330,
    )


def price_card(t: Texts) -> None:
    """The table in use, and how to use another."""
    prices = chosen()
    with st.container(key="prices", border=True):
        title = t(
            "Prices: {region}, {date}", region=prices.name or prices.region or t("your own"), date=prices.date or "–"
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(title)}**", width="stretch")
            with st.popover(t("Change"), icon=":material/edit:", key="prices-box", width="content"):
                _edit(prices, t)
        rows = [
            f"| {t('Standard: state transition')} | {t.money(prices.standard.transition)} |",
            f"| {t('Free transitions of the month')} | {t.number(prices.standard.free_transitions)} |",
            f"| {t('Express: request')} | {t.money(prices.express.request)} |",
        ]
        for number, tier in enumerate(prices.express.tiers, start=1):
            reach = (
                t("the rest")
                if tier.gb_hours is None
                else t("the next {n} GB-hours", n=t.number(tier.gb_hours))
                if number > 1
                else t("the first {n} GB-hours", n=t.number(tier.gb_hours))
            )
            label = t("Express: 100 ms at {megabytes} MB, {reach}", megabytes=CHUNK_MB, reach=reach)
            rows.append(f"| {label} | {t.money(tier.prices['chunk'])} |")
        st.markdown("\n".join((f"| {t('Price')} | US$ |", "|:--|--:|", *rows)).replace("$", "\\$"))
        if prices.source or prices.note:
            note = t(prices.note) if prices.note == NOTE else prices.note
            st.caption(f"{t('Source')}: {plain(prices.source or '–')}. {plain(note)}")


def _edit(prices: Prices, t: Texts) -> None:
    text: str = store.recall("prices-text") or billing.text_of(prices)
    st.caption(t("The table as JSON. Change what you like, or drop a file; amounts are US dollars."))
    key = f"prices-text-{store.recall('prices-round', 0)}-{store.recall('region', HOME)}"
    st.text_area(t("Prices"), text, key=key, height=320, label_visibility="collapsed", width=520)
    st.file_uploader(
        t("or drop a file (.json)"), type=["json"], key="prices-file", max_upload_size=1, on_change=_dropped
    )
    own = t("Choose a file").replace('"', "")
    st.html(f'<style>.st-key-prices-file button p::after {{ content: "{own}"; font-size: 14px; }}</style>')
    with st.container(horizontal=True, gap="small"):
        st.button(t("Use these prices"), key="prices-use", type="primary", on_click=_use, args=(key,))
        st.button(t("Back to the region's"), key="prices-back", on_click=_back)
    problem: str = store.recall("prices-problem", "")
    if problem:
        st.error(t("This is no table of prices; the bills keep the last good one.") + " " + plain(problem))


def _use(key: str) -> None:
    _take(str(store.value(key) or ""))


def _dropped() -> None:
    file = store.value("prices-file")
    if file is not None:
        _take(file.getvalue().decode("utf-8-sig", "replace"))


def _take(text: str) -> None:
    """The table when it is one; else the sentence, and the text stays as it was written."""
    store.remember("prices-text", text)
    store.remember("prices-round", store.recall("prices-round", 0) + 1)
    try:
        prices = billing.table_of(text)
    except PriceProblem as problem:
        store.remember("prices-problem", str(problem))
        return
    store.remember("prices-problem", "")
    store.remember("prices", prices)
    store.remember("region", OWN)


def _back() -> None:
    store.remember("prices-problem", "")
    store.remember("prices-text", None)
    store.remember("region", HOME)
    store.remember("prices-round", store.recall("prices-round", 0) + 1)

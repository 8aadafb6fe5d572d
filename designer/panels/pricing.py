"""Whose prices: a region's dated table, or the visitor's own in its place. What is no table gets a sentence; its text stays."""

from __future__ import annotations

import streamlit as st

from designer import billing, store, tariffs
from designer.panels.complaints import complaint
from designer.panels.dropping import dropping
from designer.texts import Texts, plain
from designer.theme import N_
from engine.cost import CHUNK_MB
from engine.prices import PriceProblem, Prices, price_table, regions

NOTE = N_("Prices change: compare with the source before you rely on a figure.")
"""What the tables of prices that come with Paso say of themselves."""


def region_box(t: Texts) -> None:
    """The regions; the visitor's own tables say that they are."""
    options = list(tariffs.places())
    told: dict[str, str] = {}
    for region in options:
        name = (tariffs.tables().get(region) or price_table(region)).name
        own = t("own table") if tariffs.is_own(region) else ""
        told[region] = " · ".join(filter(None, (name, region, own)))
    key = f"costs-region-{tariffs.here()}-{len(options)}"
    st.selectbox(
        t("Region"),
        options,
        index=options.index(tariffs.here()),
        format_func=told.__getitem__,
        key=key,
        on_change=_choose,
        args=(key,),
        width=330,
    )


def _choose(key: str) -> None:
    store.remember("region", store.value(key))
    _forget_text()


def price_card(t: Texts) -> None:
    """The table in use, and how to use another."""
    prices = tariffs.chosen()
    problem = tariffs.keep()
    with st.container(key="prices", border=True):
        title = t(
            "Prices: {region}, {date}", region=prices.name or prices.region or t("your own"), date=prices.date or "–"
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(title)}**", width="stretch")
            if tariffs.is_own(tariffs.here()):
                st.badge(t("own table"), icon=":material/edit:", color="blue")
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
        if problem is not None:
            complaint(problem, t)


def _edit(prices: Prices, t: Texts) -> None:
    text: str = store.recall("prices-text") or billing.text_of(prices)
    region = tariffs.here()
    st.caption(
        t(
            "The table as JSON, for its region. Change what you like, or drop a file; amounts are US dollars. Your own "
            "table stays until you give the region its own back."
        )
    )
    key = f"prices-text-{store.recall('prices-round', 0)}-{region}"
    st.text_area(t("Prices"), text, key=key, height=320, label_visibility="collapsed", width=520)
    dropping(t("or drop a file (.json)"), t, key="prices-file", megabytes=1, on_drop=_dropped)
    with st.container(horizontal=True, gap="small"):
        st.button(t("Use these prices"), key="prices-use", type="primary", on_click=_use, args=(key,))
        back = t("Back to the region's") if region in regions() else t("Remove this table")
        st.button(back, key="prices-back", on_click=_back, disabled=not (tariffs.is_own(region) or _text_changed()))
        st.download_button(
            t("File"),
            billing.text_of(prices),
            f"prices-{region}.json",
            "application/json",
            key="prices-save",
            icon=":material/download:",
            help=t("The table in use as a file, to be dropped here again"),
            on_click="ignore",
        )
    problem: str = store.recall("prices-problem", "")
    if problem:
        st.error(t("This is no table of prices; the bills keep the last good one.") + " " + plain(problem))


def _text_changed() -> bool:
    """Does something stand in the box that is not in use?"""
    return bool(store.recall("prices-text"))


def _use(key: str) -> None:
    _take(str(store.value(key) or ""))


def _dropped() -> None:
    file = store.value("prices-file")
    if file is not None:
        _take(file.getvalue().decode("utf-8-sig", "replace"))


def _take(text: str) -> None:
    """The table when it is one; else the sentence, and the text stays as it was written."""
    try:
        tariffs.take(text)
    except PriceProblem as problem:
        store.remember("prices-text", text)
        store.remember("prices-round", store.recall("prices-round", 0) + 1)
        store.remember("prices-problem", str(problem))
        return
    _forget_text()


def _back() -> None:
    if tariffs.is_own(tariffs.here()):
        tariffs.give_back(tariffs.here())
    _forget_text()


def _forget_text() -> None:
    store.remember("prices-problem", "")
    store.remember("prices-text", None)
    store.remember("prices-round", store.recall("prices-round", 0) + 1)

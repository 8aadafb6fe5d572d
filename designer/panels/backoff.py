"""When a retrier tries again: a small picture of its delays, and the same in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.texts import Texts
from designer.theme import ACCENT, LINE, MUTED, Mode
from engine.compiling import is_number, whole
from engine.model import Retrier
from engine.retrying import backoff

SHOWN = 8
"""Retries that are drawn; of more, the last has its place."""
WIDTH, HEIGHT, FLOOR = 312, 62, 46
FONT = "'Source Sans 3', Helvetica, Arial, 'DejaVu Sans', sans-serif"
MOST = 10_000
"""Retries that are added up; beyond them the sum is only said to be more."""


def retrier_of(entry: Mapping[str, Any]) -> Retrier:
    """The entry as a run reads it; what is no number counts as absent."""
    interval, rate = entry.get("IntervalSeconds"), entry.get("BackoffRate")
    attempts = whole(entry.get("MaxAttempts"))
    return Retrier(
        (),
        interval_seconds=interval if is_number(interval) and interval >= 0 else 1,
        max_attempts=attempts if attempts is not None and attempts >= 0 else 3,
        backoff_rate=rate if is_number(rate) and rate >= 0 else 2.0,
        max_delay_seconds=whole(entry.get("MaxDelaySeconds")),
        jitter=entry.get("JitterStrategy") == "FULL",
    )


def delays(entry: Mapping[str, Any]) -> list[int]:
    """The longest delay before each retry, in milliseconds."""
    retrier = retrier_of(entry)
    return [backoff(retrier, used, None) for used in range(min(retrier.max_attempts, MOST))]


def in_words(entry: Mapping[str, Any], t: Texts) -> str:
    """`3 retries, after 1 s, 2 s and 4 s: at most 7 s of waiting.`"""
    found = delays(entry)
    if not found:
        return t("It is never tried again: the error goes on to Catch.")
    told = ", ".join(t.span(delay) for delay in found[:SHOWN]) + (", …" if len(found) > SHOWN else "")
    count = t.plural("{n} retry", "{n} retries", retrier_of(entry).max_attempts)
    total = t.span(sum(found))
    if retrier_of(entry).jitter:
        return t("{retries}, each after a time drawn from zero up to {delays}: at most {total} of waiting.", retries=count, delays=told, total=total)  # fmt: skip
    return t("{retries}, after {delays}: {total} of waiting in all.", retries=count, delays=told, total=total)


def backoff_picture(entry: Mapping[str, Any], mode: Mode) -> str:
    """An SVG: the tries as dots, the delay before each retry as a bar, pale where it is drawn by lot."""
    accent, muted, line = ACCENT[mode], MUTED[mode], LINE[mode]
    found = delays(entry)
    shown = found if len(found) <= SHOWN else [*found[: SHOWN - 1], found[-1]]
    longest = max(shown, default=0) or 1
    step = WIDTH / (SHOWN + 1)
    parts = [_dot(step * 0.5, accent)]
    for index, delay in enumerate(shown):
        x, height = step * (index + 1.5), max(2.0, delay / longest * (FLOOR - 14))
        jitter = retrier_of(entry).jitter
        parts.append(
            f'<rect x="{x - step * 0.86:.1f}" y="{FLOOR - height:.1f}" width="{step * 0.72:.1f}" height="{height:.1f}" rx="2" '
            f'fill="{accent}" fill-opacity="{0.16 if jitter else 0.34}"'
            + (f' stroke="{accent}" stroke-dasharray="3 2"' if jitter else "")
            + "/>"
        )
        parts.append(
            f'<text x="{x - step * 0.5:.1f}" y="{FLOOR - height - 3:.1f}" text-anchor="middle" fill="{muted}" '
            f'font-size="10">{_short(delay)}</text>'
        )
        if len(found) > SHOWN and index == len(shown) - 1:
            parts.append(f'<text x="{x - step:.1f}" y="{FLOOR + 4}" text-anchor="middle" fill="{muted}" font-size="11">…</text>')  # fmt: skip
        parts.append(_dot(x, accent))
    floor = f'<line x1="4" x2="{WIDTH - 4}" y1="{FLOOR}" y2="{FLOOR}" stroke="{line}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT - 8}" width="{WIDTH}" height="{HEIGHT - 8}" font-family="{FONT}">{floor}{"".join(parts)}</svg>'


def _dot(x: float, colour: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{FLOOR}" r="3.2" fill="{colour}"/>'


def _short(milliseconds: int) -> str:
    """A length of time in the few characters that a bar has room for."""
    seconds = milliseconds / 1000
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}" if seconds >= 100 * size else f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"

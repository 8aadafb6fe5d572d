"""Timestamps as the language knows them: the RFC 3339 profile of ISO 8601, with `T` and with `Z` or an offset.

"Timestamp … must conform to the RFC3339 profile of ISO 8601, with the further restrictions that an uppercase "T"
character MUST be used to separate date and time, and an uppercase "Z" character MUST be present in the absence of a
numeric time zone offset" (Amazon States Language, "Timestamps"). Seconds may be left out and a fraction has at most nine
digits, as in Java's ISO_OFFSET_DATE_TIME, whose name AWS's error texts carry.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

_FORM = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d\d):(\d\d)(?::(\d\d))?)", re.ASCII
)
_EPOCH = date(1970, 1, 1).toordinal()


@lru_cache(maxsize=4096)
def nanoseconds(text: str) -> int | None:
    """The moment that `text` names, in nanoseconds since 1970-01-01T00:00:00Z; None if it is no such timestamp."""
    form = _FORM.fullmatch(text)
    if form is None:
        return None
    year, month, day, hour, minute, second, fraction, sign, off_hour, off_minute, off_second = form.groups()
    try:
        days = date(int(year), int(month), int(day)).toordinal() - _EPOCH
    except ValueError:
        return None
    if int(hour) > 23 or int(minute) > 59 or int(second or 0) > 59:
        return None
    seconds = days * 86_400 + int(hour) * 3_600 + int(minute) * 60 + int(second or 0)
    if sign:
        offset = int(off_hour) * 3_600 + int(off_minute) * 60 + int(off_second or 0)
        if int(off_minute) > 59 or int(off_second or 0) > 59 or offset > 18 * 3_600:
            return None
        seconds += -offset if sign == "+" else offset
    return seconds * 1_000_000_000 + int((fraction or "0").ljust(9, "0"))

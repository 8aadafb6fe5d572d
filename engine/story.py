"""A trace as lines that a person reads: what happened, when, where.

    t=0      started {"order":{"id":"A-1042"}}
    t=0      Receive order entered
    t=0      Receive order afterParameters {"id":"A-1042","lines":2}
    t=0.6    Reserve stock[1] / Reserve item succeeded {"Attributes":{"available":{"N":"240"}}}

Time is in virtual seconds. A state within a branch or an iteration stands behind the state that opened it and its number.
A value that is the same as the one before it in its visit is not written again. The same trace gives the same lines.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.trace import Call, Moment, Trace
from engine.values import Json, same, text

WIDTH = 160


def story(trace: Trace, width: int | None = WIDTH) -> Iterator[str]:
    """The lines; values longer than `width` characters are cut, and their size is said. None cuts nothing."""
    last: dict[int, Json] = {}
    for moment in trace.moments:
        place = "" if moment.kind == "ended" else _place(trace, moment.visit)
        words = " ".join(part for part in (place, _words(moment, last, width)) if part)
        yield f"{f't={_seconds(moment.at)}':<8} {words}"


def _place(trace: Trace, visit: int) -> str:
    """`Both[0] / A`: the states from the outermost to this one, each with the branch or item that was taken."""
    if visit < 0:
        return ""
    frame = trace.frames[trace.visits[visit].frame]
    name = trace.visits[visit].state.name
    return name if frame.parent < 0 else f"{_place(trace, frame.parent)}[{frame.index}] / {name}"


def _words(moment: Moment, last: dict[int, Json], width: int | None) -> str:
    kind, name, value, visit = moment.kind, moment.name, moment.value, moment.visit
    match kind:
        case "started":
            return f"started {_shown(value, width)}"
        case "entered":
            last[visit] = value
            return f"entered {_shown(value, width)}"
        case "stage" | "exited" | "succeeded":
            label = name if kind == "stage" else kind
            unchanged = visit in last and same(last[visit], value)
            last[visit] = value
            return f"{label} unchanged" if unchanged else f"{label} {_shown(value, width)}"
        case "rule":
            return "default" if value is None else f"rule {value}"
        case "scheduled" | "parked" if isinstance(value, Call):
            return f"{'calls' if kind == 'scheduled' else 'waits for'} {value.resource}"
        case "retry":
            return f"retry by {name} after {_seconds(value)} s"
        case "caught":
            return f"caught by {name}: {_error(value, width)}"
        case "failed" | "timedOut" | "evaluationFailed" | "mapRunFailed":
            return f"{kind} {_error(value, width)}"
        case "ended":
            said = _shown(value, width) if name == "SUCCEEDED" else _error(value, width)
            return f"ended {name} {said}"
        case _:
            return kind if value is None else f"{kind} {_shown(value, width)}"


def _error(value: Json, width: int | None) -> str:
    name, cause, *_ = value
    return f"{name}: {_cut(cause, width)}" if cause else f"{name}"


def _shown(value: Json, width: int | None) -> str:
    return _cut(text(list(value) if isinstance(value, tuple) else value), width)


def _cut(line: str, width: int | None) -> str:
    if width is None or len(line) <= width:
        return line
    return f"{line[:width]}… ({len(line.encode('utf-8', 'surrogatepass'))} B)"


def _seconds(ms: int) -> str:
    """Seconds without idle zeros: 14, 0.6, 0.025."""
    return f"{ms / 1000:.3f}".rstrip("0").rstrip(".")

"""What a moment of a run is called, in the reader's language and in the words of the player's ladder."""

from __future__ import annotations

from designer import places
from designer.texts import Texts
from designer.theme import N_
from engine.trace import Trace

WORDS = {
    "input": N_("Input"),
    "started": N_("Input"),
    "entered": N_("Input"),
    "call": N_("Call"),
    "scheduled": N_("Call"),
    "submitted": N_("Submitted"),
    "parked": N_("Waiting for an answer"),
    "heartbeat": N_("Heartbeat"),
    "reply": N_("Reply"),
    "succeeded": N_("Reply"),
    "error": N_("Error"),
    "failed": N_("Error"),
    "timedOut": N_("Error"),
    "evaluationFailed": N_("Error"),
    "rule": N_("Choice rule"),
    "retry": N_("Retry"),
    "caught": N_("Catch"),
    "assigned": N_("Variables"),
    "result": N_("Result"),
    "output": N_("Output"),
    "exited": N_("Output"),
    "end": N_("End"),
    "ended": N_("End"),
    "branchesStarted": N_("Branches"),
    "mapStarted": N_("Items"),
    "iterationStarted": N_("Items"),
    "joined": N_("Join"),
    "aborted": N_("Canceled"),
    "afterCatch": "Catch/ResultPath",
}
"""Kinds of moments, and places of a visit (`engine.compare.Row.what`)."""


def word(what: str, t: Texts) -> str:
    """`Input`, `InputPath`, `Reply`: a kind of moment or a stage. The fields of ASL keep their names in every language."""
    return t(WORDS[what]) if what in WORDS else what.removeprefix("after")


def named(trace: Trace, moment: int, t: Texts) -> str:
    """`Pay · Parameters`, `Pay · Error`, `Input`."""
    at = trace[moment]
    return " · ".join(
        filter(None, (places.state_of(trace, moment), word(str(at.name) if at.kind == "stage" else at.kind, t)))
    )

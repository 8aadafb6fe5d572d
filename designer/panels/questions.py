"""Conditions and watches of the player, answered on the run on the table, and the sentence for a text that is neither."""

from __future__ import annotations

from typing import Any

from designer import compute
from designer.components.canvas.questions import Questions, answers
from designer.session import Setting
from designer.texts import Texts
from designer.theme import N_
from engine.questions import Unreadable

RIGHT = {"JSONPath": "$.total > 100", "JSONata": "$states.input.total > 100"}
"""What would be right, by language."""

REASONS = (
    N_("There is nothing to read"),
    N_("One = compares nothing here; two do: =="),
    N_("Something is missing"),
    N_("“{text}” is not expected"),
    N_("The text is longer than {limit} characters"),
)


def answered(setting: Setting, way: compute.Way, questions: Questions, t: Texts) -> dict[str, Any]:
    """What the browser is told about the conditions and watches that it asks for."""
    return answers(
        questions,
        lambda one: compute.stops(setting, way, one.point, one.text),
        lambda text: compute.watched(setting, way, text),
        lambda wrong: sentence(wrong, t),
    )


def sentence(wrong: Unreadable, t: Texts) -> str:
    """What is wrong with the text, where, and what would be right."""
    reason = t(wrong.reason, **wrong.values)
    if wrong.position is not None:
        reason = t("{reason} (character {n})", reason=reason, n=t.number(wrong.position + 1))
    return t(
        "This is no expression in {language}: {reason}. Right would be, for example, {example}",
        language=wrong.language,
        reason=reason.rstrip("."),
        example=RIGHT[wrong.language],
    )

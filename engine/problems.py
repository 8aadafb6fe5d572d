"""What is wrong with a document: a `Problem` is a value in a list, never an exception.

The catalogue gives each code its severity, its sentence and its help; arguments are kept apart from the sentence so that
it can be translated. Codes in capitals are those of AWS's ValidateStateMachineDefinition, with AWS's own wording in
`message`; codes with a dash are our own rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class Problem:
    """`at` says where, in the form of `pointer`. `message` is the sentence a person reads, in English."""

    code: str
    at: str
    message: str
    severity: Severity = "error"
    params: Mapping[str, Any] = field(default_factory=dict)
    """What the sentence was filled with, for translations and quick fixes: `{"name": "Shipp", "nearest": "Ship"}`."""
    line: int | None = None
    column: int | None = None

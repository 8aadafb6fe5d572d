"""Names that are nearly right."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from engine.fields import fields_of
from engine.lint.view import View, error_names
from engine.problems import Problem, problem

_OWN_ERRORS = (
    "States.ALL",
    "States.BranchFailed",
    "States.DataLimitExceeded",
    "States.ExceedToleratedFailureThreshold",
    "States.HeartbeatTimeout",
    "States.IntrinsicFailure",
    "States.ItemReaderFailed",
    "States.NoChoiceMatched",
    "States.ParameterPathFailure",
    "States.Permissions",
    "States.QueryEvaluationError",
    "States.ReferencePathConflict",
    "States.ResultPathMatchFailure",
    "States.ResultWriterFailed",
    "States.Runtime",
    "States.TaskFailed",
    "States.Timeout",
)


def _nearest(name: str, names: Any) -> str | None:
    folded = {str(known).casefold(): str(known) for known in names}
    if name.casefold() in folded:
        return folded[name.casefold()]
    close = difflib.get_close_matches(name.casefold(), list(folded), 1, 0.7)
    return folded[close[0]] if close else None


def misspelt_target(view: View) -> Iterator[Problem]:
    for wrong in view.found:
        if wrong.code == "MISSING_TRANSITION_TARGET" and "target" in wrong.params:
            nearest = _nearest(wrong.params["target"], wrong.params["names"])
            if nearest:
                yield problem("misspelt-target", wrong.at, name=wrong.params["target"], nearest=nearest)


def misspelt_field(view: View) -> Iterator[Problem]:
    for wrong in view.found:
        if "field" in wrong.params and "part" in wrong.params:
            name, known = wrong.params["field"], fields_of(wrong.params["part"])
            if name.endswith(".$") and name[:-2] in known:
                yield problem("field-with-dollar", wrong.at, name=name, nearest=name[:-2])
            else:
                nearest = _nearest(name, known)
                if nearest:
                    yield problem("misspelt-field", wrong.at, name=name, nearest=nearest)


def misspelt_error(view: View) -> Iterator[Problem]:
    for at, name in error_names(view):
        if name.startswith("States.") and name not in _OWN_ERRORS and not name.startswith("States.Http."):
            nearest = _nearest(name, _OWN_ERRORS)
            if nearest:
                yield problem("misspelt-error", at, name=name, nearest=nearest)

"""Rules of our own, beyond what the service checks: what is likely to surprise whoever runs the definition.

Each rule is a generator over the whole definition, listed in `RULES`; its sentences, help and fixes are in the catalogue of
`problems`. A rule speaks only when it is sure enough to be worth reading, and none of them is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.lint import errors, names, states, tasks, texts, variables
from engine.lint.view import Rule, View
from engine.problems import Problem
from engine.values import Json

RULES: tuple[Rule, ...] = (
    names.misspelt_target,
    names.misspelt_field,
    names.misspelt_error,
    states.choice_without_default,
    states.endless_loops,
    tasks.callback_without_timeout,
    tasks.callback_without_token,
    tasks.lambda_without_retry,
    tasks.heartbeat_too_long,
    tasks.express_too_long,
    errors.uncatchable_error,
    errors.error_answered_before,
    errors.empty_error_list,
    variables.unset_variable,
    variables.outer_variable,
    variables.unused_variable,
    texts.partial_expression,
    texts.expression_in_jsonpath,
    texts.path_in_jsonata,
    texts.unquoted_word,
    texts.other_tools,
    states.parameters_ignored,
    states.items_path_ignored,
    states.tolerance_ignored,
    states.older_field,
    states.idle_pass,
    texts.open_value,
)
"""Every rule of ours. To add one: a generator, a row here, its codes in the catalogue, and cases."""


def lint(document: Mapping[str, Json], found: tuple[Problem, ...], workflow_type: str) -> Iterator[Problem]:
    """What our rules say about a definition. `found` is what the service reports about it."""
    view = View(document, found, workflow_type)
    for rule in RULES:
        yield from rule(view)

"""Expressions: paths, payload templates, intrinsic calls, choice rules and JSONata, compiled once and evaluated many times.

Whatever is compiled here answers to `evaluate(value, scope)`: `value` is what `$` means, `scope` what stands around it
(`expressions.scope`). What is wrong with the text of an expression is an `InvalidExpression` when it is compiled; what
goes wrong with the data is an `engine.errors.StatesError` when it is evaluated.
"""

from __future__ import annotations


class InvalidExpression(ValueError):
    """An expression that cannot be compiled.

    `message` is the sentence AWS gives when such a definition is created; `detail` says in our own words what exactly
    is wrong, where AWS's sentence does not. `at` continues the location of the compiled field: `("blocks", 0, "text")`.
    `code` is AWS's code of the diagnostic.
    """

    def __init__(
        self,
        message: str,
        detail: str = "",
        at: tuple[str | int, ...] = (),
        code: str = "SCHEMA_VALIDATION_FAILED",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail
        self.at = at
        self.code = code

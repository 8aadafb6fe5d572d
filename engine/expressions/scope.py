"""What an expression can see besides the value it is applied to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from engine.values import Json


class Scope(Protocol):
    """One visit, as its expressions see it.

    `context` is built on first use, because most expressions never ask for it. `states` is JSONata's `$states` for the
    field under evaluation, without the context object, which is added where an expression names it. `random` is the
    run's seeded generator, for `States.UUID`, `States.MathRandom`, `$uuid`. `now` is the wall clock of the run's world, in
    milliseconds since 1970, for `$now()` and `$millis()`.
    """

    @property
    def context(self) -> dict[str, Json]: ...

    @property
    def variables(self) -> Mapping[str, Json]: ...

    @property
    def states(self) -> dict[str, Json]: ...

    @property
    def random(self) -> Any: ...

    @property
    def now(self) -> int: ...

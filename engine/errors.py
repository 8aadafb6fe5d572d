"""What goes wrong in a run: `StatesError`, the reserved names, and which names a retrier or catcher answers to.

Raised anywhere below a visit, caught in exactly one place per visit (`dataflow.visit`), where retry and catch decide.
"""

from __future__ import annotations

from collections.abc import Collection

ALL = "States.ALL"
TASK_FAILED = "States.TaskFailed"
TIMEOUT = "States.Timeout"
HEARTBEAT_TIMEOUT = "States.HeartbeatTimeout"
RUNTIME = "States.Runtime"
QUERY_EVALUATION = "States.QueryEvaluationError"
DATA_LIMIT = "States.DataLimitExceeded"
INTRINSIC_FAILURE = "States.IntrinsicFailure"
REFERENCE_PATH_CONFLICT = "States.ReferencePathConflict"
ITEM_READER_FAILED = "States.ItemReaderFailed"
RESULT_WRITER_FAILED = "States.ResultWriterFailed"
TOLERANCE_EXCEEDED = "States.ExceedToleratedFailureThreshold"


class StatesError(Exception):
    """A failure of the workflow, with the name and cause that AWS gives.

    `cause` is None where AWS sends none. `framed` asks the visit to put AWS's sentence "An error occurred while
    executing the state …" in front. `location` is the field of a failed JSONata expression (`Output/total`); only such
    errors leave an EvaluationFailed event. `fatal` errors pass every Retry and Catch, also of enclosing states.
    `also` is a second name that handlers may use: a missed heartbeat is reported as `States.Timeout` (recorded) and
    documented as `States.HeartbeatTimeout`.
    """

    def __init__(
        self,
        name: str | None,
        cause: str | None = None,
        *,
        framed: bool = False,
        location: str | None = None,
        fatal: bool | None = None,
        also: str | None = None,
    ) -> None:
        super().__init__(name, cause)
        self.name = name
        self.cause = cause
        self.framed = framed
        self.location = location
        self.fatal = name in (RUNTIME, REFERENCE_PATH_CONFLICT) if fatal is None else fatal
        self.also = also

    @property
    def output(self) -> dict[str, str | None]:
        """The Error Output that a catcher receives. A timeout has no cause in the history and `""` here (recorded)."""
        cause = "" if self.cause is None and self.name == TIMEOUT else self.cause
        return {"Error": self.name, "Cause": cause}


def runtime(cause: str) -> StatesError:
    """A `States.Runtime` with AWS's frame around its cause; nothing in the workflow can catch it."""
    return StatesError(RUNTIME, cause, framed=True)


def matches(error: StatesError, equals: Collection[str]) -> bool:
    """Does an `ErrorEquals` list answer to this error?

    Names match exactly. `States.ALL` answers to all but fatal errors, `States.TaskFailed` also not to timeouts
    (ASL specification, "Errors").
    """
    if error.fatal:
        return False
    if error.name in equals or error.also in equals or ALL in equals:
        return True
    return TASK_FAILED in equals and error.name != TIMEOUT

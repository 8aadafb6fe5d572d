"""THE table: which field may stand where, in which query language, what it holds, and what it is for.

Read by the validator, and by whatever offers fields to a person (forms, completion, help). One row is one field on a group
of *objects*: a state type, or a named part of one (`Retrier`, `Catcher`, `Rule`, `ItemReader` …). A field that may not
stand together with another names it in `either_with`; fields of which one must be there are listed in `ONE_OF`.

Sources: the States Language specification and the service's developer guide; bounds and messages as the service reports
them on creation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

Kind = Literal[
    "text",  # a string that is taken as it is
    "words",  # a string; in JSONata it may be an expression
    "state",  # the name of a state of the same block
    "resource",  # a Task's ARN
    "flag",  # true or false
    "whole",  # an integer
    "whole or expression",  # an integer; in JSONata it may be an expression
    "number",  # any number
    "number or expression",
    "timestamp",  # RFC 3339; in JSONata it may be an expression
    "one of",  # one of `values`
    "path",  # JSONPath, or null
    "items path",
    "reference path",  # a path to exactly one place in the input, or in a variable
    "text path",  # a path or an intrinsic call that gives a string
    "result path",  # a reference path into the input, or null
    "template",  # JSON object whose keys ending in `.$` are filled
    "value",  # JSON with `{% … %}` expressions
    "template or value",  # the first in JSONPath, the second in JSONata
    "variables",  # the object of Assign
    "items",  # JSONata: an array, an object, or an expression
    "condition",  # JSONata: true, false or an expression
    "json",  # any JSON, taken literally
    "object",  # an object of the table; `part` names it
    "list",  # an array of objects of the table; `part` names them
    "block",  # an object with StartAt and States; `part` names it
    "blocks",
    "states",  # the States object
    "names",  # a non-empty array of error names
    "texts",  # an array of strings
    "label",
]
Languages = Literal["both", "JSONPath", "JSONata"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `on` lists the objects that have it; `default` is what its absence means."""

    name: str
    on: tuple[str, ...]
    kind: Kind
    help: str
    language: Languages = "both"
    required: bool = False
    either_with: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    part: str = ""
    minimum: float | None = None
    maximum: float | None = None
    default: Any = None
    distributed: bool = False
    """Only on a Map whose processor runs in distributed mode."""
    deprecated: str = ""
    """The name that is preferred today."""


STATE_TYPES = ("Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map")
"""In the order in which the service's own message lists them."""

_WORKING = ("Task", "Parallel", "Map")
_MOVING = ("Task", "Pass", "Wait", "Parallel", "Map")
_FLOWING = ("Task", "Pass", "Wait", "Choice", "Succeed", "Parallel", "Map")
_BLOCKS = ("Machine", "Branch", "Processor")
YEARS = 99_999_999
"""Largest number of seconds that a timeout, wait or interval may have."""

FIELDS: tuple[Field, ...] = (
    # The machine and its blocks
    Field(
        "Comment",
        (*_BLOCKS, *STATE_TYPES, "Retrier", "Catcher", "Rule"),
        "text",
        "A note for people. It has no effect.",
    ),
    Field(
        "QueryLanguage",
        ("Machine", *STATE_TYPES),
        "one of",
        "The language of paths and expressions: JSONPath unless said otherwise. A JSONata machine cannot hold JSONPath states.",
        values=("JSONPath", "JSONata"),
        default="JSONPath",
    ),
    Field("States", _BLOCKS, "states", "The states, by name. Their order has no meaning.", required=True),
    Field("StartAt", _BLOCKS, "state", "The state that the block begins with.", required=True),
    Field("Version", ("Machine",), "one of", "Version of the language.", values=("1.0",), default="1.0"),
    Field(
        "TimeoutSeconds",
        ("Machine",),
        "whole",
        "Seconds after which the whole execution ends as timed out. Nothing inside can catch it.",
        minimum=0,
        maximum=YEARS,
    ),
    Field("ProcessorConfig", ("Processor",), "object", "How the iterations run.", part="ProcessorConfig"),
    Field(
        "Mode",
        ("ProcessorConfig",),
        "one of",
        "INLINE runs the iterations inside this execution, DISTRIBUTED as child executions with histories of their own.",
        values=("INLINE", "DISTRIBUTED"),
        default="INLINE",
    ),
    Field(
        "ExecutionType",
        ("ProcessorConfig",),
        "one of",
        "Workflow type of the child executions of a distributed Map.",
        values=("STANDARD", "EXPRESS"),
    ),
    # Every state
    Field("Type", STATE_TYPES, "one of", "What the state does.", required=True, values=STATE_TYPES),
    Field("Next", _MOVING, "state", "The state that comes after this one.", either_with=("End",)),
    Field(
        "End",
        _MOVING,
        "flag",
        "true ends the block here: the machine, the branch or the iteration.",
        either_with=("Next",),
    ),
    # The way of the data, JSONPath
    Field(
        "InputPath",
        _FLOWING,
        "path",
        "Selects the part of the input that the state works on; null gives an empty object.",
        "JSONPath",
        default="$",
    ),
    Field(
        "Parameters",
        ("Task", "Pass", "Parallel"),
        "template",
        "Builds what the work is given. Keys that end in .$ take their value from a path or an intrinsic function.",
        "JSONPath",
    ),
    Field(
        "ResultSelector",
        _WORKING,
        "template",
        "Builds a new result out of the raw one, before ResultPath.",
        "JSONPath",
    ),
    Field(
        "ResultPath",
        ("Task", "Pass", "Parallel", "Map"),
        "result path",
        "Where the result goes in the state's input. $ replaces the input, null throws the result away.",
        "JSONPath",
        default="$",
    ),
    Field(
        "OutputPath",
        _FLOWING,
        "path",
        "Selects the part that the next state gets; null gives an empty object.",
        "JSONPath",
        default="$",
    ),
    # The way of the data, JSONata
    Field("Arguments", ("Task", "Parallel"), "value", "What the work is given.", "JSONata"),
    Field("Output", _FLOWING, "value", "What the next state gets, in place of the result or input.", "JSONata"),
    Field(
        "Assign",
        ("Task", "Pass", "Wait", "Choice", "Parallel", "Map"),
        "variables",
        "Variables to set. All values are computed from what the variables held on entry.",
    ),
    # What goes wrong
    Field("Retry", _WORKING, "list", "Which errors are tried again, how often and after what delay.", part="Retrier"),
    Field("Catch", _WORKING, "list", "Where to go when an error is left over after retrying.", part="Catcher"),
    Field(
        "ErrorEquals", ("Retrier", "Catcher"), "names", "Names of the errors that this entry answers to.", required=True
    ),
    Field(
        "IntervalSeconds",
        ("Retrier",),
        "whole",
        "Seconds before the first retry.",
        minimum=1,
        maximum=YEARS,
        default=1,
    ),
    Field(
        "MaxAttempts",
        ("Retrier",),
        "whole",
        "Number of retries after the first try; 0 means never.",
        minimum=0,
        maximum=YEARS,
        default=3,
    ),
    Field("BackoffRate", ("Retrier",), "number", "Factor by which each delay grows.", minimum=1.0, default=2.0),
    Field("MaxDelaySeconds", ("Retrier",), "whole", "Longest delay between two tries.", minimum=1, maximum=31_622_400),
    Field(
        "JitterStrategy",
        ("Retrier",),
        "one of",
        "FULL draws each delay at random between zero and its length.",
        values=("FULL", "NONE"),
        default="NONE",
    ),
    Field("Next", ("Catcher", "Rule"), "state", "The state to go to.", required=True),
    Field(
        "ResultPath",
        ("Catcher",),
        "result path",
        "Where the error goes in the state's input. $ replaces the input, null throws the error away.",
        "JSONPath",
        default="$",
    ),
    Field("Assign", ("Catcher", "Rule"), "variables", "Variables to set on this way out."),
    Field("Output", ("Catcher", "Rule"), "value", "What the next state gets on this way out.", "JSONata"),
    # Task
    Field(
        "Resource",
        ("Task",),
        "resource",
        "What is called: a function, an activity or a service integration.",
        required=True,
    ),
    Field("Credentials", ("Task",), "template or value", "A role of another account to call the resource with."),
    Field(
        "TimeoutSeconds",
        ("Task",),
        "whole or expression",
        "Seconds after which a try fails with States.Timeout.",
        either_with=("TimeoutSecondsPath",),
        minimum=1,
        maximum=YEARS,
        default=YEARS,
    ),
    Field(
        "TimeoutSecondsPath",
        ("Task",),
        "reference path",
        "Where the input holds the timeout.",
        "JSONPath",
        either_with=("TimeoutSeconds",),
    ),
    Field(
        "HeartbeatSeconds",
        ("Task",),
        "whole or expression",
        "Seconds without a heartbeat after which a try fails. Must be less than the timeout.",
        either_with=("HeartbeatSecondsPath",),
        minimum=1,
        maximum=YEARS,
        default=YEARS,
    ),
    Field(
        "HeartbeatSecondsPath",
        ("Task",),
        "reference path",
        "Where the input holds the heartbeat interval.",
        "JSONPath",
        either_with=("HeartbeatSeconds",),
    ),
    # Pass
    Field("Result", ("Pass",), "json", "The result, taken literally: paths in it are not followed.", "JSONPath"),
    # Wait
    Field(
        "Seconds",
        ("Wait",),
        "whole or expression",
        "How many seconds to wait.",
        either_with=("Timestamp", "SecondsPath", "TimestampPath"),
        minimum=0,
        maximum=YEARS,
    ),
    Field(
        "Timestamp",
        ("Wait",),
        "timestamp",
        "The moment to wait for: 2030-01-31T09:00:00Z. A moment that has passed does not wait.",
        either_with=("Seconds", "SecondsPath", "TimestampPath"),
    ),
    Field(
        "SecondsPath",
        ("Wait",),
        "reference path",
        "Where the input holds the number of seconds.",
        "JSONPath",
        either_with=("Seconds", "Timestamp", "TimestampPath"),
    ),
    Field(
        "TimestampPath",
        ("Wait",),
        "reference path",
        "Where the input holds the moment to wait for.",
        "JSONPath",
        either_with=("Seconds", "Timestamp", "SecondsPath"),
    ),
    # Fail
    Field("Error", ("Fail",), "words", "Name of the error.", either_with=("ErrorPath",)),
    Field(
        "ErrorPath",
        ("Fail",),
        "text path",
        "Where the input holds the name of the error.",
        "JSONPath",
        either_with=("Error",),
    ),
    Field("Cause", ("Fail",), "words", "Explanation for people.", either_with=("CausePath",)),
    Field(
        "CausePath",
        ("Fail",),
        "text path",
        "Where the input holds the explanation.",
        "JSONPath",
        either_with=("Cause",),
    ),
    # Choice
    Field(
        "Choices",
        ("Choice",),
        "list",
        "Rules, tried in order: the first that holds decides.",
        required=True,
        part="Rule",
    ),
    Field("Default", ("Choice",), "state", "Where to go when no rule holds. Without it, the execution fails then."),
    Field("Condition", ("Rule",), "condition", "Expression that gives true or false.", "JSONata", required=True),
    # Parallel
    Field("Branches", ("Parallel",), "blocks", "Blocks that run at the same time.", required=True, part="Branch"),
    # Map
    Field("ItemProcessor", ("Map",), "block", "What runs for each item.", either_with=("Iterator",), part="Processor"),
    Field(
        "Iterator",
        ("Map",),
        "block",
        "Older name of ItemProcessor.",
        either_with=("ItemProcessor",),
        part="Processor",
        deprecated="ItemProcessor",
    ),
    Field("ItemsPath", ("Map",), "items path", "Where the input holds the array of items.", "JSONPath", default="$"),
    Field("Items", ("Map",), "items", "The array of items.", "JSONata"),
    Field(
        "ItemSelector",
        ("Map",),
        "template or value",
        "Builds what each iteration is given. $ is the state's input; the item is at $$.Map.Item.Value.",
        either_with=("Parameters",),
    ),
    Field(
        "Parameters",
        ("Map",),
        "template",
        "Older name of ItemSelector.",
        "JSONPath",
        either_with=("ItemSelector",),
        deprecated="ItemSelector",
    ),
    Field(
        "MaxConcurrency",
        ("Map",),
        "whole or expression",
        "How many iterations may run at the same time; 0 means as many as possible, 1 one after the other.",
        either_with=("MaxConcurrencyPath",),
        minimum=0,
        default=0,
    ),
    Field(
        "MaxConcurrencyPath",
        ("Map",),
        "reference path",
        "Where the input holds the limit.",
        "JSONPath",
        either_with=("MaxConcurrency",),
    ),
    Field("Label", ("Map",), "label", "Name of the Map Run, at most 40 characters.", distributed=True),
    Field("ItemReader", ("Map",), "object", "Where the items are read from.", part="ItemReader", distributed=True),
    Field(
        "ItemBatcher",
        ("Map",),
        "object",
        "Puts several items into one iteration.",
        part="ItemBatcher",
        distributed=True,
    ),
    Field(
        "ResultWriter", ("Map",), "object", "Where and how results are written.", part="ResultWriter", distributed=True
    ),
    Field(
        "ToleratedFailureCount",
        ("Map",),
        "whole or expression",
        "How many iterations may fail.",
        either_with=("ToleratedFailureCountPath",),
        minimum=0,
        default=0,
        distributed=True,
    ),
    Field(
        "ToleratedFailureCountPath",
        ("Map",),
        "reference path",
        "Where the input holds that number.",
        "JSONPath",
        either_with=("ToleratedFailureCount",),
        distributed=True,
    ),
    Field(
        "ToleratedFailurePercentage",
        ("Map",),
        "number or expression",
        "What share of the iterations may fail.",
        either_with=("ToleratedFailurePercentagePath",),
        minimum=0.0,
        maximum=100.0,
        default=0,
        distributed=True,
    ),
    Field(
        "ToleratedFailurePercentagePath",
        ("Map",),
        "reference path",
        "Where the input holds that share.",
        "JSONPath",
        either_with=("ToleratedFailurePercentage",),
        distributed=True,
    ),
    # Parts of a distributed Map
    Field("Resource", ("ItemReader", "ResultWriter"), "text", "The service call that reads or writes."),
    Field("Parameters", ("ItemReader", "ResultWriter"), "template", "Bucket, key or prefix.", "JSONPath"),
    Field("Arguments", ("ItemReader", "ResultWriter"), "value", "Bucket, key or prefix.", "JSONata"),
    Field(
        "ReaderConfig", ("ItemReader",), "object", "What the data is and how much of it to read.", part="ReaderConfig"
    ),
    Field(
        "InputType",
        ("ReaderConfig",),
        "one of",
        "Format of the data.",
        values=("CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"),
    ),
    Field("ManifestType", ("ReaderConfig",), "one of", "Kind of manifest.", values=("ATHENA_DATA", "S3_INVENTORY")),
    Field(
        "Transformation",
        ("ReaderConfig",),
        "one of",
        "NONE gives the listed objects' metadata, LOAD_AND_FLATTEN what is in them.",
        values=("NONE", "LOAD_AND_FLATTEN"),
        default="NONE",
    ),
    Field(
        "CSVHeaderLocation",
        ("ReaderConfig",),
        "one of",
        "Where the column names are.",
        values=("FIRST_ROW", "GIVEN"),
    ),
    Field("CSVHeaders", ("ReaderConfig",), "texts", "Column names, for GIVEN."),
    Field(
        "CSVDelimiter",
        ("ReaderConfig",),
        "one of",
        "What separates the columns.",
        values=("COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"),
        default="COMMA",
    ),
    Field("ItemsPointer", ("ReaderConfig",), "text", "JSON Pointer to the array inside a JSON file."),
    Field(
        "MaxItems",
        ("ReaderConfig",),
        "whole or expression",
        "At most this many items are read.",
        either_with=("MaxItemsPath",),
        minimum=0,
        maximum=100_000_000,
    ),
    Field(
        "MaxItemsPath",
        ("ReaderConfig",),
        "reference path",
        "Where the input holds that number.",
        "JSONPath",
        either_with=("MaxItems",),
    ),
    Field(
        "MaxItemsPerBatch",
        ("ItemBatcher",),
        "whole or expression",
        "Most items in one batch.",
        either_with=("MaxItemsPerBatchPath",),
        minimum=0,
    ),
    Field(
        "MaxItemsPerBatchPath",
        ("ItemBatcher",),
        "reference path",
        "Where the input holds that number.",
        "JSONPath",
        either_with=("MaxItemsPerBatch",),
    ),
    Field(
        "MaxInputBytesPerBatch",
        ("ItemBatcher",),
        "whole or expression",
        "Most bytes in one batch.",
        either_with=("MaxInputBytesPerBatchPath",),
        minimum=0,
        maximum=262_144,
    ),
    Field(
        "MaxInputBytesPerBatchPath",
        ("ItemBatcher",),
        "reference path",
        "Where the input holds that number.",
        "JSONPath",
        either_with=("MaxInputBytesPerBatch",),
    ),
    Field("BatchInput", ("ItemBatcher",), "template or value", "Given to every batch beside its items."),
    Field("WriterConfig", ("ResultWriter",), "object", "Shape of what is written.", part="WriterConfig"),
    Field(
        "Transformation",
        ("WriterConfig",),
        "one of",
        "NONE keeps the children's metadata, COMPACT only their outputs, FLATTEN also joins arrays.",
        values=("NONE", "COMPACT", "FLATTEN"),
    ),
    Field("OutputType", ("WriterConfig",), "one of", "Format.", values=("JSON", "JSONL"), default="JSON"),
)

_ONWARD = ("Next", "End")
ONE_OF: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "Task": (_ONWARD,),
    "Pass": (_ONWARD,),
    "Parallel": (_ONWARD,),
    "Wait": (("Seconds", "Timestamp", "SecondsPath", "TimestampPath"), _ONWARD),
    "Map": (("ItemProcessor", "Iterator"), _ONWARD),
}
"""Groups of fields of which one must be there."""


@cache
def fields_of(part: str) -> Mapping[str, Field]:
    """The fields that a state type or another object may have, by name, in the table's order."""
    return {field.name: field for field in FIELDS if part in field.on}


def offered(part: str, language: str) -> Iterator[Field]:
    """The fields to offer a person for an object in a query language, deprecated ones left out."""
    for field in fields_of(part).values():
        if field.language in ("both", language) and not field.deprecated:
            yield field

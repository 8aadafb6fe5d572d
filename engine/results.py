"""What becomes of the results of a distributed Map's children: the Map's own result, or files in S3 and a manifest.

A pure function (Developer Guide, "ResultWriter"): what is written comes back as a mapping from `bucket/key` to text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from engine.errors import RESULT_WRITER_FAILED, StatesError
from engine.model import ResultWriter
from engine.values import Json, text


class Child(NamedTuple):
    """A child execution as a ResultWriter reports it. Times are ms since 1970."""

    arn: str
    machine_arn: str
    status: str
    input: Json
    output: Json = None
    error: str | None = None
    cause: str | None = None
    started: int = 0
    stopped: int = 0


class Written(NamedTuple):
    """The Map's result, and the objects written, by `bucket/key`."""

    result: Json
    files: Mapping[str, str]


def written(
    writer: ResultWriter | None, parameters: Mapping[str, Json] | None, children: Sequence[Child], map_run_arn: str
) -> Written:
    """What becomes of the children's results. Without a Resource they are the Map's result; with one they are exported.

    `parameters` are the writer's evaluated Parameters or Arguments. Raises StatesError `States.ResultWriterFailed`.
    """
    config = writer.config if writer else {}
    exporting = writer is not None and writer.resource is not None
    how = str(config.get("Transformation") or ("NONE" if exporting else "COMPACT"))
    if not exporting:
        return Written(_transformed(children, how), {})
    bucket, prefix = (parameters or {}).get("Bucket"), (parameters or {}).get("Prefix") or ""
    if not isinstance(bucket, str) or not bucket or not isinstance(prefix, str):
        raise StatesError(RESULT_WRITER_FAILED, "The ResultWriter needs texts for the parameters 'Bucket' and 'Prefix'")
    folder = "/".join(part for part in (prefix.rstrip("/"), map_run_arn.rpartition(":")[2]) if part)
    lines = config.get("OutputType") == "JSONL"
    files: dict[str, str] = {}
    listed: dict[str, list[Json]] = {"FAILED": [], "PENDING": [], "SUCCEEDED": []}
    for group in listed:
        members = [child for child in children if _group(child.status) == group]
        if members:
            key = f"{folder}/{group}_0.{'jsonl' if lines else 'json'}"
            results = _transformed(members, how)
            content = "\n".join(map(text, results)) if lines else text(results)
            files[f"{bucket}/{key}"] = content
            listed[group].append({"Key": key, "Size": len(content.encode("utf-8", "surrogatepass"))})
    key = f"{folder}/manifest.json"
    files[f"{bucket}/{key}"] = text({"DestinationBucket": bucket, "MapRunArn": map_run_arn, "ResultFiles": listed})
    return Written({"MapRunArn": map_run_arn, "ResultWriterDetails": {"Bucket": bucket, "Key": key}}, files)


def _group(status: str) -> str:
    return status if status in ("SUCCEEDED", "PENDING") else "FAILED"


def _transformed(children: Sequence[Child], how: str) -> list[Json]:
    """NONE: output and metadata; COMPACT: the output; FLATTEN: arrays joined. A child that failed is always whole."""
    made: list[Json] = []
    for child in children:
        if how == "NONE" or child.status != "SUCCEEDED":
            made.append(_record(child))
        elif how == "FLATTEN" and isinstance(child.output, list):
            made += child.output
        else:
            made.append(child.output)
    return made


def _record(child: Child) -> dict[str, Json]:
    succeeded = child.status == "SUCCEEDED"
    record: dict[str, Json] = {
        "ExecutionArn": child.arn,
        "Input": text(child.input),
        "InputDetails": {"Included": True},
    }
    record["Name"] = child.arn.rpartition(":")[2]
    if succeeded:
        record |= {"Output": text(child.output), "OutputDetails": {"Included": True}}
    else:
        record |= {name: value for name, value in (("Error", child.error), ("Cause", child.cause)) if value is not None}
    record["RedriveCount"] = 0
    record["RedriveStatus"] = "NOT_REDRIVABLE" if succeeded else "REDRIVABLE"
    if succeeded:
        record["RedriveStatusReason"] = "Execution is SUCCEEDED and cannot be redriven"
    times = {"StartDate": _moment(child.started), "StopDate": _moment(child.stopped)}
    return record | {"StateMachineArn": child.machine_arn, "Status": child.status} | times


def _moment(milliseconds: int) -> str:
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")
    return moment.replace("+00:00", "Z")

"""Made-up replies: every task gets what its service would plausibly answer, so that any workflow runs without a mock file.

The shape comes from the resource (a table; services that it does not know answer `{}`), and is filled up with what the
workflow itself reads: where a state says `$.Payload.total` of its result, there is a `Payload.total`; where a Choice
compares it with "SUCCEEDED", that is its value. Nothing is random: identifiers are derived from the key of the call.

Shapes follow recorded answers. Services of the optimized kind add `SdkHttpMetadata` and `SdkResponseMetadata`;
`aws-sdk:` ones do not.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

from engine.connectors import Connector
from engine.connectors.wishes import granted, wishes
from engine.trace import Call, Reply
from engine.values import Json, text

DELAY = 100
"""Virtual milliseconds that a made-up task takes."""

_DATE = "2023-11-14T22:13:20.000Z"
_ACCOUNT = "us-east-1:123456789012"

Shape = Callable[[Call, str], dict[str, Any]]
"""From a call and an identifier of its own to a result."""


def generated(document: Json) -> Connector:
    """A connector that answers every task of `document`, each time with the same result for the same call."""
    wanted = wishes(document)

    def answer(call: Call) -> Reply:
        result = _result(call)
        for steps, sample in wanted.get(call.state, ()):
            result = granted(result, steps, sample)
        return Reply(output=result, submitted=start_reply(call), delay=DELAY)

    return answer


def start_reply(call: Call) -> Json:
    """What the start call of `.sync` and `.waitForTaskToken` returned: the plain action's answer. None for other tasks."""
    service, action, pattern = _parts(call.resource)
    if pattern not in ("sync", "sync:2", "waitForTaskToken"):
        return None
    return _plain(call, service, action)


def _result(call: Call) -> Json:
    service, action, pattern = _parts(call.resource)
    if pattern == "waitForTaskToken" or not service:
        return {}
    if pattern.startswith("sync"):
        job = _JOBS.get(f"{service}:{action}")
        if f"{service}:{action}" == "states:startExecution":
            return _child(call, parsed=pattern == "sync:2")
        return job(call, _id(call)) if job else _plain(call, service, action)
    return _plain(call, service, action)


def _plain(call: Call, service: str, action: str) -> Json:
    shape = _SHAPES.get(f"{service}:{action}")
    if service.startswith("aws-sdk:"):
        own = shape or _SHAPES.get(f"{service.removeprefix('aws-sdk:')}:{action}")
        return own(call, _id(call)) if own else {}
    result = shape(call, _id(call)) if shape else {}
    return result if service in _WITHOUT_METADATA else {**result, **_metadata(call)}


def _parts(resource: str) -> tuple[str, str, str]:
    """`arn:aws:states:::aws-sdk:s3:putObject` → ("aws-sdk:s3", "putObject", ""); function and activity ARNs → three blanks."""
    matched = re.fullmatch(
        r"arn:[\w-]+:states:::((?:aws-sdk:)?[\w-]+):([\w-]+)(?:\.(sync:2|sync|waitForTaskToken))?", resource
    )
    return (matched[1], matched[2], matched[3] or "") if matched else ("", "", "")


def _id(call: Call, part: str = "") -> str:
    """An identifier in the form of a UUID, the same for the same call."""
    digits = hashlib.sha256(f"{call.key}/{part}".encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"


def _given(call: Call, name: str, default: Json) -> Json:
    return call.given.get(name, default) if isinstance(call.given, dict) else default


def _md5(value: Json) -> str:
    body = value if isinstance(value, str) else text(value)
    return hashlib.md5(body.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def _metadata(call: Call) -> dict[str, Any]:
    request = _id(call, "request")
    headers = {"Content-Type": "application/x-amz-json-1.0", "x-amzn-RequestId": request}
    return {
        "SdkHttpMetadata": {
            "AllHttpHeaders": {name: [value] for name, value in headers.items()},
            "HttpHeaders": headers,
            "HttpStatusCode": 200,
        },
        "SdkResponseMetadata": {"RequestId": request},
    }


def _execution_arn(call: Call, own: str) -> str:
    machine = _given(call, "StateMachineArn", f"arn:aws:states:{_ACCOUNT}:stateMachine:child")
    return f"{machine}".replace(":stateMachine:", ":execution:") + f":{_given(call, 'Name', own)}"


def _child(call: Call, *, parsed: bool) -> dict[str, Any]:
    given = _given(call, "Input", {})
    if parsed:
        output: Json = {}
    else:
        given, output = (given if isinstance(given, str) else text(given)), "{}"
    return {
        "ExecutionArn": _execution_arn(call, _id(call)),
        "Input": given,
        "InputDetails": {"Included": True},
        "Name": _given(call, "Name", _id(call)),
        "Output": output,
        "OutputDetails": {"Included": True},
        "StartDate": _DATE,
        "StateMachineArn": _given(call, "StateMachineArn", f"arn:aws:states:{_ACCOUNT}:stateMachine:child"),
        "Status": "SUCCEEDED",
        "StopDate": _DATE,
    }


def _http(call: Call, own: str) -> dict[str, Any]:
    return {
        "Headers": {"content-type": ["application/json"]},
        "ResponseBody": {},
        "StatusCode": 200,
        "StatusText": "OK",
    }


def _ecs_task(call: Call, own: str) -> dict[str, Any]:
    arn = f"arn:aws:ecs:{_ACCOUNT}:task/{own}"
    return {"Containers": [], "LastStatus": "STOPPED", "StartedBy": "AWS Step Functions", "TaskArn": arn}


_WITHOUT_METADATA = ("events", "apigateway", "http")

_SHAPES: dict[str, Shape] = {
    "lambda:invoke": lambda call, own: {"ExecutedVersion": "$LATEST", "Payload": {}, "StatusCode": 200},
    "dynamodb:getItem": lambda call, own: {"Item": _given(call, "Key", {})},
    "dynamodb:putItem": lambda call, own: {},
    "dynamodb:updateItem": lambda call, own: (
        {"Attributes": {}} if _given(call, "ReturnValues", "NONE") != "NONE" else {}
    ),
    "dynamodb:deleteItem": lambda call, own: {},
    "dynamodb:query": lambda call, own: {"Count": 0, "Items": [], "ScannedCount": 0},
    "dynamodb:scan": lambda call, own: {"Count": 0, "Items": [], "ScannedCount": 0},
    "sqs:sendMessage": lambda call, own: {
        "MD5OfMessageBody": _md5(_given(call, "MessageBody", "")),
        "MessageId": own,
    },
    "sns:publish": lambda call, own: {"MessageId": own},
    "events:putEvents": lambda call, own: {
        "Entries": [
            {"EventId": _id(call, f"event {index}")} for index, _ in enumerate(_given(call, "Entries", None) or [None])
        ],
        "FailedEntryCount": 0,
    },
    "states:startExecution": lambda call, own: {"ExecutionArn": _execution_arn(call, own), "StartDate": _DATE},
    "sfn:startExecution": lambda call, own: {"ExecutionArn": _execution_arn(call, own), "StartDate": _DATE},
    "apigateway:invoke": _http,
    "http:invoke": _http,
    "s3:getObject": lambda call, own: {"Body": "", "ContentLength": 0, "ContentType": "text/plain", "ETag": f'"{own}"'},
    "s3:putObject": lambda call, own: {"ETag": f'"{_md5(own)}"', "ServerSideEncryption": "AES256"},
    "s3:listObjectsV2": lambda call, own: {"Contents": [], "IsTruncated": False, "KeyCount": 0},
    "secretsmanager:listSecrets": lambda call, own: {"SecretList": []},
    "ecs:runTask": lambda call, own: {"Failures": [], "Tasks": [_ecs_task(call, own)]},
    "batch:submitJob": lambda call, own: {"JobId": own, "JobName": _given(call, "JobName", "job")},
    "glue:startJobRun": lambda call, own: {"JobRunId": f"jr_{own}"},
    "athena:startQueryExecution": lambda call, own: {"QueryExecutionId": own},
    "codebuild:startBuild": lambda call, own: {"Build": {"Id": own, "BuildStatus": "IN_PROGRESS"}},
    "bedrock:invokeModel": lambda call, own: {"Body": {}, "ContentType": "application/json"},
    "sagemaker:createTrainingJob": lambda call, own: {"TrainingJobArn": f"arn:aws:sagemaker:{_ACCOUNT}:job/{own}"},
}

_JOBS: dict[str, Shape] = {
    "ecs:runTask": _ecs_task,
    "batch:submitJob": lambda call, own: {
        "JobId": own,
        "JobName": _given(call, "JobName", "job"),
        "Status": "SUCCEEDED",
    },
    "glue:startJobRun": lambda call, own: {
        "Id": f"jr_{own}",
        "JobName": _given(call, "JobName", "job"),
        "JobRunState": "SUCCEEDED",
    },
    "athena:startQueryExecution": lambda call, own: {
        "QueryExecution": {"QueryExecutionId": own, "Status": {"State": "SUCCEEDED"}}
    },
    "codebuild:startBuild": lambda call, own: {"Build": {"Id": own, "BuildStatus": "SUCCEEDED"}},
}

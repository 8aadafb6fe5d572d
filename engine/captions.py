"""What a graph says in a few words: the line under a state's name, and the condition on a Choice's arrow.

Short and exact, for eyes that know ASL: "DynamoDB GetItem · retry ×2", "Wait 20 s", `status = "OPEN" and total ≥ 500`.
Anything may be missing or of another type, because half-written documents are drawn too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.values import Json, text

LONGEST = 36
"""Characters of a caption or label before it is cut; the whole text goes along for those who point at it."""

SERVICES = {
    "apigateway": "API Gateway",
    "athena": "Athena",
    "batch": "Batch",
    "bedrock": "Bedrock",
    "bedrockruntime": "Bedrock",
    "cloudformation": "CloudFormation",
    "cloudwatch": "CloudWatch",
    "cloudwatchlogs": "CloudWatch Logs",
    "codebuild": "CodeBuild",
    "cognitoidentityprovider": "Cognito",
    "databrew": "DataBrew",
    "dynamodb": "DynamoDB",
    "ec2": "EC2",
    "ecs": "ECS",
    "eks": "EKS",
    "elasticmapreduce": "EMR",
    "emr-containers": "EMR on EKS",
    "emr-serverless": "EMR Serverless",
    "eventbridge": "EventBridge",
    "events": "EventBridge",
    "glue": "Glue",
    "http": "HTTP",
    "iam": "IAM",
    "kms": "KMS",
    "lambda": "Lambda",
    "mediaconvert": "MediaConvert",
    "rds": "RDS",
    "redshiftdata": "Redshift",
    "rekognition": "Rekognition",
    "s3": "S3",
    "sagemaker": "SageMaker",
    "secretsmanager": "Secrets Manager",
    "ses": "SES",
    "sesv2": "SES",
    "sfn": "Step Functions",
    "sns": "SNS",
    "sqs": "SQS",
    "ssm": "Systems Manager",
    "states": "Step Functions",
    "sts": "STS",
}
PATTERNS = {".sync": "wait for job", ".sync:2": "wait for job", ".waitForTaskToken": "callback"}

_SERVICE = re.compile(r"arn:[\w-]+:states:::(?:aws-sdk:)?([\w-]+):([\w-]+)(\.sync:2|\.sync|\.waitForTaskToken)?")
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))
_RETRIES = 3
"""MaxAttempts where a retrier does not say."""


def caption(state: Mapping[str, Json]) -> str:
    """One line for a state: what it does, and what stands out."""
    kind = state.get("Type")
    parts = [_DOES.get(kind, _plain)(state) if isinstance(kind, str) else "no Type"]
    if retries := _retries(state.get("Retry")):
        parts.append(f"retry ×{retries}")
    return " · ".join(parts)


def service(resource: Json) -> str:
    """The service of a resource, as a key of `SERVICES`: "lambda" for functions, "" for what is unknown.

    >>> service("arn:aws:states:::aws-sdk:s3:putObject"), service("arn:aws:lambda:us-east-1:1:function:f")
    ('s3', 'lambda')
    """
    if not isinstance(resource, str):
        return ""
    if matched := _SERVICE.fullmatch(resource):
        return matched[1]
    return "lambda" if re.match(r"arn:[\w-]+:lambda:", resource) else ""


def cut(label: str, longest: int = LONGEST) -> str:
    """At most `longest` characters on one line."""
    label = " ".join(label.split())
    return label if len(label) <= longest else label[: longest - 1].rstrip() + "…"


def condition(rule: Json) -> str:
    """A Choice rule as a sentence, uncut: `status = "OPEN" and not total is null`."""
    if not isinstance(rule, Mapping):
        return "?"
    if "Condition" in rule:
        return _expression(rule["Condition"])
    for word in ("And", "Or"):
        if isinstance(members := rule.get(word), list):
            return f" {word.lower()} ".join(_grouped(member, word) for member in members)
    if "Not" in rule:
        return f"not {_grouped(rule['Not'], 'Not')}"
    subject = path(rule.get("Variable", "?"))
    for name, operand in rule.items():
        if name in _TESTS:
            yes, no = _TESTS[name]
            return f"{subject} {no if operand is False else yes}"
        if matched := _COMPARISON.fullmatch(name):
            right = path(operand) if matched[3] else text(operand)
            return f"{subject} {_SIGNS[matched[2]]} {right}"
    return subject


def path(value: Json) -> str:
    """A path without its leading `$.`; the context object and variables keep their dollars."""
    if not isinstance(value, str):
        return text(value)
    return value[2:] if value.startswith("$.") else value


_SIGNS = {
    "Equals": "=",
    "LessThan": "<",
    "LessThanEquals": "≤",
    "GreaterThan": ">",
    "GreaterThanEquals": "≥",
    "Matches": "matches",
}
_COMPARISON = re.compile(
    r"(String|Numeric|Timestamp|Boolean)(Equals|LessThanEquals|LessThan|GreaterThanEquals|GreaterThan|Matches)(Path)?"
)
_TESTS = {
    "IsNull": ("is null", "is not null"),
    "IsPresent": ("is present", "is absent"),
    "IsNumeric": ("is a number", "is no number"),
    "IsString": ("is a text", "is no text"),
    "IsBoolean": ("is a boolean", "is no boolean"),
    "IsTimestamp": ("is a timestamp", "is no timestamp"),
}


def _grouped(rule: Json, inside: str) -> str:
    """A rule within And, Or or Not, in parentheses where it would be misread without."""
    nested = isinstance(rule, Mapping) and any(word in rule and word != inside for word in ("And", "Or"))
    return f"({condition(rule)})" if nested else condition(rule)


def _expression(value: Json) -> str:
    """JSONata without its fence and without `$states.input.`, which every condition starts with."""
    if not isinstance(value, str):
        return text(value)
    inner = value.removeprefix("{%").removesuffix("%}").strip()
    return inner.replace("$states.input.", "")


def _task(state: Mapping[str, Json]) -> str:
    resource = state.get("Resource")
    if not isinstance(resource, str):
        return "no Resource"
    if matched := _SERVICE.fullmatch(resource):
        name, action, pattern = matched.groups()
        words = f"{SERVICES.get(name, name)} {action[:1].upper()}{action[1:]}"
        return f"{words} · {PATTERNS[pattern]}" if pattern else words
    if service(resource):
        return "Lambda"
    return "Activity" if ":activity:" in resource else "Task"


def _wait(state: Mapping[str, Json]) -> str:
    for field, words in (
        ("Seconds", "Wait"),
        ("SecondsPath", "Wait for"),
        ("Timestamp", "Wait until"),
        ("TimestampPath", "Wait until"),
    ):
        value = state.get(field)
        if isinstance(value, (int, float)):
            return f"{words} {_time(value)}"
        if isinstance(value, str):
            return cut(f"{'Wait for' if words == 'Wait' else words} {path(_expression(value))}")
    return "Wait"


def _time(seconds: float) -> str:
    for size, unit in _UNITS:
        if seconds >= size and seconds % size == 0 and not (unit == "min" and seconds < 120):
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _fail(state: Mapping[str, Json]) -> str:
    error = state.get("Error")
    return cut(f"Fail · {_expression(error)}") if isinstance(error, str) else "Fail"


def _choice(state: Mapping[str, Json]) -> str:
    return "Choice" if "Default" in state else "Choice · no default"


def _parallel(state: Mapping[str, Json]) -> str:
    branches = state.get("Branches")
    count = len(branches) if isinstance(branches, list) else 0
    return f"Parallel · {count} branch{'' if count == 1 else 'es'}"


def _map(state: Mapping[str, Json]) -> str:
    processor = state.get("ItemProcessor")
    config: Any = processor.get("ProcessorConfig") if isinstance(processor, Mapping) else None
    distributed = isinstance(config, Mapping) and config.get("Mode") == "DISTRIBUTED"
    words = "Distributed map" if distributed else "Map"
    at_once = state.get("MaxConcurrency")
    return f"{words} · {at_once} at a time" if isinstance(at_once, int) and at_once > 0 else words


def _plain(state: Mapping[str, Json]) -> str:
    return cut(str(state.get("Type")))


_DOES = {"Task": _task, "Wait": _wait, "Fail": _fail, "Choice": _choice, "Parallel": _parallel, "Map": _map}


def _retries(retriers: Json) -> int:
    """The most retries that any one retrier allows."""
    return max(_attempts(retriers), default=0)


def _attempts(retriers: Json) -> Iterator[int]:
    for retrier in retriers if isinstance(retriers, list) else ():
        if isinstance(retrier, Mapping):
            attempts = retrier.get("MaxAttempts", _RETRIES)
            yield int(attempts) if isinstance(attempts, (int, float)) else _RETRIES

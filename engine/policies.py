"""The least that the role of a workflow must be allowed, worked out from what its states call.

One statement per action and place, with the resource named where the definition names it: a literal name or ARN, or a `${…}`
that a deployment fills in. What is only known when it runs (a path, an expression) is allowed for all resources of that
kind, and the statement's note says so. A `.sync` call also needs to look at the job and stop it, and most need the events rule
that Step Functions keeps for that service. Logs and traces are added when they are asked for.

The tables follow the developer guide's policies for integrated services, and the service authorization reference where an
API call and the action that allows it have different names. Resources are written as CloudFormation's Fn::Sub reads them:
`${AWS::Partition}`, `${AWS::Region}` and `${AWS::AccountId}` stand in for what only the deployment knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from engine.outline import Spot, is_distributed, spots
from engine.placeholders import is_jsonata
from engine.policies_sdk import sdk_actions, sdk_need
from engine.policies_table import ANY, DIRECT, LOGS, MAP_RUN, RULE, RULE_ACTIONS, TRACES, WIDE, Need
from engine.resources import is_foreign
from engine.resources import resource as taken_apart
from engine.values import Json

UNKNOWN = "which one is only known when it runs"
UNSAID = "the definition does not name it"
_WHOLE = re.compile(r"\$\{[^{}]*\}")
_QUEUE = re.compile(r"https://sqs\.([\w-]+|\$\{[^{}]*\})\.[\w.-]+/(\d+|\$\{[^{}]*\})/([\w.-]+|\$\{[^{}]*\})")
_ENDPOINT = re.compile(r"([\w-]+|\$\{[^{}]*\})\.execute-api\..*")


@dataclass(frozen=True, slots=True)
class Statement:
    """What one statement of an IAM policy allows, and for which states."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    states: tuple[str, ...] = ()
    note: str = ""
    """Why it is wider than it might be, or what else must be looked at."""
    condition: Mapping[str, Json] = field(default_factory=dict)


def statements(
    document: Json, known: Mapping[str, Json] | None = None, *, logs: bool = False, traces: bool = False
) -> tuple[Statement, ...]:
    """The statements that a workflow's role needs, in the order of its states; equal ones are one.

    `known` is what the holes of the definition are filled with, where that is known: it tells an ARN from a name.
    """
    found: dict[tuple[object, ...], Statement] = {}
    for spot in spots(document):
        for one in _of_state(spot, known or {}):
            key = (one.actions, one.note, str(one.condition))
            before = found.get(key)
            if before is None:
                found[key] = one
                continue
            resources = tuple(dict.fromkeys((*before.resources, *one.resources)))
            found[key] = replace(
                before, resources=resources, states=tuple(dict.fromkeys((*before.states, *one.states)))
            )
    asked = (*((LOGS,) if logs else ()), *((TRACES,) if traces else ()))
    return (*found.values(), *(Statement(actions, ("*",), (), note) for actions, note in asked))


def told(one: Statement) -> list[str]:
    """For which states a statement is, and its note, as lines of a comment."""
    lines = [", ".join(one.states)] if one.states else []
    lines += [one.note] if one.note else []
    return [" ".join(line.split()) for line in lines]


def _of_state(spot: Spot, known: Mapping[str, Json]) -> Iterator[Statement]:
    if spot.type == "Map" and is_distributed(spot):
        yield from _map_run(spot, known)
    called = spot.source.get("Resource")
    if spot.type != "Task" or not isinstance(called, str):
        return
    role = spot.source.get("Credentials")
    if isinstance(role, dict):
        arn = _named(_given(role, "RoleArn"), "{}", known)
        yield Statement(("sts:AssumeRole",), (arn or "*",), (spot.name,), "" if arn else UNKNOWN)
        return
    parts = taken_apart(called)
    if parts.how == "activity" or is_foreign(called):
        return
    if parts.how == "lambda":
        yield Statement(("lambda:InvokeFunction",), _with_versions(called), (spot.name,))
        return
    action = parts.action.removesuffix(f".{parts.pattern}") if parts.pattern else parts.action
    given = spot.source.get("Arguments", spot.source.get("Parameters"))
    given = given if isinstance(given, dict) else {}
    service = parts.resource_type
    if service == "http":
        yield from _http(spot.name, given, known)
        return
    need = DIRECT.get((service, action))
    if need is None and service.startswith("aws-sdk:"):
        need = sdk_need(service.removeprefix("aws-sdk:"), action, given)
    if need is None:
        need = Need(sdk_actions(service, action), note=WIDE)
    yield from _needed(spot.name, need, given, parts.pattern, known)


def _needed(
    state: str, need: Need, given: Mapping[str, Json], pattern: str, known: Mapping[str, Json]
) -> Iterator[Statement]:
    resources, note = _resources(need, given, known)
    waits = pattern.startswith("sync")
    same_place = waits and need.job and need.job_form == need.form
    if need.actions:
        yield Statement((*need.actions, *(need.job if same_place else ())), resources, (state,), note or need.note)
    if waits and need.job and not same_place:
        yield Statement(need.job, (_job(need, resources),), (state,))
    if waits and need.rule:
        yield Statement(
            RULE_ACTIONS, (RULE.format(need.rule),), (state,), "the rule by which Step Functions hears of the end"
        )
    if need.passes:
        roles = tuple(dict.fromkeys(_roles(given, known)))
        condition = {"StringEquals": {"iam:PassedToService": need.passes}}
        yield Statement(("iam:PassRole",), roles or ("*",), (state,), "" if roles else UNSAID, condition)


def _resources(need: Need, given: Mapping[str, Json], known: Mapping[str, Json]) -> tuple[tuple[str, ...], str]:
    """The resources that a call names, and a note where it names none."""
    if need.form == ANY:
        return ("*",), ""
    for name in need.fields:
        value = _given(given, name)
        if value is None:
            continue
        if name == "QueueUrl":
            return _queue(value, need.form)
        if name == "ApiEndpoint":
            return _endpoint(given, need.form)
        arn = _named(value, need.form, known)
        if arn is None:
            return (need.form.format("*"),), UNKNOWN
        return (_with_versions(arn) if need.form.endswith(":function:{}") else (arn,)), ""
    return ((need.form.format(need.otherwise),), "") if need.otherwise else ((need.form.format("*"),), UNSAID)


def _given(given: Mapping[str, Json], name: str) -> Json:
    """A parameter's value; that of `Name.$` and of an expression is not known: an object that is no text."""
    if f"{name}.$" in given:
        return {}
    value = given.get(name)
    return {} if is_jsonata(value) else value


def _named(value: Json, form: str, known: Mapping[str, Json]) -> str | None:
    """The ARN of what a parameter names: an ARN as it is, a name in its form; None for what is not known yet."""
    if not isinstance(value, str) or not value:
        return None
    if value.startswith("arn:"):
        return value
    if _WHOLE.fullmatch(value):
        name = value[2:-1].strip()
        filled = known.get(name, name)
        return value if "arn" in str(filled).lower() else form.format(value)
    return form.format(value)


def _with_versions(arn: str) -> tuple[str, ...]:
    """A function and its versions and aliases, unless one of those is named."""
    return (arn,) if re.search(r":function:[^:]+:[^:]+$", arn) else (arn, f"{arn}:*")


def _queue(value: Json, form: str) -> tuple[tuple[str, ...], str]:
    match = _QUEUE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        told = (
            "a queue is named by its URL here, and allowed by its ARN: put that in"
            if isinstance(value, str)
            else UNKNOWN
        )
        return (form.format("*"),), told
    region, account, name = match.groups()
    return (f"arn:${{AWS::Partition}}:sqs:{region}:{account}:{name}",), ""


def _endpoint(given: Mapping[str, Json], form: str) -> tuple[tuple[str, ...], str]:
    endpoint = _given(given, "ApiEndpoint")
    match = _ENDPOINT.fullmatch(endpoint) if isinstance(endpoint, str) else None
    if match is None:
        return (form.format("*"),), UNKNOWN
    texts = [given.get(name) for name in ("Stage", "Method", "Path")]
    stage, method, path = (value if isinstance(value, str) and not is_jsonata(value) else "*" for value in texts)
    return (form.format("/".join((match.group(1), stage, method, path.lstrip("/") or "*"))),), ""


def _job(need: Need, resources: tuple[str, ...]) -> str:
    """Where the job that was started is; an execution stands under the name of its machine."""
    first = resources[0]
    if need.job_form.endswith(":execution:{}") and ":stateMachine:" in first:
        return first.replace(":stateMachine:", ":execution:") + ":*"
    return need.job_form if need.job_form == ANY else need.job_form.format("*")


def _roles(given: Json, known: Mapping[str, Json]) -> Iterator[str]:
    """The roles that a call hands on, wherever they stand in its parameters."""
    if isinstance(given, dict):
        for name, value in given.items():
            if name in (
                "Role",
                "RoleArn",
                "ExecutionRoleArn",
                "JobFlowRole",
                "ServiceRole",
                "TaskRoleArn",
            ) and isinstance(value, str):
                if not is_jsonata(value):
                    yield _named(value, "arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/{}", known) or "*"
            else:
                yield from _roles(value, known)
    elif isinstance(given, list):
        for value in given:
            yield from _roles(value, known)


def _http(state: str, given: Mapping[str, Json], known: Mapping[str, Json]) -> Iterator[Statement]:
    """An HTTP task: the endpoint, the connection's credentials, and the secret that they are kept in."""
    condition: dict[str, Json] = {}
    method, endpoint = _given(given, "Method"), _given(given, "ApiEndpoint")
    if isinstance(method, str):
        condition["StringEquals"] = {"states:HTTPMethod": method}
    if isinstance(endpoint, str):
        condition["StringLike"] = {"states:HTTPEndpoint": endpoint}
    own = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:*"
    yield Statement(
        ("states:InvokeHTTPEndpoint",), (own,), (state,), "" if "StringLike" in condition else UNKNOWN, condition
    )
    holder = given.get("Authentication", given.get("InvocationConfig"))
    arn = _named(_given(holder, "ConnectionArn"), "{}", known) if isinstance(holder, dict) else None
    any_ = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:connection/*"
    yield Statement(("events:RetrieveConnectionCredentials",), (arn or any_,), (state,), "" if arn else UNKNOWN)
    secret = "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:events!connection/*"
    yield Statement(("secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"), (secret,), (state,))


def _map_run(spot: Spot, known: Mapping[str, Json]) -> Iterator[Statement]:
    """A distributed Map starts executions of its own workflow, reads its items and writes its results."""
    for own, resource in MAP_RUN:
        yield Statement(own, (resource,), (spot.name,), "name the workflow itself here once it has its name")
    parts: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("ItemReader", ("s3:GetObject",)),
        ("ResultWriter", ("s3:PutObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload")),
    )
    for part, actions in parts:
        source = spot.source.get(part)
        if not isinstance(source, dict) or "s3" not in str(source.get("Resource")):
            continue
        given = source.get("Arguments", source.get("Parameters"))
        bucket = (
            _named(_given(given, "Bucket"), "arn:${{AWS::Partition}}:s3:::{}", known)
            if isinstance(given, dict)
            else None
        )
        note = "" if bucket else UNKNOWN
        whole = bucket or "arn:${AWS::Partition}:s3:::*"
        yield Statement(actions, (f"{whole}/*" if bucket else "*",), (spot.name,), note)
        if "listObjects" in str(source["Resource"]):
            yield Statement(("s3:ListBucket",), (whole,), (spot.name,), note)

"""Which resources a Task may call: the service integrations with their actions and patterns.

The table is as the developer guide lists it. The service adds to it now and then, so an action that is not listed is an
error only for services whose list is short and settled; for the others it is a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from engine.model import Resource
from engine.placeholders import PLACEHOLDER, is_placeholder
from engine.problems import SCHEMA, Problem, problem
from engine.values import Json

_PATTERN = re.compile(r"\.(sync:2|sync|waitForTaskToken)$")
_FUNCTION = re.compile(r"arn:[\w-]+:lambda:[^:]+:[^:]+:function:.+")
_FOREIGN = re.compile(r"[a-z][\w+.-]*://|arn:[\w-]*:(?!states:|lambda:)[\w-]+:")
"""Schemes of other runners (`docker://…`), and ARNs of services that Step Functions calls in another way."""


@dataclass(frozen=True, slots=True)
class Integration:
    """One service: its actions, and which of them can wait for the job (`.sync`) or for a callback."""

    actions: tuple[str, ...]
    sync: tuple[str, ...] = ()
    callback: bool = False
    settled: bool = False
    """The list is complete: another action is an error."""


INTEGRATIONS: Mapping[str, Integration] = {
    "apigateway": Integration(("invoke",), callback=True, settled=True),
    "athena": Integration(
        ("startQueryExecution", "stopQueryExecution", "getQueryExecution", "getQueryResults"), ("startQueryExecution",)
    ),
    "batch": Integration(("submitJob",), ("submitJob",)),
    "bedrock": Integration(
        ("invokeModel", "createModelCustomizationJob"), ("createModelCustomizationJob",), callback=True
    ),
    "codebuild": Integration(
        (
            "startBuild",
            "stopBuild",
            "batchDeleteBuilds",
            "batchGetReports",
            "startBuildBatch",
            "stopBuildBatch",
            "retryBuildBatch",
            "deleteBuildBatch",
        ),
        ("startBuild", "startBuildBatch", "retryBuildBatch"),
    ),
    "databrew": Integration(("startJobRun",), ("startJobRun",)),
    "dynamodb": Integration(("getItem", "putItem", "updateItem", "deleteItem"), settled=True),
    "ecs": Integration(("runTask",), ("runTask",), callback=True),
    "eks": Integration(
        (
            "call",
            "runJob",
            "createCluster",
            "deleteCluster",
            "createNodegroup",
            "deleteNodegroup",
            "createFargateProfile",
            "deleteFargateProfile",
        ),
        (
            "runJob",
            "createCluster",
            "deleteCluster",
            "createNodegroup",
            "deleteNodegroup",
            "createFargateProfile",
            "deleteFargateProfile",
        ),
        callback=True,
    ),
    "elasticmapreduce": Integration(
        (
            "createCluster",
            "terminateCluster",
            "addStep",
            "cancelStep",
            "setClusterTerminationProtection",
            "modifyInstanceFleetByName",
            "modifyInstanceGroupByName",
        ),
        ("createCluster", "terminateCluster", "addStep"),
    ),
    "emr-containers": Integration(
        ("createVirtualCluster", "deleteVirtualCluster", "startJobRun"), ("deleteVirtualCluster", "startJobRun")
    ),
    "emr-serverless": Integration(
        (
            "createApplication",
            "startApplication",
            "stopApplication",
            "deleteApplication",
            "startJobRun",
            "cancelJobRun",
        ),
        (
            "createApplication",
            "startApplication",
            "stopApplication",
            "deleteApplication",
            "startJobRun",
            "cancelJobRun",
        ),
    ),
    "events": Integration(("putEvents",), callback=True, settled=True),
    "glue": Integration(("startJobRun",), ("startJobRun",)),
    "http": Integration(("invoke",), settled=True),
    "lambda": Integration(("invoke",), callback=True, settled=True),
    "mediaconvert": Integration(("createJob",), ("createJob",)),
    "sagemaker": Integration(
        (
            "createEndpoint",
            "createEndpointConfig",
            "createHyperParameterTuningJob",
            "createLabelingJob",
            "createModel",
            "createProcessingJob",
            "createTrainingJob",
            "createTransformJob",
            "updateEndpoint",
        ),
        (
            "createHyperParameterTuningJob",
            "createLabelingJob",
            "createProcessingJob",
            "createTrainingJob",
            "createTransformJob",
        ),
    ),
    "sns": Integration(("publish",), callback=True, settled=True),
    "sqs": Integration(("sendMessage",), callback=True, settled=True),
    "states": Integration(("startExecution",), ("startExecution",), callback=True, settled=True),
}


def resource(arn: str) -> Resource:
    """A Task's Resource taken apart; a text that is no ARN of Step Functions is taken for a Lambda function."""
    parts = PLACEHOLDER.sub("_", arn).split(":", 5)
    if len(parts) == 6 and parts[0] == "arn" and parts[2] == "states":
        if parts[5].startswith("activity:"):
            return Resource(arn, "activity")
        if not parts[3] and not parts[4]:
            called = arn.split(":::", 1)[1] if ":::" in arn else parts[5]
            kind, _, action = called.rpartition(":")
            if action == "2" and kind.endswith(".sync"):
                kind, _, action = called[:-2].rpartition(":")
                action += ":2"
            found = _PATTERN.search(action)
            return Resource(arn, "service", kind, action, cast(Any, found.group(1)) if found else "")
    return Resource(arn, "lambda")


def resource_problems(arn: str, at: str, workflow_type: str) -> Iterator[Problem]:
    """What the service has against a Task's Resource at the place `at`."""
    called = resource(arn)
    if called.how == "activity":
        if workflow_type == "EXPRESS":
            yield Problem(SCHEMA, at, "Express state machine does not support Activity ARN")
        return
    if called.how == "lambda":
        if is_foreign(arn):
            yield problem("foreign-resource", at, resource=arn)
        elif not is_placeholder(arn) and not _FUNCTION.fullmatch(arn):
            yield _unknown(arn, at)
        return
    if workflow_type == "EXPRESS" and called.pattern:
        # The blank at the end of the second sentence is the service's own.
        callback = called.pattern == "waitForTaskToken"
        shown = "'.waitForTaskToken' service integration " if callback else "'.sync' service integration"
        yield Problem(SCHEMA, at, f"Express state machine does not support {shown}")
        return
    if is_placeholder(called.resource_type) or is_placeholder(called.action):
        return
    if called.resource_type.startswith("aws-sdk:"):
        if called.pattern.startswith("sync"):
            yield _unknown(arn, at)
        return
    known = INTEGRATIONS.get(called.resource_type)
    if known is None:
        yield _unknown(arn, at)
        return
    action = called.action.removesuffix("." + called.pattern) if called.pattern else called.action
    if action not in known.actions:
        if known.settled:
            yield _unknown(arn, at)
        else:
            known_actions = ", ".join(known.actions)
            yield problem("unknown-action", at, action=action, service=called.resource_type, known=known_actions)
    elif (called.pattern.startswith("sync") and action not in known.sync) or (
        called.pattern == "waitForTaskToken" and not known.callback
    ):
        yield _unknown(arn, at)


def is_foreign(arn: Json) -> bool:
    """Does a Resource belong to another program that runs this language?"""
    return isinstance(arn, str) and resource(arn).how == "lambda" and _FOREIGN.match(arn) is not None


def _unknown(arn: str, at: str) -> Problem:
    return Problem(
        SCHEMA,
        at,
        f"The resource provided {arn} is not recognized. The value is not a valid resource ARN, or the resource is not "
        "available in this region.",
    )

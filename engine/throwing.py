"""The errors that a task may meet, for a list to choose from: those of Step Functions, and those of the service it calls.

Names of a service's exceptions are those of its SDK's model, with the prefix that Step Functions puts before them: the
integration's own name for an optimized one (`DynamoDB.…`), the SDK's for `aws-sdk:` (`DynamoDb.…`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from engine.resources import resource
from engine.shapes import exceptions

ANY_TASK = ("States.Timeout", "States.TaskFailed", "States.Permissions")
HEARTBEAT = "States.HeartbeatTimeout"
LAMBDA = (
    "Lambda.ServiceException",
    "Lambda.TooManyRequestsException",
    "Lambda.SdkClientException",
    "Lambda.AWSLambdaException",
    "Lambda.ResourceNotFoundException",
    "Lambda.Unknown",
)
HTTP = ("States.Http.Socket", "States.Http.StatusCode.404", "States.Http.StatusCode.429", "States.Http.StatusCode.500")

PREFIX: Mapping[str, str] = {
    "apigateway": "ApiGateway",
    "athena": "Athena",
    "batch": "Batch",
    "bedrock": "Bedrock",
    "codebuild": "CodeBuild",
    "databrew": "DataBrew",
    "dynamodb": "DynamoDB",
    "ecs": "ECS",
    "eks": "EKS",
    "elasticmapreduce": "ElasticMapReduce",
    "events": "EventBridge",
    "glue": "Glue",
    "mediaconvert": "MediaConvert",
    "sagemaker": "SageMaker",
    "sns": "SNS",
    "sqs": "SQS",
    "states": "StepFunctions",
}
"""Of optimized integrations, by the service in the ARN."""

SDK_PREFIX: Mapping[str, str] = {
    "dynamodb": "DynamoDb",
    "cloudwatchlogs": "CloudWatchLogs",
    "secretsmanager": "SecretsManager",
    "eventbridge": "EventBridge",
    "sagemaker": "SageMaker",
    "sfn": "Sfn",
    "apigateway": "ApiGateway",
    "ssm": "Ssm",
}
"""Of `aws-sdk:` integrations whose name is not simply the service's with a capital."""


@lru_cache(maxsize=256)
def errors(arn: str) -> tuple[str, ...]:
    """Names that a task with this resource may fail with, the likeliest first."""
    called = resource(arn)
    if called.how == "lambda" or called.resource_type == "lambda":
        return (*LAMBDA, *ANY_TASK)
    if called.how == "activity":
        return (HEARTBEAT, *ANY_TASK)
    waits = (HEARTBEAT,) if called.pattern == "waitForTaskToken" else ()
    if called.resource_type == "http":
        return (*HTTP, *ANY_TASK)
    return (*(f"{_prefix(called.resource_type)}.{name}" for name in exceptions(called)), *waits, *ANY_TASK)


def _prefix(service: str) -> str:
    if not service.startswith("aws-sdk:"):
        return PREFIX.get(service, service.capitalize())
    name = service.removeprefix("aws-sdk:")
    return SDK_PREFIX.get(name, name.capitalize())

"""The actions that workflows use most, each with arguments to start from: what the palette shows before anyone searches.

Arguments are written once, in JSONPath; `spoken` says them in JSONata. Values that only the owner of an account knows are
placeholders: `${TableName}` is filled at deployment, and a substitution table may fill it before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.values import Json

LAMBDA_ERRORS = [
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
]
RETRIES: list[Json] = [{"ErrorEquals": LAMBDA_ERRORS, "IntervalSeconds": 1, "MaxAttempts": 3, "BackoffRate": 2}]
"""What AWS advises for every call of Lambda."""


@dataclass(frozen=True, slots=True)
class Action:
    """A row of the palette. `call` is what stands in the ARN behind `arn:aws:states:::`."""

    call: str
    title: str
    arguments: Mapping[str, Json]
    name: str = ""
    """Of the new state; the title when empty."""
    more: Mapping[str, Json] = field(default_factory=dict)
    """Further fields, the same in both query languages."""


_TOKEN = {"taskToken.$": "$$.Task.Token", "input.$": "$"}
_KEY = {"id": {"S.$": "$.id"}}

ACTIONS: tuple[Action, ...] = (
    Action(
        "lambda:invoke",
        "Lambda: Invoke",
        {"FunctionName": "${FunctionName}", "Payload.$": "$"},
        "Invoke function",
        {"Retry": RETRIES},
    ),
    Action(
        "lambda:invoke.waitForTaskToken",
        "Lambda: Invoke and wait for callback",
        {"FunctionName": "${FunctionName}", "Payload": _TOKEN},
        "Invoke and wait",
        {"TimeoutSeconds": 3600, "Retry": RETRIES},
    ),
    Action("dynamodb:getItem", "DynamoDB: GetItem", {"TableName": "${TableName}", "Key": _KEY}, "Get item"),
    Action(
        "dynamodb:putItem",
        "DynamoDB: PutItem",
        {"TableName": "${TableName}", "Item": {**_KEY, "status": {"S": "NEW"}}},
        "Put item",
    ),
    Action(
        "dynamodb:updateItem",
        "DynamoDB: UpdateItem",
        {
            "TableName": "${TableName}",
            "Key": _KEY,
            "UpdateExpression": "SET #status = :status",
            "ExpressionAttributeNames": {"#status": "status"},
            "ExpressionAttributeValues": {":status": {"S": "DONE"}},
        },
        "Update item",
    ),
    Action("dynamodb:deleteItem", "DynamoDB: DeleteItem", {"TableName": "${TableName}", "Key": _KEY}, "Delete item"),
    Action(
        "aws-sdk:dynamodb:query",
        "DynamoDB: Query",
        {
            "TableName": "${TableName}",
            "KeyConditionExpression": "id = :id",
            "ExpressionAttributeValues": {":id": {"S.$": "$.id"}},
        },
        "Query table",
    ),
    Action("sns:publish", "SNS: Publish", {"TopicArn": "${TopicArn}", "Message.$": "$"}, "Publish message"),
    Action("sqs:sendMessage", "SQS: SendMessage", {"QueueUrl": "${QueueUrl}", "MessageBody.$": "$"}, "Send message"),
    Action(
        "sqs:sendMessage.waitForTaskToken",
        "SQS: SendMessage and wait for callback",
        {"QueueUrl": "${QueueUrl}", "MessageBody": _TOKEN},
        "Send and wait",
        {"TimeoutSeconds": 3600, "HeartbeatSeconds": 300},
    ),
    Action(
        "events:putEvents",
        "EventBridge: PutEvents",
        {
            "Entries": [
                {
                    "EventBusName": "default",
                    "Source": "my.application",
                    "DetailType": "something happened",
                    "Detail.$": "$",
                }
            ]
        },
        "Put event",
    ),
    Action(
        "states:startExecution.sync:2",
        "Step Functions: StartExecution and wait",
        {
            "StateMachineArn": "${StateMachineArn}",
            "Input": {"input.$": "$", "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$": "$$.Execution.Id"},
        },
        "Run workflow",
    ),
    Action(
        "states:startExecution",
        "Step Functions: StartExecution",
        {
            "StateMachineArn": "${StateMachineArn}",
            "Input": {"input.$": "$", "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$": "$$.Execution.Id"},
        },
        "Start workflow",
    ),
    Action(
        "http:invoke",
        "HTTP: call an API",
        {
            "ApiEndpoint": "https://api.example.com/orders",
            "Method": "GET",
            "Authentication": {"ConnectionArn": "${ConnectionArn}"},
        },
        "Call API",
    ),
    Action(
        "apigateway:invoke",
        "API Gateway: Invoke",
        {"ApiEndpoint": "${ApiEndpoint}", "Method": "GET", "Stage": "prod", "Path": "/orders", "AuthType": "IAM_ROLE"},
        "Call gateway",
    ),
    Action(
        "bedrock:invokeModel",
        "Bedrock: InvokeModel",
        {
            "ModelId": "${ModelId}",
            "Body": {
                "anthropic_version": "bedrock-2023-05-31",
                "max_tokens": 500,
                "messages": [{"role": "user", "content.$": "$.prompt"}],
            },
        },
        "Invoke model",
    ),
    Action(
        "aws-sdk:bedrockruntime:converse",
        "Bedrock: Converse",
        {"ModelId": "${ModelId}", "Messages": [{"Role": "user", "Content": [{"Text.$": "$.prompt"}]}]},
        "Converse",
    ),
    Action(
        "ecs:runTask.sync",
        "ECS: RunTask and wait",
        {"LaunchType": "FARGATE", "Cluster": "${ClusterArn}", "TaskDefinition": "${TaskDefinitionArn}"},
        "Run task",
    ),
    Action(
        "batch:submitJob.sync",
        "Batch: SubmitJob and wait",
        {"JobName": "job", "JobDefinition": "${JobDefinitionArn}", "JobQueue": "${JobQueueArn}"},
        "Submit job",
    ),
    Action("glue:startJobRun.sync", "Glue: StartJobRun and wait", {"JobName": "${JobName}"}, "Run Glue job"),
    Action(
        "athena:startQueryExecution.sync",
        "Athena: StartQueryExecution and wait",
        {"QueryString": "SELECT 1", "WorkGroup": "primary"},
        "Run query",
    ),
    Action(
        "athena:getQueryResults",
        "Athena: GetQueryResults",
        {"QueryExecutionId.$": "$.QueryExecution.QueryExecutionId"},
        "Get query results",
    ),
    Action("codebuild:startBuild.sync", "CodeBuild: StartBuild and wait", {"ProjectName": "${ProjectName}"}, "Build"),
    Action("databrew:startJobRun.sync", "DataBrew: StartJobRun and wait", {"Name": "${JobName}"}, "Run DataBrew job"),
    Action(
        "elasticmapreduce:addStep.sync",
        "EMR: AddStep and wait",
        {
            "ClusterId": "${ClusterId}",
            "Step": {
                "Name": "step",
                "ActionOnFailure": "CONTINUE",
                "HadoopJarStep": {"Jar": "command-runner.jar", "Args": ["spark-submit", "${Script}"]},
            },
        },
        "Add EMR step",
    ),
    Action(
        "emr-serverless:startJobRun.sync",
        "EMR Serverless: StartJobRun and wait",
        {
            "ApplicationId": "${ApplicationId}",
            "ExecutionRoleArn": "${ExecutionRoleArn}",
            "JobDriver": {"SparkSubmit": {"EntryPoint": "${Script}"}},
        },
        "Run EMR job",
    ),
    Action(
        "sagemaker:createTransformJob.sync",
        "SageMaker: CreateTransformJob and wait",
        {
            "ModelName": "${ModelName}",
            "TransformJobName.$": "$$.Execution.Name",
            "TransformInput": {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "${InputUri}"}}},
            "TransformOutput": {"S3OutputPath": "${OutputUri}"},
            "TransformResources": {"InstanceCount": 1, "InstanceType": "ml.m5.large"},
        },
        "Transform",
    ),
    Action("aws-sdk:s3:getObject", "S3: GetObject", {"Bucket": "${Bucket}", "Key.$": "$.key"}, "Get object"),
    Action(
        "aws-sdk:s3:putObject", "S3: PutObject", {"Bucket": "${Bucket}", "Key.$": "$.key", "Body.$": "$"}, "Put object"
    ),
    Action(
        "aws-sdk:s3:copyObject",
        "S3: CopyObject",
        {"Bucket": "${Bucket}", "Key.$": "$.key", "CopySource": "${SourceBucket}/source-key"},
        "Copy object",
    ),
    Action(
        "aws-sdk:s3:listObjectsV2", "S3: ListObjectsV2", {"Bucket": "${Bucket}", "Prefix": "incoming/"}, "List objects"
    ),
    Action("aws-sdk:s3:deleteObject", "S3: DeleteObject", {"Bucket": "${Bucket}", "Key.$": "$.key"}, "Delete object"),
    Action(
        "aws-sdk:secretsmanager:getSecretValue",
        "Secrets Manager: GetSecretValue",
        {"SecretId": "${SecretId}"},
        "Get secret",
    ),
    Action("aws-sdk:ssm:getParameter", "Systems Manager: GetParameter", {"Name": "${Parameter}"}, "Get parameter"),
    Action(
        "aws-sdk:sesv2:sendEmail",
        "SES: SendEmail",
        {
            "FromEmailAddress": "${Sender}",
            "Destination": {"ToAddresses": ["${Recipient}"]},
            "Content": {"Simple": {"Subject": {"Data": "Done"}, "Body": {"Text": {"Data": "The workflow is done."}}}},
        },
        "Send email",
    ),
    Action(
        "aws-sdk:cloudwatch:putMetricData",
        "CloudWatch: PutMetricData",
        {"Namespace": "my-application", "MetricData": [{"MetricName": "orders", "Value": 1, "Unit": "Count"}]},
        "Put metric",
    ),
    Action(
        "aws-sdk:rdsdata:executeStatement",
        "RDS Data: ExecuteStatement",
        {"ResourceArn": "${ClusterArn}", "SecretArn": "${SecretArn}", "Sql": "SELECT 1"},
        "Run SQL",
    ),
    Action(
        "aws-sdk:scheduler:createSchedule",
        "Scheduler: CreateSchedule",
        {
            "Name.$": "$$.Execution.Name",
            "ScheduleExpression": "rate(1 day)",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {"Arn": "${TargetArn}", "RoleArn": "${RoleArn}"},
        },
        "Create schedule",
    ),
    Action(
        "aws-sdk:sfn:sendTaskSuccess",
        "Step Functions: SendTaskSuccess",
        {"TaskToken.$": "$.taskToken", "Output.$": "States.JsonToString($)"},
        "Answer task",
    ),
    Action(
        "aws-sdk:comprehend:detectSentiment",
        "Comprehend: DetectSentiment",
        {"Text.$": "$.text", "LanguageCode": "en"},
        "Detect sentiment",
    ),
    Action(
        "aws-sdk:rekognition:detectLabels",
        "Rekognition: DetectLabels",
        {"Image": {"S3Object": {"Bucket": "${Bucket}", "Name.$": "$.key"}}, "MaxLabels": 10},
        "Detect labels",
    ),
    Action(
        "aws-sdk:translate:translateText",
        "Translate: TranslateText",
        {"Text.$": "$.text", "SourceLanguageCode": "auto", "TargetLanguageCode": "es"},
        "Translate text",
    ),
)


def spoken(template: Json) -> Json:
    """Arguments of the table in JSONata: keys lose their `.$`, paths become expressions.

    >>> spoken({"a.$": "$.b", "t.$": "$$.Task.Token"})
    {'a': '{% $states.input.b %}', 't': '{% $states.context.Task.Token %}'}
    """
    if isinstance(template, dict):
        return {
            name.removesuffix(".$"): _expression(value) if name.endswith(".$") else spoken(value)
            for name, value in template.items()
        }
    if isinstance(template, list):
        return [spoken(one) for one in template]
    return template


def _expression(path: str) -> str:
    if path.startswith("States.JsonToString("):
        inner = _expression(path.removeprefix("States.JsonToString(").removesuffix(")"))
        return f"{{% $string({inner[3:-3]}) %}}"
    if path.startswith("$$"):
        return f"{{% $states.context{path[2:]} %}}"
    return f"{{% $states.input{path[1:]} %}}"

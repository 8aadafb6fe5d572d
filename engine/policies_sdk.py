"""What a call of the AWS SDK integrations needs: the service's prefix in IAM, the action, and the resource it names.

In most services the action has the call's name with a capital, and the prefix is the service's own name; the tables hold
those that differ, and for the usual services the parameter that names the resource.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.policies_table import ANY, WIDE, Need, arn
from engine.values import Json

_PREFIXES = {
    "accessanalyzer": "access-analyzer",
    "acmpca": "acm-pca",
    "apigatewaymanagementapi": "execute-api",
    "apigatewayv2": "apigateway",
    "appconfigdata": "appconfig",
    "applicationautoscaling": "application-autoscaling",
    "applicationdiscoveryservice": "discovery",
    "bedrockagent": "bedrock",
    "bedrockagentruntime": "bedrock",
    "bedrockruntime": "bedrock",
    "cloudcontrol": "cloudformation",
    "cloudwatchlogs": "logs",
    "cognitoidentity": "cognito-identity",
    "cognitoidentityprovider": "cognito-idp",
    "configservice": "config",
    "costexplorer": "ce",
    "databasemigrationservice": "dms",
    "directoryservice": "ds",
    "docdb": "rds",
    "dynamodbstreams": "dynamodb",
    "ecrpublic": "ecr-public",
    "elasticloadbalancingv2": "elasticloadbalancing",
    "elasticsearchservice": "es",
    "emr": "elasticmapreduce",
    "emrcontainers": "emr-containers",
    "emrserverless": "emr-serverless",
    "eventbridge": "events",
    "iotdataplane": "iot",
    "iotjobsdataplane": "iot",
    "kinesisanalyticsv2": "kinesisanalytics",
    "lexmodelsv2": "lex",
    "lexruntimeservice": "lex",
    "lexruntimev2": "lex",
    "marketplacemetering": "aws-marketplace",
    "migrationhub": "mgh",
    "mwaa": "airflow",
    "neptune": "rds",
    "networkfirewall": "network-firewall",
    "opensearch": "es",
    "personalizeevents": "personalize",
    "personalizeruntime": "personalize",
    "pinpoint": "mobiletargeting",
    "pinpointsmsvoicev2": "sms-voice",
    "rdsdata": "rds-data",
    "redshiftdata": "redshift-data",
    "resourcegroups": "resource-groups",
    "resourcegroupstaggingapi": "tag",
    "s3control": "s3",
    "sagemakerfeaturestoreruntime": "sagemaker",
    "sagemakerruntime": "sagemaker",
    "serverlessapplicationrepository": "serverlessrepo",
    "sesv2": "ses",
    "sfn": "states",
    "simpledb": "sdb",
    "ssmcontacts": "ssm-contacts",
    "ssmincidents": "ssm-incidents",
    "ssoadmin": "sso",
    "timestreamquery": "timestream",
    "timestreamwrite": "timestream",
    "vpclattice": "vpc-lattice",
    "wafregional": "waf-regional",
}

_ACTIONS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("apigatewaymanagementapi", "postToConnection"): ("execute-api:ManageConnections",),
    ("apigatewaymanagementapi", "getConnection"): ("execute-api:ManageConnections",),
    ("apigatewaymanagementapi", "deleteConnection"): ("execute-api:ManageConnections",),
    ("bedrockruntime", "converse"): ("bedrock:InvokeModel",),
    ("dynamodb", "executeStatement"): (
        "dynamodb:PartiQLSelect",
        "dynamodb:PartiQLInsert",
        "dynamodb:PartiQLUpdate",
        "dynamodb:PartiQLDelete",
    ),
    ("dynamodb", "transactGetItems"): ("dynamodb:GetItem",),
    ("dynamodb", "transactWriteItems"): (
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "dynamodb:DeleteItem",
        "dynamodb:ConditionCheckItem",
    ),
    ("lambda", "invoke"): ("lambda:InvokeFunction",),
    ("s3", "completeMultipartUpload"): ("s3:PutObject",),
    ("s3", "copyObject"): ("s3:GetObject", "s3:PutObject"),
    ("s3", "createMultipartUpload"): ("s3:PutObject",),
    ("s3", "deleteObjects"): ("s3:DeleteObject",),
    ("s3", "headBucket"): ("s3:ListBucket",),
    ("s3", "headObject"): ("s3:GetObject",),
    ("s3", "listBuckets"): ("s3:ListAllMyBuckets",),
    ("s3", "listMultipartUploads"): ("s3:ListBucketMultipartUploads",),
    ("s3", "listObjectVersions"): ("s3:ListBucketVersions",),
    ("s3", "listObjects"): ("s3:ListBucket",),
    ("s3", "listObjectsV2"): ("s3:ListBucket",),
    ("s3", "listParts"): ("s3:ListMultipartUploadParts",),
    ("s3", "selectObjectContent"): ("s3:GetObject",),
    ("s3", "uploadPart"): ("s3:PutObject",),
    ("sns", "publishBatch"): ("sns:Publish",),
    ("sqs", "changeMessageVisibilityBatch"): ("sqs:ChangeMessageVisibility",),
    ("sqs", "deleteMessageBatch"): ("sqs:DeleteMessage",),
    ("sqs", "sendMessageBatch"): ("sqs:SendMessage",),
}

_BUCKET = "arn:${{AWS::Partition}}:s3:::{}"
_OBJECT = "arn:${{AWS::Partition}}:s3:::{}/*"
_MODEL = "arn:${{AWS::Partition}}:bedrock:${{AWS::Region}}::foundation-model/{}"

_RESOURCES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "bedrockruntime": (("ModelId",), _MODEL),
    "codebuild": (("ProjectName",), arn("codebuild:project/{}")),
    "cloudformation": (("StackName",), arn("cloudformation:stack/{}/*")),
    "cognitoidentityprovider": (("UserPoolId",), arn("cognito-idp:userpool/{}")),
    "dynamodb": (("TableName",), arn("dynamodb:table/{}")),
    "eventbridge": (("EventBusName",), arn("events:event-bus/{}")),
    "firehose": (("DeliveryStreamName",), arn("firehose:deliverystream/{}")),
    "glue": (("JobName",), arn("glue:job/{}")),
    "kinesis": (("StreamARN", "StreamName"), arn("kinesis:stream/{}")),
    "kms": (("KeyId",), arn("kms:key/{}")),
    "lambda": (("FunctionName",), arn("lambda:function:{}")),
    "s3": (("Bucket",), _BUCKET),
    "secretsmanager": (("SecretId",), arn("secretsmanager:secret:{}-??????")),
    "sfn": (("StateMachineArn", "ExecutionArn"), arn("states:{}")),
    "sns": (("TopicArn", "TargetArn"), arn("sns:{}")),
    "sqs": (("QueueUrl",), arn("sqs:{}")),
}
_PARAMETER = arn("ssm:parameter/{}")


def sdk_actions(service: str, action: str) -> tuple[str, ...]:
    """The IAM actions that allow a call: `cloudwatchlogs`, `putLogEvents` → `logs:PutLogEvents`."""
    known = _ACTIONS.get((service, action))
    if known:
        return known
    return (f"{_PREFIXES.get(service, service)}:{action[:1].upper()}{action[1:]}",)


def sdk_need(service: str, action: str, given: Mapping[str, Json]) -> Need:
    """What a call of `aws-sdk:service:action` needs; without a parameter that names a resource, all of them."""
    actions = sdk_actions(service, action)
    if service == "ssm" and action in ("getParameter", "putParameter", "deleteParameter"):
        return Need(actions, ("Name",), _PARAMETER)
    fields, form = _RESOURCES.get(service, ((), ANY))
    named = tuple(name for name in fields if name in given or f"{name}.$" in given)
    passes = _PASSES.get((service, action), "")
    if not named:
        return Need(actions, passes=passes, note="" if passes else WIDE)
    if service == "s3" and any("Object" in one or "MultipartUploadParts" in one for one in actions):
        form = _OBJECT
    return Need(actions, named, form, passes=passes)


_PASSES: Mapping[tuple[str, str], str] = {
    ("ecs", "runTask"): "ecs-tasks.amazonaws.com",
    ("lambda", "createFunction"): "lambda.amazonaws.com",
    ("sagemaker", "createTrainingJob"): "sagemaker.amazonaws.com",
    ("sagemaker", "createProcessingJob"): "sagemaker.amazonaws.com",
    ("scheduler", "createSchedule"): "scheduler.amazonaws.com",
    ("sfn", "createStateMachine"): "states.amazonaws.com",
}

"""What the optimised integrations need, action by action, as the developer guide lists it.

A row names the IAM actions of the call, the parameter that names its resource and the form of that resource's ARN. For
`.sync` it adds the actions on the job, and the rule that Step Functions keeps to hear of its end. `passes` is the service that
a role is handed to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ANY = "*"
WIDE = "the action is allowed on all resources: name those it needs"
RULE_ACTIONS = ("events:PutTargets", "events:PutRule", "events:DescribeRule")
LOGS = (
    (
        "logs:CreateLogDelivery",
        "logs:GetLogDelivery",
        "logs:UpdateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:DescribeResourcePolicies",
        "logs:DescribeLogGroups",
    ),
    "writing logs; these actions know no narrower resource",
)
TRACES = (
    ("xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"),
    "writing traces; these actions know no narrower resource",
)


@dataclass(frozen=True, slots=True)
class Need:
    """What one call needs."""

    actions: tuple[str, ...]
    fields: tuple[str, ...] = ()
    """The parameters that may name the resource, the likeliest first."""
    form: str = ANY
    job: tuple[str, ...] = ()
    job_form: str = ANY
    rule: str = ""
    passes: str = ""
    otherwise: str = ""
    """The resource's name where none is given."""
    note: str = ""


def arn(form: str) -> str:
    """`sqs:{}` → the ARN of that in the region and account of the deployment, for `str.format`."""
    service, _, rest = form.partition(":")
    return f"arn:${{{{AWS::Partition}}}}:{service}:${{{{AWS::Region}}}}:${{{{AWS::AccountId}}}}:{rest}"


RULE = arn("events:rule/{}")
MAP_RUN = (
    (("states:StartExecution",), arn("states:stateMachine:{}").format("*")),
    (("states:DescribeExecution", "states:StopExecution"), arn("states:execution:{}").format("*:*")),
    (("states:RedriveExecution",), arn("states:execution:{}").format("*/*:*")),
)
_TABLE = arn("dynamodb:table/{}")
_CLUSTER = arn("elasticmapreduce:cluster/{}")
_PROJECT = arn("codebuild:project/{}")
_APPLICATION = arn("emr-serverless:/applications/{}")
_APPLICATION_RULE = "StepFunctionsGetEventsForEMRServerlessApplicationRule"
_SAGEMAKER = "sagemaker.amazonaws.com"


def _sagemaker(kind: str, named: str, rule: str = "") -> Need:
    """One of SageMaker's jobs: `TrainingJob` with `training-job`."""
    place = arn(f"sagemaker:{named}/{{}}")
    return Need(
        (f"sagemaker:Create{kind}", "sagemaker:AddTags"),
        (f"{kind}Name",),
        place,
        (f"sagemaker:Describe{kind}", f"sagemaker:Stop{kind}", "sagemaker:ListTags"),
        place,
        rule,
        _SAGEMAKER,
    )


DIRECT: Mapping[tuple[str, str], Need] = {
    ("apigateway", "invoke"): Need(("execute-api:Invoke",), ("ApiEndpoint",), arn("execute-api:{}")),
    ("athena", "startQueryExecution"): Need(
        ("athena:StartQueryExecution",),
        ("WorkGroup",),
        arn("athena:workgroup/{}"),
        ("athena:StopQueryExecution", "athena:GetQueryExecution"),
        arn("athena:workgroup/{}"),
        otherwise="primary",
        note="the query also needs its S3 buckets and tables of the Glue catalog",
    ),
    ("athena", "stopQueryExecution"): Need(("athena:StopQueryExecution",), (), arn("athena:workgroup/{}")),
    ("athena", "getQueryExecution"): Need(("athena:GetQueryExecution",), (), arn("athena:workgroup/{}")),
    ("athena", "getQueryResults"): Need(
        ("athena:GetQueryResults",), (), arn("athena:workgroup/{}"), note="reading results also needs their S3 bucket"
    ),
    ("batch", "submitJob"): Need(
        ("batch:SubmitJob",),
        (),
        ANY,
        ("batch:DescribeJobs", "batch:TerminateJob"),
        ANY,
        "StepFunctionsGetEventsForBatchJobsRule",
    ),
    ("bedrock", "invokeModel"): Need(
        ("bedrock:InvokeModel",), ("ModelId",), "arn:${{AWS::Partition}}:bedrock:${{AWS::Region}}::foundation-model/{}"
    ),
    ("bedrock", "createModelCustomizationJob"): Need(
        ("bedrock:CreateModelCustomizationJob",),
        (),
        ANY,
        ("bedrock:GetModelCustomizationJob", "bedrock:StopModelCustomizationJob"),
        ANY,
        "",
        "bedrock.amazonaws.com",
    ),
    ("codebuild", "startBuild"): Need(
        ("codebuild:StartBuild",),
        ("ProjectName",),
        _PROJECT,
        ("codebuild:StopBuild", "codebuild:BatchGetBuilds"),
        _PROJECT,
        "StepFunctionsGetEventForCodeBuildStartBuildRule",
    ),
    ("codebuild", "startBuildBatch"): Need(
        ("codebuild:StartBuildBatch",),
        ("ProjectName",),
        _PROJECT,
        ("codebuild:StopBuildBatch", "codebuild:BatchGetBuildBatches"),
        _PROJECT,
        "StepFunctionsGetEventForCodeBuildStartBuildBatchRule",
    ),
    ("databrew", "startJobRun"): Need(
        ("databrew:StartJobRun",),
        ("Name",),
        arn("databrew:job/{}"),
        ("databrew:ListJobRuns", "databrew:StopJobRun"),
        arn("databrew:job/{}"),
    ),
    ("dynamodb", "getItem"): Need(("dynamodb:GetItem",), ("TableName",), _TABLE),
    ("dynamodb", "putItem"): Need(("dynamodb:PutItem",), ("TableName",), _TABLE),
    ("dynamodb", "updateItem"): Need(("dynamodb:UpdateItem",), ("TableName",), _TABLE),
    ("dynamodb", "deleteItem"): Need(("dynamodb:DeleteItem",), ("TableName",), _TABLE),
    ("ecs", "runTask"): Need(
        ("ecs:RunTask",),
        ("TaskDefinition",),
        arn("ecs:task-definition/{}"),
        ("ecs:StopTask", "ecs:DescribeTasks"),
        ANY,
        "StepFunctionsGetEventsForECSTaskRule",
        "ecs-tasks.amazonaws.com",
    ),
    ("eks", "call"): Need((), note="the cluster's own access rules allow calls of Kubernetes"),
    ("eks", "runJob"): Need((), note="the cluster's own access rules allow calls of Kubernetes"),
    ("eks", "createCluster"): Need(
        ("eks:CreateCluster",), (), ANY, ("eks:DescribeCluster",), arn("eks:cluster/{}"), "", "eks.amazonaws.com"
    ),
    ("eks", "deleteCluster"): Need(
        ("eks:DeleteCluster",), ("Name",), arn("eks:cluster/{}"), ("eks:DescribeCluster",), arn("eks:cluster/{}")
    ),
    ("eks", "createNodegroup"): Need(
        ("eks:CreateNodegroup", "ec2:DescribeSubnets", "iam:GetRole", "iam:ListAttachedRolePolicies"),
        (),
        ANY,
        ("eks:DescribeNodegroup",),
        arn("eks:nodegroup/{}"),
        "",
        "eks.amazonaws.com",
    ),
    ("eks", "deleteNodegroup"): Need(
        ("eks:DeleteNodegroup",), (), arn("eks:nodegroup/{}"), ("eks:DescribeNodegroup",), arn("eks:nodegroup/{}")
    ),
    ("eks", "createFargateProfile"): Need(
        ("eks:CreateFargateProfile", "ec2:DescribeSubnets", "iam:GetRole"),
        (),
        ANY,
        ("eks:DescribeFargateProfile",),
        arn("eks:fargateprofile/{}"),
        "",
        "eks-fargate-pods.amazonaws.com",
    ),
    ("eks", "deleteFargateProfile"): Need(
        ("eks:DeleteFargateProfile",),
        (),
        arn("eks:fargateprofile/{}"),
        ("eks:DescribeFargateProfile",),
        arn("eks:fargateprofile/{}"),
    ),
    ("elasticmapreduce", "createCluster"): Need(
        ("elasticmapreduce:RunJobFlow",),
        (),
        ANY,
        ("elasticmapreduce:DescribeCluster", "elasticmapreduce:TerminateJobFlows"),
        ANY,
        "StepFunctionsGetEventForEMRRunJobFlowRule",
        "elasticmapreduce.amazonaws.com",
    ),
    ("elasticmapreduce", "terminateCluster"): Need(
        ("elasticmapreduce:TerminateJobFlows",),
        ("ClusterId",),
        _CLUSTER,
        ("elasticmapreduce:DescribeCluster",),
        _CLUSTER,
        "StepFunctionsGetEventForEMRTerminateJobFlowsRule",
    ),
    ("elasticmapreduce", "addStep"): Need(
        ("elasticmapreduce:AddJobFlowSteps",),
        ("ClusterId",),
        _CLUSTER,
        ("elasticmapreduce:DescribeStep", "elasticmapreduce:CancelSteps"),
        _CLUSTER,
        "StepFunctionsGetEventForEMRAddJobFlowStepsRule",
    ),
    ("elasticmapreduce", "cancelStep"): Need(("elasticmapreduce:CancelSteps",), ("ClusterId",), _CLUSTER),
    ("elasticmapreduce", "setClusterTerminationProtection"): Need(
        ("elasticmapreduce:SetTerminationProtection",), ("ClusterId",), _CLUSTER
    ),
    ("elasticmapreduce", "modifyInstanceFleetByName"): Need(
        ("elasticmapreduce:ModifyInstanceFleet", "elasticmapreduce:ListInstanceFleets"), ("ClusterId",), _CLUSTER
    ),
    ("elasticmapreduce", "modifyInstanceGroupByName"): Need(
        ("elasticmapreduce:ModifyInstanceGroups", "elasticmapreduce:ListInstanceGroups"), ("ClusterId",), _CLUSTER
    ),
    ("emr-containers", "createVirtualCluster"): Need(
        ("emr-containers:CreateVirtualCluster",), note="the first one also needs iam:CreateServiceLinkedRole"
    ),
    ("emr-containers", "deleteVirtualCluster"): Need(
        ("emr-containers:DeleteVirtualCluster",),
        ("Id",),
        arn("emr-containers:/virtualclusters/{}"),
        ("emr-containers:DescribeVirtualCluster",),
        arn("emr-containers:/virtualclusters/{}"),
    ),
    ("emr-containers", "startJobRun"): Need(
        ("emr-containers:StartJobRun",),
        ("VirtualClusterId",),
        arn("emr-containers:/virtualclusters/{}"),
        ("emr-containers:DescribeJobRun", "emr-containers:CancelJobRun"),
        arn("emr-containers:/virtualclusters/{}/jobruns/*"),
    ),
    ("emr-serverless", "createApplication"): Need(
        ("emr-serverless:CreateApplication",),
        (),
        ANY,
        ("emr-serverless:GetApplication", "emr-serverless:DeleteApplication"),
        _APPLICATION,
        _APPLICATION_RULE,
        note="the first one also needs iam:CreateServiceLinkedRole",
    ),
    ("emr-serverless", "startApplication"): Need(
        ("emr-serverless:StartApplication",),
        ("ApplicationId",),
        _APPLICATION,
        ("emr-serverless:GetApplication", "emr-serverless:StopApplication"),
        _APPLICATION,
        _APPLICATION_RULE,
    ),
    ("emr-serverless", "stopApplication"): Need(
        ("emr-serverless:StopApplication",),
        ("ApplicationId",),
        _APPLICATION,
        ("emr-serverless:GetApplication",),
        _APPLICATION,
        _APPLICATION_RULE,
    ),
    ("emr-serverless", "deleteApplication"): Need(
        ("emr-serverless:DeleteApplication",),
        ("ApplicationId",),
        _APPLICATION,
        ("emr-serverless:GetApplication",),
        _APPLICATION,
        _APPLICATION_RULE,
    ),
    ("emr-serverless", "cancelJobRun"): Need(
        ("emr-serverless:CancelJobRun",),
        ("ApplicationId",),
        arn("emr-serverless:/applications/{}/jobruns/*"),
        ("emr-serverless:GetJobRun",),
        arn("emr-serverless:/applications/{}/jobruns/*"),
        "StepFunctionsGetEventsForEMRServerlessJobRule",
    ),
    ("emr-serverless", "startJobRun"): Need(
        ("emr-serverless:StartJobRun",),
        ("ApplicationId",),
        arn("emr-serverless:/applications/{}"),
        ("emr-serverless:GetJobRun", "emr-serverless:CancelJobRun"),
        arn("emr-serverless:/applications/{}/jobruns/*"),
        "StepFunctionsGetEventsForEMRServerlessJobRule",
        "emr-serverless.amazonaws.com",
    ),
    ("events", "putEvents"): Need(("events:PutEvents",), ("EventBusName",), arn("events:event-bus/{}")),
    ("glue", "startJobRun"): Need(
        ("glue:StartJobRun",),
        ("JobName",),
        arn("glue:job/{}"),
        ("glue:GetJobRun", "glue:GetJobRuns", "glue:BatchStopJobRun"),
        arn("glue:job/{}"),
    ),
    ("lambda", "invoke"): Need(("lambda:InvokeFunction",), ("FunctionName",), arn("lambda:function:{}")),
    ("mediaconvert", "createJob"): Need(
        ("mediaconvert:CreateJob",),
        (),
        ANY,
        ("mediaconvert:GetJob", "mediaconvert:CancelJob"),
        ANY,
        "StepFunctionsGetEventsForMediaConvertJobRule",
        "mediaconvert.amazonaws.com",
    ),
    ("sagemaker", "createTrainingJob"): _sagemaker(
        "TrainingJob", "training-job", "StepFunctionsGetEventsForSageMakerTrainingJobsRule"
    ),
    ("sagemaker", "createTransformJob"): _sagemaker(
        "TransformJob", "transform-job", "StepFunctionsGetEventsForSageMakerTransformJobsRule"
    ),
    ("sagemaker", "createProcessingJob"): _sagemaker(
        "ProcessingJob", "processing-job", "StepFunctionsGetEventsForSageMakerProcessingJobsRule"
    ),
    ("sagemaker", "createLabelingJob"): _sagemaker(
        "LabelingJob", "labeling-job", "StepFunctionsGetEventsForSageMakerLabelingJobsRule"
    ),
    ("sagemaker", "createHyperParameterTuningJob"): _sagemaker(
        "HyperParameterTuningJob", "hyper-parameter-tuning-job", "StepFunctionsGetEventsForSageMakerTuningJobsRule"
    ),
    ("sagemaker", "createModel"): Need(
        ("sagemaker:CreateModel", "sagemaker:AddTags"), ("ModelName",), arn("sagemaker:model/{}"), passes=_SAGEMAKER
    ),
    ("sns", "publish"): Need(("sns:Publish",), ("TopicArn", "TargetArn"), arn("sns:{}")),
    ("sqs", "sendMessage"): Need(("sqs:SendMessage",), ("QueueUrl",), arn("sqs:{}")),
    ("states", "startExecution"): Need(
        ("states:StartExecution",),
        ("StateMachineArn",),
        arn("states:stateMachine:{}"),
        ("states:DescribeExecution", "states:StopExecution"),
        arn("states:execution:{}"),
        "StepFunctionsGetEventsForStepFunctionsExecutionRule",
    ),
}

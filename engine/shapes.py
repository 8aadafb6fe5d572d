"""Does a mocked result have the shape that its service answers with? (TestState, `mock.fieldValidationMode`)

The shapes are those of the AWS SDK's own service models, which botocore ships as data; they are read when first asked
for, and no client is made. Where botocore is not installed nothing is verified. Field names are those of Step Functions:
the model's, with a capital first letter.

Not verified, as AWS does not either: HTTP tasks, API Gateway, EKS calls, callbacks, activities and plain Lambda ARNs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from engine.model import Resource
from engine.values import Json

Mode = Literal["STRICT", "PRESENT", "NONE"]

# Services whose name in an ARN is not botocore's name without hyphens.
_NAMES = {
    "applicationdiscoveryservice": "discovery",
    "bedrock": "bedrock-runtime",
    "cloudwatchlogs": "logs",
    "cognitoidentityprovider": "cognito-idp",
    "configservice": "config",
    "costandusagereportservice": "cur",
    "costexplorer": "ce",
    "databasemigrationservice": "dms",
    "directoryservice": "ds",
    "directoryservicedata": "ds-data",
    "elasticloadbalancing": "elb",
    "elasticloadbalancingv2": "elbv2",
    "elasticmapreduce": "emr",
    "elasticsearchservice": "es",
    "eventbridge": "events",
    "iotdataplane": "iot-data",
    "iotjobsdataplane": "iot-jobs-data",
    "lexmodelbuildingservice": "lex-models",
    "lexmodelsv2": "lexv2-models",
    "lexruntimeservice": "lex-runtime",
    "lexruntimev2": "lexv2-runtime",
    "marketplaceentitlementservice": "marketplace-entitlement",
    "marketplacemetering": "meteringmarketplace",
    "migrationhub": "mgh",
    "pinpointsmsvoice": "sms-voice",
    "serverlessapplicationrepository": "serverlessrepo",
    "sfn": "stepfunctions",
    "simpledb": "sdb",
    "states": "stepfunctions",
}

# What `.sync` polls for, and so answers with: (service, action) → (operation, members down to the job).
_POLLED: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {
    ("states", "startExecution"): ("DescribeExecution", ()),
    ("athena", "startQueryExecution"): ("GetQueryExecution", ()),
    ("batch", "submitJob"): ("DescribeJobs", ("jobs",)),
    ("codebuild", "startBuild"): ("BatchGetBuilds", ("builds",)),
    ("ecs", "runTask"): ("DescribeTasks", ("tasks",)),
    ("glue", "startJobRun"): ("GetJobRun", ("JobRun",)),
    ("databrew", "startJobRun"): ("DescribeJobRun", ()),
    ("sagemaker", "createTrainingJob"): ("DescribeTrainingJob", ()),
    ("sagemaker", "createTransformJob"): ("DescribeTransformJob", ()),
    ("sagemaker", "createProcessingJob"): ("DescribeProcessingJob", ()),
    ("sagemaker", "createHyperParameterTuningJob"): ("DescribeHyperParameterTuningJob", ()),
    ("sagemaker", "createLabelingJob"): ("DescribeLabelingJob", ()),
    ("mediaconvert", "createJob"): ("GetJob", ()),
    ("elasticmapreduce", "createCluster"): ("DescribeCluster", ()),
    ("elasticmapreduce", "addStep"): ("DescribeStep", ()),
}

# Optimized integrations parse these texts of the API into JSON.
_PARSED = {
    ("lambda", "invoke", "Payload"),
    ("bedrock", "invokeModel", "Body"),
    ("states", "startExecution.sync:2", "Output"),
}

_WORDS = {
    "string": (str, "a string"),
    "character": (str, "a string"),
    "blob": (str, "a string"),
    "timestamp": (str, "a string"),
    "boolean": (bool, "a boolean"),
    "list": (list, "an array"),
    "map": (dict, "an object"),
    "structure": (dict, "an object"),
    "integer": ((int, float), "a number"),
    "long": ((int, float), "a number"),
    "float": ((int, float), "a number"),
    "double": ((int, float), "a number"),
}  # fmt: skip
_RECORDED_MOST = {"MemorySize": 10_240}
"""Limits by the name of the shape, where AWS verifies against an older model than botocore's (recorded)."""
_UNVERIFIED = frozenset(("http", "apigateway", "eks"))


def complaint(resource: Resource, result: Json, mode: Mode) -> str | None:
    """The first thing wrong with a mocked result, in AWS's words; None when nothing is, or nothing is known.

    STRICT also asks for the fields that the service always sends; PRESENT looks only at those that are there. Fields
    that the service does not know are never looked at (recorded).
    """
    if mode == "NONE" or resource.how != "service" or resource.pattern == "waitForTaskToken":
        return None
    found = _output_shape(resource)
    if found is None:
        return None
    shapes, name = found
    service, action = resource.resource_type, resource.action
    parsed = {field for owner, what, field in _PARSED if owner == service and what == action}
    return next(_complaints(shapes, name, result, "", mode == "STRICT", parsed), None)


def _output_shape(resource: Resource) -> tuple[Mapping[str, Any], str] | None:
    """The model's shapes, and the name of the one that the call answers with."""
    kind, action = resource.resource_type, resource.action.partition(".")[0]
    sdk = kind.startswith("aws-sdk:")
    service = kind.removeprefix("aws-sdk:")
    if not sdk and service in _UNVERIFIED:
        return None
    operation = action[:1].upper() + action[1:]
    way: tuple[str, ...] = ()
    if not sdk and resource.pattern in ("sync", "sync:2"):
        if (service, action) not in _POLLED:
            return None
        operation, way = _POLLED[service, action]
    model = _model(_NAMES.get(service, service) if not sdk or service != "bedrock" else service)
    output = (model or {}).get("operations", {}).get(operation, {}).get("output")
    if model is None or output is None:
        return None
    shapes: Mapping[str, Any] = model["shapes"]
    name = str(output["shape"])
    for member in way:
        name = shapes[name]["members"][member]["shape"]
        if shapes[name]["type"] == "list":
            name = shapes[name]["member"]["shape"]
    return shapes, name


def exceptions(resource: Resource) -> tuple[str, ...]:
    """Names of the exceptions that the called action may answer with; none where its model is not known."""
    service = resource.resource_type.removeprefix("aws-sdk:")
    model = _model(_NAMES.get(service, service))
    action = resource.action.partition(".")[0]
    operation = {} if model is None else model["operations"].get(action[:1].upper() + action[1:], {})
    return tuple(error["shape"] for error in operation.get("errors", ()))


_OWN_NAMES = {old: new for new, old in _NAMES.items() if new not in ("bedrock", "states")}
"""From botocore's name of a service to the one in an ARN of the SDK integrations, where it is another."""


class Operation(NamedTuple):
    """One action of a service: its name as an ARN has it, and its required fields with the kinds of their values."""

    name: str
    required: tuple[tuple[str, str], ...]
    """Field and kind: a word of the model, such as "string", "list" or "integer"."""


def services() -> Iterator[str]:
    """The names of all services as ARNs of the SDK integrations have them."""
    try:
        from botocore.loaders import create_loader
    except ImportError:
        return
    for name in create_loader().list_available_services("service-2"):
        yield _OWN_NAMES.get(name, name.replace("-", ""))


def operations(service: str) -> tuple[str, tuple[Operation, ...]]:
    """The title of a service and its actions in alphabetical order; what is deprecated or streams is left out."""
    model = _model(service if service == "bedrock" else _NAMES.get(service, service))
    if model is None:
        return "", ()
    shapes = model["shapes"]
    found: list[Operation] = []
    for name, operation in sorted(model["operations"].items()):
        given = shapes.get(operation.get("input", {}).get("shape"), {})
        answer = shapes.get(operation.get("output", {}).get("shape"), {})
        streams = any(
            shapes[member["shape"]].get("eventstream")
            for shape in (given, answer)
            for member in shape.get("members", {}).values()
        )
        if operation.get("deprecated") or streams:
            continue
        required = tuple(
            (member[:1].upper() + member[1:], str(shapes[given["members"][member]["shape"]]["type"]))
            for member in given.get("required", ())
            if member in given.get("members", {})
        )
        found.append(Operation(name[:1].lower() + name[1:], required))
    title = str(model["metadata"].get("serviceAbbreviation") or model["metadata"]["serviceFullName"])
    return title, tuple(found)


@lru_cache(maxsize=16)
def _model(service: str) -> dict[str, Any] | None:
    """The service model as botocore ships it; None without botocore or without such a service."""
    try:
        from botocore.loaders import create_loader
    except ImportError:
        return None
    loader = create_loader()
    for name in loader.list_available_services("service-2"):
        if name.replace("-", "") == service.replace("-", ""):
            return dict(loader.load_service_model(name, "service-2"))
    return None


def _complaints(
    shapes: Mapping[str, Any],
    name: str,
    value: Json,
    field: str,
    strict: bool,
    parsed: frozenset[str] | set[str] = frozenset(),
) -> Iterator[str]:
    """What is wrong with a value, depth first. `field` is the name it stands under, empty at the top."""
    shape = shapes[name]
    kind = shape["type"]
    types, word = _WORDS.get(kind, (object, ""))
    if not isinstance(value, types) or (isinstance(value, bool) and kind != "boolean" and word):  # type: ignore[arg-type]
        yield f"Field '{field}' must be {word}" if field else f"Mocked result must be {word}"
        return
    least, most = shape.get("min"), _RECORDED_MOST.get(name, shape.get("max"))
    match kind:
        case "structure":
            members = {member[:1].upper() + member[1:]: inner["shape"] for member, inner in shape["members"].items()}
            if strict:
                for member in shape.get("required", ()):
                    wanted = member[:1].upper() + member[1:]
                    if wanted not in value:
                        yield f"Required field '{wanted}' is missing"
            for key, inner in value.items():
                if key in members and key not in parsed:
                    yield from _complaints(shapes, members[key], inner, key, strict)
        case "list":
            for inner in value:
                yield from _complaints(shapes, shape["member"]["shape"], inner, field, strict)
        case "map":
            for key, inner in value.items():
                yield from _complaints(shapes, shape["value"]["shape"], inner, key, strict)
        case "integer" | "long" | "float" | "double":
            if least is not None and value < least:
                yield f"Field '{field}' is less than the minimum value"
            if most is not None and value > most:
                yield f"Field '{field}' exceeds the maximum value"
        case "string":
            if "enum" in shape and value not in shape["enum"]:
                yield f"Field '{field}' is not an expected value"
    if kind in ("string", "list", "map", "blob"):
        if least is not None and len(value) < least:
            yield f"Field '{field}' is smaller than the minimum length"
        if most is not None and len(value) > most:
            yield f"Field '{field}' exceeds the maximum length"

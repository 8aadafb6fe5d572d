"""Tasks: what is called, how long one waits for it, and what happens when it fails."""

from __future__ import annotations

from collections.abc import Iterator

from engine.compiling import is_number
from engine.lint.view import View, entries, listed, texts_in
from engine.outline import Spot
from engine.pointer import under
from engine.problems import Problem, problem
from engine.resources import resource

EXPRESS_SECONDS = 300
_LAMBDA_ERRORS = ("Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException")
_ANSWER_ALL = ("States.ALL", "States.TaskFailed", "Lambda.Unknown")


def tasks(view: View) -> Iterator[tuple[Spot, str]]:
    for spot in view.spots:
        arn = spot.source.get("Resource")
        if spot.type == "Task" and isinstance(arn, str):
            yield spot, arn


def callback_without_timeout(view: View) -> Iterator[Problem]:
    limits = ("TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath")
    for spot, arn in tasks(view):
        called = resource(arn)
        waits = called.how == "activity" or called.pattern == "waitForTaskToken"
        if waits and not any(name in spot.source for name in limits):
            what = "an activity" if called.how == "activity" else "a callback"
            yield problem("callback-without-timeout", spot.at, what=what)


def callback_without_token(view: View) -> Iterator[Problem]:
    for spot, arn in tasks(view):
        if resource(arn).pattern != "waitForTaskToken":
            continue
        jsonata = spot.language == "JSONata"
        given = spot.source.get("Arguments" if jsonata else "Parameters")
        texts = [text for _, text in texts_in(given, "")] if given is not None else []
        if not any("Task.Token" in text or text in ("$$", "$$.Task", "$states.context") for text in texts):
            path = "$states.context.Task.Token" if jsonata else "$$.Task.Token"
            if not any("$states.context" in text and "Task" not in text for text in texts):
                yield problem("callback-without-token", spot.at, path=path)


def lambda_without_retry(view: View) -> Iterator[Problem]:
    for spot, arn in tasks(view):
        called = resource(arn)
        if ":lambda:" not in arn and called.resource_type != "lambda":
            continue
        named = {
            name for entry in entries(spot, "Retry") for name in listed(entry, "ErrorEquals") if isinstance(name, str)
        }
        if not named.intersection(_LAMBDA_ERRORS) and not named.intersection(_ANSWER_ALL):
            yield problem("lambda-without-retry", spot.at)


def heartbeat_too_long(view: View) -> Iterator[Problem]:
    for spot, _ in tasks(view):
        heartbeat, timeout = spot.source.get("HeartbeatSeconds"), spot.source.get("TimeoutSeconds")
        if is_number(heartbeat) and is_number(timeout) and heartbeat >= timeout:
            yield problem(
                "heartbeat-too-long", under(spot.at, ["HeartbeatSeconds"]), heartbeat=heartbeat, timeout=timeout
            )


def express_too_long(view: View) -> Iterator[Problem]:
    if view.workflow_type != "EXPRESS":
        return
    for spot in view.spots:
        for name in ("Seconds",) if spot.type == "Wait" else ():
            seconds = spot.source.get(name)
            if is_number(seconds) and seconds >= EXPRESS_SECONDS:
                yield problem("express-too-long", under(spot.at, [name]), seconds=seconds)

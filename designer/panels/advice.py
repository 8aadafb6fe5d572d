"""Which type fits and why, and what would make this workflow cheaper: a card each, with the change as a diff."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence

import streamlit as st

from designer import billing
from designer.panels.bills import bill_lines
from designer.texts import Texts, plain
from designer.theme import N_
from engine.advisor import Suggestion
from engine.cost import WorkflowType
from engine.trace import Trace

FACTS = {
    "STANDARD": (
        N_("Standard does each step exactly once, unless a Retry says otherwise."),
        N_("Standard keeps the history of each execution, to be looked at for 90 days."),
    ),
    "EXPRESS": (
        N_("An asynchronous Express execution may run more than once: its steps must bear that."),
        N_("A synchronous Express execution runs at most once: who calls must try again."),
        N_("Express keeps no history of its own; what is to be seen later must be logged."),
    ),
}
"""What to know before choosing; the figures stand in the bills, the hindrances under the Express bill."""
TITLES = {
    "merge-pass": N_("One Pass state less"),
    "path-for-lambda": N_("A path instead of a Lambda"),
    "intrinsic-for-lambda": N_("An intrinsic function instead of a Lambda"),
    "callback-for-polling": N_("A callback instead of asking again and again"),
    "express-child": N_("An Express child for the tight part"),
}


def facts(kind: WorkflowType, t: Texts) -> None:
    """What to know of a type before choosing it."""
    st.caption("\n".join(f"- {plain(t(line))}" for line in FACTS[kind]))


def cards(trace: Trace, found: Sequence[Suggestion], executions: int, t: Texts) -> None:
    with st.container(key="advice", border=True):
        st.markdown(f"**{t('Make it cheaper')}**")
        if not found:
            st.caption(
                t(
                    "Nothing found that saves on this run as Standard: no Pass to merge, no Lambda that only reshapes "
                    "data, no polling loop, no part that may move into an Express child as it is."
                )
            )
            return
        st.caption(t("Each change was made and run with the same replies, came to the same end, and was billed again."))
        for number, one in enumerate(found):
            with st.container(key=f"advice-{number}", border=True):
                _card(trace, one, number, executions, t)


def _card(trace: Trace, one: Suggestion, number: int, executions: int, t: Texts) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{t(TITLES[one.kind])}**", width="content")
        for at in one.at[:4]:
            st.badge(plain(at.rsplit("/", 1)[-1].replace("~1", "/").replace("~0", "~")), color="gray")
        if one.saving > 0:
            count = t.compact(executions)
            saving = t("saves {money} per {count}", money=t.money(one.saving, 4), count=count)
            st.badge(saving.replace("$", "\\$"), icon=":material/savings:", color="green")
        if one.functions_saved:
            st.badge(
                t.plural("{n} Lambda invocation less", "{n} Lambda invocations less", one.functions_saved), color="blue"
            )
    st.markdown(plain(_sentence(one, t)))
    if one.guessed:
        st.caption(
            t("Recognised by the values of this run: whether it always holds, only the author of the function knows.")
        )
    if st.toggle(t("Show the change"), key=f"advice-diff-{number}"):
        st.code(difference(trace.machine.document, one.document), language="diff", height=320)
        for name, child in one.children.items():
            st.caption(t("Express child “{name}”", name=plain(name)))
            st.code(json.dumps(child, indent=2, ensure_ascii=False), language="json", height=240)
        bill_lines(one.after.lines, executions, t)


def _sentence(one: Suggestion, t: Texts) -> str:
    """What changes, in the reader's language."""
    names = [at.rsplit("/", 1)[-1].replace("~1", "/").replace("~0", "~") for at in one.at]
    first, last, many = names[0], names[-1], len(names)
    match one.kind:
        case "merge-pass" if many > 1:
            return t(
                "“{first}” can be merged into “{last}”, which makes the same of its input in one step.",
                first=first,
                last=last,
            )
        case "merge-pass":
            return t("“{first}” changes nothing and can go.", first=first)
        case "path-for-lambda":
            return t(
                "In this run the function of “{first}” answered with a part of its input: a path gives that without a function.",
                first=first,
            )
        case "intrinsic-for-lambda":
            return t(
                "In this run the function of “{first}” answered with what an intrinsic function makes of its input: that needs no function.",
                first=first,
            )
        case "callback-for-polling":
            return t(
                "“{first}” asks again and again; with a task token it is asked once, and whoever does the work calls back with the answer.",
                first=first,
            )
        case _:
            return t(
                "“{first}” to “{last}”, {n} states, can run as an Express machine of their own, which this one starts in one step.",
                first=first,
                last=last,
                n=t.number(many),
            )


def difference(before: object, after: object) -> str:
    """Two definitions as a diff of their JSON text."""
    old, new = (json.dumps(one, indent=2, ensure_ascii=False).splitlines() for one in (before, after))
    lines = list(difflib.unified_diff(old, new, "before", "after", lineterm="", n=3))
    return "\n".join(lines[2:])


def beside(trace: Trace, executions: int, t: Texts) -> None:
    """What else such runs cost, named apart: it is on other bills."""
    invocations = billing.functions(trace)
    if not invocations:
        return
    amount = billing.LAMBDA_REQUEST * invocations * executions
    st.caption(
        t(
            "Apart from these bills: {n} Lambda invocations, {money} for their requests; their time is billed by the memory "
            "of each function, whatever the type of the workflow.",
            n=t.number(invocations * executions),
            money=t.money(amount, 4),
        ).replace("$", "\\$")
    )

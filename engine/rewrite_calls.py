"""Calls of intrinsic functions, said in JSONata: a twin for each of the eighteen.

Where a function has the habits of the Java behind it, they are spelled out: numbers are rounded before they are added, empty
pieces are left out after splitting, arrays stay whole inside an array.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from engine.expressions import InvalidExpression
from engine.expressions.intrinsics import Argument, Invocation, parse_call
from engine.expressions.intrinsics import Literal as Constant
from engine.expressions.roots import Path
from engine.rewrite_values import Text, Unwritable, Value, Writing, constant, path_text


def call_text(written: str, dollar: Value, writing: Writing) -> Text:
    """An intrinsic call. Raises Unwritable."""
    try:
        return _invocation(parse_call(written), dollar, writing)
    except InvalidExpression as wrong:
        raise Unwritable(f"{written} is no call of an intrinsic function: {wrong.detail}") from None


def _invocation(call: Invocation, dollar: Value, writing: Writing) -> Text:
    return _TWINS[call.function.name](call, [_argument(one, dollar, writing) for one in call.arguments], writing)


def _argument(argument: Argument, dollar: Value, writing: Writing) -> Text:
    match argument:
        case Invocation():
            return _invocation(argument, dollar, writing)
        case Path():
            return path_text(argument.text, dollar, writing)
        case Constant(value):
            return constant(value)


def _kind(argument: Argument) -> str:
    """What is known of an argument's type before any data: `text`, `number`, `array`, `word` (true, false, null), or nothing."""
    if isinstance(argument, Constant):
        value = argument.value
        return "text" if isinstance(value, str) else "word" if value is None or isinstance(value, bool) else "number"
    if isinstance(argument, Invocation):
        return _GIVES.get(argument.function.name, "")
    return ""


_GIVES = {
    **dict.fromkeys(("Format", "JsonToString", "Base64Encode", "Base64Decode", "Hash", "UUID"), "text"),
    **dict.fromkeys(("MathAdd", "MathRandom", "ArrayLength"), "number"),
    **dict.fromkeys(("Array", "ArrayPartition", "ArrayRange", "ArrayUnique", "StringSplit"), "array"),
    "ArrayContains": "word",
    "JsonMerge": "object",
}


def _array(call: Invocation, given: list[Text], writing: Writing) -> Text:
    if all(_kind(argument) in ("text", "number", "word", "object") for argument in call.arguments):
        return Text("[" + ", ".join(text.text for text in given) + "]")
    members = ", ".join(f'"i{index}": {text.text}' for index, text in enumerate(given))
    return Text(f"[$each({{{members}}}, function($item) {{ $item }})[]]")  # items that are arrays stay whole


def _rounded(argument: Argument, text: Text) -> str:
    """A number as the intrinsics take it: rounded, halves up."""
    if isinstance(argument, Constant) and isinstance(argument.value, int):
        return text.tight
    if isinstance(argument, Invocation) and argument.function.name in ("MathAdd", "MathRandom", "ArrayLength"):
        return text.tight
    return f"$floor({text.tight} + 0.5)"


def _contains(call: Invocation, given: list[Text], writing: Writing) -> Text:
    if _kind(call.arguments[1]) in ("text", "number", "word"):
        return Text(f"{given[1].tight} in {given[0].tight}", True)
    return Text(f"$count($filter({given[0].text}, function($item) {{ $item = {given[1].tight} }})) > 0", True)


def _to_string(call: Invocation, given: list[Text], writing: Writing) -> Text:
    writing.note("$string writes 1.0 as 1.")
    if _kind(call.arguments[0]) in ("array", "object"):
        return Text(f"$string({given[0].text})")
    listed = f"$string([{given[0].text}])"
    quoted = f"$substring({listed}, 1, $length({listed}) - 2)"
    if _kind(call.arguments[0]) == "text":
        return Text(quoted)
    return Text(f'$type({given[0].text}) = "string" ? {quoted} : $string({given[0].text})', True)


def _split(call: Invocation, given: list[Text], writing: Writing) -> Text:
    cuts = call.arguments[1]
    if not isinstance(cuts, Constant) or not isinstance(cuts.value, str) or not cuts.value:
        raise Unwritable("The delimiters of States.StringSplit are only known in the run")
    if len(cuts.value) == 1:
        by = constant(cuts.value).text
    else:
        by = "/[" + "".join(c if c.isalnum() or ord(c) > 127 else f"\\x{ord(c):02x}" for c in cuts.value) + "]/"
    return Text(f'[$filter($split({given[0].text}, {by}), function($piece) {{ $piece != "" }})[]]')


_HOLES = re.compile(r"\\([\\'{}])|(\{\})")


def _format(call: Invocation, given: list[Text], writing: Writing) -> Text:
    template = call.arguments[0]
    if not isinstance(template, Constant) or template.escaped is None:
        raise Unwritable("The template of States.Format is only known in the run")
    rest = list(zip(call.arguments[1:], given[1:], strict=True))
    parts: list[str] = []
    literal = ""
    position = 0
    for found in _HOLES.finditer(template.escaped):
        literal += template.escaped[position : found.start()]
        position = found.end()
        if found[1]:
            literal += found[1]
            continue
        if not rest:
            raise Unwritable("States.Format has more {} than arguments")
        argument, text = rest.pop(0)
        if _kind(argument) not in ("text", "word"):
            writing.note("States.Format writes objects, arrays and numbers with a point as Java does, & as JSON.")
        parts += [constant(literal).text] if literal or not parts else []
        parts.append(text.tight)
        literal = ""
    literal += template.escaped[position:]
    if rest:
        raise Unwritable("States.Format has more arguments than {}")
    parts += [constant(literal).text] if literal or not parts else []
    return Text(" & ".join(parts), len(parts) > 1)


def _random(call: Invocation, given: list[Text], writing: Writing) -> Text:
    writing.note("States.MathRandom and $random draw other numbers, within the same bounds.")
    low, high = (_rounded(argument, text) for argument, text in zip(call.arguments[:2], given[:2], strict=True))
    seed = given[2].text if len(given) > 2 else ""
    return Text(f"$floor($random({seed}) * ({high} - {low})) + {low}", True)


def _base64(function: str) -> Callable[[Invocation, list[Text], Writing], Text]:
    def made(call: Invocation, given: list[Text], writing: Writing) -> Text:
        writing.note(f"{function} counts characters beyond ASCII as one byte, the intrinsic function as UTF-8.")
        return Text(f"{function}({given[0].text})")

    return made


def _merge(call: Invocation, given: list[Text], writing: Writing) -> Text:
    if not isinstance(call.arguments[2], Constant) or call.arguments[2].value is not False:
        raise Unwritable("States.JsonMerge is shallow only: its third argument must be false")
    return Text(f"$merge([{given[0].text}, {given[1].text}])")


def _parse(call: Invocation, given: list[Text], writing: Writing) -> Text:
    writing.note("States.StringToJson gives null for a blank text and for 'null', where $parse gives nothing.")
    return Text(f"$parse({given[0].text})")


def _range(call: Invocation, given: list[Text], writing: Writing) -> Text:
    numbers = ", ".join(_rounded(argument, text) for argument, text in zip(call.arguments, given, strict=True))
    return Text(f"[$range({numbers})]")


def _partition(call: Invocation, given: list[Text], writing: Writing) -> Text:
    return Text(f"$partition({given[0].text}, {_rounded(call.arguments[1], given[1])})")


def _item(call: Invocation, given: list[Text], writing: Writing) -> Text:
    return Text(f"{given[0].tight}[{_rounded(call.arguments[1], given[1])}]")


def _add(call: Invocation, given: list[Text], writing: Writing) -> Text:
    numbers = [_rounded(argument, text) for argument, text in zip(call.arguments, given, strict=True)]
    return Text(" + ".join(numbers), True)


def _plain(function: str) -> Callable[[Invocation, list[Text], Writing], Text]:
    return lambda call, given, writing: Text(f"{function}({', '.join(text.text for text in given)})")


_TWINS: Mapping[str, Callable[[Invocation, list[Text], Writing], Text]] = {
    "Array": _array,
    "ArrayPartition": _partition,
    "ArrayContains": _contains,
    "ArrayRange": _range,
    "ArrayGetItem": _item,
    "ArrayLength": _plain("$count"),
    "ArrayUnique": _plain("$distinct"),
    "Base64Encode": _base64("$base64encode"),
    "Base64Decode": _base64("$base64decode"),
    "Hash": _plain("$hash"),
    "JsonMerge": _merge,
    "JsonToString": _to_string,
    "StringToJson": _parse,
    "MathRandom": _random,
    "MathAdd": _add,
    "StringSplit": _split,
    "UUID": _plain("$uuid"),
    "Format": _format,
}
"""The eighteen intrinsic functions, each with what makes its twin."""

"""The eighteen intrinsic functions of JSONPath states: `States.Format('Order {}', $.id)`.

A call is parsed and its arguments are compiled when the machine is made. Arguments are single-quoted strings, numbers,
`true`, `false`, `null`, paths from any root, and further calls, nested at most ten deep. Inside quotes a backslash may
stand before `'`, `{`, `}` and `\\` only; AWS refuses any other when a machine is created (recorded).

The functions have the habits of the Java behind them: a set of delimiters where one expects a delimiter, `{a=1, b=[]}`
for an object in a text, halves rounded towards plus infinity. Where a recording shows a habit, the recording is followed.

Every function gets the run's random generator first, because two of them need it. Limits are those of the AWS
Developer Guide ("Intrinsic functions").
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import math
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.expressions.java import JavaRandom, java_text, round_half_up
from engine.values import Json, canonical, same, text

DEEPEST_NESTING = 10
LONGEST_TEXT = 10_000
LONGEST_RANGE = 1_000
SMALLEST_INTEGER, LARGEST_INTEGER = -(2**31), 2**31 - 1


class Failure(Exception):
    """A function cannot do with what it was given; the text is the second half of AWS's sentence."""


@dataclass(frozen=True, slots=True)
class Intrinsic:
    """One row of the table. `apply(random, *arguments)`; `most` None means any number of arguments."""

    name: str
    parameters: str
    least: int
    most: int | None
    apply: Callable[..., Json]
    help: str


def _array(value: Json) -> list[Json]:
    if isinstance(value, list):
        return value
    raise Failure(f"Expected an array, but was: {text(value)}")


def _string(value: Json) -> str:
    if isinstance(value, str):
        return value
    raise Failure(f"Expected a string, but was: {text(value)}")


def _object(value: Json) -> dict[str, Json]:
    if isinstance(value, dict):
        return value
    raise Failure(f"Expected an object, but was: {text(value)}")


def _integer(value: Json) -> int:
    """A number, rounded half up: every operand by itself, before anything is done with it (recorded for MathAdd)."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Failure(f"Expected a number, but was: {text(value)}")
    whole = round_half_up(value) if math.isfinite(value) else LARGEST_INTEGER + 1
    if SMALLEST_INTEGER <= whole <= LARGEST_INTEGER:
        return whole
    raise Failure(f"The number is outside the range of an integer: {text(value)}")


def _short(value: str) -> str:
    if len(value) > LONGEST_TEXT:
        raise Failure(f"The string is longer than {LONGEST_TEXT} characters")
    return value


def array(random: Any, *items: Json) -> Json:
    return list(items)


def array_partition(random: Any, items: Json, size: Json) -> Json:
    array, step = _array(items), _integer(size)
    if step <= 0:
        raise Failure("The chunk size must be a positive integer")
    return [array[start : start + step] for start in range(0, len(array), step)]


def array_contains(random: Any, items: Json, value: Json) -> Json:
    return any(same(item, value) for item in _array(items))


def array_range(random: Any, first: Json, last: Json, step: Json) -> Json:
    start, stop, stride = _integer(first), _integer(last), _integer(step)
    if stride == 0:
        raise Failure("The step must not be zero")
    numbers = range(start, stop + (1 if stride > 0 else -1), stride)
    if len(numbers) > LONGEST_RANGE:
        raise Failure(f"The range holds more than {LONGEST_RANGE} numbers")
    return list(numbers)


def array_get_item(random: Any, items: Json, index: Json) -> Json:
    array, position = _array(items), _integer(index)
    if 0 <= position < len(array):
        return array[position]
    raise Failure(f"The index {position} is outside an array of {len(array)} items")


def array_length(random: Any, items: Json) -> Json:
    return len(_array(items))


def array_unique(random: Any, items: Json) -> Json:
    seen: set[str] = set()
    unique = []
    for item in _array(items):
        key = canonical(_plain(item))
        if key not in seen:
            seen.add(key)
            unique.append(item)
    return unique


def _plain(value: Json) -> Json:
    """`1.0` as `1`, at any depth, so that equal numbers have equal texts."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return {key: _plain(item) for key, item in value.items()} if isinstance(value, dict) else value


def base64_encode(random: Any, value: Json) -> Json:
    return base64.b64encode(_short(_string(value)).encode("utf-8", "surrogatepass")).decode("ascii")


def base64_decode(random: Any, value: Json) -> Json:
    encoded = _short(_string(value))
    try:
        return base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        raise Failure("The string is not in the Base64 scheme") from None


HASHES = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


def hashed(random: Any, data: Json, algorithm: Json) -> Json:
    if algorithm not in HASHES:
        raise Failure(f"The algorithm must be one of {', '.join(HASHES)}, but was: {text(algorithm)}")
    bare = _short(data if isinstance(data, str) else text(data))
    return hashlib.new(HASHES[algorithm], bare.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def json_merge(random: Any, first: Json, second: Json, deep: Json) -> Json:
    if deep is not False:
        raise Failure("Only the shallow mode is supported: the third argument must be false")
    return {**_object(first), **_object(second)}


def json_to_string(random: Any, value: Json) -> Json:
    return text(value)


def string_to_json(random: Any, value: Json) -> Json:
    source = _string(value)
    if not source.strip():
        return None
    try:
        return json.loads(source, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Failure(f"The string is not valid JSON: {source}") from None


def _no_constant(name: str) -> Json:
    raise ValueError(name)


def math_random(random: Any, start: Json, end: Json, seed: Json = None) -> Json:
    low, high = _integer(start), _integer(end)
    if low >= high:
        raise Failure("The start number must be less than the end number")
    if seed is None:
        return random.randrange(low, high)
    return low + JavaRandom(_integer(seed)).below(high - low)


def math_add(random: Any, first: Json, second: Json) -> Json:
    return _integer(first) + _integer(second)


def string_split(random: Any, value: Json, delimiters: Json) -> Json:
    source, cuts = _string(value), _string(delimiters)
    if not cuts:
        return [source] if source else []
    return [piece for piece in re.split(f"[{re.escape(cuts)}]", source) if piece]


def new_uuid(random: Any) -> Json:
    return str(uuid.UUID(int=random.getrandbits(128), version=4))


_HOLES = re.compile(r"\\([\\'{}])|(\{\})")


def format_text(random: Any, template: Json, *values: Json) -> Json:
    """`template` still has its backslashes: `\\{` is a brace, `{}` a hole."""
    rest = list(values)

    def piece(match: re.Match[str]) -> str:
        if match[1]:
            return match[1]
        if not rest:
            raise Failure("There are more {} in the template than arguments")
        return java_text(rest.pop(0))

    filled = _HOLES.sub(piece, _string(template))
    if rest:
        raise Failure("There are more arguments than {} in the template")
    return filled


TABLE = (
    Intrinsic("Array", "values…", 0, None, array, "An array of the arguments, in their order."),
    Intrinsic(
        "ArrayPartition",
        "array, size",
        2,
        2,
        array_partition,
        "The array in chunks of the given size; the last may be shorter.",
    ),
    Intrinsic("ArrayContains", "array, value", 2, 2, array_contains, "Whether the value is one of the array's items."),
    Intrinsic(
        "ArrayRange",
        "first, last, step",
        3,
        3,
        array_range,
        "The numbers from first up to and including last; at most 1,000.",
    ),
    Intrinsic("ArrayGetItem", "array, index", 2, 2, array_get_item, "The item at the index, counted from 0."),
    Intrinsic("ArrayLength", "array", 1, 1, array_length, "The number of items."),
    Intrinsic("ArrayUnique", "array", 1, 1, array_unique, "The items without repetition, first ones kept."),
    Intrinsic("Base64Encode", "string", 1, 1, base64_encode, "The text in Base64; at most 10,000 characters."),
    Intrinsic("Base64Decode", "string", 1, 1, base64_decode, "The text behind Base64; at most 10,000 characters."),
    Intrinsic("Hash", "data, algorithm", 2, 2, hashed, "The hex digest: MD5, SHA-1, SHA-256, SHA-384 or SHA-512."),
    Intrinsic("JsonMerge", "first, second, false", 3, 3, json_merge, "Both objects' keys; the second wins, shallowly."),
    Intrinsic("JsonToString", "value", 1, 1, json_to_string, "The value as JSON text."),
    Intrinsic("StringToJson", "string", 1, 1, string_to_json, "The value that the JSON text describes."),
    Intrinsic(
        "MathRandom",
        "start, end, seed?",
        2,
        3,
        math_random,
        "A random integer from start up to, not including, end; the same for the same seed.",
    ),
    Intrinsic("MathAdd", "first, second", 2, 2, math_add, "The sum of two numbers, each rounded to an integer first."),
    Intrinsic(
        "StringSplit",
        "string, delimiters",
        2,
        2,
        string_split,
        "The pieces between any of the delimiter characters, without empty ones.",
    ),
    Intrinsic("UUID", "", 0, 0, new_uuid, "A new version 4 UUID."),
    Intrinsic("Format", "template, values…", 1, None, format_text, "The template with each {} replaced by a value."),
)

INTRINSICS: Mapping[str, Intrinsic] = {row.name: row for row in TABLE}

"""What stands on the two sides of a filter's operator, and the operators as a table.

An operand is `UNDEFINED` (a path that led nowhere), None, a bool, a str, a `Decimal` (all numbers, so that `1` and `1.0`
compare by value and 0.1 is what was written), a `Tree` (an object or array), or a compiled pattern.

An operator that meets an operand it has no use for raises `Unfit`, and then the *whole* filter answers "no" for this
element, whatever `!` or `||` stand around it: that is Jayway's rule, and often a surprise.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.values import Json

from . import loose
from .java import Keys, class_name, double, equal, string_length, text, unescape, utf16
from .patterns import SECONDS_PER_MATCH, is_pattern
from .problems import InvalidPath, PathFailed


class Unfit(Exception):
    """An operand of a kind that the operator does not take."""


class _Mark:
    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


UNDEFINED = _Mark("undefined")
PATH_LIKE = _Mark("path")
"""A string in a list that could be read as a path: Jayway reads it so, and then it equals nothing."""


class Tree:
    """An object or array; one written in the filter itself is text until someone looks inside."""

    __slots__ = ("_value", "raw", "written")

    def __init__(self, raw: Json, written: bool = False) -> None:
        self.raw = raw
        self.written = written
        self._value: Json = UNDEFINED if written else raw

    def value(self) -> Json:
        if self._value is UNDEFINED:
            try:
                self._value = loose.loads(self.raw)
            except loose.LooseError as error:
                raise PathFailed(f"net.minidev.json.parser.ParseException: {error}") from None
        return self._value

    def list(self) -> list[Any] | None:
        """The elements as operands, None where this is no array."""
        value = self.value()
        return [_element(item) for item in value] if isinstance(value, list) else None


def operand(value: Json) -> Any:
    """What a path in a filter found, as an operand."""
    if isinstance(value, str) or value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(double(value))
    if isinstance(value, Keys):
        raise PathFailed(f"Could not convert class {class_name(value)}:{text(value)} to a ValueNode")
    return Tree(value)


def _element(value: Json) -> Any:
    if isinstance(value, (list, dict)):
        raise PathFailed("Could not determine value type")
    if not isinstance(value, str):
        return operand(value)
    stripped = value.strip()
    if stripped[:1] in ("$", "@") and stripped and _is_path(stripped):
        return PATH_LIKE
    if len(stripped) > 1 and stripped[0] + stripped[-1] in ("[]", "{}"):
        try:
            loose.loads(stripped)
        except loose.LooseError:
            pass
        else:
            return Tree(value, written=True)
    if len(value) > 1:
        if value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        try:
            return unescape(value)
        except ValueError as bad:
            raise PathFailed(f"Unable to parse unicode value: {bad}") from None
    return value


def _is_path(value: str) -> bool:
    from .compiler import Reading, compile_route  # the compiler of paths needs this module for its filters

    try:
        compile_route(value, Reading(lenient=False))
    except InvalidPath:
        return False
    return True


# --- equality and order ------------------------------------------------------------------------------------------------


def _number(value: str) -> Decimal | None:
    try:
        number = Decimal(value)
    except ArithmeticError:
        return None
    return (
        number if number.is_finite() and value.isprintable() and "_" not in value and value == value.strip() else None
    )


def equals(left: Any, right: Any) -> bool:
    """Jayway's `==`: a number on one side makes a number of a string on the other, from left to right."""
    if isinstance(left, Tree):
        if not isinstance(right, Tree):
            return False
        return left is right or (not left.written and equal(left.raw, right.value()))
    return _same(left, right)


def _same(left: Any, right: Any) -> bool:
    if left is UNDEFINED or left is PATH_LIKE or is_pattern(left):
        return False
    if isinstance(left, str):
        return left == (str(right) if isinstance(right, Decimal) else right)
    if isinstance(left, Decimal):
        if isinstance(right, str):
            right = _number(right)
        return isinstance(right, Decimal) and left == right
    if isinstance(left, Tree):
        return isinstance(right, Tree) and (left is right or equal(left.raw, right.raw))
    return left is right


def strictly_equals(left: Any, right: Any) -> bool:
    return type(left) is type(right) and equals(left, right)


def _compare(accept: Callable[[int], bool]) -> Callable[[Any, Any], bool]:
    """Numbers with numbers, strings with strings; anything else is in no order."""

    def compare(left: Any, right: Any) -> bool:
        if isinstance(left, str) and isinstance(right, str):
            if not (left.isascii() and right.isascii()):
                left, right = utf16(left), utf16(right)
        elif not (isinstance(left, Decimal) and isinstance(right, Decimal)):
            return False
        return accept((left > right) - (left < right))

    return compare


# --- lists -------------------------------------------------------------------------------------------------------------


def _holds(items: list[Any], wanted: Any) -> bool:
    return any(_same(wanted, item) for item in items)


def _is_in(left: Any, right: Any) -> bool:
    if not isinstance(right, Tree):
        raise Unfit
    items = right.list()
    return items is not None and _holds(items, left)


def _two_lists(judge: Callable[[list[Any], list[Any]], bool]) -> Callable[[Any, Any], bool]:
    def compare(left: Any, right: Any) -> bool:
        if not isinstance(right, Tree):
            raise Unfit
        second = right.list()
        if second is None:
            return False
        if not isinstance(left, Tree):
            raise Unfit
        first = left.list()
        return first is not None and judge(first, second)

    return compare


def _shares(first: list[Any], second: list[Any]) -> bool:
    return any(_same(one, other) for one in first for other in second)


def _contains(left: Any, right: Any) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return right in left
    if not isinstance(left, Tree):
        return False
    items = left.list()
    return items is not None and _holds(items, right)


def _size(left: Any, right: Any) -> bool:
    if not isinstance(right, Decimal):
        return False
    wanted = int(right) if abs(right) < 2**31 else None
    if isinstance(left, str):
        return string_length(left) == wanted
    if isinstance(left, Tree):
        value = left.value()
        return (len(value) if isinstance(value, list) else -1) == wanted
    return False


def _empty(left: Any, right: Any) -> bool:
    if isinstance(left, Tree):
        value = left.value()
        if isinstance(value, dict):
            raise PathFailed(_NOT_A_COLLECTION[left.written])
        is_empty = not value
    elif isinstance(left, str):
        is_empty = left == ""
    else:
        return False
    if not isinstance(right, bool):
        raise Unfit
    return is_empty == right


_NOT_A_COLLECTION = {
    False: (
        "class java.util.LinkedHashMap cannot be cast to class java.util.Collection (java.util.LinkedHashMap and "
        "java.util.Collection are in module java.base of loader 'bootstrap')"
    ),
    True: (
        "class net.minidev.json.JSONObject cannot be cast to class java.util.Collection (net.minidev.json.JSONObject "
        "is in unnamed module of loader 'app'; java.util.Collection is in module java.base of loader 'bootstrap')"
    ),
}
"""Jayway stumbles over asking an object whether it is empty; the words are those of its virtual machine."""


def _exists(left: Any, right: Any) -> bool:
    if not isinstance(left, bool) and not isinstance(right, bool):
        raise PathFailed("Failed to evaluate exists expression")
    if not (isinstance(left, bool) and isinstance(right, bool)):
        raise Unfit
    return left is right


def _never(left: Any, right: Any) -> bool:
    """Operators for operands that cannot be written in a path."""
    raise Unfit


# --- regular expressions -----------------------------------------------------------------------------------------------


def _matches(left: Any, right: Any) -> bool:
    one, other = is_pattern(left), is_pattern(right)
    if one == other:
        return False
    pattern, given = (left, right) if one else (right, left)
    items = given.list() if isinstance(given, Tree) else None
    try:
        if items is None:
            return pattern.fullmatch(_matchable(given), timeout=SECONDS_PER_MATCH) is not None
        return any(pattern.fullmatch(_matchable(item), timeout=SECONDS_PER_MATCH) is not None for item in items)
    except TimeoutError:
        raise PathFailed(f"The regular expression /{pattern.pattern}/ took too long") from None


def _matchable(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, Decimal) else ""


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": equals,
    "!=": lambda left, right: not equals(left, right),
    "===": strictly_equals,
    "!==": lambda left, right: not strictly_equals(left, right),
    "<": _compare(lambda sign: sign < 0),
    "<=": _compare(lambda sign: sign <= 0),
    ">": _compare(lambda sign: sign > 0),
    ">=": _compare(lambda sign: sign >= 0),
    "=~": _matches,
    "IN": _is_in,
    "NIN": lambda left, right: not _is_in(left, right),
    "SUBSETOF": _two_lists(lambda first, second: all(_holds(second, item) for item in first)),
    "ANYOF": _two_lists(_shares),
    "NONEOF": _two_lists(lambda first, second: not _shares(first, second)),
    "CONTAINS": _contains,
    "SIZE": _size,
    "EMPTY": _empty,
    "EXISTS": _exists,
    "ALL": _never,
    "TYPE": _never,
    "MATCHES": _never,
}
"""Every operator of the dialect, by its name in capitals (filters may write it in any case)."""

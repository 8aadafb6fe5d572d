"""How Java prints and compares what a document holds: Jayway's messages and its deep equality are Java's."""

from __future__ import annotations

from engine.values import Json

_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "/": "\\/",
}


class Keys:
    """The names of an object as `keys()` gives them: neither a list nor an object while the path goes on."""

    __slots__ = ("names",)

    def __init__(self, names: list[str]) -> None:
        self.names = names


def class_name(value: Json) -> str:
    """The Java class that holds such a value (`null` for none)."""
    match value:
        case None:
            return "null"
        case bool():
            return "java.lang.Boolean"
        case int():
            if -(2**31) <= value < 2**31:
                return "java.lang.Integer"
            return "java.lang.Long" if -(2**63) <= value < 2**63 else "java.math.BigInteger"
        case float():
            return "java.lang.Double"
        case str():
            return "java.lang.String"
        case list():
            return "net.minidev.json.JSONArray"
        case Keys():
            return "java.util.LinkedHashMap$LinkedKeySet"
        case _:
            return "java.util.LinkedHashMap"


def double(value: float) -> str:
    """`Double.toString`: `100.0`, `1.0E7`, `1.5E-4`."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    sign, digits, exponent = _decimal_parts(value)
    point = len(digits) + exponent
    if value == 0 or -3 < point <= 7:
        if point <= 0:
            body = "0." + "0" * -point + digits
        elif point >= len(digits):
            body = digits + "0" * (point - len(digits)) + ".0"
        else:
            body = digits[:point] + "." + digits[point:]
    else:
        body = f"{digits[0]}.{digits[1:] or '0'}E{point - 1}"
    return sign + body


def _decimal_parts(value: float) -> tuple[str, str, int]:
    text = repr(value)
    sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    mantissa, _, power = text.partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    exponent = int(power or 0) - len(fraction)
    stripped = digits.rstrip("0")
    return sign, stripped or "0", exponent + len(digits) - len(stripped) if stripped else 0


def text(value: Json) -> str:
    """`toString()`: objects as `{a=1, b=x}`, arrays as JSON text, strings bare."""
    match value:
        case dict():
            return "{" + ", ".join(f"{name}={text(inner)}" for name, inner in value.items()) + "}"
        case Keys(names=names):
            return "[" + ", ".join(names) + "]"
        case list():
            return _json(value)
        case str():
            return value
        case _:
            return _json(value)


def _json(value: Json) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return double(value)
        case str():
            return '"' + "".join(map(_escaped, value)) + '"'
        case list():
            return "[" + ",".join(map(_json, value)) + "]"
        case Keys(names=names):
            return "[" + ",".join(map(_json, names)) + "]"
        case _:
            return "{" + ",".join(f"{_json(name)}:{_json(inner)}" for name, inner in value.items()) + "}"


def _escaped(character: str) -> str:
    known = _ESCAPES.get(character)
    if known is not None:
        return known
    if character <= "\x1f" or "\x7f" <= character <= "\x9f" or "\u2000" <= character <= "\u20ff":
        return f"\\u{ord(character):04X}"
    return character


def equal(left: Json, right: Json) -> bool:
    """`Object.equals`: like JSON equality, but `1` and `1.0` are of two classes and so never equal."""
    if isinstance(left, dict):
        return (
            isinstance(right, dict)
            and len(left) == len(right)
            and all(name in right and equal(value, right[name]) for name, value in left.items())
        )
    if isinstance(left, list):
        return isinstance(right, list) and len(left) == len(right) and all(map(equal, left, right))
    return type(left) is type(right) and bool(left == right)


def utf16(value: str) -> bytes:
    """Java orders and measures strings by their UTF-16 units, which differ from characters above U+FFFF."""
    return value.encode("utf-16-be", "surrogatepass")


def string_length(value: str) -> int:
    """UTF-16 units."""
    return len(value) if value.isascii() else len(utf16(value)) // 2


def unescape(value: str) -> str:
    """Backslash escapes of names and string literals; an unknown escape stands for its character.

    Raises ValueError with the four characters that should have been a `\\u` escape.
    """
    if "\\" not in value:
        return value
    plain = {"r": "\r", "f": "\f", "t": "\t", "n": "\n", "b": "\b"}
    parts: list[str] = []
    index = 0
    while index < len(value):
        character = value[index]
        index += 1
        if character != "\\":
            parts.append(character)
        elif index == len(value):
            parts.append("\\")
        elif value[index] == "u":
            code = value[index + 1 : index + 5]
            if len(code) == 4:
                parts.append(chr(_hexadecimal(code)))
            index += 5
        else:
            parts.append(plain.get(value[index], value[index]))
            index += 1
    return "".join(parts)


def _hexadecimal(code: str) -> int:
    if all(character in "0123456789abcdefABCDEF" for character in code):
        return int(code, 16)
    raise ValueError(code)

"""The mistake of a JSON text in words: once for a person, once as Jackson says it.

Jackson is the parser whose texts the service passes on when a definition is created; its columns count the character
that did not fit as read.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.jsontext import DEEPEST, Broken, Kind, lines

_SNIPPET = 500
"""Characters of a text that Jackson repeats in a location."""

# Told to a person ---------------------------------------------------------------------------------------------------


def sentence(text: str, broken: Broken) -> tuple[str, int]:
    """What is wrong and what would be right, without the place; and the index of the character to point at."""
    here = max(0, broken.index - 1)
    closing = "}" if broken.within == "Object" else "]"
    shown = _shown(broken.found)
    match broken.kind:
        case "comma":
            last = _last(text, broken.after)
            return f"a comma or {closing} is missing after {last}", broken.after
        case "name" if broken.found == "}" or broken.found == ",":
            return f"there is a comma too many before {shown}", here
        case "name" if broken.found == "'":
            return "names stand in double quotes, not in single ones", here
        case "name":
            return f"a name in double quotes is expected, but {shown} stands here", here
        case "colon":
            return f'a colon is missing after "{broken.note}"', broken.after
        case "close":
            return f"{shown} closes nothing here; {closing} is expected first", here
        case "value" if broken.found in ("]", "}", ","):
            before = text[:here].rstrip()[-1:]
            if before == ",":
                return f"there is a comma too many before {shown}", here
            return f"a value is missing before {shown}", here
        case "value" if broken.found == "'":
            return "texts stand in double quotes, not in single ones", here
        case "value" if broken.found == "/":
            return "JSON has no comments; remove what begins with /", here
        case "value":
            return f"a value is expected, but {shown} stands here", here
        case "token":
            word = broken.found
            right = {
                "True": "true",
                "False": "false",
                "None": "null",
                "NULL": "null",
                "TRUE": "true",
                "FALSE": "false",
            }.get(word)
            hint = f"write {right}" if right else "texts need double quotes"
            return f"{word} is no JSON value; {hint}", broken.index - len(word)
        case "end in text" | "end in name":
            return 'the text ends inside a string; a closing " is missing', broken.index
        case "end" if broken.within == "root":
            return "there is no JSON here", 0
        case "end" | "end in entries":
            return f"the text ends too early; {closing} is missing", broken.index
        case "control":
            named = (
                "a line break" if broken.found in "\r\n" else "a tab" if broken.found == "\t" else "a control character"
            )
            return f'{named} stands inside a string; write {_escaped(broken.found)} or close the string with "', here
        case "escape":
            return f"\\{broken.found} is no escape of JSON; a backslash itself is written \\\\", here - 1
        case "hex":
            return "\\u needs four hexadecimal digits", here
        case "number":
            return _NUMBER_SENTENCES.get(broken.note, "the number is not complete"), here
        case "deep":
            return f"brackets are nested more than {DEEPEST} deep", here


_NUMBER_SENTENCES = {
    "Leading zeroes not allowed": "a number does not begin with 0; text needs double quotes",
    "Decimal point not followed by a digit": "a digit is missing after the decimal point",
    "Exponent indicator not followed by a digit": "a digit is missing after the exponent",
    "expected digit (0-9) to follow minus sign, for valid numeric value": "a digit is missing after the minus sign",
}


def _shown(char: str) -> str:
    return (
        char
        if char.isprintable() and char != '"'
        else 'a "'
        if char == '"'
        else f"character {ord(char)}"
        if char
        else "nothing"
    )


def _escaped(char: str) -> str:
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(char, f"\\u{ord(char):04x}")


def _last(text: str, after: int) -> str:
    """The end of what was right, short enough to be shown."""
    line = text[:after].rstrip().rpartition("\n")[2].strip()
    return line if len(line) <= 40 else "…" + line[-39:]


# Told by Jackson ----------------------------------------------------------------------------------------------------

_VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"


def jackson(text: str, broken: Broken) -> tuple[str, str]:
    """Jackson's message for a mistake, and the location it ends with: `[Source: (String)"…"; line: 1, column: 4]`."""
    where = lines(text)
    source = _source(text)
    line, column = where(broken.index - 1) if broken.kind == "control" else where(broken.index)
    # A line break inside a string is not counted as one.
    location = source % (line, column + (broken.kind == "control"))
    make = _MESSAGES[broken.kind]
    return f"{make(broken, source % where(broken.opened))}\n at {location}", location


def _source(text: str) -> str:
    """The beginning of a location; a long text is cut, control characters other than line ends are escaped."""
    cut = "".join(
        f"\\u{ord(char):04X}" if (char < " " or "\x7f" <= char <= "\x9f") and char not in "\r\n" else char
        for char in text[:_SNIPPET]
    )
    rest = f"[truncated {len(text) - _SNIPPET} chars]" if len(text) > _SNIPPET else ""
    return f'[Source: (String)"{cut}"{rest}'.replace("%", "%%") + "; line: %d, column: %d]"


def _described(char: str) -> str:
    code = ord(char)
    if code < 32 or 127 <= code <= 159:
        return f"(CTRL-CHAR, code {code})"
    return f"'{char}' (code {code} / 0x{code:x})" if code > 255 else f"'{char}' (code {code})"


def _unexpected(broken: Broken, comment: str) -> str:
    return f"Unexpected character ({_described(broken.found)}): {comment}"


def _number_message(broken: Broken) -> str:
    if not broken.found:
        return "Unexpected end-of-input in numeric value"
    if broken.note.startswith("Leading"):
        return f"Invalid numeric value: {broken.note}"
    return f"Unexpected character ({_described(broken.found)}) in numeric value: {broken.note}"


_MESSAGES: dict[Kind, Callable[[Broken, str], str]] = {
    "value": lambda broken, opened: _unexpected(
        broken, "expected a value" if broken.found == "}" else f"expected a valid value {_VALUES}"
    ),
    "token": lambda broken, opened: f"Unrecognized token '{broken.found}': was expecting {_VALUES}",
    "comma": lambda broken, opened: _unexpected(broken, f"was expecting comma to separate {broken.within} entries"),
    "name": lambda broken, opened: _unexpected(broken, "was expecting double-quote to start field name"),
    "colon": lambda broken, opened: _unexpected(broken, "was expecting a colon to separate field name and value"),
    "close": lambda broken, opened: (
        f"Unexpected close marker '{broken.found}': expected '{'}' if broken.within == 'Object' else ']'}' "
        f"(for {broken.within} starting at {opened})"
    ),
    "end": lambda broken, opened: (
        f"Unexpected end-of-input: expected close marker for {broken.within} (start marker at {opened})"
    ),
    "end in text": lambda broken, opened: "Unexpected end-of-input: was expecting closing quote for a string value",
    "end in name": lambda broken, opened: "Unexpected end-of-input in field name",
    "end in entries": lambda broken, opened: f"Unexpected end-of-input within/between {broken.within} entries",
    "control": lambda broken, opened: (
        f"Illegal unquoted character ({_described(broken.found)}): has to be escaped using backslash to be included in "
        f"{broken.note}"
    ),
    "escape": lambda broken, opened: f"Unrecognized character escape {_described(broken.found)}",
    "hex": lambda broken, opened: _unexpected(broken, "expected a hex-digit for character escape sequence"),
    "number": lambda broken, opened: _number_message(broken),
    "deep": lambda broken, opened: f"Document nesting depth ({DEEPEST + 1}) exceeds the maximum allowed ({DEEPEST})",
}

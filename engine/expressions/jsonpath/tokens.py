"""What a path is made of.

A path is a `Route`: where it starts (`$` the document, `@` the element under a filter) and its tokens in order. A token
is *definite* when it leads from one place to at most one place; a path whose tokens are all definite answers a value or
"not found", any other answers a list, maybe an empty one.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.values import Json


@dataclass(frozen=True, slots=True, eq=False)
class Property:
    """`.a`, `['a']`, `['a','b']`. The quote is kept because messages repeat it."""

    names: tuple[str, ...]
    quote: str = "'"


@dataclass(frozen=True, slots=True, eq=False)
class Indices:
    """`[0]`, `[-1]`, `[0,2]`."""

    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    """`[1:]`, `[:-1]`, `[0:2]`; a side left out is None, never both."""

    start: int | None
    stop: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Wildcard:
    """`*`, `[*]`."""


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """`..`: every object and array below, itself included."""


@dataclass(frozen=True, slots=True, eq=False)
class Filter:
    """`[?(…)]`."""

    condition: Condition


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """`.length()`, `.sum($.more)`. `arguments` is None where the parentheses are empty."""

    name: str
    arguments: tuple[Argument, ...] | None


Token = Property | Indices | Slice | Wildcard | Scan | Filter | Call


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """A whole path.

    `after_scan` marks the path made of an inverted call (see `invert`): what follows its call stays as indefinite as the
    scan that stood before it.
    """

    root: str
    tokens: tuple[Token, ...]
    from_document: bool
    is_function: bool
    after_scan: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class JsonArgument:
    """JSON text given to a function, read when it is used."""

    text: str


Argument = Route | JsonArgument


# --- the condition of a filter -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Literal:
    """A constant operand: None, bool, str, Decimal, `Tree` or `Pattern` (see `operands`)."""

    value: Json


@dataclass(frozen=True, slots=True, eq=False)
class PathOperand:
    """A path inside a filter; `wanted` is false behind a `!`."""

    route: Route
    wanted: bool


Operand = Literal | PathOperand


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    left: Operand
    operator: str
    right: Operand


@dataclass(frozen=True, slots=True, eq=False)
class Exists:
    path: PathOperand


@dataclass(frozen=True, slots=True, eq=False)
class AllOf:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, eq=False)
class AnyOf:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Not:
    part: Condition


Condition = Comparison | Exists | AllOf | AnyOf | Not


# --- what can be told from tokens alone ----------------------------------------------------------------------------


def is_definite(token: Token, last: bool) -> bool:
    """Several names at the end of a path make one object of them, so there they are definite."""
    match token:
        case Property(names):
            return last or len(names) == 1
        case Indices(numbers):
            return len(numbers) == 1
        case Call():
            return True
        case _:
            return False


def all_definite(tokens: tuple[Token, ...]) -> bool:
    return all(is_definite(token, index == len(tokens) - 1) for index, token in enumerate(tokens))


def fragment(token: Token) -> str:
    """The token as messages print it: names in brackets, in the quotes they were written with."""
    match token:
        case Property(names, quote):
            return "[" + ",".join(f"{quote}{name}{quote}" for name in names) + "]"
        case Indices(numbers):
            return "[" + ",".join(map(str, numbers)) + "]"
        case Slice(start, stop):
            return f"[{'' if start is None else start}:{'' if stop is None else stop}]"
        case Wildcard():
            return "[*]"
        case Scan():
            return ".."
        case Filter():
            return "[?]"
        case Call(name, arguments):
            return f".{name}(...)" if arguments else f".{name}()"


def printed(tokens: tuple[Token, ...]) -> str:
    return "".join(map(fragment, tokens))


def invert(route: Route) -> Route:
    """`$..price.sum()` means `$.sum($..price)`: one sum of everything found, not one per find.

    Jayway turns the path round when it starts with `..` and ends in a call; the first call takes everything before it
    as its argument (and forgets the arguments it had, though messages still print `(...)`).
    """
    if not (route.is_function and route.tokens and isinstance(route.tokens[0], Scan)):
        return route
    split = next(index for index, token in enumerate(route.tokens) if isinstance(token, Call))
    call = route.tokens[split]
    assert isinstance(call, Call)
    found = Route(route.root, route.tokens[:split], from_document=True, is_function=False)
    tokens = (Call(call.name, (found,)), *route.tokens[split + 1 :])
    return Route("$", tokens, route.from_document, is_function=True, after_scan=True)

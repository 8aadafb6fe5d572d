"""What can be wrong with a path, in Jayway's own words: three kinds, because callers treat them differently."""

from __future__ import annotations


class InvalidPath(ValueError):
    """The text is no path, or (found out while reading) names an unknown function or filters a plain value."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class PathNotFound(LookupError):
    """A path that names one place found nothing there."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class PathFailed(Exception):
    """Everything else that stops an evaluation: a sum of nothing, a regular expression that takes too long."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotAReferencePath(ValueError):
    """The text may be a path but does not name exactly one place; `message` is in the words of Step Functions."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class OutOfBounds(PathFailed):
    """A function asked a list for an element it has not. Below an array index Jayway mistakes this for a missing
    element and answers nothing; elsewhere it is a failure."""


class Slip(Exception):
    """An accident of the reader on malformed text. Jayway shows such accidents as they are (`text` is Java's name and
    message of the exception); whoever reads a larger unit turns it into an `InvalidPath`."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class UnusablePath(PathFailed, InvalidPath):
    """An `InvalidPath` that shows only while reading: whoever catches failures of reading need not know of it."""

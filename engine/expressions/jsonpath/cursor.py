"""A text with a position and an end, walked by the compilers of paths and of filters.

The end can be drawn in (a filter is read between its brackets) while looking at single characters still sees the whole
text: positions in messages count from the start of the whole.
"""

from __future__ import annotations

from .problems import InvalidPath, Slip


class Cursor:
    """`position` is where reading stands, `end` the index of the last character that belongs to the text."""

    __slots__ = ("end", "position", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.end = len(text) - 1

    @property
    def length(self) -> int:
        return self.end + 1

    def at(self, index: int) -> str:
        """The character there, also beyond `end`; outside the whole text it is a `Slip`."""
        if 0 <= index < len(self.text):
            return self.text[index]
        raise Slip(f"java.lang.StringIndexOutOfBoundsException: String index out of range: {index}")

    def current(self) -> str:
        return self.at(self.position)

    def current_is(self, character: str) -> bool:
        return self.at(self.position) == character

    def last_is(self, character: str) -> bool:
        return self.at(self.end) == character

    def inside(self, index: int | None = None) -> bool:
        return 0 <= (self.position if index is None else index) <= self.end

    def is_tail(self) -> bool:
        return not self.inside(self.position + 1)

    def slice(self, start: int, stop: int) -> str:
        if 0 <= start <= stop <= len(self.text):
            return self.text[start:stop]
        raise Slip(f"java.lang.StringIndexOutOfBoundsException: begin {start}, end {stop}, length {len(self.text)}")

    def skip_blanks(self) -> Cursor:
        while self.inside() and self.position < self.end and self.text[self.position] == " ":
            self.position += 1
        return self

    def trim(self) -> Cursor:
        self.skip_blanks()
        while self.inside() and self.position < self.end and self.text[self.end] == " ":
            self.end -= 1
        return self

    def next_significant_index(self, start: int) -> int:
        """The first index after `start` that holds no blank (it may lie outside)."""
        index = start + 1
        while self.inside(index) and self.text[index] == " ":
            index += 1
        return index

    def next_significant(self, start: int | None = None) -> str:
        index = self.next_significant_index(self.position if start is None else start)
        return self.text[index] if self.inside(index) else " "

    def index_of_next_significant(self, start: int, character: str) -> int:
        """Where the next non-blank stands if it is this character, else -1."""
        index = self.next_significant_index(start)
        return index if self.at(index) == character else -1

    def previous_significant_index(self) -> int:
        index = self.position - 1
        while self.inside(index) and self.text[index] == " ":
            index -= 1
        return index if self.inside(index) else -1

    def previous_significant(self) -> str:
        index = self.previous_significant_index()
        return " " if index == -1 else self.text[index]

    def index_of(self, start: int, character: str) -> int:
        return self.text.find(character, start, self.end + 1)

    def index_of_unescaped(self, start: int, character: str) -> int:
        """The first one after `start` that no backslash protects, or -1."""
        index = start + 1
        while index <= self.end:
            found = self.text[index]
            if found == "\\":
                index += 1
            elif found == character:
                return index
            index += 1
        return -1

    def index_of_closing(self, start: int, opening: str, closing: str, *, strings: bool, regexes: bool) -> int:
        """Where the bracket opened at `start` closes, not counting brackets in strings and patterns; -1 if nowhere."""
        if self.at(start) != opening:
            raise InvalidPath(f"Expected {opening} but found {self.at(start)}")
        depth = 1
        index = start + 1
        while self.inside(index):
            quote = self.at(index)
            if strings and quote in "'\"":
                index = self.index_of_unescaped(index, quote)
                if index == -1:
                    raise InvalidPath(f"Could not find matching close quote for {quote} when parsing : {self.text}")
                index += 1
            if regexes and self.at(index) == "/":
                index = self.index_of_unescaped(index, "/")
                if index == -1:
                    raise InvalidPath(f"Could not find matching close for / when parsing regex in : {self.text}")
                index += 1
            found = self.at(index)
            if found == opening:
                depth += 1
            if found == closing:
                depth -= 1
                if depth == 0:
                    return index
            index += 1
        return -1

    def expect(self, character: str) -> None:
        """Steps over blanks and this character."""
        if self.skip_blanks().current() != character:
            raise InvalidPath(f"Expected character: {character}")
        self.position += 1

    def accept(self, word: str) -> bool:
        """Steps over blanks, and over the word if it stands here."""
        self.skip_blanks()
        stop = self.position + len(word)
        if self.inside(stop - 1) and self.slice(self.position, stop) == word:
            self.position = stop
            return True
        return False

"""The part of a delivery that is in memory: what has been read and is not yet spoken for."""

from __future__ import annotations

import re
from typing import BinaryIO

from ringback.errors import DeliveryRefused
from ringback.model.contract import Source
from ringback.model.delivery import Origin
from ringback.steps.read.dialect import Limits
from ringback.steps.read.text import Undecodable, Utf8

_LINE_END = re.compile(rb"\r\n?|\n")
_TAIL_BYTES = 2**16


class Window:
    """A window of at most `record_bytes` that moves over the text; the footer's lines are kept out of `content`."""

    def __init__(self, content: BinaryIO, source: Source, *, file_name: str, limits: Limits) -> None:
        self._text = Utf8(content, source.encoding, file_name=file_name)
        self._limits, self._file_name = limits, file_name
        self._footer_lines = source.footer_lines
        self._held = b""
        self._body_bytes = 0  # of what is held
        self.is_last = False  # nothing comes after what is held
        self.parts: dict[str, int] = {"byte order mark": self._text.mark_bytes} if self._text.mark_bytes else {}

    @property
    def content(self) -> bytes:
        """What is held of the header and rows."""
        return self._held if self._body_bytes == len(self._held) else self._held[: self._body_bytes]

    @property
    def byte_count(self) -> int:
        """Bytes read from the delivery."""
        return self._text.byte_count

    @property
    def is_full(self) -> bool:
        """Whether no more can be held at once, though more comes."""
        return not self.is_last and len(self._held) >= self._limits.record_bytes

    @property
    def is_done(self) -> bool:
        """Whether all rows are spoken for."""
        return self.is_last and self._body_bytes == 0

    def fill(self, *, line: int) -> None:
        """Read on, as far as the limits allow. Raises: DeliveryRefused."""
        size = min(self._limits.block_bytes, self._limits.record_bytes - len(self._held))
        if self.is_last or size <= 0:
            return
        try:
            block = self._text.read(size)
        except Undecodable as fault:
            raise self.refused("the text cannot be read on", line=line, why=f"From here on {fault}.") from None
        self.is_last = len(block) < size
        self._hold(self._held + block)
        if self.is_full and self._body_bytes == 0:
            raise self.refused("the footer is too long to be one", line=line, why="It fills all memory allowed for it.")

    def take(self, part: str, size: int) -> None:
        """Count the first bytes under a part, and let them go."""
        self.parts[part] = self.parts.get(part, 0) + size
        self._held = self._held[size:]
        self._body_bytes -= size

    def take_line(self, part: str, *, line: int) -> bool:
        """Take one whole line, however long. False: there is none."""
        self.fill(line=line)
        if self.is_done:
            return False
        self.take_rest_of_line(part, line=line)
        return True

    def take_rest_of_line(self, part: str, *, line: int) -> None:
        """Take what comes up to the next line end, however long."""
        while not self.is_done:
            found = _LINE_END.search(self.content)
            if found and (self.is_last or found.end() < self._body_bytes or found.group() != b"\r"):
                self.take(part, found.end())
                return
            self.take(part, found.start() if found else self._body_bytes)
            self.fill(line=line)

    def take_footer(self) -> None:
        """Count what is left."""
        if self._held:
            self.take("footer", len(self._held))

    def refused(self, what: str, *, line: int, why: str) -> DeliveryRefused:
        """An error that names the line."""
        return DeliveryRefused(
            what,
            where=str(Origin(file_name=self._file_name, line=line)),
            why=why,
            mend="Compare the file with the contract's `source`; mend the contract, or ask for the file again.",
        )

    def _hold(self, held: bytes) -> None:
        self._held = held
        self._body_bytes = _footer_start(held, self._footer_lines) if self._footer_lines else len(held)


def _footer_start(held: bytes, lines: int) -> int:
    """Where the last lines start. A line end at the very end starts no further line."""
    size = _TAIL_BYTES
    while True:
        start = max(0, len(held) - size)
        ends = [found.end() for found in _LINE_END.finditer(held, start)]
        if ends and ends[-1] == len(held):
            ends.pop()
        # a return and line feed cut apart by `start` cannot be among the last: `ends` must have one more
        if len(ends) > lines or start == 0:
            return ends[-lines] if len(ends) >= lines else 0
        size *= 8

"""Delivered bytes -> UTF-8. Bytes that the encoding does not know stay visible, for their row to be rejected."""

from __future__ import annotations

import codecs
from typing import BinaryIO

from ringback.errors import DeliveryRefused, UsageError

_STEP_BYTES = 2**20
_MARKS = (  # longest first: the mark of UTF-32 starts with the mark of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UTF8_NAMES = ("utf-8", "utf-8-sig")


class Undecodable(ValueError):
    """From here on the bytes cannot be of the encoding. Carries no client value."""


class Utf8:
    """A stream of UTF-8 text without byte order mark.

    A byte that the encoding does not know becomes a lone surrogate, which no UTF-8 reader takes: it can never be
    mistaken for text. (UTF-8 passes as it is.)
    """

    def __init__(self, content: BinaryIO, encoding: str, *, file_name: str) -> None:
        self.byte_count = 0  # as delivered
        self.mark_bytes = 0  # of the byte order mark
        self._content, self._file_name = content, file_name
        self._name = _codec_name(encoding)
        self._pending = self._fill(4)
        self._ended = len(self._pending) < 4
        self._name = self._settled()
        self._decoder = _decoder(self._name)
        if self._decoder is not None:
            self._pending = self._begun()

    def read(self, size: int) -> bytes:
        """The next `size` bytes of UTF-8; fewer only at the end.

        Raises: Undecodable.
        """
        parts, have = [self._pending], len(self._pending)
        while have < size and not self._ended:
            part = self._next(size - have)
            parts.append(part)
            have += len(part)
        joined = b"".join(parts)
        self._pending = joined[size:]
        return joined[:size]

    def _next(self, wanted: int) -> bytes:
        if self._decoder is None:
            block = self._fill(wanted)
            self._ended = len(block) < wanted
            return block
        block = self._fill(min(wanted, _STEP_BYTES))
        self._ended = block == b""
        return self._decode(block)

    def _fill(self, size: int) -> bytes:
        parts, have = [], 0
        while have < size and (part := self._content.read(size - have)):
            parts.append(part)
            have += len(part)
        self.byte_count += have
        return b"".join(parts)

    def _begun(self) -> bytes:
        try:
            return self._decode(self._pending)
        except Undecodable as fault:
            raise self._refused(f"From its first bytes on {fault}.") from None

    def _decode(self, block: bytes) -> bytes:
        if self._decoder is None:
            return block
        try:
            text = self._decoder.decode(block, final=self._ended)
        except UnicodeError:
            raise Undecodable(f"it breaks off, or is not {self._name}") from None  # the cause carries the bytes
        return text.encode("utf-8", "surrogatepass")

    def _settled(self) -> str:
        """The encoding, with its byte order decided by the mark, which is taken off."""
        found = [mark for mark in _MARKS if self._pending.startswith(mark[0])]
        mine = next((mark for mark in found if self._is_mine(mark[1])), None)
        if mine is not None:
            self.mark_bytes = len(mine[0])
            self._pending = self._pending[self.mark_bytes :]
            return mine[1]
        if found:
            raise self._refused(f"It starts with the byte order mark of {found[0][1]}.")
        if self._name in ("utf-16", "utf-32"):
            raise self._refused("It has no byte order mark: write utf-16-le or utf-16-be if that is what it is.")
        return self._name

    def _is_mine(self, marked: str) -> bool:
        if marked == "utf-8":
            return self._name in _UTF8_NAMES
        return self._name in (marked, marked[:6])

    def _refused(self, why: str) -> DeliveryRefused:
        return DeliveryRefused(
            f"this is not text in {self._name}",
            where=self._file_name,
            why=why,
            mend="Find out the encoding, and write it under source.encoding; or ask for the file again.",
        )


def shown(text: bytes) -> str:
    """A row's UTF-8 for people: bytes that are none, as \\xff; NUL, which databases do not keep, as \\x00."""
    strict = text.decode("utf-8", "surrogatepass" if _has_surrogates(text) else "backslashreplace")
    return "".join(_shown(letter) for letter in strict) if not strict.isprintable() else strict


def _shown(letter: str) -> str:
    if "\udc80" <= letter <= "\udcff":
        return f"\\x{ord(letter) - 0xDC00:02x}"
    if "\ud800" <= letter <= "\udfff":
        return f"\\u{ord(letter):04x}"
    return "\\x00" if letter == "\0" else letter


def _has_surrogates(text: bytes) -> bool:
    try:
        text.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _codec_name(encoding: str) -> str:
    try:
        codec = codecs.lookup(encoding)
    except LookupError:
        codec = None
    if codec is None or not codec._is_text_encoding:
        raise UsageError(
            "the source's encoding is not known", mend="Write one that Python knows, as utf-8, cp1252 or utf-16-le."
        )
    return codec.name


def _decoder(name: str) -> codecs.IncrementalDecoder | None:
    if name in _UTF8_NAMES:
        return None
    # UTF-16 keeps its step over a lone surrogate; in UTF-32 there is no telling what else is wrong
    errors = "surrogatepass" if name.startswith("utf-16") else "surrogateescape"
    return codecs.getincrementaldecoder(name)("strict" if name.startswith("utf-32") else errors)

"""A keyed permutation of all texts of one shape: digits to digits, letters to letters of the same case and script.

A Feistel network over mixed radices, as in NIST SP 800-38G (FF1): two texts never become the same text, so keys stay
keys. Anything that is neither letter nor digit stays where it is.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

ROUNDS = 8  # of the Feistel network; the standard has 10 for a cipher that must withstand chosen texts
_PIECE = 60  # places that are permuted together: 26 to the power of 30 fits the 64 bytes of a digest
_BLOCK = 0x80  # code points that lie together; they are equally long in UTF-8


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """What a scrambling depends on beside the text."""

    word: bytes  # 1 to 64 bytes; who has it can scramble guessed texts and compare
    encoding: str = "utf-8"  # letters stay among those that it has


def permuted(text: str, secret: Secret, frozen: Sequence[bool] | None = None) -> str:
    """The text's image among all texts of its shape; `frozen` places stay."""
    alphabets = [_alphabet(letter, secret.encoding) for letter in text]
    places = [
        place
        for place, alphabet in enumerate(alphabets)
        if len(alphabet) > 1 and not (frozen is not None and frozen[place])
    ]
    shape = list(text)
    for place in places:
        shape[place] = alphabets[place][0]
    tweak = "".join(shape) + "\0" + ",".join(map(str, places))
    for start in range(0, len(places), _PIECE):
        piece = places[start : start + _PIECE]
        plain = "".join(text[place] for place in piece)
        radices = [len(alphabets[place]) for place in piece]
        numbers = [alphabets[place].index(text[place]) for place in piece]
        for place, number in zip(piece, permuted_numbers(numbers, radices, secret.word, tweak), strict=True):
            shape[place] = alphabets[place][number]
        tweak += plain  # the next piece depends on this one
    return "".join(shape)


def permuted_numbers(numbers: Sequence[int], radices: Sequence[int], secret: bytes, tweak: str) -> list[int]:
    """Numbers, each below its radix, permuted among all such; another permutation for each tweak."""
    middle = len(numbers) // 2
    left, right = _joined(numbers[:middle], radices[:middle]), _joined(numbers[middle:], radices[middle:])
    left_size, right_size = _size(radices[:middle]), _size(radices[middle:])
    salt = hashlib.blake2b(tweak.encode("utf-8", "surrogatepass"), key=secret).digest()
    for turn in range(0, ROUNDS, 2):
        left = (left + _mixed(salt, turn, right)) % left_size
        right = (right + _mixed(salt, turn + 1, left)) % right_size
    return [*_parted(left, radices[:middle]), *_parted(right, radices[middle:])]


def _mixed(salt: bytes, turn: int, number: int) -> int:
    written = number.to_bytes((number.bit_length() + 7) // 8 or 1, "big")
    return int.from_bytes(hashlib.blake2b(written, key=salt, salt=bytes([turn])).digest(), "big")


def _size(radices: Sequence[int]) -> int:
    size = 1
    for radix in radices:
        size *= radix
    return size


def _joined(numbers: Sequence[int], radices: Sequence[int]) -> int:
    joined = 0
    for number, radix in zip(numbers, radices, strict=True):
        joined = joined * radix + number
    return joined


def _parted(joined: int, radices: Sequence[int]) -> list[int]:
    numbers: list[int] = []
    for radix in reversed(radices):
        joined, number = divmod(joined, radix)
        numbers.append(number)
    return numbers[::-1]


@lru_cache(maxsize=16_384)
def _alphabet(letter: str, encoding: str) -> str:
    """The letters or digits that this one may become; itself alone where it is neither."""
    if letter.isascii():
        return _among(letter, ("0123456789", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    kind = unicodedata.category(letter)
    if kind not in ("Lu", "Ll", "Lo", "Nd"):
        return letter
    return _among(letter, (_block(ord(letter) // _BLOCK, kind, encoding),))


def _among(letter: str, alphabets: Sequence[str]) -> str:
    return next((alphabet for alphabet in alphabets if letter in alphabet), letter)


@lru_cache(maxsize=4096)
def _block(number: int, kind: str, encoding: str) -> str:
    """The letters of one kind that lie together and that the encoding has; not those that are another's variant."""
    letters = map(chr, range(number * _BLOCK, (number + 1) * _BLOCK))
    return "".join(
        letter
        for letter in letters
        if unicodedata.category(letter) == kind
        and unicodedata.normalize("NFKC", letter) == letter
        and letter.encode(encoding, "ignore")
    )

"""Which encoding the bytes of a sample are in: a byte order mark, strict UTF-8, or the most plausible reading."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass

import charset_normalizer

from ringback.contracts.draft.evidence import Doubt
from ringback.contracts.draft.scalar import shown

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The first six are common; a rare one is a doubt only where it reads better than all of them.
_COMMON = frozenset({"cp1252", "latin-1", "iso8859-15", "cp1250", "iso8859-2", "cp1251"})
# Tried in this order; where several read the sample alike, the first is written.
_LEGACY = (
    *("cp1252", "latin-1", "iso8859-15", "cp1250", "iso8859-2", "cp1254", "cp1257", "cp1251", "koi8-r", "cp1253"),
    *("mac-roman", "cp850", "cp852", "cp437", "shift_jis", "gb18030", "big5", "euc_kr", "euc_jp"),
)
_MULTI_BYTE = frozenset({"shift_jis", "gb18030", "big5", "euc_kr", "euc_jp"})
_BEYOND = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_MOST_WORDS = 4000
_MARGIN = 0.03  # of the letters beyond ASCII: less of a difference decides nothing
_COHERENT = 0.15  # of charset-normalizer's coherence, which goes from 0 to 1


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodingDraft:
    """The encoding to read the sample with, and why. With a doubt it is only the likeliest."""

    encoding: str
    remarks: tuple[str, ...]
    doubts: tuple[Doubt, ...] = ()


def find_encoding(sample: bytes) -> EncodingDraft:
    """Decide the encoding of a sample (cut at line ends)."""
    for mark, encoding in _MARKS:
        if sample.startswith(mark):
            return EncodingDraft(encoding=encoding, remarks=("the file starts with a byte order mark",))
    if wide := _without_mark(sample):
        return EncodingDraft(encoding=wide, remarks=("every other byte is zero, and there is no byte order mark",))
    beyond = len(sample.translate(None, delete=bytes(range(128))))
    if _decoded(sample, "utf-8") is not None:
        told = f"{_bytes(beyond)} beyond ASCII, all valid UTF-8" if beyond else "only ASCII in the sample"
        return EncodingDraft(encoding="utf-8", remarks=(told,))
    if (bad := _strays_in_utf8(sample)) is not None:
        told = f"{_bytes(beyond)} beyond ASCII, all but {bad:,} of them valid UTF-8"
        return EncodingDraft(encoding="utf-8", remarks=(told,))
    return _legacy(sample, beyond)


def _strays_in_utf8(sample: bytes) -> int | None:
    """How many bytes are no UTF-8 in a sample that is it otherwise; None, where it is not.

    In other encodings two or more letters beyond ASCII that happen to be valid UTF-8 are as good as never seen.
    """
    text = sample.decode("utf-8", "surrogateescape")
    bad = sum(map(len, re.findall("[\udc80-\udcff]+", text)))
    good = sum(map(len, re.findall("[^\x00-\x7f\udc80-\udcff]+", text)))
    return bad if good >= max(2, bad) or (good and bad < 4 and sample[-bad:].isascii() is False) else None


def _without_mark(sample: bytes) -> str | None:
    head = sample[:4096]
    if len(head) < 16 or head.count(0) < len(head) // 4:
        return None
    return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"


def _decoded(sample: bytes, encoding: str) -> str | None:
    try:
        return sample.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


@dataclass(frozen=True, slots=True)
class _Group:
    """Encodings that read all words of the sample alike."""

    names: list[str]
    words: tuple[str, ...]
    plausible: float  # 0 to 1

    @property
    def common(self) -> bool:
        """Whether a common encoding is among them."""
        return bool(_COMMON & set(self.names))


def _legacy(sample: bytes, beyond: int) -> EncodingDraft:
    found = tuple(dict.fromkeys(_BEYOND.findall(sample)))[:_MOST_WORDS]
    groups = _groups(found, sample)
    at = next((number for number, word in enumerate(found) if _decoded(word, "utf-8") is None), 0)
    bad = f"{_bytes(beyond)} beyond ASCII, not valid UTF-8"
    best, close = _close(groups)
    close = [group for group in close if not _reads_worse(group, best)]
    if close and all(group.common for group in close):
        best, close = _by_coherence([best, *close], _coherence(sample))
    remarks = (bad, *_alike(best), f"{shown(best.words[at])} in {best.names[0]}")
    if not close:
        return EncodingDraft(encoding=best.names[0], remarks=remarks)
    return EncodingDraft(encoding=best.names[0], remarks=(bad,), doubts=(_doubt([best, *close], beyond),))


def _close(groups: Sequence[_Group]) -> tuple[_Group, list[_Group]]:
    """The best group, and those that a person has to look at beside it.

    A rare encoding wins only by more than the margin, and even then beside the best common one.
    """
    best = groups[0]
    common = [group for group in groups if group.common]
    if common and best.plausible - common[0].plausible <= _MARGIN:
        best = common[0]
    if common and not best.common:
        return common[0], [best]
    return best, [group for group in common if group is not best and best.plausible - group.plausible <= _MARGIN]


def _groups(found: Sequence[bytes], sample: bytes) -> list[_Group]:
    """Encodings that can read the sample, grouped by what they make of its words; the most plausible group first."""
    groups: dict[tuple[str, ...], _Group] = {}
    for encoding in _LEGACY:
        if encoding in _MULTI_BYTE and _decoded(sample, encoding) is None:
            continue
        read = tuple(_decoded(word, encoding) or "" for word in found)
        if all(read):
            groups.setdefault(read, _Group([], read, _plausible(read, encoding))).names.append(encoding)
    return sorted(groups.values(), key=lambda group: (-round(group.plausible, 2), not group.common))


# A capital inside a word, two alphabets in one word.
_ODD = re.compile(r"(?<=[a-zà-öø-ÿ])[A-ZÀ-ÖØ-Þ]|[a-zA-Z](?=[Ѐ-ӿͰ-Ͽ])|(?<=[Ѐ-ӿͰ-Ͽ])[a-zA-Z]")
_SIGNS = frozenset("€£¥§°©®™«»“”„‘’‚–—…•·²³½¼¾ºª¿¡µ±×")  # stand alone, or beside a word, in ordinary text
_ALONE = 0.5  # a letter beyond ASCII that is a word by itself proves half as much
_WIDE = re.compile("[\u4e00-\u9fff\u3040-\u30ff\uac00-\ud7a3]")


def _plausible(read: Sequence[str], encoding: str) -> float:
    """The share of characters beyond ASCII that stand where such characters belong."""
    beyond = sum(ord(letter) > 127 for word in read for letter in word)
    if encoding in _MULTI_BYTE:
        return sum(len(_WIDE.findall(word)) for word in read) / beyond if beyond else 0.0
    return max(0.0, sum(map(_belonging, read)) / beyond) if beyond else 0.0


def _belonging(word: str) -> float:
    if len(word) == 1:
        return 1.0 if word in _SIGNS else _ALONE * word.isalpha()
    core = word.strip("".join(_SIGNS))
    signs = len(word) - len(core)
    letters = sum(ord(letter) > 127 and (letter.isalpha() or letter == "’") for letter in core)
    return signs + letters - len(_ODD.findall(core))


_VOWELS = frozenset("aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýÿœąęěőűůıāēīōūėįų")
_CLUSTER = 3  # consonants, or vowels, one after the other


def _reads_worse(group: _Group, best: _Group) -> bool:
    """Whether words that two encodings read differently can be spoken in the best reading, and not in the other.

    `S?ren` with a vowel in its middle is a name; with a consonant there, three of them meet.
    """
    pairs = [(mine, other) for mine, other in zip(best.words, group.words, strict=True) if mine != other]
    mine, other = (sum(map(_cannot_be_spoken, words)) for words in zip(*pairs, strict=True))
    return mine == 0 and other > 0


def _cannot_be_spoken(word: str) -> bool:
    """Whether a letter beyond ASCII stands in a run of consonants, or of vowels, that is too long for a syllable."""
    kinds = "".join(_sound(letter) for letter in word.lower())
    return any(
        len(run[0]) >= _CLUSTER and any(ord(letter) > 127 for letter in word[run.start() : run.end()])
        for run in re.finditer(r"c+|v+", kinds)
    )


def _sound(letter: str) -> str:
    return "v" if letter in _VOWELS else "c" if letter.isalpha() else "-"


def _coherence(sample: bytes) -> dict[str, float]:
    matches = charset_normalizer.from_bytes(sample[: 256 * 1024])
    coherence: dict[str, float] = {}
    for match in matches:
        for name in match.could_be_from_charset:
            coherence[codecs.lookup(name).name] = match.coherence
    return coherence


def _by_coherence(groups: list[_Group], coherence: dict[str, float]) -> tuple[_Group, list[_Group]]:
    def known(group: _Group) -> float:
        return max(coherence.get(codecs.lookup(name).name, 0.0) for name in group.names)

    ranked = sorted(groups, key=lambda group: -known(group))
    best = ranked[0]
    return best, [group for group in ranked[1:] if known(best) - known(group) < _COHERENT]


def _alike(group: _Group) -> tuple[str, ...]:
    others = group.names[1:]
    return (f"read alike by {', '.join(others)}: no byte tells them apart",) if others else ()


def _doubt(groups: list[_Group], beyond: int) -> Doubt:
    shown_groups = groups[:4]
    first = shown_groups[0].words
    at = next(
        (number for number, word in enumerate(first) if any(group.words[number] != word for group in shown_groups[1:])),
        0,
    )
    return Doubt(
        where="source.encoding",
        why=f"{_bytes(beyond)} beyond ASCII, and {len(groups)} encodings read all of them as letters",
        choices=tuple(f"encoding: {group.names[0]}   {shown(group.words[at])}" for group in shown_groups),
        decide=tuple(f"source.encoding={group.names[0]}" for group in shown_groups),
    )


def _bytes(count: int) -> str:
    return "1 byte" if count == 1 else f"{count:,} bytes"

"""Checks of `source`: whether files can be read and ordered as it says."""

from __future__ import annotations

import codecs
import re
from datetime import datetime
from encodings.aliases import aliases

from ringback.contracts.check_field import check_pattern
from ringback.contracts.check_format import check_format
from ringback.contracts.document import Items, Mapping, Scalar
from ringback.contracts.fault import Faults, nearest, quoted

_NO_FILE_ENCODINGS = frozenset({"undefined", "idna", "punycode", "unicode_escape", "raw_unicode_escape"})
_USUAL_ENCODINGS = ("utf-8", "utf-16", "cp1252", "cp1250", "cp1251", "iso-8859-1", "iso-8859-15", "ascii")
_ISSUED_LETTERS = frozenset("YymdjHMS")
_TRIED = datetime(2024, 8, 9, 23, 58, 59)  # noqa: DTZ001  # any moment whose parts differ


def check_source(root: Mapping, faults: Faults) -> None:
    """Add the faults of `source`."""
    for key, check in (("encoding", _check_encoding), ("issued", _check_issued)):
        node = root.node("source", key)
        if isinstance(node, Scalar) and node.at not in faults.settled:
            check(node, faults)
    _check_marks(root, faults)
    _check_skips(root, faults)
    check_format(root, faults)
    if root.text("source", "header") == "false":
        _check_numbers(root, faults)


def _check_encoding(encoding: Scalar, faults: Faults) -> None:
    try:
        found = codecs.lookup(encoding.text)
    except (LookupError, ValueError):
        found = None
    # `_is_text_encoding` is how Python itself tells "hex" and "zip" from encodings of text
    if found is None or found.name in _NO_FILE_ENCODINGS or not getattr(found, "_is_text_encoding", True):
        meant = nearest(encoding.text, _USUAL_ENCODINGS) or nearest(encoding.text, aliases)
        hint = f"did you mean {quoted(meant)}?" if meant else "write one, as utf-8 or cp1252"
        faults.add(encoding.at, f"{quoted(encoding.text)} is not an encoding of text; {hint}")


def _check_issued(issued: Scalar, faults: Faults) -> None:
    letters = re.findall(r"%(.?)", issued.text.replace("%%", ""), re.DOTALL)
    strange = [letter for letter in letters if letter not in _ISSUED_LETTERS]
    if strange:
        faults.add(
            issued.at, f"%{strange[0]} cannot be read from a file name; write %Y, %y, %m, %d, %j, %H, %M and %S only"
        )
    elif len(set(letters)) < len(letters):
        faults.add(issued.at, "a letter stands twice: write each of %Y, %m, %d, ... once")
    elif not {"Y", "y"} & set(letters):
        faults.add(issued.at, 'without %Y the files of two years cannot be ordered: write it, or leave "issued" out')
    elif not _reads_back(issued.text):
        faults.add(issued.at, f"{quoted(issued.text)} cannot be read back from a file name that it makes")


def _reads_back(issued: str) -> bool:
    try:
        datetime.strptime(_TRIED.strftime(issued), issued)  # noqa: DTZ007  # tried only
    except (ValueError, re.error):
        return False
    return True


def _check_marks(root: Mapping, faults: Faults) -> None:
    """The marks between and around values must differ; quote and escape are one character."""
    seen: dict[str, str] = {}
    for key in ("delimiter", "quoteChar", "escapeChar", "commentChar"):
        mark = root.node("source", key)
        if not isinstance(mark, Scalar) or mark.at in faults.settled or _is_none(mark, key):
            continue
        if mark.text.startswith("\\") and len(mark.text) > 1:
            faults.add(mark.at, f'{quoted(mark.text)} is a backslash and more: write a tab as "\\t" in double quotes')
        elif len(mark.text) != 1 and key in ("quoteChar", "escapeChar"):
            faults.add(mark.at, f"{quoted(mark.text)} must be one character; write null for none")
        elif not mark.text or "\n" in mark.text or "\r" in mark.text:
            faults.add(mark.at, f"{quoted(key)} must be a text without line breaks")
        elif mark.text in seen and {key, seen[mark.text]} != {"quoteChar", "escapeChar"}:
            faults.add(mark.at, f"{quoted(mark.text)} is the {seen[mark.text]} already: they must differ")
        seen.setdefault(mark.text, key)


def _is_none(mark: Scalar, key: str) -> bool:
    return key != "delimiter" and mark.plain and mark.text == "null"


def _check_skips(root: Mapping, faults: Faults) -> None:
    skips = root.node("source", "skip")
    names: set[str] = set()
    for skip in skips.nodes if isinstance(skips, Items) else ():
        if not isinstance(skip, Mapping):
            continue
        name, pattern = skip.node("name"), skip.node("pattern")
        if isinstance(pattern, Scalar):
            check_pattern(pattern, faults)
        if isinstance(name, Scalar):
            if name.text in names:
                faults.add(
                    name.at, f"{quoted(name.text)} names two rules: give each its own name, rows are counted by it"
                )
            names.add(name.text)


def _check_numbers(root: Mapping, faults: Faults) -> None:
    """Without a header, columns have numbers."""
    fields = root.node("fields")
    for name in fields.entries if isinstance(fields, Mapping) else ():
        column = root.node("fields", name, "from")
        if isinstance(column, Scalar) and not re.fullmatch("[1-9][0-9]{0,5}", column.text):
            faults.add(column.at, f"{quoted(column.text)} is not a column's number: without a header write 1, 2, ...")

"""The specification of reading a delimited row: one row's text into its cells, with the standard library."""

from __future__ import annotations

import csv

from ringback.model.contract import Source


def split(text: str, source: Source) -> list[str]:
    """Split one row as delivered (without its line end) into its cells.

    An empty text is one empty cell. Raises: csv.Error, where quotes stand where they may not.
    """
    if text == "":
        return [""]
    delimiter = _stand_in(text)
    settings = {
        "delimiter": delimiter,
        "quotechar": source.quote,
        "quoting": csv.QUOTE_MINIMAL if source.quote else csv.QUOTE_NONE,
        "escapechar": source.escape,
        "strict": True,
    }
    marked = _complete(text, source).replace(source.delimiter, delimiter)
    csv.field_size_limit(2**31 - 1)  # the library's own limit is for all of the process; ours bounds whole rows
    (cells,) = csv.reader([marked + "\n"], **settings)  # type: ignore[arg-type]  # typeshed wants each setting by name
    return [cell.replace(delimiter, source.delimiter) for cell in cells]


def _stand_in(text: str) -> str:
    """A character that the text does not use: csv knows delimiters of one character only."""
    return next(chr(code) for code in range(0xE000, 0xF8FF) if chr(code) not in text)


def _complete(text: str, source: Source) -> str:
    """An escape that ends the text escapes nothing: it is text itself."""
    if not source.escape:
        return text
    trailing = len(text) - len(text.rstrip(source.escape))
    return text + source.escape if trailing % 2 else text

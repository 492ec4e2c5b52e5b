"""A small file of UTF-8 text, or the fault that says why it is none."""

from __future__ import annotations

import codecs
from pathlib import Path

from ringback.contracts.document import MAX_BYTES
from ringback.contracts.fault import Faults, Page, contract_error


def read_text(path: Path, *, name: str) -> str:
    """The file's text without a byte order mark. Raises: ContractError, which calls the file `name`."""
    try:
        if path.exists() and not path.is_file():
            raise contract_error(name, (f"{name}: is not a file",))
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise contract_error(name, (f"{name}: cannot be read: {error.strerror}",)) from None
    if len(content) > MAX_BYTES:
        raise contract_error(name, (f"{name}: is larger than {MAX_BYTES // 2**20} MiB: no contract is",))
    return _decode(content, name)


def _decode(content: bytes, name: str) -> str:
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        faults = Faults(Page(name, before))
        wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        seen = "UTF-16" if wide else f"byte {content[error.start]:02X}"
        faults.add(len(before), f"this is not UTF-8 text ({seen}): save the file as UTF-8")
        raise faults.error() from None

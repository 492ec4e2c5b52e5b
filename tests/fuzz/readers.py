"""Any bytes through every reader and both readings: only rows, rejects and clean refusals may come of them.

python -m tests.fuzz.readers [SECONDS [FOLDER]]: the folder keeps what was found interesting, and any input that failed.
The first byte of an input chooses the source, the rest is the file.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["ringback.steps.read"]):
    from tests.steps.read.both import read_both

    from ringback.errors import DeliveryRefused
    from ringback.model.contract import Source

_LAYOUT = [{"name": "a", "start": 1, "length": 2}, {"name": "b", "start": 4, "length": 3}]
_PACKED = [{"name": "a", "start": 1, "length": 2}, {"name": "b", "start": 3, "length": 3, "packed": True}]
SOURCES = tuple(
    (name, Source.model_validate({**told, "maxBytes": 2**22}))
    for name, told in (
        ("a.csv", {"delimiter": ";"}),
        ("a.csv", {"delimiter": ";", "escapeChar": "\\", "commentChar": "#"}),
        ("a.csv", {"delimiter": "||", "header": False, "preambleLines": 1, "footerLines": 1}),
        ("a.csv", {"delimiter": ",", "encoding": "utf-16"}),
        ("a.csv", {"delimiter": "\t", "encoding": "cp1252", "quoteChar": None}),
        ("a.txt", {"format": "fixed", "offsets": "bytes", "layout": _LAYOUT}),
        ("a.txt", {"format": "fixed", "offsets": "characters", "layout": _LAYOUT, "encoding": "gb18030"}),
        (
            "a.bin",
            {"format": "fixed", "offsets": "bytes", "layout": _PACKED, "encoding": "cp037", "lineEnds": False},
        ),
        ("a.jsonl", {"format": "jsonl", "unfold": ["a"]}),
        ("a.json", {"format": "json"}),
        ("a.json", {"format": "json", "record": "a.b"}),
        ("a.xml", {"format": "xml", "record": "a/b", "namespaces": {"x": "urn:x"}}),
        ("a.vcf", {"format": "vcard"}),
        ("a.ldif", {"format": "ldif"}),
        ("a.csv.gz", {"delimiter": ";"}),
        ("a.csv.bz2", {"delimiter": ";"}),
        ("a.csv.xz", {"delimiter": ";"}),
        ("a.csv.zst", {"delimiter": ";"}),
        ("a.zip", {"delimiter": ";"}),
        # Parquet and Arrow are parsed by Polars: their bytes are tried in tests/steps/read/test_columnar.py
    )
)
SEEDS = (
    b'a;b\n1;"x\n""y"\n#z\n',
    b"ab cde\nfg hij\n",
    b'{"a": [1.10, {"b": null}], "c": {"d": "\\u00e9"}}\n{"a": true}\n',
    b'[{"a": 1}, {"b": [2]}]',
    b'{"a": {"c": 1, "b": [{"d": 2}]}}',
    b'<?xml version="1.0"?><a><b c="1"><d>x</d><!-- y --><e/></b></a>',
    b"BEGIN:VCARD\nN:a;b\nTEL;TYPE=HOME:1\nNOTE;QUOTED-PRINTABLE:=41=\n b\nEND:VCARD\n",
    b"version: 1\n\ndn: a=1\ncn:: WsO2\nmail: a\n b\n\n",
)


def one(content: bytes) -> None:
    """Read one input. Anything but rows, rejects and a refusal is a fault of ours."""
    if content:
        name, source = SOURCES[content[0] % len(SOURCES)]
        with suppress(DeliveryRefused):
            read_both(content[1:], source, file_name=name)


def main(seconds: str, folder: str) -> None:
    """Fuzz for so many seconds."""
    corpus = Path(folder)
    corpus.mkdir(parents=True, exist_ok=True)
    for number in range(len(SOURCES)):
        for place, seed in enumerate(SEEDS):
            (corpus / f"seed-{number}-{place}").write_bytes(bytes([number]) + seed)
    atheris.Setup(
        [sys.argv[0], f"-max_total_time={seconds}", "-max_len=400", f"-artifact_prefix={folder}/failed-", folder], one
    )
    atheris.Fuzz()


if __name__ == "__main__":
    given = sys.argv[1:]
    main(*[*given, *["60", ".fuzz"][len(given) :]])

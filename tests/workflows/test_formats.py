"""One delivery of every format through import, explain, quarantine, undo: what follows reading knows no formats."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax import saxutils

import polars as pl
import pytest

from ringback.model.run import Outcome
from ringback.workflows.drill import Wanted, drill
from ringback.workflows.explain import explain
from ringback.workflows.quarantine import quarantined

from .office import FIELDS, Office, asked

Row = tuple[str, str, str, str]  # client_no, name, born, balance
COLUMNS = ("Client No", "Name", "Born", "Balance")
FIRST: tuple[Row, ...] = (
    ("0001", "Ada", "13/04/1980", "1.234,50"),
    ("0002", "Zoë", "05/06/1981", "12,00"),
    ("0003", "Otto", "31/02/1982", "7,00"),
)
SECOND: tuple[Row, ...] = (("0001", "Ada", "13/04/1980", "99,00"), ("0002", "Zoë", "05/06/1981", "12,00"))


@dataclass(frozen=True)
class Case:
    """How a format writes rows, and how the contract tells it."""

    source: dict[str, Any]
    write: Callable[[Sequence[Row]], bytes]
    file_name: str
    line_of_third: int
    columns: tuple[str, ...] = COLUMNS
    ignored: Sequence[str] = ()

    def told(self, **fields: dict[str, Any]) -> dict[str, Any]:
        """What a contract says of this format; `fields` are otherwise than usual."""
        named = {
            name: {**spec, "from": column} for (name, spec), column in zip(FIELDS.items(), self.columns, strict=True)
        }
        for name, changed in fields.items():
            named[name] |= changed
        source: dict[str, Any] = json.loads(json.dumps(self.source), parse_int=str)  # all is text in a contract
        return {"source": source, "fields": named, "ignored": self.ignored}


def _csv(rows: Sequence[Row]) -> bytes:
    return "".join(";".join(row) + "\n" for row in (COLUMNS, *rows)).encode()


def _fixed(rows: Sequence[Row]) -> bytes:
    widths = (4, 10, 10, 12)
    return "".join("".join(map(str.ljust, row, widths)) + "\n" for row in rows).encode()


def _mainframe(rows: Sequence[Row]) -> bytes:
    return _fixed(rows).decode().replace("\n", "").encode("cp273")


def _objects(rows: Sequence[Row]) -> list[dict[str, str]]:
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def _jsonl(rows: Sequence[Row]) -> bytes:
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in _objects(rows)).encode()


def _json(rows: Sequence[Row]) -> bytes:
    return json.dumps({"made": "today", "data": {"clients": _objects(rows)}}, indent=1).encode()


def _xml(rows: Sequence[Row]) -> bytes:
    def client(row: Row) -> str:
        number, *others = (saxutils.escape(text) for text in row)
        cells = "".join(f"<{name}>{text}</{name}>" for name, text in zip(COLUMNS[1:], others, strict=True))
        return f'<c:client xmlns:c="urn:clients" no="{number}">{cells}</c:client>'

    return f"<?xml version='1.0'?><export>\n{''.join(map(client, rows))}</export>".encode()


def _vcard(rows: Sequence[Row]) -> bytes:
    def card(row: Row) -> str:
        number, name, born, balance = row
        return f"BEGIN:VCARD\nVERSION:3.0\nUID:{number}\nFN:{name}\nBDAY:{born}\nX-BALANCE:{balance}\nEND:VCARD\n"

    return "".join(map(card, rows)).encode()


def _ldif(rows: Sequence[Row]) -> bytes:
    def entry(row: Row) -> str:
        number, name, born, balance = row
        cn = base64.b64encode(name.encode()).decode()
        return f"dn: uid={number}\nuid: {number}\ncn:: {cn}\nborn: {born}\nbalance: {balance}\n\n"

    return f"version: 1\n\n{''.join(map(entry, rows))}".encode()


def _parquet(rows: Sequence[Row]) -> bytes:
    written = io.BytesIO()
    pl.DataFrame(_objects(rows)).write_parquet(written)
    return written.getvalue()


def _arrow(rows: Sequence[Row]) -> bytes:
    written = io.BytesIO()
    pl.DataFrame(_objects(rows)).write_ipc(written)
    return written.getvalue()


_LAYOUT = [
    {"name": name, "start": start, "length": length}
    for name, start, length in zip(COLUMNS, (1, 5, 15, 25), (4, 10, 10, 12), strict=True)
]
FIXED = {"format": "fixed", "offsets": "characters", "layout": _LAYOUT}
CASES = {
    "csv": Case({"delimiter": ";"}, _csv, "clients.csv", 4),
    "fixed": Case(FIXED, _fixed, "clients.txt", 3),
    "mainframe": Case(
        {**FIXED, "offsets": "bytes", "encoding": "cp273", "lineEnds": "false"}, _mainframe, "clients.bin", 3
    ),
    "jsonl": Case({"format": "jsonl"}, _jsonl, "clients.jsonl", 3),
    "xml": Case(
        {"format": "xml", "record": "export/c:client", "namespaces": {"c": "urn:clients"}},
        _xml,
        "clients.xml",
        3,
        ("@no", *COLUMNS[1:]),
    ),
    "vcard": Case({"format": "vcard"}, _vcard, "clients.vcf", 15, ("UID", "FN", "BDAY", "X-BALANCE"), ["VERSION"]),
    "ldif": Case({"format": "ldif"}, _ldif, "clients.ldif", 15, ("uid", "cn", "born", "balance"), ["dn"]),
    "parquet": Case({"format": "parquet"}, _parquet, "clients.parquet", 3),
    "arrow": Case({"format": "arrow"}, _arrow, "clients.arrow", 3),
    "json": Case({"format": "json", "record": "data.clients"}, _json, "clients.json", 3),
}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


def deliver(office: Office, case: Case, rows: Sequence[Row]) -> Any:
    path = office.folder / case.file_name
    path.write_bytes(case.write(rows))
    return office.take_in_file(path)


def test_a_delivery_of_every_format_is_imported_explained_and_taken_back(bare_office: Office, case: Case) -> None:
    office = bare_office
    office.agree(**case.told())

    first, second = deliver(office, case, FIRST), deliver(office, case, SECOND)
    story = explain("clients", ("0001",), office.place, field="balance")
    rejected = quarantined("clients", office.place, run_id=first.id).faults

    assert (first.outcome, second.outcome) == (Outcome.PUBLISHED, Outcome.PUBLISHED)
    assert (first.rows.added, first.rows.quarantined, second.rows.changed) == (2, 1, 1)
    assert office.live() == {"0001": ("Ada", "1980-04-13", "99.00"), "0002": ("Zoë", "1981-06-05", "12.00")}
    assert [(step.run.id, (step.raw or "").strip(), step.after) for step in story.fields[0].steps] == [
        (first.id, "1.234,50", "1234.50"),
        (second.id, "99,00", "99.00"),
    ]
    assert rejected.select("line", "column", "raw").rows() == [(case.line_of_third, case.columns[2], "31/02/1982")]
    office.undo(second)
    assert office.live()["0001"] == ("Ada", "1980-04-13", "1234.50")


def test_rows_of_every_format_are_corrected_and_taken_back_in(bare_office: Office, case: Case) -> None:
    office = bare_office
    office.agree(**case.told())
    run = deliver(office, case, FIRST)
    path = office.export(run)
    path.write_text(path.read_text(encoding="utf-8").replace("31/02/1982", "28/02/1982"), encoding="utf-8")

    corrected = office.take_back(path, run)

    assert corrected.outcome is Outcome.PUBLISHED
    assert office.live()["0003"] == ("Otto", "1982-02-28", "7.00")


def test_a_run_of_every_format_is_tried_and_repaired_under_a_corrected_contract(
    bare_office: Office, case: Case
) -> None:
    office = bare_office
    office.agree(**case.told(born_on={"format": "%m/%d/%Y"}))
    run = deliver(office, case, [("0001", "Ada", "03/04/1980", "1,00"), ("0002", "Zoë", "05/05/1981", "2,00")])

    office.agree(**case.told())  # which tries it
    repaired = office.repair(run)

    assert repaired.run.changed_by_field == {"born_on": 1}
    assert office.live(("born_on",)) == {"0001": ("1980-04-03",), "0002": ("1981-05-05",)}


@pytest.mark.slow
def test_every_misreading_is_tried_on_a_delivery_of_every_format(bare_office: Office, case: Case) -> None:
    office = bare_office
    office.agree(**case.told())
    deliver(office, case, FIRST[:2])
    deliver(office, case, SECOND)

    told = drill("clients", office.place, asked(), Wanted())

    assert told.tried
    assert told.contract_count

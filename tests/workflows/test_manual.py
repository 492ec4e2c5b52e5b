"""The manual of a configuration: nothing of a client is in it, and whoever reads it knows what happens to a row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ringback.errors import ContractError, StoreError, UsageError
from ringback.model.manual import ManualReport
from ringback.workflows.approve import Wanted as Approved
from ringback.workflows.approve import approve
from ringback.workflows.drill import Wanted as DrillWanted
from ringback.workflows.drill import drill
from ringback.workflows.manual import Wanted, write_manual

from ..report.reader import Page, faults_of, read_page
from .office import FIELDS, Office, asked, contract_text, found_project

# nothing of these is in a contract, in ringback's own words, or in one another
pytestmark = pytest.mark.sqlite_first

CLIENTS = (
    "7301;Quibbleworth Zenobia;17/11/1953;8.391,47",
    "7302;Ostrovskaya-Lind;23/10/1961;-6.204,93",
    "7303;Ngongotaha Brüllhaus;29/12/1975;71,38",
)
SPOILT = "7304;Xanthopoulos Vögtli;31.02.1984;5.519,26"
SAID = [part for row in (*CLIENTS, SPOILT) for part in row.split(";")]
TYPED = {
    **FIELDS,
    "status": {"from": "Status", "type": "code", "codes": {"A": "active", "S": "suspended"}},
    "vip": {"from": "VIP", "type": "boolean", "trueValues": ["Y"], "falseValues": ["N"]},
}


@pytest.fixture
def told(office: Office) -> Office:
    """A feed with three releases, deliveries, and a quarantined row."""
    office.take_in(*CLIENTS, SPOILT)
    office.write_contract(fields={**FIELDS, "born_on": {**FIELDS["born_on"], "format": "%m/%d/%Y"}})
    office.try_out()
    office.approve_untried("ben", reason="the sender writes months first", author="cy")
    office.agree()
    office.take_in(*CLIENTS, SPOILT, name="clients_2.csv")
    return office


def _written(office: Office, **wanted: Any) -> ManualReport:
    return write_manual(office.folder, Wanted(**wanted), environ={})


def _texts(report: ManualReport) -> dict[str, str]:
    return {name: (report.into / name).read_text(encoding="utf-8") for name in report.written}


def _page(report: ManualReport, name: str = "clients") -> Page:
    return read_page((report.into / f"{name}.html").read_text(encoding="utf-8"))


def test_nothing_that_a_client_is_known_by_is_on_any_page(told: Office) -> None:
    texts = _texts(_written(told))

    assert set(texts) == {"index.html", "index.md", "clients.html", "clients.md"}
    leaked = {part for part in SAID for text in texts.values() if part in text}
    assert leaked == set()
    names = {word for part in SAID for word in part.replace("-", " ").split() if word.isalpha()}
    assert len(names) == 8
    assert {name for name in names for text in texts.values() if name.lower() in text.lower()} == set()


def test_nothing_of_a_client_comes_with_a_drill_either(told: Office) -> None:
    drill("clients", told.place, asked(), DrillWanted())

    texts = _texts(_written(told))

    assert "Never held" not in texts["clients.html"]
    assert {part for part in SAID for text in texts.values() if part in text} == set()


def test_examples_look_like_what_was_delivered_and_are_held_as_the_contract_reads_them(told: Office) -> None:
    page = _page(_written(told))

    grids = [table for table in page.all("table") if [head.text for head in table.iter("th")][:1] == ["as delivered"]]
    examples = [[cell.text or "" for cell in grid.iter("td")] for grid in grids]
    by_field = [list(zip(cells[::2], cells[1::2], strict=True)) for cells in examples]
    numbers, names, days, amounts = by_field
    assert len(numbers) == 2
    assert all(raw == held and raw.isdigit() and len(raw) == 4 for raw, held in numbers)
    assert all(raw == held for raw, held in names)
    assert all(f"{raw[6:]}-{raw[3:5]}-{raw[:2]}" == held for raw, held in days)
    assert all(raw.replace(".", "").replace(",", ".") == held for raw, held in amounts)
    assert {raw.startswith("-") for raw, _ in amounts} == {True, False}


def test_a_rejected_row_is_told_with_a_text_that_would_be_rejected_for_the_same_reason(told: Office) -> None:
    page = _page(_written(told))

    (grid,) = [table for table in page.all("table") if [head.text for head in table.iter("th")][:1] == ["why"]]
    why, rows, such_as = (cell.text or "" for cell in grid.iter("td"))
    assert why == "is not a date written as %d/%m/%Y"
    assert rows == "1"
    assert such_as != "31.02.1984"
    assert [len(part) for part in such_as.split(".")] == [2, 2, 4]


def test_every_page_is_well_formed_and_every_link_leads_somewhere(told: Office) -> None:
    report = _written(told)

    pages = {name: _page(report, name) for name in ("index", "clients")}

    assert {name: faults_of(page) for name, page in pages.items()} == {"index": [], "clients": []}
    assert "clients.html" in pages["index"].links
    assert "index.html" in pages["clients"].links
    assert pages["clients"].anchors.count("field-born_on") == 1


@pytest.mark.every_store
def test_the_history_tells_what_changed_why_on_what_evidence_and_who_answers_for_it(told: Office) -> None:
    words = _page(_written(told)).words

    assert 'born_on.format: "%d/%m/%Y" -> "%m/%d/%Y"' in words
    assert 'born_on.format: "%m/%d/%Y" -> "%d/%m/%Y"' in words
    assert "the sender writes months first" in words
    assert "ben, 2024-08-10" in words
    assert "cy" in words
    assert "trial 1 by night shift, digest" in words
    assert "3 rows enter quarantine" in words
    assert words.index("Release 3") < words.index("Release 2") < words.index("Release 1,")


def test_the_drill_is_told_by_field_and_by_misreading(told: Office) -> None:
    scored = drill("clients", told.place, asked(), DrillWanted()).drilled

    page = _page(_written(told))

    tables = {next(table.iter("th")).text: table for table in page.all("table")}
    last = {what: [cell.text for cell in list(tables[what].iter("td"))[-5:]] for what in ("field", "misreading")}
    assert f"{scored.caught:,} of {scored.total:,} that do damage" in page.words
    assert last["field"] == last["misreading"]
    assert last["field"][:2] == ["all", f"{scored.total:,}"]
    assert "day and month exchanged" in page.words


def test_the_same_project_gives_the_same_bytes(told: Office, tmp_path: Path) -> None:
    one, other = (_texts(_written(told, into=tmp_path / name)) for name in ("one", "other"))

    assert one == other


def test_an_example_stays_while_a_delivery_still_has_its_text(told: Office) -> None:
    before = _examples_of(_page(_written(told)))

    told.take_in(*reversed(CLIENTS), "7305;Abel Cain;01/02/1990;1,00", name="clients_3.csv")

    after = _examples_of(_page(_written(told)))
    assert len(before & after) >= len(before) - 4  # a text that came can take a place; the order of the rows takes none


def _examples_of(page: Page) -> set[str]:
    return {cell.text or "" for cell in page.all("td") if cell.get("data-name") == "as delivered"}


def test_what_was_never_delivered_is_shown_with_invented_examples_that_are_called_so(bare_office: Office) -> None:
    bare_office.write_contract(fields=TYPED)

    words = _page(_written(bare_office)).words

    assert "Never approved" in words
    assert "Examples, invented:" in words
    assert "scrambled: a real delivery" not in words
    assert "03/04/1980" in words
    assert "1980-04-03" in words
    assert "suspended" in words


def test_a_changed_contract_is_told_as_it_stands_and_said_to_be_not_approved(told: Office) -> None:
    told.write_contract(missing="close")

    words = _page(_written(told)).words

    assert "which is not approved" in words
    assert 'missing is "close"; it was "keep"' in words
    assert "marked as closed" in words


def test_an_emergency_stays_marked_in_the_manual(told: Office) -> None:
    told.write_contract(title="again", key=["client_no"], delivers="changes")
    told.approve_untried("ana", emergency=True, reason="at once")

    report = _written(told)

    assert "Approved in an emergency by ana" in _page(report).words
    assert "IN AN EMERGENCY" in _page(report).words
    assert "in an emergency" in _page(report, "index").words


def test_a_contract_that_cannot_read_the_newest_delivery_any_more_gets_invented_examples_and_says_why(
    told: Office,
) -> None:
    told.write_contract(fields={**FIELDS, "name": {"from": "Surname", "type": "string"}})

    words = _page(_written(told)).words

    assert "invented: the contract as it stands cannot read its columns" in words
    assert "Ann Brook" in words


def test_what_files_say_alone_is_written_without_a_database(told: Office, tmp_path: Path) -> None:
    (told.folder / "ringback.yaml").write_text(
        "target: postgresql://loader:${NOT_SET}@db.example.com/crm\nalerts: ['mailto://ops:${NOR_THIS}@example.com']\n",
        encoding="utf-8",
    )

    before = _texts(_written(told, only_written=True))
    again = _texts(_written(told, only_written=True, into=tmp_path / "again"))

    assert before == again
    assert "postgresql://loader:${NOT_SET}@db.example.com/crm" in before["index.md"].replace("\\", "")
    assert "Whether it is approved was not asked" in before["clients.html"]
    assert "Examples, invented:" in before["clients.html"]


def test_a_database_that_is_away_is_told_with_the_way_to_do_without(tmp_path: Path) -> None:
    found_project(tmp_path, "postgresql://nobody@127.0.0.1:1/crm")
    (tmp_path / "feeds" / "clients.yaml").write_text(contract_text(), encoding="utf-8")

    with pytest.raises(StoreError, match="--only-written"):
        write_manual(tmp_path, Wanted(), environ={})

    assert write_manual(tmp_path, Wanted(only_written=True), environ={}).feeds == ("clients",)


@pytest.mark.parametrize(
    "address",
    ["postgresql://loader:geheim@db.example.com/crm", "postgresql://db.example.com/crm?user=loader&password=geheim"],
)
def test_a_password_that_is_written_out_is_on_no_page(bare_office: Office, address: str) -> None:
    told = f"target: {address}\nalerts: ['slack://geheim/geheim']\napprovers: [ana]\nimports_by: loader\n"
    (bare_office.folder / "ringback.yaml").write_text(told, encoding="utf-8")
    bare_office.write_contract()

    texts = _texts(_written(bare_office, only_written=True))

    assert not [name for name, text in texts.items() if "geheim" in text]
    assert "(hidden)" in texts["index.html"]
    assert "slack" in texts["index.html"]
    assert "ana" in texts["clients.html"]


def test_a_feed_whose_contract_has_faults_has_no_page_and_is_named(told: Office) -> None:
    (told.folder / "feeds" / "branches.yaml").write_text("feed: branches\n", encoding="utf-8")

    report = _written(told)

    assert (report.feeds, report.faulty) == (("clients",), ("branches",))
    assert "branches" in _page(report, "index").words
    with pytest.raises(ContractError):
        _written(told, feeds=("branches",))


def test_a_feed_may_be_called_as_the_first_page_is(bare_office: Office) -> None:
    text = contract_text("index")
    (bare_office.folder / "feeds" / "index.yaml").write_text(text, encoding="utf-8")

    report = _written(bare_office)

    assert "feed-index.html" in report.written
    assert _page(report, "index").links == ["feed-index.html"]
    assert "client_no" in _page(report, "feed-index").words


def test_one_feed_is_written_alone_and_the_first_page_links_to_what_is_there(told: Office) -> None:
    (told.folder / "feeds" / "branches.yaml").write_text(contract_text("branches"), encoding="utf-8")
    approve("branches", told.place, asked(by="ben"), Approved())

    alone = _written(told, feeds=("clients",))
    only = _page(alone, "index").links
    _written(told)
    again = _written(told, feeds=("clients",))

    assert set(alone.written) == {"index.html", "index.md", "clients.html", "clients.md"}
    assert only == ["clients.html"]
    assert "3 of 2024-08-10, owner" in _page(again, "index").words
    assert _page(again, "index").links == ["branches.html", "clients.html"]
    assert "4 of 2024-08-10, ben" in _page(again, "index").words


def test_pages_of_feeds_that_are_gone_are_named_and_left_there(told: Office) -> None:
    path = told.folder / "feeds" / "branches.yaml"
    path.write_text(contract_text("branches"), encoding="utf-8")
    _written(told)
    path.unlink()

    report = _written(told)

    assert report.strays == ("branches",)
    assert (report.into / "branches.html").exists()


@pytest.mark.parametrize("name", ["index.html", "clients.md"])
def test_what_somebody_else_wrote_is_never_overwritten(told: Office, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / name).write_text("mine", encoding="utf-8")

    with pytest.raises(UsageError, match="would overwrite"):
        _written(told, into=folder)

    assert [(path.name, path.read_text(encoding="utf-8")) for path in folder.iterdir()] == [(name, "mine")]


@pytest.mark.every_store
def test_the_live_table_and_the_ledger_stay_as_they_are(told: Office) -> None:
    before = (told.live(), told.ledger(), told.place.store.chain())

    _written(told)

    assert (told.live(), told.ledger(), told.place.store.chain()) == before

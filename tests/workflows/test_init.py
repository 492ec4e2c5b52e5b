"""init drafts a project from samples; what it writes loads and reads every row, or says what is undecided."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ringback import contracts
from ringback.errors import ContractError, UsageError
from ringback.model.contract import Contract
from ringback.steps.interpret import interpret
from ringback.steps.read import read
from ringback.workflows.init import InitReport, init_project

NOW = datetime(2026, 11, 24, tzinfo=UTC)
CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
CLIENTS = "Client No;Name;Born;Balance\n00012;Ada;13/04/1980;1.234,50\n00013;Zoë;05/06/1981;12,00\n"


def init(
    folder: Path,
    *samples: Path,
    decide: Mapping[str, str] | None = None,
    feed: str | None = None,
    target: str | None = None,
) -> InitReport:
    return init_project(folder, samples, decide=decide or {}, feed=feed, target=target, now=NOW)


def sample(folder: Path, text: str, name: str = "clients_2024-08-09.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def rejects_of(path: Path, contract: Contract) -> list[str]:
    """The reasons of all rows of a file that do not become records."""
    with path.open("rb") as content:
        reading = read(content, contract.source, file_name=path.name)
        reasons: list[str] = []
        for chunk in reading.chunks():
            reasons += chunk.rejects["reason"].to_list()
            reasons += interpret(chunk.rows, contract).rejects["reason"].to_list()
    return reasons


def test_a_first_init_drafts_the_project_and_the_feed(tmp_path: Path) -> None:
    report = init(tmp_path, sample(tmp_path, CLIENTS))

    project = contracts.load_project(tmp_path, environ={})
    contract = contracts.load_feed(project, "clients").contract
    assert project.settings.target == "sqlite:///records.db"
    assert (report.feed, report.project_written, report.undecided) == ("clients", True, ())
    assert contract.key == ("client_no",)
    assert [(name, spec.type) for name, spec in contract.fields.items()] == [
        ("client_no", "string"),
        ("name", "string"),
        ("born", "date"),
        ("balance", "decimal"),
    ]
    assert (contract.source.files, contract.source.issued) == ("clients_*.csv", "clients_%Y-%m-%d.csv")
    assert rejects_of(tmp_path / "clients_2024-08-09.csv", contract) == []


def test_the_draft_is_what_a_person_would_like_to_read_first(tmp_path: Path) -> None:
    report = init(tmp_path, sample(tmp_path, CLIENTS))

    assert report.contract_text.partition("\n")[2] == DRAFT


def test_a_second_feed_leaves_the_project_as_it_is(tmp_path: Path) -> None:
    init(tmp_path, sample(tmp_path, CLIENTS))
    project = (tmp_path / "ringback.yaml").read_bytes()

    report = init(tmp_path, sample(tmp_path, "no,town\n1,Rome\n2,Oslo\n", "branches.csv"))

    assert not report.project_written
    assert (tmp_path / "ringback.yaml").read_bytes() == project
    assert contracts.feeds(contracts.load_project(tmp_path, environ={})) == ("branches", "clients")


def test_a_contract_that_people_have_edited_is_never_written_over(tmp_path: Path) -> None:
    report = init(tmp_path, sample(tmp_path, CLIENTS))
    edited = report.contract_text.replace("missing: keep", "missing: close")
    report.contract_path.write_text(edited, encoding="utf-8")

    with pytest.raises(UsageError, match="people have written in it"):
        init(tmp_path, sample(tmp_path, CLIENTS))

    assert report.contract_path.read_text(encoding="utf-8") == edited


def test_a_contract_that_init_did_not_draft_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "clients.yaml").write_text("feed: clients\n", encoding="utf-8")

    with pytest.raises(UsageError, match="people have written in it"):
        init(tmp_path, sample(tmp_path, CLIENTS))

    assert not (tmp_path / "ringback.yaml").exists()


def test_a_draft_that_is_undecided_is_refused_until_init_is_told(tmp_path: Path) -> None:
    given_file = sample(tmp_path, "no,born\n1,03/04/1980\n2,05/06/1981\n")

    report = init(tmp_path, given_file)
    with pytest.raises(ContractError, match="not decided yet"):
        contracts.load(report.contract_path)
    decided = init(tmp_path, given_file, decide={"born": "%d/%m/%Y"})

    assert [doubt.where for doubt in report.undecided] == ["fields.born.format"]
    assert decided.undecided == ()
    contract = contracts.load(decided.contract_path).contract
    assert rejects_of(given_file, contract) == []


def test_every_way_out_that_the_draft_offers_settles_it(tmp_path: Path) -> None:
    text = "no,born,amount,seen,opened\n" + "1,03/04/80,1.234,20240809,2020-11-03 06:30\n2,05/06/81,2.345,20240810,\n"
    given_file = sample(tmp_path, text)
    doubts = init(tmp_path, given_file).undecided

    for choice in (0, 1):
        decide = dict(doubt.decide[choice].split("=", 1) for doubt in doubts)
        report = init(tmp_path, given_file, decide=decide)
        assert report.undecided == ()
        assert rejects_of(given_file, contracts.load(report.contract_path).contract) == []


def test_a_decision_about_an_unknown_field_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"Did you mean born\?"):
        init(tmp_path, sample(tmp_path, CLIENTS), decide={"bron": "%d/%m/%Y"})


def test_a_target_is_written_into_the_project(tmp_path: Path) -> None:
    target = "postgresql://crm:${CRM_PASSWORD}@db.example.org/crm"

    init(tmp_path, sample(tmp_path, CLIENTS), target=target)

    project = contracts.load_project(tmp_path, environ={"CRM_PASSWORD": "x"})
    assert project.settings.target == "postgresql://crm:x@db.example.org/crm"


@pytest.mark.parametrize("target", ["postgresql://crm:secret@db.example.org/crm", "mysql://db", "clients.db"])
def test_a_target_that_cannot_be_written_down_is_refused_without_repeating_it(tmp_path: Path, target: str) -> None:
    with pytest.raises(UsageError) as refused:
        init(tmp_path, sample(tmp_path, CLIENTS), target=target)

    assert "secret" not in str(refused.value)
    assert not (tmp_path / "ringback.yaml").exists()


def test_a_project_keeps_its_target(tmp_path: Path) -> None:
    init(tmp_path, sample(tmp_path, CLIENTS))

    with pytest.raises(UsageError, match="has a project already"):
        init(tmp_path, sample(tmp_path, CLIENTS), target="sqlite:///other.db")


@pytest.mark.parametrize("feed", ["Clients", "../x", "a b", ""])
def test_a_feed_that_is_no_name_is_refused(tmp_path: Path, feed: str) -> None:
    with pytest.raises(UsageError, match="not a feed's name"):
        init(tmp_path, sample(tmp_path, CLIENTS), feed=feed)


def test_samples_of_different_columns_are_refused_with_the_difference(tmp_path: Path) -> None:
    first = sample(tmp_path, "no,town\n1,Rome\n2,Oslo\n", "a_2024-01-01.csv")
    second = sample(tmp_path, "no,city\n1,Rome\n2,Oslo\n", "a_2024-01-02.csv")

    with pytest.raises(UsageError, match=r"Only in the first: town\. Only in the other: city\."):
        init(tmp_path, first, second)


def test_the_key_is_the_field_that_stays_from_sample_to_sample(tmp_path: Path) -> None:
    first = sample(tmp_path, "row_no,client,town\n1,C7,Rome\n2,C8,Oslo\n", "a_2024-01-01.csv")
    second = sample(tmp_path, "row_no,client,town\n3,C8,Oslo\n4,C7,Rome\n", "a_2024-01-02.csv")

    report = init(tmp_path, first, second)

    assert report.draft.key.fields == ("client",)


def test_two_fields_together_are_the_key_where_none_alone_is(tmp_path: Path) -> None:
    text = "region,day,cases\nN,2020-02-20,1\nN,2020-02-21,2\nS,2020-02-20,2\nS,2020-02-21,3\n"

    report = init(tmp_path, sample(tmp_path, text))

    assert report.draft.key.fields == ("region", "day")


def test_without_any_key_the_nearest_are_told_with_their_duplicates(tmp_path: Path) -> None:
    text = "no,town\n" + "".join(f"{number},Rome\n" for number in [*range(20), 3])

    report = init(tmp_path, sample(tmp_path, text))

    (doubt,) = report.undecided
    assert doubt.where == "key"
    assert doubt.choices[0] == 'key: ["no"]   rows that share it with an earlier row: 1; without a text in it: 0'
    assert doubt.decide[0] == "key=no"


def test_a_decided_key_with_empty_texts_takes_them_as_values(tmp_path: Path) -> None:
    text = "state,country,cases\nAnhui,China,1\n,Japan,2\nHubei,China,2\n,Nepal,2\n"
    given_file = sample(tmp_path, text)

    report = init(tmp_path, given_file, decide={"key": "state,country"})

    contract = contracts.load(report.contract_path).contract
    assert (contract.key, report.undecided) == (("state", "country"), ())
    assert rejects_of(given_file, contract) == []


def test_a_key_of_digits_stays_text_unless_a_person_decides(tmp_path: Path) -> None:
    text = "client,town\n1,Rome\n2,Oslo\n"

    drafted = init(tmp_path, sample(tmp_path, text)).draft.fields[0]
    decided = init(tmp_path, sample(tmp_path, text), decide={"client": "integer"}).draft.fields[0]

    assert (drafted.reading.type, decided.reading.type) == ("string", "integer")


def test_a_packed_sample_is_read_like_a_plain_one(tmp_path: Path) -> None:
    import gzip

    packed = tmp_path / "clients_2024-08-09.csv.gz"
    packed.write_bytes(gzip.compress(CLIENTS.encode()))

    report = init(tmp_path, packed)

    assert report.draft.key.fields == ("client_no",)
    assert report.draft.names.issued == "clients_%Y-%m-%d.csv.gz"
    assert rejects_of(packed, contracts.load(report.contract_path).contract) == []


def test_columns_that_share_a_name_or_have_none_are_read_by_their_place(tmp_path: Path) -> None:
    given_file = sample(tmp_path, "no,note,note,\n1,a,b,7\n2,c,d,8\n")

    report = init(tmp_path, given_file)

    contract = contracts.load(report.contract_path).contract
    assert [(name, str(spec.column)) for name, spec in contract.fields.items()] == [
        ("no", "1"),
        ("note", "2"),
        ("note_2", "3"),
        ("column_4", "4"),
    ]
    assert (contract.source.header, contract.source.preamble_lines) == (False, 1)
    assert rejects_of(given_file, contract) == []


def test_rows_without_any_text_get_a_rule_of_their_own(tmp_path: Path) -> None:
    given_file = sample(tmp_path, "no,town\n1,Rome\n,\n2,Oslo\n")

    report = init(tmp_path, given_file)

    contract = contracts.load(report.contract_path).contract
    assert [(rule.name, rule.row_count) for rule in report.draft.source.skip] == [("empty row", 1)]
    assert report.draft.row_count == 2
    assert rejects_of(given_file, contract) == []


def test_a_rule_for_notes_never_takes_a_record_far_above_them(tmp_path: Path) -> None:
    rows = "Total Ltd,0,London\n" + "".join(f"Ada {number},{number},a street in London\n" for number in range(1, 4000))
    given_file = sample(tmp_path, f"name,no,town\n{rows}Total\n")

    report = init(tmp_path, given_file)

    assert report.draft.source.skip == ()
    assert (report.draft.row_count, report.draft.samples[0].reject_count) == (4000, 1)


def test_columns_named_like_words_of_yaml_are_drafted_as_what_they_are(tmp_path: Path) -> None:
    given_file = sample(tmp_path, "no,null,undecided,true,~,# x\n1,yes,undecided,a,b,c\n2,no,x,d,e,f\n")

    report = init(tmp_path, given_file, decide={"source.header": "true"})

    contract = contracts.load(report.contract_path).contract
    assert [spec.column for spec in contract.fields.values()] == ["no", "null", "undecided", "true", "~", "# x"]
    assert rejects_of(given_file, contract) == []


def test_one_zone_for_all_moments_leaves_numbers_numbers(tmp_path: Path) -> None:
    given_file = sample(tmp_path, "no,count,seen\n1,5,2020-11-03 06:30\n2,6,2020-11-04 06:30\n")

    fields = init(tmp_path, given_file, decide={"zone": "Europe/Berlin"}).draft.fields

    assert [field.reading.type for field in fields] == ["string", "integer", "datetime"]
    assert fields[2].reading.setting("zone") == "Europe/Berlin"


@pytest.mark.parametrize(
    "decide",
    [
        {"zone": "Mars/Base"},
        {"source.encoding": "klingon"},
        {"source.encoding": "hex"},
        {"source.header": "maybe"},
        {"born.colour": "red"},
        {"born": "%d/%m"},
    ],
)
def test_a_decision_that_means_nothing_is_refused(tmp_path: Path, decide: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        init(tmp_path, sample(tmp_path, CLIENTS), decide=decide)

    assert not (tmp_path / "ringback.yaml").exists()


CELLS = st.one_of(
    st.integers(-(10**20), 10**20).map(str),
    st.decimals(places=2, allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9).map(
        lambda number: f"{number:,}".translate(str.maketrans(".,", ",."))
    ),
    st.dates().map(lambda day: day.strftime("%d.%m.%Y").zfill(10)),
    st.sampled_from(
        ["", "NA", "No", "None", "-", "007", "true", "false", "a@b.org", "+44 20 7946 0958", "1.234", "0,5"]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
)
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff"), min_size=1, max_size=12)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    names = draw(st.lists(NAMES.filter(lambda name: name.strip() == name), min_size=1, max_size=4, unique=True))
    kinds = draw(st.lists(st.sampled_from([CELLS, st.dates().map(str), st.integers(0, 10**6).map(str)]), min_size=4))
    row = st.tuples(*(kinds[at] for at in range(len(names)))).map(list)
    rows = draw(st.lists(row, min_size=1, max_size=12))
    return ["Client No", *names], [[f"{number:05}", *cells] for number, cells in enumerate(rows, 1)]


def as_csv(rows: Sequence[Sequence[str]]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=";", lineterminator="\n").writerows(rows)
    return written.getvalue()


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables())
@example((["Client No", "0"], [["00001", "No"], ["00002", "0"], ["00003", "0"]]))  # the first row is no second header
@example((["Client No", "^$"], [["00001", "0,00"]]))  # to Polars a pattern, which no name fits
@example((["Client No", "*"], [["00001", "0"]]))
@example((["Client No", "'"], [["00001", "0"]]))  # one quote alone opens nothing
def test_whatever_is_drafted_and_decided_reads_every_row_of_its_sample(
    tmp_path: Path, table: tuple[list[str], list[list[str]]]
) -> None:
    folder = tmp_path / "project"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    names, rows = table
    given_file = sample(folder, as_csv([names, *rows]))
    source = {"source.delimiter": ";", "source.header": "true", "source.encoding": "utf-8"}

    report = init(folder, given_file, decide=source)
    first_choices = dict(doubt.decide[0].split("=", 1) for doubt in report.undecided)
    report = init(folder, given_file, decide=source | first_choices)

    assert report.undecided == ()
    assert sum(one.row_count for one in report.draft.samples) == len(rows)
    assert rejects_of(given_file, contracts.load(report.contract_path).contract) == []


@pytest.mark.parametrize(
    ("corpus", "key", "decide"),
    [
        ("br_banks", ("ispb",), {"zone": "America/Sao_Paulo"}),
        ("csse_daily", ("province_state", "country_region"), {"zone": "UTC", "key": "province_state,country_region"}),
        ("dotgov_domains", ("domain_name",), {}),
        ("es_isciii", ("ccaa_codigo_iso", "fecha"), {}),
        ("us_congress_members", ("bioguide_id",), {}),
    ],
)
def test_a_public_table_is_drafted_and_read_without_a_reject(
    tmp_path: Path, corpus: str, key: tuple[str, ...], decide: dict[str, str]
) -> None:
    if not (CORPORA / corpus).is_dir():
        pytest.skip(f"the corpus {corpus} is not beside this checkout")
    first = min((CORPORA / corpus / "snapshots").glob("*.csv"))

    report = init(tmp_path, first, decide=decide)

    contract = contracts.load(report.contract_path).contract
    assert (report.feed, contract.key, report.undecided) == (corpus, key, ())
    assert rejects_of(first, contract) == []


@pytest.mark.slow
def test_a_million_rows_are_drafted_within_a_minute(tmp_path: Path) -> None:
    from time import perf_counter

    rows = "".join(
        f"{number:08};Name{number % 9973};{1 + number % 28:02}/{1 + number % 12:02}/{1940 + number % 60};"
        f"{number % 999},{number % 100:02};user{number}@example.org;+4420794{number % 100000:05};{'ASC'[number % 3]};"
        f"{number};{number % 7};street {number % 991};;note {number}\n"
        for number in range(1_000_000)
    )
    given_file = sample(tmp_path, "No;Name;Born;Balance;Mail;Phone;Status;Count;Kind;Street;Empty;Note\n" + rows)

    began = perf_counter()
    report = init(tmp_path, given_file)

    assert perf_counter() - began < 60
    assert report.draft.key.fields == ("no",)


DRAFT = f"""# Drafted by ringback init on {date(2026, 11, 24)} from
#   "clients_2024-08-09.csv": 2 rows
# The comments are what the sample shows. Read them, correct what is wrong, then approve it.

feed: clients
# every row has a value of its own; unique too: name, born
key: [client_no]
# snapshot: a delivery has every record; changes: only those that changed
delivers: snapshot
# what becomes of a held record that a snapshot no longer has: keep, close or delete
missing: keep
source:
  files: clients_*.csv
  # orders deliveries by their names, so that an older one never overwrites a newer one
  issued: clients_%Y-%m-%d.csv
  format: csv
  # 2 bytes beyond ASCII, all valid UTF-8
  encoding: utf-8
  # 4 cells on each of the first 3 lines; "," would be even on 2 of 3
  delimiter: ";"
  quoteChar: '"'
  # 3 of 4 names stand over numbers or dates
  header: true
target:
  table: clients
fields:
  client_no:
    from: Client No
    # 2 values, all different
    # digits only, but 2 begin with a zero: kept as text
    type: string
    constraints: {{required: true}}
  name:
    from: Name
    # 2 values, all different
    type: string
  born:
    from: Born
    # 2 values, all different
    # 1 value rules out month/day/year, as "13/04/1980"
    type: date
    format: "%d/%m/%Y"
  balance:
    from: Balance
    # 2 values, all different
    type: decimal
    decimalChar: ","
    groupChar: "."
    scale: 2
ignored: []
# policy: these hold unless you write others
#   quarantined: {{hold_above: 0.5 %}}
#   shrunk: {{hold_above: 20 %}}
#   removed: {{hold_above: 1 %}}
#   duplicates: reject
"""

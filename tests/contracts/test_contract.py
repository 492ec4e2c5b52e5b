"""A contract is read with every scalar as text, and refused with all of its faults at once."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ringback.contracts import load, parse
from ringback.errors import ContractError
from ringback.model.contract import Delivers, Missing

NAME = "feeds/clients.yaml"


def faults_of(text: str) -> tuple[str, ...]:
    with pytest.raises(ContractError) as refused:
        parse(text, name=NAME)
    return refused.value.faults


def faults_if_any(text: str) -> tuple[str, ...] | None:
    """None, when the contract can be read."""
    try:
        parse(text, name=NAME)
    except ContractError as refused:
        return refused.faults
    return None


def only_fault_of(text: str) -> str:
    (fault,) = faults_of(text)
    return fault.removeprefix(f"{NAME}, ")


def test_a_contract_says_what_its_file_says(clients: str) -> None:
    contract = parse(clients, name=NAME).contract

    assert contract.feed == "clients"
    assert contract.key == ("client_no",)
    assert (contract.delivers, contract.missing) == (Delivers.SNAPSHOT, Missing.KEEP)
    assert contract.source.delimiter == ";"
    assert list(contract.fields) == ["client_no", "born_on", "phone", "balance", "status"]
    assert contract.fields["client_no"].constraints.required is True
    assert contract.fields["balance"].model_dump(by_alias=True)["scale"] == 2
    assert str(contract.policy.quarantined.hold_above) == "0.5 %"


def test_each_key_knows_its_line_as_an_editor_counts(clients: str) -> None:
    found = parse(clients, name=NAME)

    assert found.line("feed") == 1
    assert found.line("fields", "born_on") == 21
    assert found.line("fields", "born_on", "format") == 24
    assert found.line("fields", "born_on", "title") is None


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_alike_whatever_ends_them(clients: str, end: str) -> None:
    found = parse(clients.replace("\n", end), name=NAME)

    assert found.line("fields", "born_on", "format") == 24


@pytest.mark.parametrize("word", ["no", "0123", "1e3", "~", "2024-08-10", "0x1F", "1_000", "on", ".5", "null", "NaN"])
def test_a_word_that_yaml_takes_for_something_else_stays_text(clients: str, word: str) -> None:
    text = clients.replace("{A: active,", f"{{{word}: {word},")
    text = text.replace("ignored: [Internal Ref]", f"ignored: [{word}]\nmissingValues: ['', {word}]")
    text = text.replace("from: Phone", f"from: {word}X").replace("title: Nightly", f"title: {word} #")

    contract = parse(text, name=NAME).contract

    assert contract.fields["status"].model_dump()["codes"][word] == word
    assert contract.ignored == (word,)
    assert contract.missing_values == ("", word)
    assert contract.title == word


def test_null_is_none_only_where_there_may_be_none(clients: str) -> None:
    unquoted = parse(clients.replace('delimiter: ";"', "quoteChar: null"), name=NAME).contract
    quoted = parse(clients.replace("title: N", "title: null #"), name=NAME).contract

    assert unquoted.source.quote is None
    assert quoted.title == "null"


def test_a_single_key_may_be_written_without_a_list(clients: str) -> None:
    assert parse(clients.replace("[client_no]", "client_no"), name=NAME).contract.key == ("client_no",)


def test_two_fields_may_read_the_same_column(clients: str) -> None:
    contract = parse(clients.replace("from: Phone", "from: Status"), name=NAME).contract

    assert contract.fields["phone"].column == contract.fields["status"].column


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "    format:",
            "    fromat:",
            'line 24, column 5: "fromat" is not a key of a date field; did you mean "format"?',
        ),
        ("delivers", "delivres", 'line 4, column 1: "delivres" is not a key of this file; did you mean "delivers"?'),
        (
            "delimiter",
            "delimeter",
            'line 11, column 3: "delimeter" is not a key of "source"; did you mean "delimiter"?',
        ),
        (
            "    stable: true",
            "    required: true",
            'line 25, column 5: "required" is not a key of a date field; write "required" under "constraints"',
        ),
        (
            "    stable: true",
            "    decimal_char: x",
            'line 25, column 5: "decimal_char" is not a key of a date field; write one of: ',
        ),
        ("stable: true", "stable: yes", 'line 25, column 13: "yes" is neither true nor false: write one of the two'),
        ("scale: 2", "scale: 1e3", 'line 36, column 12: "1e3" is not a whole number in digits: write one, as 2'),
        ("scale: 2", "scale: -1", "line 36, column 12: "),
        ("scale: 2", "scale:", 'line 36, column 5: nothing is written for "scale": write its value'),
        ("snapshot  ", "snapshots  ", 'line 4, column 11: "snapshots" is not possible here; did you mean "snapshot"?'),
        ("type: date", "type: dat", 'line 23, column 11: "dat" is not a type; did you mean "date"?'),
        ("type: string", "type: varchar", 'line 19, column 11: "varchar" is not a type; did you mean "string"?'),
        ("    type: date\n", "", 'line 21, column 3: "type" is missing: write type: and one of '),
        ("    from: Phone\n", "", 'line 27, column 3: "from" is missing: write from: Date of Birth'),
        ("feed: clients\n", "", 'line 1, column 1: "feed" is missing: write feed: clients'),
        ("  table: clients", "  tabel: clients", 'line 15, column 3: "tabel" is not a key of "target"; did you mean'),
        ("  phone:", "  Phone No:", 'line 27, column 3: "Phone No" is not a field name: write a-z, 0-9 and _, '),
        ("[client_no]", "[clientno]", 'line 3, column 7: the key "clientno" is not one of the fields; did you mean'),
        ("[client_no]", "[client_no, client_no]", 'line 3, column 18: "client_no" is in "key" already'),
        ("type: string", "type: json", 'line 3, column 7: "client_no" is json, which cannot be a key'),
        ("[Internal Ref]", "[Phone]", 'line 42, column 11: "Phone" is ignored, but read by phone: take it out of one'),
        ("[Internal Ref]", "[a, a]", 'line 42, column 14: "a" is in "ignored" already: keep it once'),
        ("[Internal Ref]", "{a: b}", "line 42, column 1: a list is expected here, not a mapping: write [a, b]"),
        (r"'\d{8}'", "'(a'", 'line 20, column 28: "(a" is not a usable pattern: unclosed group'),
        (r"'\d{8}'", "'(?=a)'", 'line 20, column 28: "(?=a)" is not a usable pattern: look-around'),
        (r"'\d{8}'", r"'(a)\1'", r'line 20, column 28: "(a)\1" is not a usable pattern: backreferences'),
        (r"'\d{8}'", "'(a{1000}){1000}'", "line 20, column 28: "),
        (
            "pattern: ^Total",
            "pattern: '[a'",
            'line 13, column 35: "[a" is not a usable pattern: unclosed character class',
        ),
        ("01/01/1900", "1900-01-01", 'line 26, column 28: "1900-01-01" is not '),
        (
            "01/01/1900",
            "01/01/2024",
            'line 26, column 28: the minimum "01/01/2024" is above the maximum: exchange them',
        ),
        ('"-1.000,00"', "-1000.00", 'line 37, column 28: "-1000.00" is not '),
        (
            "constraints: {pattern",
            "constraints: {minLength: 9, maxLength: 8, pattern",
            "line 20, column 30: minLength 9 ",
        ),
        ("scale: 2", "scale: undecided", 'line 36, column 12: "scale" is not decided yet: write one of the readings'),
        ('"%d/%m/%Y"', "undecided", 'line 24, column 13: "format" is not decided yet: write one of the readings'),
        ("type: phone", "type: undecided", 'line 29, column 11: "type" is not decided yet'),
        ("[client_no]", "undecided", 'line 3, column 6: "key" is not decided yet'),
        (
            "encoding: utf-8",
            "encoding: utf9",
            'line 10, column 13: "utf9" is not an encoding of text; did you mean "utf-8"?',
        ),
        ("encoding: utf-8", "encoding: hex", 'line 10, column 13: "hex" is not an encoding of text'),
        ("encoding: utf-8", "encoding: undefined", 'line 10, column 13: "undefined" is not an encoding of text'),
        ("%Y-%m-%d.csv", "%Q.csv", "line 8, column 11: %Q cannot be read from a file name"),
        ("%Y-%m-%d.csv", "%m-%d.csv", "line 8, column 11: without %Y the files of two years cannot be ordered"),
        ("%Y-%m-%d.csv", "%Y-%Y.csv", "line 8, column 11: a letter stands twice"),
        ("%Y-%m-%d.csv", "%Y-%", "line 8, column 11: "),
        ('delimiter: ";"', r"delimiter: \t", "line 11, column 14: "),
        ('delimiter: ";"', "delimiter: '\"'\n  quoteChar: '\"'", 'line 12, column 14: """ is the delimiter already'),
        ('delimiter: ";"', "quoteChar: ''", 'line 11, column 14: "" must be one character; write null for none'),
        (
            "0.5 %",
            "0.5",
            "line 44, column 29: a limit is a share of the rows, as 0.5 %, or a number of them, as 20 rows",
        ),
        ("0.5 %", "{share: 1}", "line 44, column 17: a limit is a share of the rows"),
        ("0.5 %", "101 %", "line 44, column 29: a limit above 100 % of the rows never holds anything"),
        (
            "table: clients",
            "table: ringback_run",
            'line 15, column 10: "ringback_run" is kept for ringback\'s own tables',
        ),
        (
            "codes: {A: active, S: suspended, C: closed}",
            "codes: [A]",
            "line 41, column 12: keys and values are expected",
        ),
        (
            "  skip:",
            "  skip:\n    - {name: total line, pattern: x}",
            'line 14, column 14: "total line" names two rules',
        ),
    ],
)
def test_a_fault_tells_its_place_and_what_to_write_instead(clients: str, old: str, new: str, fault: str) -> None:
    assert old in clients

    told = only_fault_of(clients.replace(old, new, 1))

    assert told.startswith(fault)


def test_closing_or_deleting_the_absent_needs_whole_snapshots(clients: str) -> None:
    text = clients.replace("delivers: snapshot", "delivers: changes")

    for missing in ("close", "delete"):
        told = only_fault_of(text.replace("missing: keep", f"missing: {missing}"))
        assert told.startswith(f'line 5, column 10: "missing: {missing}" needs "delivers: snapshot"')


def test_a_field_cannot_have_the_name_of_the_closed_mark_in_use(clients: str) -> None:
    closing = clients.replace("missing: keep", "missing: close")

    told = only_fault_of(closing.replace("  phone:", "  closed:"))
    renamed = parse(closing.replace("  phone:", "  closed:").replace("target:", "target:\n  closed: gone"), name=NAME)

    assert told.startswith('line 27, column 3: "closed" is also the mark of clients closed by "missing: close"')
    assert renamed.contract.target.closed == "gone"


def test_without_a_header_columns_have_numbers(clients: str) -> None:
    text = clients.replace("format: csv", "header: false").replace("from: Client No", "from: 1")

    told = faults_of(text)

    assert len(told) == 4
    assert told[0].endswith('"Date of Birth" is not a column\'s number: without a header write 1, 2, ...')


def test_all_faults_are_told_in_one_pass_and_in_the_order_of_the_file(clients: str) -> None:
    text = (
        clients.replace("[client_no]", "[nobody]")
        .replace("encoding: utf-8", "encoding: utf9")
        .replace("    format:", "    fromat:")
        .replace("region: GB", "regoin: GB")
        .replace("scale: 2", "scale: two")
        .replace("[Internal Ref]", "[Balance]")
        .replace("20 rows", "20")
    )

    told = faults_of(text)

    assert [int(fault.split("line ")[1].split(",")[0]) for fault in told] == [3, 10, 24, 30, 36, 42, 45]


def test_a_contract_named_for_another_feed_is_refused(clients: str) -> None:
    with pytest.raises(ContractError) as refused:
        parse(clients, name="feeds/branches.yaml", feed="branches")

    (fault,) = refused.value.faults
    assert fault.startswith('feeds/branches.yaml, line 1, column 7: the file is named for the feed "branches"')


def test_the_error_of_a_contract_survives_pickling(clients: str) -> None:
    with pytest.raises(ContractError) as refused:
        parse(clients.replace("scale: 2", "scale: two"), name=NAME)

    again = pickle.loads(pickle.dumps(refused.value))

    assert again.faults == refused.value.faults
    assert str(again) == str(refused.value)


def test_a_contract_file_survives_pickling(clients: str) -> None:
    found = parse(clients, name=NAME)

    assert pickle.loads(pickle.dumps(found)) == found


def test_a_file_saved_with_a_byte_order_mark_is_read(tmp_path: Path, clients: str) -> None:
    path = tmp_path / "clients.yaml"
    path.write_text(clients, encoding="utf-8-sig")

    assert load(path).contract == parse(clients, name=NAME).contract


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"feed: clients\ntitle: Caf\xe9\n", ", line 2, column 11: this is not UTF-8 text (byte E9): save the file as"),
        ("feed: clients\n".encode("utf-16"), ", line 1, column 1: this is not UTF-8 text (UTF-16): save the file as"),
        (b"", ", line 1, column 1: the file is empty"),
        (b"a: b\0\n", ", line 1, column 5: a character U+0000 cannot stand in YAML: take it out"),
        (b"# " + b"x" * 2**20, ": is larger than 1 MiB: no contract is"),
    ],
)
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "clients.yaml"
    path.write_bytes(content)

    with pytest.raises(ContractError) as refused:
        load(path)

    assert refused.value.faults[0].startswith(f"{path}{fault}")


def test_a_file_that_is_not_there_or_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="cannot be read: No such file"):
        load(tmp_path / "none.yaml")
    with pytest.raises(ContractError, match="is not a file"):
        load(tmp_path)


SCRAPS = st.sampled_from(
    [
        *[
            "",
            " ",
            "\n",
            "\t",
            ":",
            ": ",
            "- ",
            "#",
            '"',
            "'",
            "{",
            "}",
            "[",
            "]",
            ",",
            "&a ",
            "*a",
            "!t ",
            "<<: ",
            "? ",
        ],
        *[
            "|",
            ">",
            "%",
            "@",
            "`",
            "---\n",
            "...\n",
            "\0",
            "\x85",
            "\u2028",
            "\ufeff",
            "\ud800",
            "é",
            "🙂",
            "~",
            "null",
        ],
        *["undecided", "true", "-1", "9" * 30, "1e999", '"\\UFFFFFFFF"', '"\\ud800"', '"\\0"', "(", "\\", "%y", "json"],
        *["key", "from: ", "type: ", "constraints: {enum: [a]}", "\n  ", "\n    ", "date", "decimal", "\r", "[" * 30],
    ]
)
EDITS = st.lists(
    st.tuples(st.integers(0, 1200), st.integers(0, 40), SCRAPS | st.text(max_size=5)), min_size=1, max_size=6
)


@given(edits=EDITS)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_however_a_contract_is_broken_it_is_read_or_refused_with_faults(
    clients: str, edits: list[tuple[int, int, str]]
) -> None:
    text = clients
    for at, length, scrap in edits:
        text = text[:at] + scrap + text[at + length :]

    told = faults_if_any(text)

    assert told is None or told
    assert all(fault.startswith(f"{NAME}, line ") and "\n" not in fault for fault in told or ())


VALUES = st.recursive(
    st.sampled_from(
        ["x", "''", "null", "undecided", "1", "-1", "true", '"a b"', "~", "9999999999999999999", "%d", "é"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]")
        | st.lists(inner, max_size=3).map(
            lambda parts: "{" + ", ".join(f"k{i}: {p}" for i, p in enumerate(parts)) + "}"
        )
    ),
    max_leaves=5,
)


@given(line=st.integers(0, 44), value=VALUES)
@settings(max_examples=300, deadline=None)
def test_whatever_stands_as_a_value_it_is_read_or_refused_with_faults(clients: str, line: int, value: str) -> None:
    lines = clients.splitlines()
    lines[line] = f"{lines[line].split(':')[0]}: {value}"

    told = faults_if_any("\n".join(lines))

    assert told is None or told

"""Encoding, delimiter, header and the lines around the records are found with their evidence, or said to be open."""

from __future__ import annotations

from pathlib import Path

import pytest

from ringback.contracts.draft.decisions import decisions_of
from ringback.contracts.draft.dialect import find_dialect
from ringback.contracts.draft.encoding import find_encoding
from ringback.contracts.draft.evidence import SourceDraft
from ringback.contracts.draft.sources import find_source
from ringback.errors import DeliveryRefused, UsageError

POLISH = "Łukasz Żółć Kraków Świętokrzyska źdźbło gęś; ".encode("cp1250") * 20
RUSSIAN = "Иван Петров Москва улица Ленина дом; ".encode("cp1251") * 20


def found(tmp_path: Path, content: str | bytes, **decide: str) -> SourceDraft:
    sample = tmp_path / "clients.csv"
    sample.write_bytes(content if isinstance(content, bytes) else content.encode())
    return find_source([sample], decisions_of({f"source.{key}": value for key, value in decide.items()}))


@pytest.mark.parametrize(
    ("sample", "encoding"),
    [
        (b"a,b\n1,2\n", "utf-8"),
        ("a,b\n1,ö\n".encode(), "utf-8"),
        (b"\xef\xbb\xbfa,b\n", "utf-8"),
        ("a,b\n1,ö\n".encode("utf-16"), "utf-16"),
        ("name,town\n1,London\n".encode("utf-16-le"), "utf-16-le"),
        ("name,town\n1,London\n".encode("utf-16-be"), "utf-16-be"),
        ("1 €; Größe".encode("cp1252"), "cp1252"),
        (RUSSIAN, "cp1251"),
    ],
)
def test_an_encoding_that_the_bytes_decide_is_found(sample: bytes, encoding: str) -> None:
    draft = find_encoding(sample)

    assert (draft.encoding, draft.doubts) == (encoding, ())


def test_bytes_that_are_letters_in_two_alphabets_are_undecided_with_both_readings_of_a_word() -> None:
    draft = find_encoding("año;señor".encode("cp1252"))

    (doubt,) = draft.doubts
    assert doubt.where == "source.encoding"
    assert 'encoding: cp1252   "año"' in doubt.choices
    assert 'encoding: cp1250   "ańo"' in doubt.choices
    assert "source.encoding=cp1252" in doubt.decide


def test_polish_in_cp1250_is_never_taken_for_something_else_without_a_word() -> None:
    draft = find_encoding(POLISH)

    assert draft.encoding == "cp1250" or draft.doubts


@pytest.mark.parametrize(
    ("text", "delimiter", "quote"),
    [
        ("a,b\n1,2\n3,4\n", ",", None),
        ("a;b\n1,5;2,5\n3,5;4,5\n", ";", None),
        ("a\tb\n1\t2\n", "\t", None),
        ("a||b||c\n1||2||3\n", "||", None),
        ('a;b\n"x;y";2\n"z,w";4\n', ";", '"'),
        ("a,b\n'x,y',2\n'z,w',4\n", ",", "'"),
        ('name,note\n"O\'Neil","line\nbreak"\n"Ada","x"\n', ",", '"'),
        ("name,no,town\nAda 1,1,a street in Rome\nBob 2,2,a street in Oslo\n", ",", None),
        ("2020-01-01 10:00:00|a|1,5\n2020-01-02 11:00:00|b|2,5\n", "|", None),
    ],
)
def test_the_delimiter_is_the_one_that_makes_a_table(text: str, delimiter: str, quote: str | None) -> None:
    draft = find_dialect(text)

    assert (draft.table.delimiter, draft.table.quote, draft.doubts) == (delimiter, quote, ())


def test_a_file_of_one_column_has_no_delimiter_to_find(tmp_path: Path) -> None:
    draft = found(tmp_path, "name\nAda\nBob\n")

    assert draft.delimiter_remarks == ("one column: no delimiter stands in it",)


def test_names_above_numbers_are_a_header(tmp_path: Path) -> None:
    draft = found(tmp_path, "no,name\n1,Ada\n2,Bob\n")

    assert (draft.header, draft.header_remarks, draft.doubts) == (
        True,
        ("1 of 2 names stand over numbers or dates",),
        (),
    )


def test_a_first_line_of_values_is_a_record(tmp_path: Path) -> None:
    draft = found(tmp_path, "1,Ada,1980-02-03\n2,Bob,1981-02-03\n3,Cyd,1982-02-03\n")

    assert (draft.header, draft.doubts) == (False, ())


def test_a_first_line_that_may_be_either_is_undecided_until_a_person_decides(tmp_path: Path) -> None:
    text = "Ada,London\nBob,Paris\nCyd,London\n"

    assert [doubt.where for doubt in found(tmp_path, text).doubts] == ["source.header"]
    decided = found(tmp_path, text, header="false")
    assert (decided.header, decided.doubts) == (False, ())


def test_lines_before_the_header_are_counted_as_an_editor_counts(tmp_path: Path) -> None:
    draft = found(tmp_path, "Export of clients\n\nno;name;town\n1;Ada;London\n2;Bob;Paris\n3;Cyd;Rome\n")

    assert (draft.preamble_lines, draft.header) == (2, True)


def test_a_header_with_a_name_too_many_is_undecided(tmp_path: Path) -> None:
    draft = found(tmp_path, "changed,no,name,born\n1,Ada,1980-02-03\n2,Bob,1981-02-03\n3,Cyd,1982-02-03\n")

    (doubt,) = draft.doubts
    assert doubt.where == "source.header"
    assert doubt.why == "the line above the records has 4 names, and the records have 3 values"


def test_a_note_under_the_records_gets_a_rule_that_fits_it_alone(tmp_path: Path) -> None:
    note = "NOTA: these figures are cumulative and may be corrected later,,"
    draft = found(tmp_path, "no,name,town\n" + "1,Ada,London\n" * 30 + note + "\n")

    assert [(rule.pattern, rule.row_count) for rule in draft.skip] == [('^"?NOTA', 1)]


def test_notes_that_begin_differently_get_one_rule(tmp_path: Path) -> None:
    notes = "NOTE 1: these figures are cumulative\n** since 17 April they are not\nSource: the ministry of health\n"
    draft = found(tmp_path, "no,name,town\n" + "1,Ada,London\n" * 30 + notes)

    assert [(rule.pattern, rule.row_count) for rule in draft.skip] == [(r'^"?(?:\*\*|NOTE|Source)', 3)]


def test_a_last_line_that_begins_as_records_do_gets_no_rule(tmp_path: Path) -> None:
    draft = found(tmp_path, "name,no,town\n" + "Total Ltd,1,London\n" * 30 + "Total 30\n")

    assert draft.skip == ()


def test_a_last_line_that_may_be_cut_off_takes_no_line_from_later_deliveries(tmp_path: Path) -> None:
    draft = found(tmp_path, "no;name;town\n" + "1;Ada;London\n" * 30 + "30\n")

    assert draft.skip == ()
    assert draft.skip_remarks == (
        "the last line has another number of cells; where every delivery ends so, write footerLines: 1",
    )


@pytest.mark.parametrize("content", [b""])
def test_an_empty_sample_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(DeliveryRefused, match="is empty"):
        found(tmp_path, content)


def test_a_folder_is_no_sample(tmp_path: Path) -> None:
    with pytest.raises(DeliveryRefused, match="is no file"):
        find_source([tmp_path], decisions_of({}))


def test_what_cannot_be_decided_about_a_source_is_refused() -> None:
    with pytest.raises(UsageError, match=r"source\.colour"):
        decisions_of({"source.colour": "blue"})


FIXED = "".join(
    f"{number:08}{name:<24}{town:<12}\n"
    for number, (name, town) in enumerate(
        [("Ann", "Leeds"), ("Bob van Dyk", "York"), ("Eve", "New Mills"), ("Di Lu", "")]
    )
)


def test_lines_of_one_length_without_a_delimiter_ask_for_their_layout(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="44 characters: the file seems to be of fixed width") as refused:
        found(tmp_path, FIXED)

    assert "--layout" in refused.value.mend
    assert not found(tmp_path, FIXED, header="false").header


def test_long_values_of_one_length_are_a_column(tmp_path: Path) -> None:
    assert found(tmp_path, "DE02120300000000202051\n" * 2 + "DE02500105170137075030 \n" * 3).delimiter
    assert found(
        tmp_path, "IBAN of the client's acc.\nDE02120300000000202051xxx\nDE02500105170137075030xxx\n"
    ).delimiter

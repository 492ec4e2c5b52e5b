"""Scrambled clients: nobody can tell who they are, and a contract reads them as it reads the real ones."""

from __future__ import annotations

import random
from collections import Counter

import polars as pl
import pytest

from ringback.contracts import parse
from ringback.model.contract import Contract
from ringback.model.rows import LINE
from ringback.steps.interpret import FIELD_TYPES, interpret
from ringback.steps.scramble import Secret, scramble, scramble_one, scramble_rows

SECRET = Secret(word=b"told to nobody")
CONTRACT = """
feed: clients
key: [client_no]
target: {table: clients}
missingValues: ["", "n/a"]
fields:
  client_no: {from: No, type: string, constraints: {pattern: '\\d{8}'}}
  visits: {from: Visits, type: integer, constraints: {minimum: "10"}}
  balance: {from: Balance, type: decimal, scale: 2, decimalChar: ",", groupChar: ".", constraints: {maximum: "5000"}}
  born_on: {from: Born, type: date, format: "%d/%m/%Y"}
  joined_on: {from: Joined, type: date, format: "%-d %b %y", pivot: 1930}
  opens_at: {from: Opens, type: time, format: "%-I:%M %p"}
  seen_at: {from: Seen, type: datetime, format: "%Y-%m-%d %H:%M:%S.%f", zone: Europe/Berlin}
  phone: {from: Phone, type: phone, region: GB}
  email: {from: Email, type: email}
  account: {from: Account, type: iban}
  tax_no: {from: Tax, type: number, standard: de.vat}
  status: {from: Status, type: code, codes: {A: active, S: suspended}}
  mails: {from: Mails, type: boolean, trueValues: [yes], falseValues: [no]}
  more: {from: More, type: json}
"""
SAMPLES = {
    "client_no": ["00012345", "99999999", "1234567", "0001234X"],
    "visits": ["12", "+12", "-3", "0", "9", "12a"],
    "balance": ["1.234,56", "0,00", "-12,5", "9.999,99", "12.34", "x"],
    "born_on": ["03/04/1980", "29/02/1984", "04/25/1984", "31/02/1984", " 01/01/2020 ", "never"],
    "joined_on": ["3 Feb 20", "13 DEC 31", "01 jan 29", "32 Jan 20"],
    "opens_at": ["9:30 AM", "12:00 pm", "13:00 PM"],
    "seen_at": ["2024-02-29 23:59:59.123", "2024-02-30 00:00:00.0"],
    "phone": ["+44 20 7946 0958", "020 7946 0958", "07911 123456", "0044 7911 123456", "+1 202 555 0143", "12"],
    "email": ["jean.dupont@example.org", "José@exämple.com", "a@b", "no address"],
    "account": ["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432", "DE00 3704 0044 0532 0130 00"],
    "tax_no": ["DE136695976", "136695976", "DE136695977"],
    "status": ["A", "S", "Q", "a"],
    "mails": ["yes", "no", "Yes", "maybe"],
    "more": ['{"name": "Mary \\u00e9", "n": [1, 20.5e3, true, null]}', "[]", "{", '{"a": 01}'],
}


@pytest.fixture(scope="module")
def contract() -> Contract:
    """A contract with a field of every type."""
    return parse(CONTRACT, name="feeds/clients.yaml").contract


def many(field: str, *, count: int = 400) -> pl.Series:
    """Texts of a field: the samples, missing ones, and samples with another digit here and there."""
    dice = random.Random(f"seed of {field}")
    texts = [*SAMPLES[field], "", "n/a"]
    for _ in range(count):
        letters = list(dice.choice(SAMPLES[field]))
        for _ in range(dice.choice((0, 1, 2))):
            place = dice.randrange(len(letters))
            letters[place] = dice.choice("0123456789") if letters[place].isdigit() else letters[place]
        texts.append("".join(letters))
    return pl.Series("text", texts, dtype=pl.String)


def faults(texts: pl.Series, field: str, contract: Contract) -> pl.DataFrame:
    """(line, code) of every fault that a field's texts have."""
    rows = pl.DataFrame({LINE: range(texts.len())}).with_columns(
        texts.alias(str(spec.column)) if name == field else pl.lit(SAMPLES[name][0]).alias(str(spec.column))
        for name, spec in contract.fields.items()
    )
    return interpret(rows, contract).rejects.select("line", "code")


def test_the_contract_of_these_tests_has_a_field_of_every_type(contract: Contract) -> None:
    assert {spec.type for spec in contract.fields.values()} == set(FIELD_TYPES)


@pytest.mark.parametrize("field", SAMPLES)
def test_what_read_still_reads_and_what_was_rejected_is_rejected_for_the_same_faults(
    field: str, contract: Contract
) -> None:
    texts = many(field)

    scrambled = scramble(texts, field, contract, SECRET)

    assert faults(scrambled, field, contract).equals(faults(texts, field, contract))


@pytest.mark.parametrize("field", SAMPLES)
def test_no_two_texts_become_one_so_that_keys_stay_keys(field: str, contract: Contract) -> None:
    texts = many(field).unique()

    scrambled = scramble(texts, field, contract, SECRET)

    assert scrambled.n_unique() == texts.len()


@pytest.mark.parametrize("field", ["client_no", "visits", "balance", "email", "phone", "account", "tax_no"])
def test_digits_stay_digits_letters_stay_letters_of_their_case_and_all_else_stays(
    field: str, contract: Contract
) -> None:
    texts = many(field)

    scrambled = scramble(texts, field, contract, SECRET)

    shapes = [
        each.str.replace_all(r"\d", "9").str.replace_all(r"\p{Ll}", "a").str.replace_all(r"\p{Lu}", "A")
        for each in (texts, scrambled)
    ]
    assert shapes[0].to_list() == shapes[1].to_list()


def test_the_same_text_becomes_the_same_in_any_delivery_and_feed_and_another_under_another_secret(
    contract: Contract,
) -> None:
    other = parse(CONTRACT.replace("client_no", "account_no").replace("No,", "Konto,"), name="x").contract
    one = scramble(pl.Series(["00012345", "00054321"]), "client_no", contract, SECRET)

    alone = scramble_one("00012345", "client_no", contract, SECRET)
    elsewhere = scramble_one("00012345", "account_no", other, SECRET)
    stranger = scramble_one("00012345", "client_no", contract, Secret(word=b"another"))

    assert one[0] == alone == elsewhere
    assert len({alone, stranger, "00012345"}) == 3


def test_what_the_contract_lists_and_missing_values_stay(contract: Contract) -> None:
    for field, listed in {"status": ["A", "S", "n/a"], "mails": ["yes", "no", ""], "born_on": ["n/a", ""]}.items():
        assert scramble(pl.Series(listed), field, contract, SECRET).to_list() == listed


def test_what_a_contract_that_is_to_be_tried_lists_stays_too(contract: Contract) -> None:
    coming = parse(CONTRACT.replace("S: suspended", "S: suspended, Q: queried"), name="x").contract
    rows = pl.DataFrame({LINE: [2], "Status": ["Q"]})

    alone, together = scramble_rows(rows, contract, SECRET), scramble_rows(rows, contract, SECRET, coming=coming)

    assert alone["Status"].item() != "Q"
    assert together["Status"].item() == "Q"


def test_words_for_nothing_stay_so_that_a_contract_that_comes_to_know_them_finds_them(contract: Contract) -> None:
    words = pl.Series(["NULL", "(blank)", "Unknown", "n.n."])

    assert scramble(words, "email", contract, SECRET).to_list()[:3] == words.to_list()[:3]
    assert scramble(words, "email", contract, SECRET)[3] != "n.n."


def test_a_text_that_the_contract_does_not_list_is_not_shown(contract: Contract) -> None:
    assert scramble_one("Mary Jones, 1 High Street", "status", contract, SECRET) != "Mary Jones, 1 High Street"


def test_a_date_in_another_form_stays_one_so_that_a_changed_contract_can_read_it(contract: Contract) -> None:
    american = CONTRACT.replace('type: date, format: "%d/%m/%Y"', 'type: date, format: "%m/%d/%Y"')

    scrambled = pl.Series([scramble_one("04/25/1984", "born_on", contract, SECRET)])

    assert faults(scrambled, "born_on", contract)["code"].to_list() == ["date.unreadable"]
    assert faults(scrambled, "born_on", parse(american, name="x").contract).is_empty()


def test_a_birth_date_moves_by_eleven_years_at_most(contract: Contract) -> None:
    dates = pl.date_range(pl.date(1930, 1, 1), pl.date(2026, 1, 1), "17d", eager=True)

    scrambled = scramble(dates.dt.to_string("%d/%m/%Y"), "born_on", contract, SECRET).str.to_date("%d/%m/%Y")

    moved = (scrambled - dates).dt.total_days().abs()
    assert moved.max() < 4096  # type: ignore[operator]
    assert moved.median() > 365  # type: ignore[operator]


def test_letters_stay_among_those_that_the_file_can_be_written_in(contract: Contract) -> None:
    texts = pl.Series(["Łódź Świętosława Źdźbło Żółć"])

    scrambled = scramble(texts, "email", contract, Secret(word=b"s", encoding="cp1250"))

    assert scrambled[0].encode("cp1250").decode("cp1250") != texts[0]


def test_letters_of_every_script_become_letters_of_that_script(contract: Contract) -> None:
    scrambled = scramble_one("Ελλη Иван 山田 ١٢٣", "email", contract, SECRET)

    assert [_script(letter) for letter in scrambled] == [_script(letter) for letter in "Ελλη Иван 山田 ١٢٣"]
    assert scrambled != "Ελλη Иван 山田 ١٢٣"


def _script(letter: str) -> str:
    import unicodedata

    return unicodedata.name(letter).split()[0]


def test_columns_that_no_field_reads_are_scrambled_and_lines_stay(contract: Contract) -> None:
    texts = {str(contract.fields[name].column): pl.Series(few[:3]) for name, few in SAMPLES.items() if len(few) > 2}
    rows = pl.DataFrame({LINE: [2, 3, 4], **texts, "Internal Ref": ["Mary", "n/a", "1984-02-29"]})

    scrambled = scramble_rows(rows, contract, SECRET)

    assert scrambled.columns == rows.columns
    assert scrambled[LINE].to_list() == [2, 3, 4]
    assert scrambled["Internal Ref"][0] != "Mary"
    assert scrambled["Internal Ref"][1] == "n/a"
    assert scrambled["Internal Ref"].str.to_date("%Y-%m-%d", strict=False)[2] is not None


def test_texts_of_thousands_of_letters_are_scrambled_to_their_end(contract: Contract) -> None:
    text = "".join(random.Random(5).choices("abcdefghij ", k=5000))

    scrambled = scramble_one(text, "email", contract, SECRET)

    alike = Counter(one == other for one, other in zip(text, scrambled, strict=True) if one != " ")
    assert alike[True] / alike.total() < 0.06  # by chance: one of 26

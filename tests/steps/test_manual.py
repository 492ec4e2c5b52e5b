"""What a contract says of its fields: every example is read as the contract reads it, and none is a client's."""

from __future__ import annotations

from typing import Any

import pytest

from ringback.model.contract import Contract
from ringback.model.manual import FieldManual, Origin
from ringback.model.reading import RejectGroup
from ringback.steps.interpret import FIELD_TYPES
from ringback.steps.manual import described, misreadings_in_words, rejected, with_examples
from ringback.steps.scramble import Secret

SECRET = Secret(word=b"kept elsewhere")
DELIVERED: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "text": ({"type": "string"}, ("Zenobia Quibble", "O'Hara-Lind")),
    "fitting": ({"type": "string", "constraints": {"pattern": "[A-Z]{2}[0-9]{3}"}}, ("AB123",)),
    "day": ({"type": "date", "format": "%d/%m/%Y"}, ("17/11/1953", "03/04/1980")),
    "american": ({"type": "date", "format": "%-m/%-d/%y", "pivot": 1930}, ("1/2/53",)),
    "moment": ({"type": "datetime", "format": "%Y-%m-%d %H:%M:%S", "zone": "Europe/Berlin"}, ("2023-05-06 07:08:09",)),
    "offset": ({"type": "datetime", "format": "%Y-%m-%dT%H:%M:%S%z"}, ("2023-05-06T07:08:09+02:00",)),
    "clock": ({"type": "time", "format": "%I:%M %p"}, ("07:45 PM",)),
    "whole": ({"type": "integer", "groupChar": "."}, ("12.345", "678")),
    "amount": ({"type": "decimal", "decimalChar": ",", "groupChar": ".", "scale": 2}, ("-1.234,56", "78,9")),
    "behind": ({"type": "decimal", "scale": 1, "sign": "trailing"}, ("1234.5-",)),
    "phone": ({"type": "phone", "region": "GB"}, ("020 7946 0958", "+49 30 901820")),
    "abroad": ({"type": "phone"}, ("+33 1 42 68 53 00",)),
    "email": ({"type": "email"}, ("zenobia.quibble@example.net",)),
    "account": ({"type": "iban"}, ("DE89 3704 0044 0532 0130 00",)),
    "tax_no": ({"type": "number", "standard": "de.vat"}, ("DE136695976",)),
    "extra": ({"type": "json"}, ('{"b": 12345, "a": "Quibble"}',)),
}
CONTRACT = Contract(
    feed="clients",
    key=("text",),
    target={"table": "clients"},
    fields={name: FIELD_TYPES[told["type"]](**{**told, "from": name}) for name, (told, _) in DELIVERED.items()},
)


def _field(name: str) -> FieldManual:
    return next(field for field in described(CONTRACT, lambda *_: 7) if field.name == name)


@pytest.mark.parametrize("name", DELIVERED)
def test_a_delivered_text_is_shown_as_another_that_the_contract_reads_too(name: str) -> None:
    delivered = DELIVERED[name][1]

    shown = with_examples(_field(name), delivered, CONTRACT, SECRET)

    assert shown.origin is Origin.SCRAMBLED
    assert len(shown.examples) == len(delivered)
    assert not {each.raw for each in shown.examples} & set(delivered)
    assert all(each.held for each in shown.examples)


@pytest.mark.parametrize("name", DELIVERED)
def test_what_nobody_delivered_is_invented_and_is_read(name: str) -> None:
    field = _field(name)

    made_up = {each.raw for each in field.examples}
    assert field.origin is (Origin.INVENTED if made_up else Origin.NONE)
    assert bool(made_up) is (name not in {"fitting", "tax_no"})  # only who knows the sender could make one up
    assert field.line == 7
    assert all(sentence.endswith(".") for sentence in field.spec.in_words())


def test_the_order_of_day_and_month_is_told_with_a_date_that_could_be_taken_for_another() -> None:
    assert "03/04/1980 is 3 April 1980" in " ".join(_field("day").spec.in_words())
    assert "4/3/80 is 3 April 1980" in " ".join(_field("american").spec.in_words())
    assert "1980-04-03 16:05:09 is 1980-04-03 15:05:09 UTC" in " ".join(_field("moment").spec.in_words())


def test_a_text_that_would_be_shown_as_it_is_is_left_out() -> None:
    field = with_examples(_field("text"), ("---",), CONTRACT, SECRET)

    assert field.origin is Origin.INVENTED


def _group(field: str | None, code: str, *raws: str) -> RejectGroup:
    return RejectGroup(
        code=code, reason="is not it", row_count=3, first_line=2, field=field, raws=tuple(enumerate(raws, 2))
    )


def test_a_rejected_text_is_shown_as_another_that_is_rejected_too() -> None:
    groups = [_group("day", "date.unreadable", "31.02.1984"), _group("phone", "phone.unreadable", "12345")]

    day, phone = rejected(groups, CONTRACT, SECRET)

    assert day.raw is not None
    assert day.raw != "31.02.1984"
    assert [len(part) for part in day.raw.split(".")] == [2, 2, 4]
    assert phone.raw != "12345"


def test_of_whole_rows_and_of_fields_that_are_gone_no_text_is_shown() -> None:
    whole, gone = rejected([_group(None, "row.ragged", "a;b"), _group("gone", "x", "a")], CONTRACT, SECRET)

    assert (whole.raw, gone.raw) == (None, None)


def test_a_misreading_is_told_in_words_and_one_that_is_not_known_is_left_out() -> None:
    words = misreadings_in_words(["date.day_month", "of.tomorrow", "delivery.rows_dropped"])

    assert words == {
        "date.day_month": "day and month exchanged",
        "delivery.rows_dropped": "a share of the rows left out",
    }

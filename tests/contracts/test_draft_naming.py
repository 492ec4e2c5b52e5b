"""Names are taken from headers and file names, so that people recognise their own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringback.contracts.draft.naming import feed_names, field_names
from ringback.model.contract import NAME_PATTERN


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Date of Birth", "date_of_birth"),
        ("LongName", "long_name"),
        ("DateOperationStarted", "date_operation_started"),
        ("COMPE", "compe"),
        ("Größe (cm)", "grosse_cm"),
        ("Código postal", "codigo_postal"),
        ("PCR+", "pcr_plus"),
        ("2020", "n2020"),
        ("closed", "is_closed"),
        ("客户", "column_1"),
        ("", "column_1"),
    ],
)
def test_a_field_is_named_after_its_column(header: str, name: str) -> None:
    assert field_names([header]) == (name,)


@given(st.lists(st.text(max_size=90) | st.sampled_from(["Name", "name", "NAME ", "closed", "Closed"]), max_size=12))
def test_field_names_are_always_usable_and_all_different(headers: list[str]) -> None:
    names = field_names(headers)

    assert len(set(names)) == len(headers)
    assert all(re.fullmatch(NAME_PATTERN, name) and name != "closed" for name in names)


@pytest.mark.parametrize(
    ("file_name", "feed", "files", "issued"),
    [
        ("clients_2024-08-09.csv", "clients", "clients_*.csv", "clients_%Y-%m-%d.csv"),
        ("Kunden20240809.csv.gz", "kunden", "Kunden*.csv.gz", "Kunden%Y%m%d.csv.gz"),
        ("crm-export 20240809_2359.txt", "crm_export", "crm-export *.txt", "crm-export %Y%m%d_%H%M.txt"),
        ("100%_2024-08-09.csv", "n100_percent", "100%_*.csv", "100%%_%Y-%m-%d.csv"),
        ("a[1]_2024-08-09.csv", "a_1", "a[[]1]_*.csv", "a[1]_%Y-%m-%d.csv"),
        ("clients.csv", "clients", "clients.csv", None),
    ],
)
def test_a_feed_is_named_after_its_files(file_name: str, feed: str, files: str, issued: str | None) -> None:
    names = feed_names([Path(file_name)])

    assert (names.feed, names.files, names.issued) == (feed, files, issued)


def test_a_file_named_only_by_its_day_gives_the_feed_the_folder_s_name() -> None:
    names = feed_names([Path("/suppliers/us_members/snapshots/2024-08-04T1923.csv")])

    assert (names.feed, names.files, names.issued) == ("us_members", "*.csv", "%Y-%m-%dT%H%M.csv")


def test_samples_that_are_not_named_alike_promise_no_order() -> None:
    names = feed_names([Path("clients_2024-08-09.csv"), Path("clients_old.csv")])

    assert (names.feed, names.files, names.issued) == ("clients", "clients_*.csv", None)

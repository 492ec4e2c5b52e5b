"""Proved with real software: Kamailio asks ringback for every call, SIPp calls, baresip and PJSIP ring.

Needs what CONTRIBUTING.md lists, and pjsua2-python. Where they can't be had the tests are skipped, never in CI.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ringback.phone.name import clean

from .conftest import CLIENTS, PhoneOffice, opened
from .real import PHONES, Call, Telephony, absent, from_the_database, serving_apart, telephony

MISSING = absent()
pytestmark = [
    pytest.mark.skipif(
        bool(MISSING) and not os.environ.get("CI"), reason=f"not installed: {', '.join(MISSING)}; see CONTRIBUTING.md"
    ),
    pytest.mark.xdist_group("telephony"),
]

HOSTILE = {
    "+4930555001": '"Bob" \\ Smith"',
    "+4930555002": "Two\rlines\tand \x07 bell",
    "+4930555003": "\\",
    "+4930555004": "x" * 300,
    "+4930555005": "ü" * 5_000,
    "+4930555006": '<sip:+4930123456@evil>;tag="x ${EXEC}',
    "+4930555007": "Ωmega; 日本, \u202eevil",
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PhoneOffice]:
    """German, British and Japanese clients, and some with names that stop phones."""
    folder = tmp_path_factory.mktemp("office")
    with opened(folder / "project", f"sqlite:///{folder / 'clients.db'}") as office:
        office.deliver(*CLIENTS, *hostile())
        yield office


def hostile() -> list[str]:
    """Rows whose names stop phones that are given them as they are."""
    quoted = [name.replace('"', '""') for name in HOSTILE.values()]
    return [f'9{n:03};"{name}";;;{number};;;' for n, (number, name) in enumerate(zip(HOSTILE, quoted, strict=True))]


@pytest.fixture(scope="module")
def town(office: PhoneOffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Telephony]:
    """Everything, connected."""
    assert not MISSING, f"CI has to install {', '.join(MISSING)}: .ci/run"
    with serving_apart(office.folder) as port, telephony(tmp_path_factory.mktemp("town"), port) as town:
        yield town


SPELLINGS = {
    "Ana Brook": ("+4930123456", "004930123456", "030123456", "4930123456"),
    "Ben Carter": ("+442079460958", "00442079460958", "442079460958", "+44-20-7946-0958"),
    "太郎 山田": ("+81312345678", "0081312345678", "81312345678", "+81-3-1234-5678"),
}


@pytest.mark.parametrize("phone", PHONES)
def test_phones_show_the_name_in_every_spelling_and_callers_do_not_learn_it(town: Telephony, phone: str) -> None:
    calls = [Call(phone, number, "Your Bank") for numbers in SPELLINGS.values() for number in numbers]

    shown = town.shown(*calls)

    heard = (town.folder / f"heard-{town.batch}.log").read_text(encoding="utf-8", errors="replace")
    assert shown == [name for name, numbers in SPELLINGS.items() for _ in numbers]
    assert not any(name in heard for name in SPELLINGS)


@pytest.mark.parametrize("phone", PHONES)
def test_names_that_stop_phones_ring_cleaned(town: Telephony, phone: str) -> None:
    shown = town.shown(*(Call(phone, number) for number in HOSTILE))

    assert shown == [clean(name) for name in HOSTILE.values()]


@pytest.mark.parametrize("phone", PHONES)
def test_unknown_and_forged_callers_ring_without_a_name(town: Telephony, phone: str) -> None:
    callers = ["anonymous", "+493099", "110", "+4930888888"]

    assert town.shown(*(Call(phone, caller, "Ana Brook") for caller in callers)) == [""] * len(callers)


@pytest.mark.parametrize("how", ["slow", "hang", "down"])
def test_every_call_connects_whatever_becomes_of_the_lookup_and_names_return(town: Telephony, how: str) -> None:
    calls = [Call(PHONES[n % 2], "+4930123456") for n in range(6)]

    town.front.turn(how)
    during = town.shown(*calls)
    town.front.turn("pass")
    after: list[str] = []
    for _ in range(8):  # Kamailio asks again after five seconds, counted in whole ones
        after = town.shown(*calls[:2])
        if after == ["Ana Brook"] * 2:
            break
        time.sleep(1)

    assert set(during) == ({"Ana Brook"} if how == "slow" else {""})
    assert after == ["Ana Brook"] * 2


def test_kamailio_reads_the_view_too(office: PhoneOffice, town: Telephony, tmp_path: Path) -> None:
    database = Path(office.target.removeprefix("sqlite:///"))
    calls = [Call("pjsip", number) for number in ("+4930123456", "004930123456", "030123456", "110")]
    calls += [Call("pjsip", number) for number in HOSTILE] + [Call("pjsip", "anonymous")]

    with from_the_database(town, tmp_path, database) as reading:
        shown = reading.shown(*calls)

    assert shown == ["Ana Brook"] * 3 + [""] + [clean(name) for name in HOSTILE.values()] + [""]


def test_calls_during_an_import_and_an_undo_show_the_old_or_the_new_name_and_nothing_between(
    office: PhoneOffice, town: Telephony
) -> None:
    others = [f"A{n:06};Eve;Adams;;+49 30 {n:07};;;" for n in range(2_000_000, 2_050_000)]
    office.deliver(*CLIENTS, *hostile(), *others)
    renamed = [other.replace("Adams", "Baker") for other in others]
    known = [f"+4930{n:07}" for n in (2_000_000, 2_025_000, 2_049_999)]
    shown: list[list[str]] = []
    over = threading.Event()

    def calling() -> None:
        while not over.is_set():
            shown.append(town.shown(*(Call("pjsip", number) for number in known), rate=10))

    caller = threading.Thread(target=calling)
    caller.start()
    run = office.deliver(*CLIENTS, *hostile(), *renamed)
    office.undo(run)
    over.set()
    caller.join()

    seen = [name for names in shown for name in names]
    assert len(shown) >= 2
    assert set(seen) <= {"Eve Adams", "Eve Baker"}
    assert town.shown(*(Call("pjsip", number) for number in known)) == ["Eve Adams"] * 3

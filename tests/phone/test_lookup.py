"""Phone systems ask who is calling, over real connections, in databases of both kinds."""

from __future__ import annotations

import base64
import secrets
import shutil
import threading
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ringback.errors import ContractError, StoreError, UsageError
from ringback.model.phone import Caller
from ringback.phone.desk import Desk
from ringback.workflows.place import open_place
from ringback.workflows.serve import CALL_DEADLINE_SECONDS, Address, prepare, require_ready, served

from ..workflows.office import codes, query, run_sql
from .conftest import CLIENTS, CONTRACT, TOKEN, Ear, Line, PhoneOffice, Serving, locking, until, write_phone


@pytest.mark.parametrize("asked", ["+49 30 123456", "0049 30 123456", "030-123456", " 4930123456", "4930123456"])
def test_the_display_shows_the_name_in_every_spelling_of_the_number(reading: Line, asked: str) -> None:
    assert reading.name(asked) == "Ana Brook"


def test_german_british_and_japanese_clients_are_known(reading: Line) -> None:
    assert reading.name("+44 20 7946 0958") == "Ben Carter"
    assert reading.name("0081 3 1234 5678") == "太郎 山田"
    assert reading.name("030 999999") == "Jörg Müller"
    assert reading.name("030 999999", charset="ascii") == "Jorg Muller"
    assert reading.name("+81312345678", charset="ascii", fallback="Japan") == "Japan"


def test_the_answer_is_one_short_line_of_utf_8(reading: Line) -> None:
    answer = reading.get("/v1/caller.txt", number="+81312345678")

    assert (answer.status, answer.body) == (200, "太郎 山田".encode())
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("asked", ["", "anonymous", "110", "+49301234567", "0301234"])
def test_a_miss_is_an_answer(reading: Line, asked: str) -> None:
    assert reading.name(asked) == ""
    assert reading.name(asked, fallback='Un"known\n') == "Un known"
    assert reading.caller(asked) == {"found": "false"}


def test_json_is_flat_and_all_text(reading: Line) -> None:
    assert reading.caller("030123456") == {
        "found": "true",
        "id": "0001",
        "display_name": "Ana Brook",
        "first_name": "Ana",
        "last_name": "Brook",
        "company": "Acme",
        "tier": "gold",
        "route": "sales",
        "number": "+4930123456",
        "number_asked": "030123456",
        "contact_url": "https://crm.example.com/0001",
    }


def test_a_shared_number_is_told_as_shared_and_of_nobody_alone(reading: Line) -> None:
    told = reading.caller("0171 2345678")

    assert reading.name("0171 2345678") == "Ben Carter or 1 other"
    assert told["found"] == "shared"
    assert told["display_name"] == "Ben Carter or 1 other"
    assert {told[name] for name in ("id", "first_name", "last_name", "company", "tier", "contact_url")} == {""}


def test_the_card_shows_the_client_all_who_share_the_number_or_nobody(reading: Line) -> None:
    one, shared, nobody = (reading.get("/c", number=number) for number in ("030123456", "01712345678", "030123"))

    assert "Ana Brook" in one.text
    assert "gold" in one.text
    assert "2 clients have this number" in shared.text
    assert "Müller" in shared.text
    assert "Carter" in shared.text
    assert "Unknown caller" in nobody.text
    assert one.headers["content-security-policy"].startswith("default-src 'none'")


HOSTILE = {
    "quote": '"Bob" \\ Smith',
    "lines": "Ana\rBrook",
    "long": "x" * 300,
    "endless": "y" * 5_000,
    "forged": '<sip:+4930123456@evil>" ${EXEC}',
}


def test_names_that_stop_phones_are_noted_at_import_and_told_cleaned(office: PhoneOffice, line: Line) -> None:
    rows = [f'9{n};"{name.replace(chr(34), chr(34) * 2)}";;;030 55500{n};;;' for n, name in enumerate(HOSTILE.values())]
    run = office.deliver(*CLIENTS, *(row.replace(";030", ";+4930") for row in rows))

    shown = [line.name(f"03055500{n}") for n in range(len(HOSTILE))]
    note = next(finding for finding in run.findings if finding.code == "phone.name_cleaned")
    kept = query(office.target, "select first_name from clients where client_no = '90'")
    assert shown == ["Bob Smith", "Ana Brook", "x" * 60, "y" * 60, "sip:+4930123456@evil EXEC}"]
    assert note.row_count == len(HOSTILE)
    assert kept == [(HOSTILE["quote"],)]


def test_a_name_that_came_in_before_is_not_noted_again(office: PhoneOffice) -> None:
    odd = '0009;"Bo\\b";;;+49 30 555000;;;'

    first = office.deliver(*CLIENTS, odd)
    again = office.deliver(*CLIENTS, odd, "0010;Eve;;;;;;")

    assert "phone.name_cleaned" in codes(first)
    assert "phone.name_cleaned" not in codes(again)


def test_the_view_says_what_the_lookup_says(office: PhoneOffice, line: Line) -> None:
    names = [
        *HOSTILE.values(),
        "$\u200b{x",
        '$"{x',
        "a ${ b",
        "$${{ ${",
        "x" * 59 + " y",
        "tab\t\t x \u2028 y",
        "\u200b",
        "日本" * 40,
    ]
    odd = [f'8{n:03};"{name.replace(chr(34), chr(34) * 2)}";;;+49 30 6660{n:02};;;' for n, name in enumerate(names)]
    office.deliver(*CLIENTS, *odd, "0007;;;Only a company;+49 30 777777;;;", "0008;Al;;;;+49 171 2345678;;")

    rows = query(office.target, "select number, display_name, tier, id from caller order by number")

    assert len(rows) == 6 + len(names)
    for number, name, tier, client in rows:
        told = line.caller(number)
        assert (name, tier, client) == (told["display_name"], told["tier"], told["id"]), number


def test_the_view_has_one_row_a_number_also_where_clients_have_one_number_each(office: PhoneOffice) -> None:
    office.deliver(*CLIENTS, "0008;Al;Brook;;+49 30 123456;;gold;")
    write_phone(office.folder, office.target, numbers="phone")

    with open_place(office.folder, environ={}) as place:
        prepare(place)
    rows = query(office.target, "select * from caller where number = '+4930123456'")

    assert rows == [("+4930123456", "Al Brook or 1 other", "gold", "")]
    if office.target.startswith("sqlite"):
        assert "SCAN t" not in plan_of(office.target)


PLAN_OF = """create or replace function plan_of(asked text) returns text language plpgsql as $$
    declare line record; told text := '';
    begin
        for line in execute 'explain ' || asked loop told := told || line."QUERY PLAN"; end loop;
        return told;
    end $$"""


def plan_of(target: str) -> str:
    """How the database finds one number in the view."""
    asked = "select display_name from caller where number = '+4930123456'"
    if target.startswith("sqlite"):
        return str(query(target, f"explain query plan {asked}"))
    run_sql(target, PLAN_OF)
    return str(query(target, f"select plan_of($${asked}$$)"))


def test_the_view_is_asked_by_index(office: PhoneOffice) -> None:
    if not office.target.startswith("sqlite"):  # or a table of four is read as a whole
        run_sql(office.target, "insert into clients (client_no) select 'n' || n from generate_series(1, 20000) n")
        run_sql(office.target, "update clients set phone = '+4930' || client_no where client_no like 'n%'")
        run_sql(office.target, "analyze clients")

    plan = plan_of(office.target)

    assert "ringback_phone_clients_phone" in plan
    assert "SCAN t" not in plan
    assert "Seq Scan" not in plan


def test_after_an_import_and_after_an_undo_the_name_is_the_new_one(office: PhoneOffice, line: Line) -> None:
    run = office.deliver("0001;Ann;Brook;Acme;+49 30 123456;;gold;sales", *CLIENTS[1:])
    then = line.name("030 123456")
    office.undo(run)

    assert then == "Ann Brook"
    assert line.name("030 123456") == "Ana Brook"


def test_a_closed_client_calls_no_more(office: PhoneOffice, serving: Serving) -> None:
    closed = "integer default 0" if "sqlite" in office.target else "boolean default false"
    office.agree(**{**CONTRACT, "missing": "close"})
    run_sql(
        office.target,
        f"alter table clients add column closed {closed}",
    )
    assert office.deliver(*CLIENTS[:3]).closed == 1
    prepare(office.place)

    line = serving()

    assert line.name("030 999999") == ""
    assert line.name("0171 2345678") == "Ben Carter"
    assert query(office.target, "select id from caller where number = '+491712345678'") == [("0002",)]


# -- what changed
def test_the_numbers_whose_answer_changed_are_told_after_an_import_and_an_undo(office: PhoneOffice, line: Line) -> None:
    before = office.place.store.last_published("clients")
    assert before is not None
    run = office.deliver(
        "0001;Ana;Brook;Acme;+49 30 1234567;;gold;sales",  # another number
        "0002;Ben;Carter;Acme;020 7946 0958;+49 171 2345678;;",
        "0003;次郎;山田;山田商事;+81 3-1234-5678;;;",  # another name
        CLIENTS[3],
        "0005;Eve;Adams;;+49 30 555555;;;",  # new
    )
    changed = line.get("/v1/changed", since=before.name).json
    undo = office.undo(run).run

    assert changed == {
        "feed": "clients",
        "since": before.name,
        "run": run.name,
        "everything": False,
        "numbers": ["+4930123456", "+49301234567", "+4930555555", "+81312345678"],
    }
    assert line.get("/v1/changed", since=run.name).json["numbers"] == changed["numbers"]
    assert line.get("/v1/changed", since=undo.name).json["numbers"] == []
    assert line.get("/v1/changed", since="R0").json["everything"] is True
    assert line.get("/v1/changed", since="R99").json["everything"] is True
    assert line.get("/v1/changed", since="x").status == 400
    assert line.get("/v1/changed").status == 400


def test_webhooks_are_told_of_a_publish_and_of_an_undo(office: PhoneOffice, serving: Serving) -> None:
    heard = Ear()
    with heard:
        serving(webhooks=["http://127.0.0.1:1/nobody", heard.url])
        time.sleep(1.5)
        run = office.deliver("0001;Ann;Brook;Acme;+49 30 123456;;gold;sales", *CLIENTS[1:])
        heard.until(1)
        undo = office.undo(run).run
        heard.until(2)

    assert [told["run"] for told in heard.told] == [run.name, undo.name]
    assert [told["numbers"] for told in heard.told] == [["+4930123456"]] * 2


# -- phone books
MAKES = ["yealink", "cisco", "fanvil", "grandstream", "snom", "gigaset"]


@pytest.mark.parametrize("make", MAKES)
def test_every_make_of_telephone_reads_its_phone_book(reading: Line, make: str) -> None:
    from xml.etree import ElementTree

    got = reading.get(f"/v1/phonebook/{make}.xml")
    posted = reading.get(f"/v1/phonebook/{make}.xml", body=b"q=b&ln=b*")

    told = "".join(ElementTree.fromstring(got.body).itertext())
    assert got.status == posted.status == 200
    assert "+4930123456" in told
    assert "山田" in told
    assert "Müller" in told
    assert "Müller" not in posted.text
    assert "Brook" in posted.text
    assert got.headers["content-type"].startswith("text/xml")


def test_a_phone_book_is_fetched_again_only_after_a_run(office: PhoneOffice, line: Line) -> None:
    first = line.get("/v1/phonebook/snom.xml")
    tag = {"If-None-Match": first.headers["etag"]}
    same = line.get("/v1/phonebook/snom.xml", tag)
    office.deliver("0001;Ann;Brook;Acme;+49 30 123456;;gold;sales", *CLIENTS[1:])
    other = line.get("/v1/phonebook/snom.xml", tag)

    assert (same.status, same.body) == (304, b"")
    assert other.status == 200
    assert "Ann Brook" in other.text


def test_a_phone_book_has_as_many_entries_as_the_telephone_takes_and_goes_on_at_start(
    office: PhoneOffice, line: Line
) -> None:
    office.deliver(*CLIENTS, *(f"1{n:03};Zoe;Z{n:03};;+49 30 77{n:04};;;" for n in range(60)))

    first = line.get("/v1/phonebook/cisco.xml", q="z")
    rest = line.get("/v1/phonebook/cisco.xml", q="z", start="32")

    assert first.text.count("<DirectoryEntry>") == 32
    assert "Z031" in first.text
    assert "Z032" not in first.text
    assert rest.text.count("<DirectoryEntry>") == 28
    assert "Z032" in rest.text


def test_what_is_searched_is_text_and_no_pattern(reading: Line) -> None:
    assert reading.get("/v1/phonebook/yealink.xml", q="ANA").text.count("<DirectoryEntry>") == 1
    assert reading.get("/v1/phonebook/yealink.xml", q="%").text.count("<DirectoryEntry>") == 0
    assert reading.get("/v1/phonebook/yealink.xml", q="' or 1=1 --").text.count("<DirectoryEntry>") == 0


def test_gigaset_finds_the_caller_by_number(reading: Line) -> None:
    told = reading.get(
        "/v1/phonebook/gigaset.xml", command="get_list", type="pb", hm="030123456", ln="*", fn="*", reqsrc="auto"
    )

    assert "<ln>Brook</ln>" in told.text
    assert "Carter" not in told.text
    assert 'notfound="hm"' in reading.get("/v1/phonebook/gigaset.xml", hm="0301").text


def test_3cx_gets_a_template_that_asks_this_server(reading: Line) -> None:
    from xml.etree import ElementTree

    template = ElementTree.fromstring(reading.get("/v1/3cx.xml").body)

    paths = {variable.get("Path") for variable in template.iter("Variable")}
    assert paths <= set(reading.caller("030123456"))
    assert reading.url in reading.get("/v1/3cx.xml").text


# -- who may ask
def test_a_server_that_others_can_reach_needs_a_rule_who_may_ask(office: PhoneOffice) -> None:
    with pytest.raises(UsageError, match="can be reached from other machines"):
        require_ready(served(office.place), Address(host="0.0.0.0", port=0))


def test_who_is_neither_trusted_nor_shows_the_token_is_told_nothing(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = serving(host="0.0.0.0", token=TOKEN)
    monkeypatch.setattr("ringback.phone.access.Access.trusts", lambda self, address: False)
    basic = base64.b64encode(f"pbx:{TOKEN}".encode()).decode()

    shown = {
        "nothing": {},
        "wrong": {"Authorization": "Bearer wrong"},
        "broken": {"Authorization": "Basic %%%"},
        "bearer": {"Authorization": f"Bearer {TOKEN}"},
        "basic": {"Authorization": f"Basic {basic}"},
    }
    told = {how: line.get("/v1/caller.txt", headers, number="030123456") for how, headers in shown.items()}

    assert {how: answer.status for how, answer in told.items()} == {
        **dict.fromkeys(("nothing", "wrong", "broken"), 401),
        **dict.fromkeys(("bearer", "basic"), 200),
    }
    assert told["nothing"].body == b""


def test_trusted_networks_need_no_token() -> None:
    from ringback.phone.access import Access

    access = Access(trusted=("192.0.2.0/24",))

    trusted = [access.trusts(peer) for peer in ("192.0.2.7", "::ffff:192.0.2.7", "127.0.0.1", "::1", "192.0.3.7", "x")]
    assert trusted == [True, True, True, True, False, False]


def test_a_page_under_a_name_of_its_own_cannot_ask_a_local_server(reading: Line) -> None:
    assert reading.get("/v1/caller.txt", {"Host": "evil.example.com"}, number="030123456").status == 400


def test_what_a_proxy_passes_on_needs_the_token_wherever_the_proxy_is(serving: Serving) -> None:
    line = serving(token=TOKEN)
    passed_on = {"X-Forwarded-For": "198.51.100.7"}

    assert line.get("/v1/caller.txt", passed_on, number="030123456").status == 401
    assert (
        line.get("/v1/caller.txt", {**passed_on, "Authorization": f"Bearer {TOKEN}"}, number="030123456").status == 200
    )


def test_neither_numbers_nor_names_are_in_the_log(line: Line) -> None:
    line.name("030 123456", fallback="SECRET")
    line.get("/v1/phonebook/snom.xml", q="brook")
    line.get("/SECRET/Brook")

    told = "\n".join(line.said)
    assert "GET /v1/caller.txt 200" in told
    assert "GET (no such path) 404" in told
    assert not any(secret in told for secret in ("123456", "rook", "SECRET"))


# -- set-up
def test_without_an_index_it_does_not_serve_and_says_what_makes_one(office: PhoneOffice) -> None:
    run_sql(office.target, "drop index ringback_phone_clients_mobile")

    with pytest.raises(UsageError, match=r"clients[.]mobile has no index") as refused:
        require_ready(served(office.place), Address(host="127.0.0.1", port=0))
    made = prepare(office.place)

    assert "--prepare" in refused.value.mend
    assert [what for what in made.made if "index" in what] == ["index ringback_phone_clients_mobile on clients.mobile"]
    assert made.there == ("an index on clients.phone",)
    require_ready(served(office.place), Address(host="127.0.0.1", port=0))


def test_a_view_that_is_somebody_elses_stays(office: PhoneOffice) -> None:
    run_sql(office.target, "drop view caller", "create view caller as select 1 as mine")

    with pytest.raises(StoreError, match="view caller already"):
        prepare(office.place)

    assert query(office.target, "select mine from caller") == [(1,)]


def test_a_mapping_that_does_not_fit_the_contract_has_all_its_faults_told(office: PhoneOffice) -> None:
    from ringback.workflows.check import check_project

    write_phone(office.folder, office.target, numbers=["phone", "tier"], tier="teir", region="XX")
    with open_place(office.folder, environ={}) as place, pytest.raises(ContractError) as refused:
        served(place)
    report = check_project(office.folder, (), {})

    assert len(refused.value.faults) == 3
    assert any('did you mean "tier"' in fault for fault in refused.value.faults)
    assert set(refused.value.faults) <= set(report.faults)


# -- when the database cannot answer
def test_when_the_database_is_away_the_answer_is_503_and_empty_and_names_come_back_with_it(
    office: PhoneOffice, line: Line, administer: Callable[..., None]
) -> None:
    before = line.name("030 123456")
    if office.target.startswith("sqlite"):
        place = Path(office.target.removeprefix("sqlite:///"))
        away = place.with_name("away.db")
        run_sql(office.target, "pragma wal_checkpoint(truncate)")
        shutil.copy(place, away)
        place.unlink()
        gone = line.get("/v1/caller.txt", number="030123456")
        shutil.move(away, place)
    else:
        run_sql(office.target, "alter table clients rename to elsewhere")
        gone = line.get("/v1/caller.txt", number="030123456")
        run_sql(office.target, "alter table elsewhere rename to clients")

    until(lambda: line.name("030 123456") == before)
    assert before == "Ana Brook"
    assert (gone.status, gone.body) == (503, b"")


def test_a_connection_that_was_cut_is_made_again(office: PhoneOffice, line: Line) -> None:
    if office.target.startswith("sqlite"):
        pytest.skip("SQLite has no connections that others can cut")
    line.name("030 123456")
    run_sql(
        office.target,
        "select pg_terminate_backend(pid)::text from pg_stat_activity"
        " where application_name = 'ringback' and pid <> pg_backend_pid()",
    )

    until(lambda: line.name("030 123456") == "Ana Brook", 2)


def test_a_lookup_that_is_locked_out_is_a_miss_in_time(office: PhoneOffice, serving: Serving) -> None:
    if office.target.startswith("sqlite"):
        pytest.skip("readers of SQLite wait for nobody")
    line = serving(deadline_seconds=CALL_DEADLINE_SECONDS)
    line.name("030 123456")
    with locking(office.target):
        begun = time.monotonic()
        told = line.get("/v1/caller.txt", number="030123456", fallback="later")
        took = time.monotonic() - begun

    assert (told.status, told.text) == (200, "later")
    assert took < 1
    until(lambda: line.name("030 123456") == "Ana Brook")


def test_lookups_that_hang_hold_up_no_other() -> None:
    import asyncio

    release = threading.Event()

    def look_up(asked: str) -> Caller:
        if asked == "hangs":
            release.wait(5)
        return Caller(number_asked=asked, display_name=asked)

    async def calls() -> tuple[list[str], float]:
        desk = Desk(look_up, deadline_seconds=0.05)
        begun = time.monotonic()
        told = await asyncio.gather(*(desk.caller("hangs") for _ in range(30)), desk.caller("Ana"))
        took = time.monotonic() - begun
        release.set()
        await asyncio.sleep(0.1)
        after = await desk.caller("Ben")
        desk.close()
        return [*(caller.display_name for caller in told), after.display_name], took

    told, took = asyncio.run(calls())

    assert set(told[:-1]) == {""}  # all eight threads hang: who comes then is not known in time
    assert told[-1] == "Ben"
    assert took < 1


def test_a_role_reads_the_view_and_nothing_else_and_waits_for_nobody(office: PhoneOffice) -> None:
    if office.target.startswith("sqlite"):
        with pytest.raises(StoreError, match="SQLite has no roles"):
            prepare(office.place, role="phones")
        return
    role = f"phones_{secrets.token_hex(4)}"  # roles belong to the server, not to a database

    first, again = prepare(office.place, role=role), prepare(office.place, role=role)

    assert any(role in what for what in first.made)
    assert first.left == again.left == ()
    told = query(office.target, f"select unnest(setconfig) from pg_db_role_setting where setrole = '{role}'::regrole")
    assert {"lock_timeout=150", "statement_timeout=150", "default_transaction_read_only=on"} == {one for (one,) in told}
    may = "select has_table_privilege('{}', '{}', '{}')"
    assert query(office.target, may.format(role, "caller", "select")) == [(True,)]
    assert query(office.target, may.format(role, "clients", "select")) == [(False,)]
    assert query(office.target, may.format(role, "caller", "update")) == [(False,)]
    run_sql(office.target, f"revoke select on caller from {role}", f"drop role {role}")


ROUTES = ["/v1/caller.txt", "/v1/caller.json", "/v1/changed", "/c", *(f"/v1/phonebook/{make}.xml" for make in MAKES)]
PARAMETERS = ("number", "fallback", "charset", "since", "q", "start", "limit", "first", "count", "ln", "hm")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    route=st.sampled_from(ROUTES),
    query=st.dictionaries(st.sampled_from(PARAMETERS), st.text(max_size=20) | st.integers().map(str), max_size=4),
    is_posted=st.booleans(),
)
def test_whatever_is_asked_the_server_has_an_answer(
    reading: Line, route: str, query: dict[str, str], is_posted: bool
) -> None:
    encoded = urllib.parse.urlencode(query, errors="replace").encode()

    told = reading.get(route, body=encoded) if is_posted else reading.get(f"{route}?{encoded.decode()}")

    assert told.status in ({200, 405} if is_posted else {200, 400})

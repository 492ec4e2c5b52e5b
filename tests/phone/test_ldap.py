"""Telephones search by LDAP: with OpenLDAP's own client where it is there, and message by message."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyasn1.codec.ber import decoder, encoder
from pyasn1_modules import rfc2251

from ..workflows.office import run_sql
from .conftest import CLIENTS, TOKEN, Line, PhoneOffice, Serving

needs_client = pytest.mark.skipif(
    shutil.which("ldapsearch") is None and not os.environ.get("CI"), reason="not installed: ldap-utils"
)


def search(line: Line, asked: str, *words: str, password: str = "") -> subprocess.CompletedProcess[str]:
    """What ldapsearch says."""
    bind = ["-D", "cn=phone", "-w", password] if password else []
    command = ["ldapsearch", "-x", "-LLL", "-o", "ldif-wrap=no", "-H", f"ldap://127.0.0.1:{line.ldap_port}", *bind]
    return subprocess.run(
        [*command, "-b", "dc=any", *words, asked], capture_output=True, text=True, check=False, timeout=20
    )


def names(line: Line, asked: str) -> list[str]:
    """The plain names that a search gives."""
    told = search(line, asked, "-s", "sub").stdout.splitlines()
    return [entry.removeprefix("cn: ") for entry in told if entry.startswith("cn: ")]


@needs_client
def test_numbers_are_found_by_meaning_and_names_by_their_beginning(reading: Line) -> None:
    for asked in ("(telephoneNumber=+4930123456)", "(telephoneNumber=030 123456)", "(|(mobile=030123456)(cn=zzz*))"):
        assert names(reading, asked) == ["Ana Brook"], asked
    assert names(reading, "(sn=bro*)") == ["Ana Brook"]
    assert names(reading, "(&(objectClass=person)(|(cn=ben*)(telephoneNumber=ben*)))") == ["Ben Carter"]
    assert names(reading, "(&(sn=c*)(!(mobile=*)))") == []
    assert names(reading, "(cn=*rook)") == []
    assert names(reading, "(telephoneNumber=anonymous)") == []


@needs_client
def test_an_entry_has_what_telephones_ask_for(reading: Line) -> None:
    told = search(reading, "(mobile=0171 2345678)", "sn", "givenName", "mobile", "telephoneNumber").stdout

    for part in ("sn: Carter", "mobile: +491712345678", "telephoneNumber: +442079460958"):
        assert part in told
    assert "givenName:: SsO2cmc=" in told  # Jörg
    assert "cn:" not in told


@needs_client
def test_there_are_at_most_fifty_hits_and_the_telephone_is_told(office: PhoneOffice, serving: Serving) -> None:
    office.deliver(*CLIENTS, *(f"1{n:03};Zoe;Z{n:03};;+49 30 77{n:04};;;" for n in range(60)))
    line = serving(ldap=True)

    told = search(line, "(sn=z*)")

    assert told.stdout.count("dn: ") == 50
    assert told.returncode == 4  # sizeLimitExceeded


@needs_client
def test_a_stranger_needs_the_token(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringback.phone.access.Access.trusts", lambda self, address: False)
    line = serving(token=TOKEN, ldap=True)

    nobody, wrong, right = (search(line, "(sn=bro*)", password=shown) for shown in ("", "wrong", TOKEN))

    assert (nobody.returncode, wrong.returncode, right.returncode) == (50, 49, 0)
    assert "Brook" not in nobody.stdout + wrong.stdout
    assert "Brook" in right.stdout


@needs_client
def test_nothing_can_be_written(reading: Line) -> None:
    change = "dn: uid=x,ou=clients\nchangetype: modify\nreplace: cn\ncn: Evil\n"
    where = f"ldap://127.0.0.1:{reading.ldap_port}"

    told = subprocess.run(["ldapmodify", "-x", "-H", where], input=change, capture_output=True, text=True, check=False)

    assert told.returncode == 53  # unwillingToPerform
    assert names(reading, "(cn=ana*)") == ["Ana Brook"]


def test_when_the_database_is_away_the_telephone_is_told(office: PhoneOffice, serving: Serving) -> None:
    line = serving(ldap=True)
    run_sql(office.target, "alter table clients rename to elsewhere")

    told = exchange(line.ldap_port, _search_message())

    assert told is not None
    assert told["protocolOp"].getName() == "searchResDone"
    assert int(told["protocolOp"].getComponent()["resultCode"]) == 52  # unavailable


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(octets=st.binary(max_size=60))
def test_what_is_no_ldap_ends_the_connection_and_nothing_else(reading: Line, octets: bytes) -> None:
    exchange(reading.ldap_port, octets)
    exchange(reading.ldap_port, b"\x30" + bytes([len(octets) + 3]) + b"\x02\x01\x01" + octets)

    told = exchange(reading.ldap_port, _search_message())

    assert told is not None


def _search_message() -> bytes:
    message = rfc2251.LDAPMessage()
    message["messageID"] = 7
    asked = message["protocolOp"]["searchRequest"]
    asked["baseObject"], asked["scope"], asked["derefAliases"] = b"dc=any", 2, 0
    asked["sizeLimit"], asked["timeLimit"], asked["typesOnly"] = 0, 0, False
    asked["filter"]["equalityMatch"]["attributeDesc"] = b"telephoneNumber"
    asked["filter"]["equalityMatch"]["assertionValue"] = b"030 4711"
    asked["attributes"].clear()
    return bytes(encoder.encode(message))


def exchange(port: int, octets: bytes) -> rfc2251.LDAPMessage | None:
    """Send octets; the first message that comes back before the connection ends or a moment passes."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as link:
        link.sendall(octets)
        link.shutdown(socket.SHUT_WR)
        try:
            told = link.recv(65536)
        except OSError:
            return None
    return decoder.decode(told, asn1Spec=rfc2251.LDAPMessage())[0] if told else None

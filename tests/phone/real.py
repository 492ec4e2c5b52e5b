"""Kamailio, SIPp callers, baresip and PJSIP: real programs, as Debian and PyPI have them, on ports of this machine."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from .conftest import free_port, until

HERE = Path(__file__).parent
GUIDE = HERE.parents[1] / "docs" / "guides" / "phones-kamailio.md"
PHONES = ("pjsip", "baresip")
# libcurl and others would go through a proxy, also to this machine
PLAIN = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}


def absent() -> list[str]:
    """What of the real software is not installed."""
    programs = [name for name in ("kamailio", "sipp", "baresip") if shutil.which(name) is None]
    modules = Path("/usr/lib").glob("*/kamailio/modules/*.so")
    programs += sorted({"http_client.so", "db_sqlite.so"} - {module.name for module in modules})
    return programs + ([] if find_spec("pjsua2") else ["pjsua2"])


@dataclass(frozen=True)
class Call:
    """One call: to which phone, from which number, and what the caller says his name is."""

    phone: str
    number: str
    says: str = ""


@dataclass
class Phone:
    """A phone, and the names that it showed: (number of the From header, display name), in order."""

    port: int
    shown: list[tuple[str, str]] = field(default_factory=list)
    calls: set[str] = field(default_factory=set)

    def names(self, count: int) -> list[str]:
        """The names of the newest calls, once so many came."""
        until(lambda: len(self.shown) >= count, 20)
        return [name for _, name in self.shown]


@dataclass
class Front:
    """Stands between Kamailio and ringback, and fails as it is told to: pass, slow, hang, down."""

    behind: int
    port: int = field(default_factory=free_port)
    how: str = "pass"

    def __post_init__(self) -> None:
        self._listening: socket.socket | None = None
        self.turn("pass")

    def turn(self, how: str) -> None:
        """From now on."""
        self.how = how
        if how == "down":
            self.close()
        elif self._listening is None:
            self._listening = socket.create_server(("127.0.0.1", self.port), reuse_port=False)
            threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def close(self) -> None:
        """Refuse connections."""
        if self._listening is not None:
            with suppress(OSError):
                self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
            self._listening = None

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                taken, _ = listening.accept()
                threading.Thread(target=self._pass_on, args=(taken,), daemon=True).start()

    def _pass_on(self, taken: socket.socket) -> None:
        with taken, suppress(OSError):
            taken.settimeout(5)
            asked = taken.recv(65536)
            if self.how == "hang":
                time.sleep(4)
                return
            if self.how == "slow":
                time.sleep(0.4)
            with socket.create_connection(("127.0.0.1", self.behind), timeout=5) as behind:
                behind.sendall(asked.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
                while block := behind.recv(65536):
                    taken.sendall(block)


@dataclass
class Telephony:
    """All of it, running."""

    folder: Path
    port: int
    front: Front
    phones: dict[str, Phone]
    batch: int = 0

    def call(self, *calls: Call, rate: float = 4) -> str:
        """Let SIPp make these calls; every one must ring and connect. Returns: all that callers sent and got."""
        self.batch += 1
        told, heard = self.folder / f"calls-{self.batch}.csv", self.folder / f"heard-{self.batch}.log"
        lines = [
            f'{call.phone};{call.number};"{call.says}" ' if call.says else f"{call.phone};{call.number};"
            for call in calls
        ]
        told.write_text("\n".join(["SEQUENTIAL", *lines]) + "\n", encoding="utf-8")
        command = ["sipp", f"127.0.0.1:{self.port}", "-sf", str(HERE / "caller.xml"), "-inf", str(told)]
        command += ["-i", "127.0.0.1", "-p", str(free_port()), "-m", str(len(calls)), "-r", str(rate), "-nostdin"]
        command += ["-recv_timeout", "15000", "-trace_msg", "-message_file", str(heard), "-timeout", "60"]
        made = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=90, check=False)
        assert made.returncode == 0, f"not every call connected: {made.stdout[-2000:]}{made.stderr[-2000:]}"
        return heard.read_text(encoding="utf-8", errors="replace")

    def shown(self, *calls: Call, rate: float = 4) -> list[str]:
        """Make the calls, and give the name that each phone showed for each."""
        before = {name: len(phone.shown) for name, phone in self.phones.items()}
        self.call(*calls, rate=rate)
        seen: dict[str, Iterator[tuple[str, str]]] = {}
        names = []
        for name, phone in self.phones.items():
            wanted = sum(call.phone == name for call in calls)
            phone.names(before[name] + wanted)
            seen[name] = iter(phone.shown[before[name] :])
        for call in calls:
            number, shown = next(seen[call.phone])
            assert number == call.number.strip(), "calls arrived in another order"
            names.append(shown)
        return names


@contextmanager
def telephony(folder: Path, ringback_port: int) -> Iterator[Telephony]:
    """Start everything, and end it."""
    front = Front(ringback_port)
    with _pjsip() as pjsip, _baresip(folder / "baresip") as baresip:
        phones = {"pjsip": pjsip, "baresip": baresip}
        with _kamailio(folder, _blocks()[0], front, phones) as port:
            yield Telephony(folder, port, front, phones)
    front.close()


@contextmanager
def serving_apart(project: Path) -> Iterator[int]:
    """`ringback serve` in a process of its own, as in life. Gives its port."""
    command = [sys.executable, "-c", "from ringback.cli import main; main()"]
    command += ["serve", "--json", "--port", "0", "--project", str(project)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = ""
        while not told.rstrip().endswith("}"):
            line = process.stdout.readline()
            assert line, "it did not start"
            told += line
        try:
            yield int(json.loads(told)["url"].rsplit(":", 1)[1])
        finally:
            process.terminate()
            process.wait(20)


@contextmanager
def from_the_database(town: Telephony, folder: Path, database: Path) -> Iterator[Telephony]:
    """The same phones, with the guide's other configuration: Kamailio reads the view itself, here in SQLite."""
    whole, instead = _blocks()
    lookup = re.search(r"route\[LOOKUP\] \{\n.*?\n\}\n", whole, re.DOTALL)
    assert lookup
    modules, route = instead.split("\nroute[LOOKUP]")
    modules = re.sub('crm=>postgres://[^"]*', f"crm=>sqlite:///{database}", modules.replace("db_postgres", "db_sqlite"))
    written = whole.replace(lookup[0], f"route[LOOKUP]{route}")
    written = re.sub(r'modparam\("http_client".*\n', "", written).replace('loadmodule "http_client.so"\n', "")
    written = written.replace("\nrequest_route {", f"\n{modules}\nrequest_route {{", 1)
    with _kamailio(folder, written, town.front, town.phones) as port:
        yield Telephony(folder, port, town.front, town.phones)


def _blocks() -> list[str]:
    """The guide's configurations."""
    return re.findall(r"```cfg\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


@contextmanager
def _kamailio(folder: Path, written: str, front: Front, phones: dict[str, Phone]) -> Iterator[int]:
    """A configuration of the guide, with these addresses; a call goes to the phone that it names."""
    port = free_port()
    to_phones = " else ".join(
        f'if ($rU == "{name}") $du = "sip:127.0.0.1:{phone.port}";' for name, phone in phones.items()
    )
    for own, ours in {
        "udp:127.0.0.1:5060": f"udp:127.0.0.1:{port}",
        "http://127.0.0.1:8750": f"http://127.0.0.1:{front.port}",
        '$du = "sip:PHONES";': to_phones,
        "children=4": "children=1",  # or a 200 overtakes its 180, and SIPp takes that for a fault
    }.items():
        assert own in written
        written = written.replace(own, ours)
    place = folder / "kamailio.cfg"
    place.write_text(written, encoding="utf-8")
    log = folder / "kamailio.log"
    command = ["kamailio", "-f", str(place), "-Y", str(folder), "-P", str(folder / "kamailio.pid"), "-DD", "-m", "32"]
    with _running(command, log) as process:
        until(lambda: _is_bound(port) or process.poll() is not None, 20)
        assert process.poll() is None, log.read_text(errors="replace")[-2000:]
        yield port


def _is_bound(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as tried:
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


@contextmanager
def _pjsip() -> Iterator[Phone]:
    phone = Phone(free_port())
    command = [sys.executable, str(HERE / "pjsip_phone.py"), str(phone.port)]
    ready = threading.Event()

    def hear(lines: IO[str]) -> None:
        for line in lines:
            if not line.startswith("{"):
                continue
            told = json.loads(line)
            if "ready" in told:
                ready.set()
            else:
                found = re.fullmatch(r'(?:"(?P<name>.*)" )?<?sip:(?P<number>[^@>]*)@[^>]*>?', told["from"])
                phone.shown.append((found["number"], found["name"] or "") if found else ("?", told["from"]))

    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        threading.Thread(target=hear, args=(process.stdout,), daemon=True).start()
        assert ready.wait(30), "PJSIP did not start"
        try:
            yield phone
        finally:
            process.kill()


@contextmanager
def _baresip(folder: Path) -> Iterator[Phone]:
    phone, control = Phone(free_port()), free_port()
    folder.mkdir()
    with wave.open(str(folder / "talk.wav"), "wb") as talk:
        talk.setparams((1, 2, 8000, 8000, "NONE", ""))
        talk.writeframes(bytes(16_000))
    modules = next(Path("/usr/lib").glob("**/baresip/modules"))
    (folder / "config").write_text(
        f"sip_listen 127.0.0.1:{phone.port}\nmodule_path {modules}\nmodule g711.so\nmodule aufile.so\n"
        "module_app account.so\nmodule_app menu.so\nmodule_app ctrl_tcp.so\n"
        f"ctrl_tcp_listen 127.0.0.1:{control}\naudio_source aufile,{folder / 'talk.wav'}\ncall_max_calls 32\n"
    )
    (folder / "accounts").write_text("<sip:baresip@127.0.0.1>;regint=0;answermode=auto\n")
    (folder / "contacts").write_text("")
    with _running(["baresip", "-f", str(folder)], folder / "log"):
        link = _connected(control)
        threading.Thread(target=_hear_baresip, args=(link, phone), daemon=True).start()
        try:
            yield phone
        finally:
            link.close()


def _hear_baresip(link: socket.socket, phone: Phone) -> None:
    """Netstrings of JSON. Every call that is taken up is hung up again."""
    text = b""
    with suppress(OSError):
        while block := link.recv(65536):
            text += block
            while found := re.match(rb"(\d+):", text):
                end = found.end() + int(found[1])
                if len(text) <= end:
                    break
                _note(json.loads(text[found.end() : end]), link, phone)
                text = text[end + 1 :]


def _note(told: dict[str, Any], link: socket.socket, phone: Phone) -> None:
    """With automatic answers the first event of a call is not always the same."""
    call = told.get("id")
    if told.get("direction") == "incoming" and call is not None and call not in phone.calls:
        phone.calls.add(call)
        phone.shown.append((re.sub(r"^sip:|@.*", "", told["peeruri"]), told.get("peerdisplayname", "")))
    if told.get("type") == "CALL_ESTABLISHED":
        asked = json.dumps({"command": "hangup", "params": call}).encode()
        link.sendall(b"%d:%s," % (len(asked), asked))


def _connected(port: int) -> socket.socket:
    end = time.monotonic() + 20
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port))
        except OSError:
            assert time.monotonic() < end, "baresip did not start"
            time.sleep(0.1)


@contextmanager
def _running(command: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as told, subprocess.Popen(command, stdout=told, stderr=told, env=PLAIN) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()

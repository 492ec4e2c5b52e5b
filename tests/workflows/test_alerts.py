"""Alerts reach the places that ringback.yaml names; what is not delivered is told without its address."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from ringback.contracts import load_project
from ringback.workflows.alerts import NOT_INSTALLED, AppriseAlerts, alerts_of
from ringback.workflows.check import check_project

SECRET = "SENTINEL-7391"


@pytest.fixture
def web_hook() -> Iterator[tuple[str, list[Any]]]:
    """A place on this machine that takes messages, and what it took."""
    pytest.importorskip("apprise", reason="the extra `alerts` is not installed")
    taken: list[Any] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *words: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Hook)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield f"json://127.0.0.1:{server.server_port}/hook", taken
    server.shutdown()
    serving.join()
    server.server_close()


def test_a_message_is_delivered(web_hook: tuple[str, list[Any]]) -> None:
    address, taken = web_hook

    failed = AppriseAlerts((address,)).tell("ringback: clients", "approved in an emergency")

    assert failed == ()
    assert [(told["title"], told["message"]) for told in taken] == [("ringback: clients", "approved in an emergency")]


def test_places_that_are_not_reached_are_counted_and_their_secrets_told_to_nobody(
    web_hook: tuple[str, list[Any]], capfd: pytest.CaptureFixture[str]
) -> None:
    address, taken = web_hook
    nowhere = f"json://user:{SECRET}@127.0.0.1:1/"

    failed = AppriseAlerts((nowhere, address, f"noservice://{SECRET}")).tell("title", "text")

    assert failed == ("alert 1 of 3 was not delivered", "alert 3 of 3 was not delivered")
    assert len(taken) == 1
    assert SECRET not in "".join(capfd.readouterr())


def test_the_places_are_those_of_the_project_file_with_secrets_from_the_environment(
    web_hook: tuple[str, list[Any]], tmp_path: Path
) -> None:
    address, taken = web_hook
    settings = f"target: sqlite:///clients.db\nalerts: ['{address.replace('hook', '${TOKEN}')}']\n"
    (tmp_path / "ringback.yaml").write_text(settings, encoding="utf-8")

    alerts = alerts_of(load_project(tmp_path, environ={"TOKEN": SECRET}))

    assert alerts.tell("title", "text") == ()
    assert len(taken) == 1


def test_without_the_extra_the_message_is_not_lost_in_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)  # as if it were not installed
    (tmp_path / "ringback.yaml").write_text("target: sqlite:///x.db\nalerts: ['json://localhost']\n", encoding="utf-8")

    report = check_project(tmp_path, (), {})

    assert AppriseAlerts(("json://localhost",)).tell("title", "text") == (NOT_INSTALLED,)
    assert report.faults == (f"ringback.yaml: {NOT_INSTALLED}",)

"""serve: answers phone systems."""

from __future__ import annotations

import socket
import sys
from typing import Annotated

import typer

from ringback.cli.frame import JsonOption, ProjectOption, dumped, opened, remark, say, tell
from ringback.report.phone import prepared_text
from ringback.workflows.serve import Address, Served, application, bound, prepare, require_ready, served

KEPT_SECONDS = 75  # a phone system's idle connection: calls come minutes apart, and connecting anew takes time
SWITCH_SECONDS = 0.0005  # how long a thread may keep others waiting: Python's own 5 ms are half of a lookup's goal


def serve(
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="N", help="0: any that is free.")] = 8750,
    ldap_port: Annotated[
        int | None, typer.Option("--ldap-port", metavar="N", help="Answer LDAP too, at this port.")
    ] = None,
    prepare_only: Annotated[
        bool, typer.Option("--prepare", help="Make the index and the view in the database, and end.")
    ] = False,
    role: Annotated[
        str | None,
        typer.Option("--role", metavar="NAME", help="With --prepare, on PostgreSQL: a role that reads the view only."),
    ] = None,
    log: Annotated[
        bool, typer.Option("--log", help="One line a request on stderr, without numbers and names.")
    ] = False,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """Tell phone systems who is calling, from the records that were verified; until it is stopped.

    Example: ringback serve --port 8750
    """
    if role is not None and not prepare_only:
        raise typer.BadParameter("it goes with --prepare", param_hint="--role")
    with opened(project) as place:
        if prepare_only:
            prepared = prepare(place, role=role)
            tell(prepared, lambda: prepared_text(prepared), json=json)
            return
        told = served(place)
    address = Address(host=host, port=port, ldap_port=ldap_port)
    require_ready(told, address)
    _run(told, address, log=log, json=json)


def _run(told: Served, address: Address, *, log: bool, json: bool) -> None:
    import uvicorn

    place = bound(address.host, address.port)

    class Server(uvicorn.Server):
        """Says where it listens as soon as it does."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                _announce(told, f"http://{_bracketed(address.host)}:{place.getsockname()[1]}", json=json)

    app = application(told, address, log=remark if log else None)
    config = uvicorn.Config(
        app,
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEPT_SECONDS,
    )
    sys.setswitchinterval(SWITCH_SECONDS)
    server = Server(config)
    server.run([place])
    if not server.started:
        raise typer.Exit(1)


def _announce(told: Served, url: str, *, json: bool) -> None:
    if json:
        say(dumped({"url": url, "feed": told.settings.feed}))
        return
    say(f"answering phones from {told.settings.feed} at {url} (stop with Ctrl-C)")
    say(f"  try: curl {url}/v1/caller.txt?number=NUMBER")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host

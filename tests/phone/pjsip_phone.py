"""A telephone of PJSIP in a process of its own: rings, answers, hangs up, and says on stdout who called.

Ends when its stdin does.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any

import pjsua2 as pj

KEPT: list[Any] = []  # calls live as long as this process


class Call(pj.Call):  # type: ignore[misc]
    """Rings, is answered, and hangs up."""

    def onCallState(self, _: Any) -> None:  # noqa: N802 - PJSIP calls it so
        """The phone, not the caller, ends the call: its BYE goes to the caller."""
        told = self.getInfo()
        if told.state == pj.PJSIP_INV_STATE_CONFIRMED:
            self.hangup(pj.CallOpParam())


class Phone(pj.Account):  # type: ignore[misc]
    """Takes every call."""

    def onIncomingCall(self, told: Any) -> None:  # noqa: N802
        """Ring, say who it is, take the receiver up."""
        call = Call(self, told.callId)
        KEPT.append(call)
        print(json.dumps({"from": call.getInfo().remoteUri}), flush=True)
        answer = pj.CallOpParam()
        for code in (pj.PJSIP_SC_RINGING, pj.PJSIP_SC_OK):
            answer.statusCode = code
            call.answer(answer)


def main(port: int) -> None:
    """Until stdin ends."""
    endpoint = pj.Endpoint()
    endpoint.libCreate()
    settings = pj.EpConfig()
    settings.logConfig.level = settings.logConfig.consoleLevel = 0
    settings.uaConfig.threadCnt = 0
    settings.uaConfig.mainThreadOnly = True
    settings.uaConfig.maxCalls = 32
    endpoint.libInit(settings)
    transport = pj.TransportConfig()
    transport.port, transport.boundAddress = port, "127.0.0.1"
    endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
    endpoint.audDevManager().setNullDev()
    endpoint.libStart()
    account = pj.AccountConfig()
    account.idUri = f"sip:pjsip@127.0.0.1:{port}"
    phone = Phone()
    phone.create(account)
    print(json.dumps({"ready": port}), flush=True)
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    while not over.is_set():
        endpoint.libHandleEvents(20)
    os._exit(0)  # PJSIP takes its calls down in an order of its own


if __name__ == "__main__":
    main(int(sys.argv[1]))

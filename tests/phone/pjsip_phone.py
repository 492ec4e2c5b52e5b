"""A telephone of PJSIP in a process of its own: rings, answers, and says on stdout who calls. Ends with its stdin."""

from __future__ import annotations

import json
import sys
import threading
from typing import Any

import pjsua2 as pj

KEPT: list[Any] = []  # calls live as long as this process


class Phone(pj.Account):  # type: ignore[misc]
    """Takes every call."""

    def onIncomingCall(self, told: Any) -> None:
        """Ring, say who it is, take the receiver up."""
        call = pj.Call(self, told.callId)
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
    endpoint.libDestroy()


if __name__ == "__main__":
    main(int(sys.argv[1]))

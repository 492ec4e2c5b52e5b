"""Alerts: what somebody must hear of at once. Sent where `alerts:` in ringback.yaml says, through apprise."""

from __future__ import annotations

import importlib
import logging
import warnings
from importlib.util import find_spec
from typing import Protocol

from ringback.model.project import Project


class Alerts(Protocol):
    """Places where people hear of things."""

    def tell(self, title: str, text: str) -> tuple[str, ...]:
        """Send a message to all places. Returns: for each place that was not reached, a sentence without its address.

        Never raises: what it tells of has happened, whether anybody hears of it or not.
        """


class NoAlerts:
    """No places: ringback.yaml names none."""

    def tell(self, title: str, text: str) -> tuple[str, ...]:
        """See `Alerts`."""
        del title, text
        return ("nobody was told: ringback.yaml has no alerts",)


class AppriseAlerts:
    """Places as apprise has them: mail, chat, telephone, web hooks. Needs the extra `alerts`."""

    def __init__(self, addresses: tuple[str, ...]) -> None:
        self._addresses = addresses

    def tell(self, title: str, text: str) -> tuple[str, ...]:
        """See `Alerts`."""
        if not is_installed():
            return (NOT_INSTALLED,)
        failed = (number for number, each in enumerate(self._addresses, start=1) if not _sent(each, title, text))
        return tuple(f"alert {number} of {len(self._addresses)} was not delivered" for number in failed)


NOT_INSTALLED = "alerts need apprise, which comes with the extra `alerts`: pip install 'ringback[alerts]'"


def alerts_of(project: Project) -> Alerts:
    """The places that a project names."""
    addresses = project.settings.alerts
    return AppriseAlerts(addresses) if addresses else NoAlerts()


def is_installed() -> bool:
    """Whether alerts can be sent at all."""
    try:
        return find_spec("apprise") is not None
    except ValueError:  # somebody has taken it away
        return False


def _sent(address: str, title: str, text: str) -> bool:
    """Whether one place took the message. What apprise logs and warns of may hold the address: none of it is told."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        apprise = importlib.import_module("apprise")
        logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
        try:
            place = apprise.Apprise()
            return bool(place.add(address) and place.notify(title=title, body=text))
        except Exception:  # noqa: BLE001 - a service's fault must not look like one of the approval
            return False

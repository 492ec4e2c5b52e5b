"""A project: where the records go, where delivered bytes are kept, and who is asked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ringback.model.phone import PhoneSettings
from ringback.model.policy import Policy

PROJECT_FILE = "ringback.yaml"


Name = Annotated[str, Field(min_length=1)]


class Consumer(BaseModel):
    """Who reads the live tables: a phone system, statements, customer screens."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    reads: tuple[Name, ...] = Field(
        min_length=1, description="Feeds, as clients, or fields of them, as clients.phone; a feed means all its fields."
    )

    def fields_read(self, feed: str, fields: tuple[str, ...]) -> tuple[str, ...]:
        """Which of these fields of a feed it reads."""
        return tuple(name for name in fields if {feed, f"{feed}.{name}"} & set(self.reads))


class ProjectFile(BaseModel):
    """What `ringback.yaml` says.

    `${NAME}` in `target`, `alerts`, `phone.token` and `phone.webhooks` comes from the environment: no password is
    written down.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    target: str = Field(description="sqlite:///clients.db (relative to this file) or postgresql://...")
    archive: str = Field(default="archive", description="A folder for the delivered bytes, relative to this file.")
    policy: Policy | None = Field(default=None, description="The policy of feeds that have none of their own.")
    approvers: tuple[Name, ...] = Field(
        default=(),
        min_length=1,
        description="Who may approve a contract, but neither his own changes nor what he imports; default: anybody.",
    )
    imports_by: Name | None = Field(
        default=None, description="The account that imports. Default: the one of the feed's newest import."
    )
    operators: tuple[Name, ...] = Field(
        default=(),
        min_length=1,
        description="Who import and must know what a release changes: each acknowledges it, ringback acknowledge FEED.",
    )
    consumers: tuple[Consumer, ...] = Field(
        default=(), description="Who reads the live tables: a postmortem names those whom wrong values reached."
    )
    alerts: tuple[Name, ...] = Field(
        default=(), description="Where emergency approvals are told: addresses as apprise has them, as mailto://..."
    )
    phone: PhoneSettings | None = Field(default=None, description="What phone systems are told: ringback serve.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project file and the folder that it governs."""

    folder: Path
    settings: ProjectFile

    def contract_path(self, feed: str) -> Path:
        """Where a feed's contract lies."""
        return self.folder / "feeds" / f"{feed}.yaml"

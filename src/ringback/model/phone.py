"""What phones are told: who a number is. And what of the records they are told, as `ringback.yaml` says."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from ringback.model.contract import Name, Written

LONGEST_NAME = 60  # characters of a name that a phone is given
# Characters that no name on a phone has. A quote, a backslash or a line break in a display name makes real phones
# not ring; "<", ">" and "${" end or start something in SIP headers, XML and dialplans.
TO_SPACE = "".join(map(chr, (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029))) + '"\\<>'
LEFT_OUT = "".join(map(chr, (0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF)))


def _one_or_many(given: object) -> object:
    return [given] if isinstance(given, str) else given


def _a_network(written: str) -> str:
    try:
        ip_network(written)
    except ValueError:
        raise ValueError("this is no network; write one as 192.0.2.0/24") from None
    return written


Names = Annotated[tuple[Name, ...], BeforeValidator(_one_or_many, json_schema_input_type=Name | tuple[Name, ...])]
Network = Annotated[str, AfterValidator(_a_network)]


class PhoneSettings(Written):
    """What phones are told of a feed's clients: `phone` in `ringback.yaml`."""

    feed: Name = Field(description="Whose clients call.")
    region: str = Field(pattern="^[A-Z]{2}$", description="Home country: whose national numbers callers have, as DE.")
    numbers: Names = Field(min_length=1, description="Fields of type phone; the first is the main number.")
    name: Names = Field(min_length=1, description="Fields that make the name, in this order.")
    first_name: Name | None = None
    last_name: Name | None = None
    company: Name | None = None
    tier: Name | None = Field(default=None, description="How the client is to be treated.")
    route: Name | None = Field(default=None, description="Where calls of the client go.")
    contact_url: str | None = Field(
        default=None, alias="contactUrl", description="The client's page in your own system; {id} becomes the key."
    )
    view: Name = Field(default="caller", description="The name of the database view.")
    token: str | None = Field(
        default=None, repr=False, description="${NAME}: what phone systems on other machines must show."
    )
    trusted: tuple[Network, ...] = Field(default=(), description="Networks that need no token, as 192.0.2.0/24.")
    webhooks: tuple[str, ...] = Field(default=(), repr=False, description="Told of the numbers whose answer changed.")

    @property
    def fields(self) -> tuple[str, ...]:
        """All fields that an answer is made of, each once: where one changes, the answer does."""
        single = (self.first_name, self.last_name, self.company, self.tier, self.route)
        return tuple(dict.fromkeys((*self.numbers, *self.name, *filter(None, single))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One held record as phones are told of it: all values are text, "" where there is none."""

    id: str  # the key; of a composite one its values as one line of CSV
    values: dict[str, str]
    asked: str = ""  # the E.164 number that it was found by


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who a number is. No client: a miss; several: the number is shared, and nothing is said that is not so of all."""

    number_asked: str
    number: str = ""  # E.164
    clients: tuple[Client, ...] = ()
    display_name: str = ""
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    tier: str = ""
    route: str = ""
    contact_url: str = ""

    @property
    def is_shared(self) -> bool:
        """Whether several clients have the number."""
        return len(self.clients) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """The numbers whose answer was changed by runs after `since`, up to `run`.

    everything: too many to list, or the ledger does not tell: whoever keeps answers forgets all of them.
    """

    feed: str
    since: int
    run: int
    everything: bool = False
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What a database was given so that it can answer phones."""

    feed: str
    table: str
    made: tuple[str, ...] = ()  # sentences
    there: tuple[str, ...] = ()
    left: tuple[str, ...] = field(default=())  # SQL that somebody with more rights has to run

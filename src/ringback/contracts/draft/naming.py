"""Names: of fields from headers, of a feed and its deliveries from file names."""

from __future__ import annotations

import glob
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from ringback.contracts.draft.evidence import Names

_LONGEST = 63  # PostgreSQL keeps 63 bytes of an identifier
_TAKEN = {"closed": "is_closed"}  # the live table's own mark, see Target.closed
_SPELLED = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D"}
    | {"þ": "th", "Þ": "Th", "œ": "oe", "Œ": "Oe", "ı": "i", "+": " plus ", "%": " percent ", "&": " and ", "'": ""}
    | {"№": " no ", "º": "", "ª": "", "#": " no "}
)
# Folders that say where files lie, not whose they are.
_PLACES = frozenset(
    {"inbox", "incoming", "snapshots", "samples", "sample", "data", "files", "downloads", "archive", "tmp"}
)
_STAMPS = (
    (r"\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}", "%Y-%m-%dT%H-%M-%S"),
    (r"\d{4}-\d{2}-\d{2}T\d{6}", "%Y-%m-%dT%H%M%S"),
    (r"\d{4}-\d{2}-\d{2}T\d{4}", "%Y-%m-%dT%H%M"),
    (r"\d{4}-\d{2}-\d{2}_\d{6}", "%Y-%m-%d_%H%M%S"),
    (r"\d{4}-\d{2}-\d{2}_\d{4}", "%Y-%m-%d_%H%M"),
    (r"\d{4}-\d{2}-\d{2}", "%Y-%m-%d"),
    (r"\d{4}_\d{2}_\d{2}", "%Y_%m_%d"),
    (r"\d{4}\.\d{2}\.\d{2}", "%Y.%m.%d"),
    (r"\d{8}T\d{6}", "%Y%m%dT%H%M%S"),
    (r"\d{8}T\d{4}", "%Y%m%dT%H%M"),
    (r"\d{8}[_-]\d{6}", None),  # the mark between is kept, see _letters
    (r"\d{8}[_-]\d{4}", None),
    (r"(?:19|20)\d{6}", "%Y%m%d"),
    (r"\d{4}-\d{2}", "%Y-%m"),
)

_IDENTIFIERS = frozenset(
    {
        "id",
        "ids",
        "uid",
        "uuid",
        "guid",
        "no",
        "nr",
        "num",
        "number",
        "nummer",
        "numero",
        "code",
        "codes",
        "codigo",
        "cod",
    }
    | {
        "key",
        "ref",
        "reference",
        "zip",
        "zipcode",
        "postcode",
        "postal",
        "plz",
        "cep",
        "fips",
        "account",
        "konto",
        "kto",
    }
    | {"iban", "bic", "swift", "blz", "phone", "telephone", "tel", "fax", "mobile", "cell", "ssn", "nif", "nie", "cpf"}
    | {"cnpj", "cif", "ispb", "isin", "vat", "ean", "gtin", "isbn", "sku", "serial", "passport", "license", "licence"}
    | {"card", "imei", "msisdn", "siren", "siret", "duns", "lei", "matricula", "document", "pin"}
)
_CONTACTS = frozenset(
    {
        "phone",
        "telephone",
        "tel",
        "fax",
        "mobile",
        "cell",
        "msisdn",
        "email",
        "mail",
        "url",
        "website",
        "web",
        "address",
    }
    | {"zip", "zipcode", "postcode", "postal", "plz", "cep", "twitter", "facebook", "street"}
)
_DATES = frozenset(
    {"date", "day", "born", "birth", "birthday", "birthdate", "dob", "since", "until", "on", "datum", "fecha", "data"}
    | {"from", "to", "expires", "expiry", "opened", "issued", "created", "updated", "geburtstag"}
)


def says_identifier(name: str) -> bool:
    """Whether a field's name says that its digits tell things apart and count nothing."""
    parts = set(name.split("_"))
    return bool(_IDENTIFIERS & parts) and "of" not in parts  # number_of_rooms counts


def says_contact(name: str) -> bool:
    """Whether a field's name says how or where to reach somebody: people change that, so it is a poor key."""
    return bool(_CONTACTS & set(name.split("_")))


def says_date(name: str) -> bool:
    """Whether a field's name says date."""
    return bool(_DATES & set(name.split("_")))


def field_names(columns: Sequence[str | int]) -> tuple[str, ...]:
    """Names for a live table: snake case, ASCII, at most 63 characters, all different; in the order of the columns."""
    names: list[str] = []
    for position, column in enumerate(columns, start=1):
        wanted = snake(column) if isinstance(column, str) else ""
        wanted = _TAKEN.get(wanted, wanted) or f"column_{position}"
        names.append(_unlike(wanted, names))
    return tuple(names)


def snake(text: str) -> str:
    """`Date of Birth` -> `date_of_birth`, `LongName` -> `long_name`; empty where no letter is Latin."""
    plain = unicodedata.normalize("NFKD", text.translate(_SPELLED)).encode("ascii", "ignore").decode()
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", plain)
    name = re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")
    return (f"n{name}" if name[:1].isdigit() else name)[:_LONGEST].rstrip("_")


def _unlike(wanted: str, taken: Iterable[str]) -> str:
    known, name, number = set(taken), wanted, 1
    while name in known:
        number += 1
        ending = f"_{number}"
        name = wanted[: _LONGEST - len(ending)] + ending
    return name


def feed_names(samples: Sequence[Path], *, feed: str | None = None) -> Names:
    """The feed, the glob of its deliveries and their issue pattern, as far as the samples' names agree."""
    patterns = [_pattern(path.name) for path in samples]
    stem, stamp, ending = patterns[0]
    if any(pattern != patterns[0] for pattern in patterns):
        stem, stamp = _common_start([path.name for path in samples]), None
    name = feed or _feed(stem, samples[0])
    open_end = stamp is not None or len(samples) > 1
    escaped = f"{glob.escape(stem)}*{glob.escape(ending)}" if open_end else glob.escape(samples[0].name)
    return Names(feed=name, files=escaped, issued=_issued(stem, stamp, ending))


def _feed(stem: str, sample: Path) -> str:
    folders = [folder.name for folder in sample.resolve().parents if snake(folder.name) not in _PLACES]
    return snake(stem) or next((name for name in map(snake, folders) if name), "") or "clients"


def _pattern(file_name: str) -> tuple[str, str | None, str]:
    """Before the stamp, the stamp's letters, after it. Without a stamp the ending is what follows the first dot."""
    for pattern, letters in _STAMPS:
        found = re.search(rf"(?<!\d){pattern}(?!\d)", file_name)
        if found:
            return file_name[: found.start()], letters or _letters(found[0]), file_name[found.end() :]
    stem, dot, ending = file_name.partition(".")
    return stem, None, dot + ending


def _letters(stamp: str) -> str:
    return f"%Y%m%d{stamp[8]}%H%M" + ("%S" if len(stamp) == 15 else "")


def _issued(stem: str, stamp: str | None, ending: str) -> str | None:
    return None if stamp is None else stem.replace("%", "%%") + stamp + ending.replace("%", "%%")


def _common_start(names: Sequence[str]) -> str:
    shared = min(names)
    while not all(name.startswith(shared) for name in names):
        shared = shared[:-1]
    return re.sub(r"\d+$", "", shared.partition(".")[0])

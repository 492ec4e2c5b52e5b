"""Five real feeds: what is decided about their contracts, and about every delivery that is held or refused.

A label of `drift.csv` that the files show otherwise is said here: the operator trusts the files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ringback.model.run import Outcome

from .evidence import Claim, altered, came, only_text, rows, same_as, went, widths, written
from .operator import Decision, Guarded, Terms

UNMAPPED, ABSENT = "header.unmapped", "header.absent"
QUARANTINED, SHRUNK, NONE = "rows.quarantined", "rows.shrunk", "rows.none"
STALE, OLDER = "delivery.stale", "delivery.older"


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """One folder of the shared corpora."""

    decisions: Mapping[str, Decision]
    terms: Terms = field(default_factory=Terms)
    encoding: str = "utf-8-sig"
    guarded: Mapping[str, Guarded] = field(default_factory=dict)  # held by nothing but the guard
    unheld: tuple[str, ...]  # labelled `hold`, and published


def ignored(*columns: str) -> Decision:
    """A hold for columns that are put under `ignored`."""
    return Decision(codes=(UNMAPPED,), why="columns were put in", shown=(came(*columns),), act="ignore")


def mapped(*columns: str) -> Decision:
    """A hold for columns that become fields."""
    return Decision(codes=(UNMAPPED,), why="columns were put in", shown=(came(*columns),), act="map")


def seen(why: str, *fields: str, shown: tuple[Claim, ...], act: str = "release") -> Guarded:
    """A hold by the guard alone, which names at least these fields."""
    return Guarded(fields=frozenset(fields), why=why, shown=shown, act=act)


def without_id(count: int, *, before: int) -> Decision:
    """A hold for members of Congress who have no id yet."""
    return Decision(
        codes=(QUARANTINED,),
        why="new members were put in by name only, on the day they were sworn in; who they are is not told",
        shown=(written("bioguide_id", "", before=before, now=count),),
        act="drop",
    )


def renamed(
    codes: tuple[str, ...], why: str, *, gone: tuple[str, ...], new: tuple[str, ...], **decide: str
) -> Decision:
    """A refusal for columns that have other names for good."""
    return Decision(
        outcome=Outcome.REFUSED,
        codes=codes,
        why=why,
        shown=(went(*gone), came(*new)),
        act="draft",
        terms=Terms(decide=decide),
    )


US_CONGRESS = Corpus(
    decisions={
        "2018-02-23T1441.csv": mapped("senate_class"),
        "2018-05-12T1306.csv": ignored("fec_ids"),
        "2018-09-26T1155.csv": mapped("middle_name", "suffix", "nickname", "full_name"),
        "2021-01-03T1713.csv": without_id(60, before=0),
        "2021-01-03T1755.csv": without_id(60, before=60),
        "2021-01-03T1950.csv": without_id(3, before=60),
        "2022-12-22T0015.csv": ignored("twitter_id", "mastodon"),
    },
    guarded={
        "2018-04-22T1633.csv": seen(
            "HOB is spelled out in most addresses", "address", shown=(altered("address", 436, key="bioguide_id"),)
        ),
        "2019-01-03T1732.csv": seen(
            "a new congress, not yet filled in, and another form of phones and addresses",
            *("address", "phone"),
            shown=(altered("phone", 380, key="bioguide_id"), written("birthday", "", before=0, now=85)),
        ),
        "2019-01-04T0142.csv": seen(
            "the old form is back", "address", "phone", shown=(altered("phone", 439, key="bioguide_id"),)
        ),
        "2020-09-19T0208.csv": seen(
            "a semicolon leaves the addresses", "address", shown=(altered("address", 437, key="bioguide_id"),)
        ),
        "2021-01-03T2102.csv": seen(
            "addresses are back, other ones: the delivery before was dropped",
            "address",
            shown=(altered("address", 468, key="bioguide_id"),),
        ),
        "2023-01-03T1955.csv": seen(
            "a new congress: offices and districts are others",
            *("address", "district"),
            shown=(altered("address", 205, key="bioguide_id"), altered("district", 70, key="bioguide_id")),
        ),
        "2025-01-04T0322.csv": seen(
            "phones and addresses are blanked",
            *("address", "phone"),
            shown=(altered("phone", 403, key="bioguide_id"), written("phone", "", before=0, now=472)),
            act="drop",
        ),
        "2025-01-05T0126.csv": seen(
            "most of them are blank still",
            *("address", "phone"),
            shown=(written("phone", "", before=472, now=440),),
            act="drop",
        ),
        "2026-04-21T1431.csv": seen(
            "articles are named as they are in another encyclopedia",
            "wikipedia_id",
            shown=(altered("wikipedia_id", 19, key="bioguide_id"),),
        ),
    },
    unheld=(),
)

DOTGOV = Corpus(
    decisions={
        "2016-06-30T0000.csv": ignored("Status"),
        "2016-09-09T0000.csv": Decision(
            codes=(UNMAPPED,),
            why="a spreadsheet left twelve columns without names and values",
            shown=(came(*[""] * 12), went("Status")),
            act="ignore",
        ),
        "2018-04-27T0112.csv": mapped("Organization"),
        "2018-04-27T1502.csv": Decision(
            outcome=Outcome.REFUSED,
            codes=(ABSENT,),
            why="the layout before is back for half a day; Organization is a field by now",
            shown=(went("Organization"),),
            act="drop",
        ),
        "2018-12-07T2248.csv": mapped("Security Contact Email"),
        "2021-04-26T1227.csv": Decision(
            outcome=Outcome.REFUSED,
            codes=(ABSENT, UNMAPPED),
            why="the file is one sentence that says where the records went",
            shown=(only_text(".gov domain data has moved to"),),
            act="drop",
        ),
        "2024-01-30T1757.csv": Decision(
            outcome=Outcome.REFUSED,
            codes=(ABSENT, UNMAPPED),
            why="the names in the header, and all keys, are written in other letters, for good: other clients to a key",
            shown=(
                went("Domain Name", "Domain Type", "Organization", "Security Contact Email"),
                came("Domain name", "Domain type", "Organization name", "Security contact email"),
            ),
            act="draft",
        ),
        "2024-02-28T2115.csv": Decision(
            codes=(SHRUNK,),
            why="only two kinds of owners are in it: no city, no county, nothing federal",
            shown=(
                rows(9892, 896),
                written("Domain type", "City", before=4926, now=0),
                written("Domain type", "Tribal|State or territory", before=1472, now=896),
            ),
            act="drop",
        ),
        "2024-03-06T0612.csv": Decision(
            codes=(NONE,), why="a header and nothing else", shown=(rows(9910, 0),), act="drop"
        ),
        "2026-04-18T0637.csv": renamed(
            (ABSENT, UNMAPPED), "Agency is gone", gone=("Agency",), new=("Suborganization name",)
        ),
    },
    guarded={
        "2018-04-27T0112.csv": seen(
            "one kind of owner has another name",
            "domain_type",
            shown=(altered("Domain Type", 1277, key="Domain Name"),),
        ),
    },
    unheld=(
        "2018-04-28T0225.csv",  # the bytes of the day before, whose layout is held by now: nothing to do
        "2019-01-17T2346.csv",  # one row with bytes that are not UTF-8: quarantined, the others published
    ),
)

SWAPPED = {"network": "PixType", "type": "Network", "pix_type": "Type"}  # as the publisher's JSON of the same day tells

BR_BANKS = Corpus(
    terms=Terms(decide={"date_pix_started.zone": "UTC"}, columns=SWAPPED),
    decisions={
        "2022-06-23T1348.csv": Decision(
            codes=(UNMAPPED,),
            why="four names more, and the values below all of them stand in yet another order",
            shown=(
                came("Charge", "CreditDocument", "SalaryPortability", "Products"),
                written("PixType", "true|false", before=0, now=135),
            ),
            act="drop",
        ),
        **{
            name: Decision(
                codes=(UNMAPPED,),
                why="the values still stand below the names of others",
                shown=(written("Network", "RSFN|Internet", before=0, now=0),),
                act="drop",
            )
            for name in ("2022-06-23T1351.csv", "2022-06-23T1453.csv", "2022-06-23T1503.csv", "2022-07-20T1206.csv")
        },
        "2022-07-21T1103.csv": Decision(
            codes=(UNMAPPED,),
            why="from now on every value stands below its own name",
            shown=(written("Network", "RSFN|Internet", before=0, now=324),),
            act="draft",
            terms=Terms(decide={"date_pix_started.zone": "UTC"}),
        ),
        "2023-07-22T2317.csv": Decision(
            codes=(UNMAPPED, QUARANTINED),
            why="LegalCheque is put in, and True and False are written sim and não, in two columns",
            shown=(
                came("LegalCheque"),
                written("Charge", "True|False", before=154, now=0),
                written("Charge", "sim|não", before=0, now=154),
            ),
            act="draft",
            terms=Terms(  # such words as text: the next day they are Sim and Não
                decide={"date_pix_started.zone": "UTC", "charge": "string", "credit_document": "string"}
            ),
        ),
        "2023-07-23T0106.csv": ignored("DetectaFlow"),
        "2023-08-30T1451.csv": Decision(
            codes=(STALE,),
            why="an issue of three weeks ago again, four minutes after a newer one and ten before the next",
            shown=(same_as("2023-08-08T1205.csv"),),
            act="drop",
        ),
        "2023-09-25T1206.csv": Decision(
            codes=(UNMAPPED, QUARANTINED),
            why="HasChanges stands in the header only: twenty names over nineteen values",
            shown=(came("HasChanges"), widths((19, 376))),
            act="drop",
        ),
        "2024-05-15T1207.csv": ignored("PCR", "PCRP"),
        "2026-08-20T1249.csv": mapped("LogoUrl"),
    },
    guarded={
        "2021-05-05T1422.csv": seen(
            "the numbers of the delivery before are mended", "document", shown=(altered("Document", 217, key="ISPB"),)
        ),
        "2023-07-23T0106.csv": seen(
            "sim and não are Sim and Não",
            *("charge", "credit_document"),
            shown=(altered("Charge", 154, key="ISPB"), altered("CreditDocument", 154, key="ISPB")),
        ),
        "2023-10-21T1206.csv": seen(
            "lists of products are written in another way", "products", shown=(altered("Products", 92, key="ISPB"),)
        ),
        "2026-08-20T1249.csv": seen(
            "157 banks were written anew on the day that LogoUrl was put in",
            "date_updated",
            shown=(altered("DateUpdated", 157, key="ISPB"),),
        ),
    },
    unheld=("2021-05-05T1223.csv",),  # wrong numbers in the very first delivery: nothing to compare with
)

CSSE_KEYS = {"last_update.zone": "UTC", "key": "province_state,country_region"}

CSSE_DAILY = Corpus(
    terms=Terms(decide={**CSSE_KEYS, "last_update": "%-m/%-d/%Y %-H:%M"}),  # the sample has no hour below ten
    decisions={
        "2020-02-02.csv": Decision(
            codes=(QUARANTINED,),
            why="all dates are in another form, for good",
            shown=(written("Last Update", r"\d{4}-\d\d-\d\dT[\d:]{8}", before=0, now=67),),
            act="draft",
            terms=Terms(decide=CSSE_KEYS),
        ),
        "2020-03-01.csv": ignored("Latitude", "Longitude"),
        "2020-03-10.csv": Decision(
            codes=(SHRUNK,),
            why="states take the place of their counties",
            shown=(rows(266, 206), written("Province/State", ".*,.*", before=114, now=0)),
            act="release",
        ),
        "2020-03-24.csv": renamed(
            (ABSENT, UNMAPPED),
            "a row a county, under another header, for good",
            gone=("Province/State", "Country/Region", "Last Update", "Latitude", "Longitude"),
            new=(
                *("FIPS", "Admin2", "Province_State", "Country_Region", "Last_Update", "Lat", "Long_"),
                *("Active", "Combined_Key"),
            ),
            **{"last_update.zone": "UTC", "key": "combined_key"},
        ),
        "2020-03-31.csv": Decision(
            codes=(SHRUNK,),
            why="counties without a case are left out from now on",
            shown=(rows(3439, 2434), written("Confirmed", "0", before=1144, now=21)),
            act="release",
        ),
        "2020-04-01.csv": Decision(
            codes=(SHRUNK,),
            why="all counties of the US are missing",
            shown=(rows(2434, 256), written("Country_Region", "US", before=2179, now=1)),
            act="drop",
        ),
        "2020-04-12.csv": ignored("Incident_Rate", "People_Tested", "People_Hospitalized", "UID", "ISO3"),
        "2020-05-29.csv": ignored("Incidence_Rate", "Case-Fatality_Ratio"),
        "2020-06-29.csv": Decision(
            codes=(QUARANTINED,),
            why="whole numbers have a decimal point, on this day only",
            shown=(written("Active", r"-?\d+\.0", before=0, now=3781),),
            act="drop",
        ),
        "2020-10-28.csv": Decision(
            codes=(QUARANTINED,),
            why="whole numbers have a decimal point, on this day only",
            shown=(written("Deaths", r"\d+\.0", before=0, now=3958),),
            act="drop",
        ),
        "2020-11-09.csv": Decision(
            codes=(UNMAPPED,),
            why="two columns that are ignored have other names",
            shown=(
                went("Incidence_Rate", "Case-Fatality_Ratio"),
                came("Incident_Rate", "Case_Fatality_Ratio"),
            ),
            act="ignore",
        ),
    },
    guarded={
        "2020-02-01.csv": seen(
            "empty counts become 0",
            "deaths",
            shown=(altered("Deaths", 50, key=("Province/State", "Country/Region")),),
        ),
        "2020-04-12.csv": seen(
            "numbers of counties lose their leading zeros, for good",
            "fips",
            shown=(altered("FIPS", 281, key="Combined_Key"),),
        ),
    },
    unheld=(
        "2020-04-18.csv",  # the five columns of 12 April again, ignored by now; columns are found by their names
    ),
)

ES_ISCIII = Corpus(
    terms=Terms(decide={"fecha": "%-d/%-m/%Y"}),  # reads 05/04/2020 and 5/4/2020, which take turns
    encoding="cp1252",
    decisions={
        "2020-03-31T1251.csv": mapped("Recuperados"),
        "2020-04-07T1055.csv": Decision(
            codes=(UNMAPPED, QUARANTINED),
            why="an empty column at the end, and the last 19 rows without it",
            shown=(came(""), widths((8, 875), (7, 19))),
            act="drop",
        ),
        "2020-04-08T1150.csv": renamed(
            (ABSENT, UNMAPPED),
            "columns are renamed for good",
            gone=("CCAA Codigo ISO", "Fecha", "Casos ", ""),
            new=("CCAA", "FECHA", "CASOS"),
            fecha="%-d/%-m/%Y",
        ),
        "2020-04-25T1934.csv": ignored("PCR+", "TestAc+"),
    },
    guarded={
        "2020-04-17T1130.csv": seen(
            "one region's figures of 39 days are gone",
            *("fallecidos", "uci"),
            shown=(altered("Fallecidos", 39, key=("CCAA", "FECHA")), altered("UCI", 39, key=("CCAA", "FECHA"))),
        ),
        "2020-04-25T1934.csv": seen(
            "counts of some days leave their column", "casos", shown=(altered("CASOS", 140, key=("CCAA", "FECHA")),)
        ),
        "2020-05-03T1211.csv": seen(
            "counts of more days leave it", "casos", shown=(altered("CASOS", 101, key=("CCAA", "FECHA")),)
        ),
        "2020-05-08T1709.csv": seen(
            "one column is emptied for all days",
            "casos",
            shown=(altered("CASOS", 844, key=("CCAA", "FECHA")),),
            act="drop",
        ),
    },
    unheld=(
        "2020-03-27T2342.csv",  # the note under the records has a rule of its own in the draft
        "2020-04-12T1039.csv",  # one region counts otherwise from this day, says a note
    ),
)

CORPORA = {
    "us_congress_members": US_CONGRESS,
    "dotgov_domains": DOTGOV,
    "br_banks": BR_BANKS,
    "csse_daily": CSSE_DAILY,
    "es_isciii": ES_ISCIII,
}

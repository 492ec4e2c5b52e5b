"""A sample for pipelines: nobody is in it, and a contract reads it as it reads the real deliveries."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest

from ringback.errors import UsageError
from ringback.model.sample import Exported, SampleFile
from ringback.steps.invent import CONTRACT_YAML, as_delivered, invent, next_night
from ringback.workflows.sample_export import Wanted, export_sample

from .office import FIELDS, Office, asked

pytestmark = pytest.mark.sqlite_first

SECRET = b"told to nobody at all"
CODED = {**FIELDS, "status": {"from": "Status", "type": "code", "codes": {"A": "active", "Z": "closed"}}}
HEADER = "Client No;Name;Born;Balance;Status"


def exported(office: Office, folder: Path, **wanted: Any) -> Exported:
    """An export of the feed."""
    return export_sample(office.feed, folder, office.place, asked(), Wanted(**{"secret": SECRET, **wanted}))


def lines(folder: Path, number: int, name: str = "clients.csv") -> list[str]:
    """The lines of a delivery of the sample."""
    return (folder / "clients" / str(number) / name).read_text(encoding="utf-8").splitlines()


@pytest.mark.every_store
def test_nothing_of_any_client_is_left_but_codes_and_what_is_missing(office: Office, tmp_path: Path) -> None:
    (office.folder / "feeds" / "clients.yaml").write_text(CONTRACT_YAML, encoding="utf-8")
    office.approve()
    night = invent(400, seed=3)
    names = ("clients_2024-08-08.csv", "clients_2024-08-09.csv")
    for name, clients in zip(names, (night, next_night(night, seed=4)), strict=True):
        path = office.folder / name
        as_delivered(clients).write_csv(path, separator=";")
        run = office.take_in_file(path)
        assert str(run.outcome) == "published"

    exported(office, tmp_path / "s", rows=200)

    text = "\n".join(
        line for number, name in enumerate(names, start=1) for line in lines(tmp_path / "s", number, name)[1:]
    )
    delivered = "\n".join((office.folder / names[0]).read_text(encoding="utf-8").splitlines()[1:])
    told, original = set(re.split(r"[;\n]", text)), set(re.split(r"[;\n]", delivered))
    shared = {each for each in told & original if len(each) > 4}
    by_chance = {each for each in shared if re.fullmatch(r"[\d.,/-]+", each)}  # of 100,000 amounts and days some meet
    assert shared == by_chance
    assert len(by_chance) < len({each for each in told if re.fullmatch(r"[\d.,/-]+", each)}) / 10
    words, real = (set(re.findall(r"[^\W\d]{5,}", each)) for each in (text, delivered))
    assert len(real) > 200
    assert not words & real
    assert {"A", "S", "C"} <= told


def test_every_reject_and_every_rare_code_is_in_it_however_small_it_is(office: Office, tmp_path: Path) -> None:
    office.agree(fields=CODED)
    rows = [f"{number:04};Anna;03/04/19{number % 90 + 10};{number},00;A" for number in range(3000)]
    rows[1500] = "1500;Anna;03/04/1980;1,00;Z"
    rows[2500] = "2500;Anna;31/02/1980;1,00;A"
    rows[2900] = "2900;Anna;03/04/1980;1,00"
    run = office.take_in(*rows, header=HEADER)
    assert run.rows.quarantined == 2

    told = exported(office, tmp_path / "s", rows=50)

    sample = lines(tmp_path / "s", 1)
    assert (told.sample.deliveries[0].row_count, told.sample.deliveries[0].rejected) == (51, 2)
    assert sample[0] == HEADER
    assert sum(line.endswith(";Z") for line in sample) == 1
    assert sum(line.count(";") == 3 for line in sample) == 1


def test_the_same_clients_are_drawn_from_each_delivery(office: Office, tmp_path: Path) -> None:
    office.agree()
    for number, name in enumerate(("a.csv", "b.csv", "c.csv")):
        balances = [client + (number if client % 100 == 0 else 0) for client in range(800)]
        office.take_in(*(f"{client:04};Anna;03/04/1980;{each},00" for client, each in enumerate(balances)), name=name)

    exported(office, tmp_path / "s", rows=100)

    keys = [
        {line.split(";")[0] for line in lines(tmp_path / "s", place, name)[1:]}
        for place, name in enumerate(("a.csv", "b.csv", "c.csv"), start=1)
    ]
    assert keys[0] == keys[1] == keys[2]
    assert len(keys[0]) == 100
    assert lines(tmp_path / "s", 1, "a.csv")[1:] == sorted(lines(tmp_path / "s", 1, "a.csv")[1:])


def test_a_later_export_under_the_same_secret_takes_the_place_of_the_earlier_one(
    office: Office, tmp_path: Path
) -> None:
    office.agree()
    office.take_in("0001;Anna;03/04/1980;1,00")
    exported(office, tmp_path / "s")
    first = lines(tmp_path / "s", 1)

    exported(office, tmp_path / "s")
    again = lines(tmp_path / "s", 1)
    exported(office, tmp_path / "s", secret=b"another")

    assert again == first
    assert lines(tmp_path / "s", 1) != first


def test_as_it_is_it_has_the_delivered_texts_and_says_so(office: Office, tmp_path: Path) -> None:
    office.agree()
    rows = ["0001;Anna;03/04/1980;1,00", '0002;"Ben; ""the"" x";03/04/1980;2,00']
    office.take_in(*rows)

    told = exported(office, tmp_path / "s", secret=None)

    assert lines(tmp_path / "s", 1)[1:] == rows
    assert told.sample.is_scrambled is False


def test_the_manifest_has_the_approved_contract_without_remarks(office: Office, tmp_path: Path) -> None:
    office.write_contract()
    path = office.folder / "feeds" / "clients.yaml"
    text = path.read_text(encoding="utf-8").replace(
        '"feed": "clients",', '# as "Adalbert, 03/04/1980"\n "feed": "clients",'
    )
    path.write_text(text, encoding="utf-8")
    office.approve()
    office.take_in("0001;Anna;03/04/1980;1,00")
    office.write_contract(fields={**FIELDS, "born_on": {"from": "Born", "type": "string"}})

    exported(office, tmp_path / "s")

    sample = SampleFile.from_json((tmp_path / "s" / "clients" / "sample.json").read_text(encoding="utf-8"))
    assert sample.release == 1
    assert "Adalbert" not in sample.contract_text
    assert '"format": "%d/%m/%Y"' in sample.contract_text


def test_packed_deliveries_and_odd_dialects_are_written_as_they_came(office: Office, tmp_path: Path) -> None:
    source = {"delimiter": "|", "encoding": "cp1252", "preambleLines": 1, "footerLines": 1, "commentChar": "#"}
    office.agree(source=source)
    path = office.folder / "clients.csv.gz"
    text = 'billing\nClient No|Name|Born|Balance\n"#001"|Zoë|03/04/1980|1,00\n0002|"a|b"|03/04/1980|\n# note\nend\n'
    path.write_bytes(gzip.compress(text.encode("cp1252")))
    run = office.take_in_file(path)
    assert run.rows.quarantined == 1

    exported(office, tmp_path / "s", secret=None)
    plain = gzip.decompress((tmp_path / "s" / "clients" / "1" / "clients.csv.gz").read_bytes()).decode("cp1252")
    assert plain.splitlines() == [
        "preamble",
        "Client No|Name|Born|Balance",
        '"#001"|Zoë|03/04/1980|1,00',
        '0002|"a|b"|03/04/1980|',
        "footer",
    ]


def test_a_folder_of_somebody_else_is_left_alone(office: Office, tmp_path: Path) -> None:
    office.agree()
    office.take_in("0001;Anna;03/04/1980;1,00")
    (tmp_path / "s" / "clients" / "1").mkdir(parents=True)

    with pytest.raises(UsageError, match="no sample is in it"):
        exported(office, tmp_path / "s")


def test_without_an_import_there_is_nothing_to_export(office: Office, tmp_path: Path) -> None:
    office.agree()

    with pytest.raises(UsageError, match="no published import of clients"):
        exported(office, tmp_path / "s")

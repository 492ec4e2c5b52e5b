"""A project is found from any folder inside it, and its feeds by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from ringback.contracts import feeds, load_feed, load_project
from ringback.errors import ContractError, UsageError

PHONE = "target: sqlite:///x\nphone:\n  feed: clients\n  region: DE\n  numbers: phone\n  name: name\n"


@pytest.fixture
def folder(tmp_path: Path, clients: str) -> Path:
    (tmp_path / "ringback.yaml").write_text("target: sqlite:///clients.db\n")
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "clients.yaml").write_text(clients)
    (tmp_path / "feeds" / "branches.yaml").write_text(clients.replace("feed: clients", "feed: branches"))
    return tmp_path


def test_a_project_is_found_from_a_folder_inside_it(folder: Path) -> None:
    inside = folder / "inbox" / "august"
    inside.mkdir(parents=True)

    project = load_project(inside, environ={})

    assert project.folder == folder.resolve()
    assert project.settings.target == "sqlite:///clients.db"
    assert feeds(project) == ("branches", "clients")


def test_the_nearest_project_counts(folder: Path) -> None:
    inner = folder / "inner"
    inner.mkdir()
    (inner / "ringback.yaml").write_text("target: sqlite:///inner.db\n")

    assert load_project(inner, environ={}).settings.target == "sqlite:///inner.db"


def test_outside_of_any_project_the_user_is_told_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match=r"there is no ringback.yaml in this folder or above it(.|\n)*ringback init FILE"
    ):
        load_project(tmp_path, environ={})


def test_a_password_comes_from_the_environment(folder: Path) -> None:
    (folder / "ringback.yaml").write_text("target: postgresql://me:${DB_PASSWORD}@host/${DB}\n")

    project = load_project(folder, environ={"DB_PASSWORD": "s$cret", "DB": "clients"})

    assert project.settings.target == "postgresql://me:s$cret@host/clients"


def test_who_approves_who_imports_and_where_alerts_go_is_written_in_the_project_file(folder: Path) -> None:
    (folder / "ringback.yaml").write_text(
        "target: sqlite:///x\napprovers: [ana, no]\nimports_by: loader\nalerts: ['mailto://me:${SECRET}@host']\n"
    )

    settings = load_project(folder, environ={"SECRET": "s$cret"}).settings

    assert settings.approvers == ("ana", "no")
    assert settings.imports_by == "loader"
    assert settings.alerts == ("mailto://me:s$cret@host",)


def test_who_reads_the_live_tables_is_written_with_the_feeds_and_fields_that_they_read(folder: Path) -> None:
    (folder / "ringback.yaml").write_text(
        "target: sqlite:///x\nconsumers:\n- name: statements\n  reads: [clients, branches.city]\n"
    )

    (consumer,) = load_project(folder, environ={}).settings.consumers

    assert consumer.fields_read("clients", ("name", "born_on")) == ("name", "born_on")
    assert consumer.fields_read("branches", ("city", "street")) == ("city",)
    assert consumer.fields_read("accounts", ("city",)) == ()


def test_a_consumer_that_reads_nothing_is_a_fault(folder: Path) -> None:
    (folder / "ringback.yaml").write_text("target: sqlite:///x\nconsumers:\n- {name: statements}\n")

    with pytest.raises(ContractError) as refused:
        load_project(folder, environ={})

    assert "reads" in refused.value.faults[0]


def test_what_phones_are_told_is_written_in_the_project_file_and_its_secrets_come_from_the_environment(
    folder: Path,
) -> None:
    written = "  token: ${TOKEN}\n  webhooks: ['https://x/${TOKEN}']\n"
    (folder / "ringback.yaml").write_text(PHONE + written)

    phone = load_project(folder, environ={"TOKEN": "0123456789abcdef"}).settings.phone

    assert phone is not None
    assert (phone.numbers, phone.name, phone.view) == (("phone",), ("name",), "caller")
    assert (phone.token, phone.webhooks) == ("0123456789abcdef", ("https://x/0123456789abcdef",))
    assert "0123456789abcdef" not in repr(phone)


def test_a_variable_that_is_not_set_is_named_and_no_other_is_told(folder: Path) -> None:
    (folder / "ringback.yaml").write_text("archive: kept\ntarget: postgresql://me:${DB_PASSWORD}@${DB_HOST}/x\n")

    with pytest.raises(ContractError) as refused:
        load_project(folder, environ={"DB_PASSWORD": "hunter2"})

    assert refused.value.faults == (
        "ringback.yaml, line 2, column 9: the environment variable DB_HOST is not set: set it, or take ${DB_HOST} out",
    )
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("archive: x\n", 'line 1, column 1: "target" is missing: write target: sqlite:///clients.db'),
        ("target: mysql://x\n", 'line 1, column 9: "target" must begin with sqlite:/// or postgresql://'),
        ("target: sqlite:///${}\n", 'line 1, column 9: "${}" names no environment variable: write ${NAME}'),
        ("target: sqlite:///${A\n", 'line 1, column 9: "${A" names no environment variable: write ${NAME}'),
        ("traget: sqlite:///x\n", 'line 1, column 1: "traget" is not a key of this file; did you mean "target"?'),
        ("target: sqlite:///x\npolicy: {duplicates: newest}\n", 'line 2, column 22: "newest" is not possible here'),
        ("target: [a]\n", "line 1, column 9: a text is expected here, not a list"),
        ("target: sqlite:///x\napprovers: ana\n", "line 2, column 12: a list is expected here"),
        ("target: sqlite:///x\napprovers: []\n", "line 2, column 12: this is empty"),
        ("target: sqlite:///x\napprovers: ['', ana]\n", "line 2, column 13: the text is too short"),
        ("target: sqlite:///x\napprover: [ana]\n", 'line 2, column 1: "approver" is not a key of this file'),
        (f"{PHONE}  nmae: a\n", 'line 7, column 3: "nmae" is not a key of "phone"; did you mean "name"?'),
        (f"{PHONE}  token: short\n", "line 7, column 10: a token is at least 16 letters"),
        (f"{PHONE}  token: ${{TOKEN}}\n", "line 7, column 10: the environment variable TOKEN is not set"),
        (f"{PHONE}  webhooks: [pbx]\n", "line 7, column 14: this is no address: write one as https://"),
        (f"{PHONE}  trusted: [10.0.0.1/8]\n", "line 7, column 13: this is no network; write one as 192.0.2.0/24"),
        ("target: sqlite:///x\nalerts: [here]\n", "line 2, column 10: this is no address: write one as apprise has it"),
        ("target: sqlite:///x\nalerts: ['json://${A}']\n", "line 2, column 10: the environment variable A is not set"),
    ],
)
def test_a_fault_of_the_project_file_tells_its_place_and_what_to_write(folder: Path, text: str, fault: str) -> None:
    (folder / "ringback.yaml").write_text(text)

    with pytest.raises(ContractError) as refused:
        load_project(folder, environ={})

    (told,) = refused.value.faults
    assert told.startswith(f"ringback.yaml, {fault}")


def test_a_feed_has_the_contract_of_its_file(folder: Path) -> None:
    found = load_feed(load_project(folder, environ={}), "branches")

    assert found.contract.feed == "branches"
    assert found.name == "feeds/branches.yaml"


def test_a_feed_that_is_not_there_is_told_with_those_that_are(folder: Path) -> None:
    project = load_project(folder, environ={})

    for feed in ("client", "../feeds/clients", ""):
        with pytest.raises(UsageError, match=r"The feeds are: branches, clients\."):
            load_feed(project, feed)
    with pytest.raises(UsageError, match='Did you mean "clients"'):
        load_feed(project, "client")


def test_a_file_renamed_without_its_feed_is_refused(folder: Path) -> None:
    (folder / "feeds" / "clients.yaml").rename(folder / "feeds" / "customers.yaml")

    with pytest.raises(ContractError, match='named for the feed "customers", not "clients"'):
        load_feed(load_project(folder, environ={}), "customers")


def test_the_policy_of_the_project_holds_for_feeds_without_their_own(folder: Path, clients: str) -> None:
    (folder / "ringback.yaml").write_text("target: sqlite:///x.db\npolicy:\n  removed: {hold_above: 7 rows}\n")
    without = clients[: clients.index("policy:")].replace("feed: clients", "feed: branches")
    (folder / "feeds" / "branches.yaml").write_text(without)
    project = load_project(folder, environ={})

    theirs = load_feed(project, "branches").contract.policy
    own = load_feed(project, "clients").contract.policy

    assert theirs.removed is not None
    assert own.removed is not None
    assert theirs.removed.hold_above.rows == 7
    assert own.removed.hold_above.rows == 20

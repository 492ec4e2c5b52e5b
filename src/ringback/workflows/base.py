"""The contract that a change is compared with where there is no database: from git, or as a sample has it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from ringback.contracts import ContractFile, parse, with_policy
from ringback.contracts.project import feeds, policy_in
from ringback.errors import ContractError
from ringback.model.example import EXAMPLES_SUFFIX
from ringback.model.policy import Policy
from ringback.model.project import PROJECT_FILE, Project
from ringback.workflows.git import names_at, require_revision, text_at
from ringback.workflows.sample_place import read_sample, sampled_feeds


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A feed's contract before the change."""

    told: str  # where it is from
    contract: ContractFile | None = None  # None: there was none, or nobody can read it
    policy: Policy | None = None  # of the project, then
    remarks: tuple[str, ...] = ()


def base_of(feed: str, project: Project, revision: str | None, sample: Path | None) -> Base:
    """Of a revision of git; without one, of the release that the sample's deliveries were read under.

    Raises: UsageError, where git does not know the revision.
    """
    if revision is not None:
        return _in_git(feed, project, revision)
    if sample is None or feed not in sampled_feeds(sample):
        return Base(told="nothing", remarks=("There is neither a sample of it nor --base: nothing to compare with.",))
    found = read_sample(sample, feed)
    told = f"release {found.release}" if found.release is not None else "the contract that the sample was drawn with"
    return _parsed(feed, project, found.contract_text, Base(told=told, policy=project.settings.policy))


def _in_git(feed: str, project: Project, revision: str) -> Base:
    commit = require_revision(project.folder, revision)
    text = text_at(project.folder, commit, f"feeds/{feed}.yaml")
    if text is None:
        return Base(told=revision)
    settings = text_at(project.folder, commit, PROJECT_FILE)
    try:
        policy = None if settings is None else policy_in(settings, name=f"{PROJECT_FILE} at {revision}")
    except ContractError:
        policy = project.settings.policy
    return _parsed(feed, project, text, Base(told=revision, policy=policy))


def _parsed(feed: str, project: Project, text: str, base: Base) -> Base:
    then = replace(project, settings=project.settings.model_copy(update={"policy": base.policy}))
    try:
        found = parse(text, name=f"feeds/{feed}.yaml", feed=feed)
    except ContractError:
        return replace(base, remarks=(f"The contract at {base.told} has faults: nothing can be compared with it.",))
    return replace(base, contract=with_policy(found, then))


def gone_since(project: Project, revision: str | None) -> tuple[str, ...]:
    """Feeds that a revision has and the working copy has not."""
    if revision is None:
        return ()
    names = names_at(project.folder, require_revision(project.folder, revision), "feeds")
    then = {name.removesuffix(".yaml") for name in names if name.endswith(".yaml")}
    return tuple(sorted(each for each in then - set(feeds(project)) if not f"{each}.yaml".endswith(EXAMPLES_SUFFIX)))

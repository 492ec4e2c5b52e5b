"""A project: the folder that holds ringback.yaml, its settings and its feeds."""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError

from ringback.contracts.contract import ContractFile, parse
from ringback.contracts.document import Items, Mapping, Scalar, compose
from ringback.contracts.fault import Faults, Page, nearest, quoted
from ringback.contracts.text import read_text
from ringback.contracts.wording import tell
from ringback.contracts.written import keys_of
from ringback.errors import UsageError
from ringback.model.example import EXAMPLES_SUFFIX
from ringback.model.policy import Policy
from ringback.model.project import PROJECT_FILE, Project, ProjectFile

_VARIABLE = re.compile(r"\$\{([^}]*)\}?")
_VARIABLE_NAME = re.compile("[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a text with secrets in it must look like, and what is said of one that does not."""

    pattern: re.Pattern[str]
    otherwise: str


_TARGET = _Shape(
    re.compile("sqlite:///|postgresql://"),
    '"target" must begin with sqlite:/// or postgresql://, as sqlite:///clients.db',
)
_ALERT = _Shape(
    re.compile("[a-z][a-z0-9+.-]*://.", re.DOTALL), "this is no address: write one as apprise has it, as mailto://..."
)

_TOKEN = _Shape(
    re.compile("[!-~]{16,}"),
    "a token is at least 16 letters, digits and signs: bring one from the environment, ${NAME}",
)
_HOOK = _Shape(re.compile("https?://."), "this is no address: write one as https://pbx.example.com/changed")


def load_project(start: Path | None = None, *, environ: MappingType[str, str]) -> Project:
    """The project whose ringback.yaml is nearest to `start` (default: here), from there upward.

    Raises: UsageError, when there is none; ContractError, with all faults of the file.
    """
    folder = find_project(start)
    return Project(folder=folder, settings=_settings(folder / PROJECT_FILE, environ))


def find_project(start: Path | None = None) -> Path:
    """The nearest folder that holds ringback.yaml, from `start` upward. Raises: UsageError."""
    begin = (start or Path()).resolve()
    for folder in (begin, *begin.parents):
        if (folder / PROJECT_FILE).is_file():
            return folder
    raise UsageError(
        f"there is no {PROJECT_FILE} in this folder or above it",
        where=str(begin),
        mend="Draft one from a sample with ringback init FILE, or name its folder with --project DIR.",
    )


def feeds(project: Project) -> tuple[str, ...]:
    """The names of a project's feeds, sorted."""
    found = project.contract_path("any").parent.glob("*.yaml")
    return tuple(sorted(path.stem for path in found if not path.name.endswith(EXAMPLES_SUFFIX)))


def load_feed(project: Project, feed: str) -> ContractFile:
    """A feed's contract, with the project's policy where it has none of its own.

    Raises: UsageError, when there is no such feed; ContractError, with all faults.
    """
    if feed not in feeds(project):
        raise _no_feed(project, feed)
    path = project.contract_path(feed)
    name = path.relative_to(project.folder).as_posix()
    return with_policy(parse(read_text(path, name=name), name=name, feed=feed), project)


def with_policy(found: ContractFile, project: Project) -> ContractFile:
    """The contract, with the project's policy where it has none of its own."""
    policy = project.settings.policy
    if policy is None or found.tree.entry("policy") is not None:
        return found
    return replace(found, contract=found.contract.model_copy(update={"policy": policy}))


def policy_in(text: str, *, name: str) -> Policy | None:
    """The policy of a project file's text, whatever else it says. Raises: ContractError, with all faults."""
    faults = Faults(Page(name, text))
    tree = compose(faults)
    given = keys_of(tree, ProjectFile, faults, path=())
    settings = _validated(tree, {**given, "target": "sqlite:///"}, faults)
    if settings is None or faults.found:
        raise faults.error()
    return settings.policy


def _no_feed(project: Project, feed: str) -> UsageError:
    there = feeds(project)
    if not there:
        return UsageError(
            f"there is no feed {quoted(feed)}, nor any other",
            where=str(project.folder),
            mend="Draft its contract from a sample with ringback init FILE.",
        )
    meant = nearest(feed, there)
    return UsageError(
        f"there is no feed {quoted(feed)}",
        where=str(project.folder),
        why=f"The feeds are: {', '.join(there)}.",
        mend=f"Did you mean {quoted(meant)}?" if meant else "",
    )


def _settings(path: Path, environ: MappingType[str, str]) -> ProjectFile:
    faults = Faults(Page(PROJECT_FILE, read_text(path, name=PROJECT_FILE)))
    tree = compose(faults)
    given = keys_of(tree, ProjectFile, faults, path=())
    target, alerts = tree.node("target"), tree.node("alerts")
    if isinstance(target, Scalar) and "target" in given:
        given["target"] = _expanded(target, environ, _TARGET, faults)
    if isinstance(alerts, Items) and "alerts" in given:
        given["alerts"] = [
            _expanded(each, environ, _ALERT, faults) for each in alerts.nodes if isinstance(each, Scalar)
        ]
    _expand_phone(tree, given.get("phone"), environ, faults)
    settings = _validated(tree, given, faults)
    if settings is None or faults.found:
        raise faults.error()
    return settings


def _expand_phone(tree: Mapping, given: object, environ: MappingType[str, str], faults: Faults) -> None:
    """The secrets of `phone`, in place."""
    if not isinstance(given, dict):
        return
    token, hooks = tree.node("phone", "token"), tree.node("phone", "webhooks")
    if isinstance(token, Scalar) and "token" in given:
        given["token"] = _expanded(token, environ, _TOKEN, faults)
    if isinstance(hooks, Items) and "webhooks" in given:
        given["webhooks"] = [
            _expanded(each, environ, _HOOK, faults) for each in hooks.nodes if isinstance(each, Scalar)
        ]


def _validated(tree: Mapping, given: dict[str, object], faults: Faults) -> ProjectFile | None:
    try:
        return ProjectFile.model_validate(given)
    except ValidationError as refused:
        tell(refused, tree, tree.at, faults, ProjectFile)
        return None


def _expanded(written: Scalar, environ: MappingType[str, str], shape: _Shape, faults: Faults) -> str:
    """The text with ${NAME} from the environment. The result holds a password: no fault repeats it."""

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if not found[0].endswith("}") or not _VARIABLE_NAME.fullmatch(name):
            faults.add(written.at, f"{quoted(found[0])} names no environment variable: write ${{NAME}}")
        elif name not in environ:
            faults.add(written.at, f"the environment variable {name} is not set: set it, or take ${{{name}}} out")
        return environ.get(name, "")

    expanded = _VARIABLE.sub(value, written.text)
    if not any(error_at == written.at for error_at, _ in faults.found) and not shape.pattern.match(expanded):
        faults.add(written.at, shape.otherwise)
    return expanded

"""Who may approve, where ringback.yaml names approvers: one of them, but neither the author nor who imports.

Names are taken at their word: whoever may call ringback can give any. What was given is in the audit trail.
"""

from __future__ import annotations

from ringback.errors import ApprovalRefused
from ringback.model.project import PROJECT_FILE
from ringback.model.release import Approval
from ringback.workflows.author import Author
from ringback.workflows.place import Place


def require_approver(asking: Approval, author: Author | None, place: Place) -> None:
    """Raises: ApprovalRefused, when this person may not approve this change."""
    approvers, by = place.project.settings.approvers, asking.release.approved_by
    if not approvers:
        return
    if by not in approvers:
        raise _refused(
            asking,
            f"{by} may not approve",
            why=f"{PROJECT_FILE} names who may: {', '.join(approvers)}",
            mend=f"Ask one of them: ringback approve {asking.release.feed} --by {approvers[0]}",
        )
    _require_another_than_author(asking, author, approvers)
    _require_another_than_importer(asking, place)


def _require_another_than_author(asking: Approval, author: Author | None, approvers: tuple[str, ...]) -> None:
    release = asking.release
    name = f"feeds/{release.feed}.yaml"
    if author is None:
        raise _refused(
            asking,
            "who made the change is not known",
            why=f"git knows no author: {name} is in no commit, or was changed since",
            mend=f"Commit it, or say who made it: ringback approve {release.feed} --author NAME",
        )
    if author.is_called(release.approved_by):
        others = [each for each in approvers if not author.is_called(each)]
        raise _refused(
            asking,
            f"{release.approved_by} made the change, and may not approve it",
            why=f"the author is {author.told}; {PROJECT_FILE} names approvers, so another looks at it",
            mend=f"Ask {' or '.join(others)}." if others else f"Name another approver in {PROJECT_FILE}.",
        )


def _require_another_than_importer(asking: Approval, place: Place) -> None:
    release = asking.release
    newest = place.store.last_import(release.feed, without=frozenset())
    importer = place.project.settings.imports_by or (newest.by if newest else None)
    if importer is not None and importer.lower() == release.approved_by.lower():
        said = (
            f"{PROJECT_FILE}, imports_by" if place.project.settings.imports_by else f"{newest.name}" if newest else ""
        )
        raise _refused(
            asking,
            f"{release.approved_by} imports this feed, and may not approve it",
            why=f"by {said}; who imports does not approve what is imported",
            mend="Ask another approver, or import under an account of its own.",
        )


def _refused(asking: Approval, what: str, *, why: str, mend: str) -> ApprovalRefused:
    where = f"feeds/{asking.release.feed}.yaml"
    return ApprovalRefused(what, where=where, why=why, mend=mend, differences=asking.differences)

"""An approval as text."""

from __future__ import annotations

from ringback.model.release import Approval


def approval_text(approval: Approval) -> str:
    """Which release is in force, and what it binds."""
    release = approval.release
    if not approval.is_new:
        return (
            f"{release.feed}: this contract is release {release.id} already, "
            f"approved by {release.approved_by} on {release.approved_at:%Y-%m-%d}"
        )
    software = ", ".join(f"{name} {version}" for name, version in release.software.items())
    lines = [
        f"{release.feed}: release {release.id} approved by {release.approved_by}",
        f"  fingerprint {release.fingerprint[:12]} (the contract's meaning; {software})",
    ]
    for finding in approval.findings:
        lines += [f"{finding.severity}: {finding.why}", f"  {finding.mend}"]
    return "\n".join(lines)

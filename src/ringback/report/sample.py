"""An export as text."""

from __future__ import annotations

from ringback.model.sample import Exported
from ringback.report.words import count


def exported_text(exported: Exported) -> str:
    """What was written, whether client values are in it, and what to do with it."""
    sample = exported.sample
    what = "scrambled: no client value is in it" if sample.is_scrambled else "AS DELIVERED: client values are in it"
    lines = [f"{sample.feed}: {count(len(sample.deliveries), 'delivery')} written to {exported.folder}, {what}"]
    for each in sample.deliveries:
        left = (
            f"; {count(each.left_out, 'row')} with bytes or quotes that spoil others left out" if each.left_out else ""
        )
        lines.append(
            f"  {each.folder}/{each.file_name}: {each.row_count:,} of {count(each.of_rows, 'row')}, "
            f"{each.rejected:,} of them rejects{left}"
        )
    lines += [f"note: {remark}" for remark in exported.remarks]
    if not sample.is_scrambled:
        lines.append("Keep it where the deliveries themselves may lie; with --scramble no client value is in it.")
    return "\n".join(lines)

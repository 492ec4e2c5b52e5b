"""What `reformat` tells people."""

from __future__ import annotations

from ringback.model.reformat import Learned, Reformatted


def learned_text(learned: Learned) -> str:
    """The recipe in words, where it is, and what it leaves open."""
    lines = [learned.words, "", f"{learned.answered_count} of {learned.row_count} different rows have an answer."]
    if learned.open_rows:
        lines.append("Without an answer, among others:" if _more(learned) else "Without an answer:")
        lines += [f"  {' | '.join(row)}" for row in learned.open_rows]
        lines.append("Show what one of them becomes, and learn again.")
    return "\n".join([*lines, f"Saved with its examples: {learned.file}"])


def _more(learned: Learned) -> bool:
    return learned.row_count - learned.answered_count > len(learned.open_rows)


def reformatted_text(made: Reformatted) -> str:
    """How many rows were answered, and where the others are."""
    lines = [
        f'{made.answered_count} of {made.row_count} rows have an answer, in column "{made.column}" of {made.written}.'
    ]
    if made.unanswered_lines:
        listed = ", ".join(map(str, made.unanswered_lines))
        more = ", ..." if made.row_count - made.answered_count > len(made.unanswered_lines) else ""
        lines.append(f"Left empty, because the recipe was not made for them: lines {listed}{more}")
    return "\n".join(lines)

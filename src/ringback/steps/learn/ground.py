"""What a search stands on: the examples, and a bounded sample of the other rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ringback.model.recipe import Example
from ringback.steps.reformat.reference import shape

OTHERS = 12  # rows beside the examples that candidates are tried on while searching
LONGEST = 600  # characters of a text that the search looks at places in

Values = tuple[str | None, ...]  # one for each row of a ground


@dataclass(frozen=True, slots=True)
class Ground:
    """Rows: those of the examples first, then others, each different."""

    rows: tuple[tuple[str, ...], ...]
    outputs: tuple[str, ...]  # of the first rows

    @property
    def known(self) -> int:
        """How many rows are examples."""
        return len(self.outputs)

    @property
    def width(self) -> int:
        """How many columns a row has."""
        return len(self.rows[0])

    def texts(self, column: int) -> tuple[str, ...]:
        """A column's text in each row."""
        return tuple(row[column] for row in self.rows)


def ground_of(examples: Sequence[Example], inputs: Sequence[Sequence[str]], *, others: int = OTHERS) -> Ground:
    """The examples' rows, and a sample of the others that has every shape before it has one twice."""
    known = tuple(example.inputs for example in examples)
    fresh = [row for row in dict.fromkeys(tuple(row) for row in inputs) if row not in known]
    return Ground((*known, *varied(fresh, others)), tuple(example.output for example in examples))


def varied(rows: Sequence[tuple[str, ...]], count: int) -> list[tuple[str, ...]]:
    """At most `count` rows: the first of each shape, then the second of each, ..."""
    seen: dict[tuple[str, ...], int] = {}
    ranked = []
    for at, row in enumerate(rows):
        kind = tuple(shape(text) for text in row)
        seen[kind] = seen.get(kind, 0) + 1
        ranked.append((seen[kind], at))
    return [rows[at] for _, at in sorted(ranked)[:count]]

"""A recipe as YAML text, a step a line; `recipe.py` reads it back to the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import Enum
from typing import Any

from ringback.contracts import recipe_shape as shapes
from ringback.contracts.recipe import PART
from ringback.model.recipe import Case, Formula, Lookup, Piece, Plain, Rules, Step, Take

_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORDS = {kind: word for word, kind in shapes.STEPS.items()}


def recipe_text(name: str, columns: Sequence[str], rules: Rules) -> str:
    """The file of a recipe."""
    lines = [f"recipe: {_scalar(name)}", f"columns: [{', '.join(map(_scalar, columns))}]", "cases:"]
    lines += _cases(rules.formula, columns, "  ")
    if rules.rivals:
        lines.append("rivals: # these make every example too; rows of a new shape are answered only where all agree")
        for rival in rules.rivals:
            first, *others = _cases(rival, columns, "    ")
            lines += [f"  - {first.strip()}", *others]
    if rules.examples:
        lines.append("examples:")
    lines += [f"  - {_flow(example, columns)}" for example in rules.examples]
    return "\n".join(lines) + "\n"


def _cases(formula: Formula, columns: Sequence[str], indent: str) -> list[str]:
    return [line for case in formula.cases for line in _case(case, columns, indent)]


def _case(case: Case, columns: Sequence[str], indent: str) -> Iterator[str]:
    if case.when:
        yield f"{indent}- when: [{', '.join(_flow(each, columns) for each in case.when)}]"
        yield f"{indent}  join:"
    else:
        yield f"{indent}- join:"
    for piece in case.join:
        yield from _piece(piece, columns, indent + "      ")


def _piece(piece: Piece, columns: Sequence[str], indent: str) -> Iterator[str]:
    if not isinstance(piece, Take):
        yield f"{indent[:-2]}- {_flow(piece, columns)[1:-1]}"
        return
    yield f"{indent[:-2]}- column: {_scalar(columns[piece.column])}"
    if piece.steps:
        yield f"{indent}steps:"
    yield from (f"{indent}  - {_step(step)}" for step in piece.steps)


def _step(step: Step) -> str:
    word = _WORDS[type(step)]
    if isinstance(step, Plain):
        return f"{word}: off"
    if isinstance(step, Lookup):
        return f"{word}: {{{', '.join(f'{_quoted(key)}: {_quoted(value)}' for key, value in step.table)}}}"
    alone = shapes.ALONE.get(type(step))
    return f"{word}: {_value(getattr(step, alone), ('text',)) if alone else _flow(step, ('text',))}"


def _flow(part: Any, columns: Sequence[str]) -> str:
    """A part on one line; what is as usual is left out."""
    return "{" + ", ".join(_entries(part, columns)) + "}"


def _entries(part: Any, columns: Sequence[str]) -> Iterator[str]:
    kind: type = type(part)
    for key in shapes.keys(kind):
        value = getattr(part, key.attribute)
        if not key.required and value == key.default:
            continue
        if shapes.is_union(key.kind):
            yield from _entries(value, columns)
        elif key.attribute == "column":
            yield f"{key.word}: {_scalar(columns[value])}"
        else:
            yield f"{key.word}: {_value(value, columns)}"


def _value(value: Any, columns: Sequence[str]) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_listed(each) for each in value)}]"
    if type(value) in shapes.TOLD_BY:
        return _flow(value, columns)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return _scalar(f"{value:f}" if isinstance(value, Decimal) else value.value if isinstance(value, Enum) else value)


def _listed(value: Any) -> str:
    if type(value) in _WORDS:
        return f"{{{_step(value)}}}"
    return _quoted(value) if isinstance(value, str) else _flow(value, PART)


def _scalar(text: str) -> str:
    return text if _BARE.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    """As JSON writes it, which YAML reads alike; what YAML cannot hold as it is, is escaped."""
    written = json.dumps(text, ensure_ascii=False)
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", lambda found: f"\\u{ord(found[0]):04x}", written)

"""A recipe from its file. All faults of a file come in one error, each with line, column and remedy.

```yaml
recipe: short_name
columns: [name]
cases:
  - join:
      - column: name
        steps:
          - upto: {characters: 1}
      - text: ". "
      - column: name
        steps:
          - from: {side: after, number: -1, literal: " "}
examples:
  - {row: ["Ada Lovelace"], gives: "A. Lovelace"}
```
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum
from pathlib import Path
from typing import Any

from ringback.contracts import recipe_shape as shapes
from ringback.contracts.document import Entry, Items, Mapping, Node, Scalar, compose
from ringback.contracts.fault import Faults, Page, instead, quoted
from ringback.contracts.recipe_check import check_formula
from ringback.contracts.text import read_text
from ringback.model.recipe import Case, Condition, Each, Example, Formula, Lookup, Plain, Rules, Step

PART = ("part",)  # what the one column is called inside `each`
_TOP = ("recipe", "columns", "cases", "rivals", "examples")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeFile:
    """A recipe, its name, and what its columns are called."""

    name: str
    columns: tuple[str, ...]
    rules: Rules


def load_recipe(path: Path) -> RecipeFile:
    """The recipe in a file. Raises: ContractError, with all faults."""
    return parse_recipe(read_text(path, name=str(path)), name=str(path))


def parse_recipe(text: str, *, name: str) -> RecipeFile:
    """The recipe in a text. Raises: ContractError, with all faults."""
    faults = Faults(Page(name, text))
    tree = compose(faults)
    _known_keys(tree, _TOP, faults, "a recipe")
    for key in ("recipe", "columns", "cases"):
        if key not in tree.entries:
            faults.add(tree.at, f"{quoted(key)} is missing")
    reader = _Reader(faults, tuple(scalar.text for scalar in tree.scalars("columns")))
    cases = reader.many(tree.node("cases"), lambda node: reader.part(node, Case))
    rivals = reader.many(tree.node("rivals"), reader.rival)
    examples = reader.many(tree.node("examples"), lambda node: reader.part(node, Example))
    faults.raise_if_any()
    formula = Formula(columns=len(reader.columns), cases=cases)
    for each in (formula, *rivals):
        check_formula(each, lambda what: faults.add(_at(tree, "cases"), what))
    for example in examples:
        if len(example.inputs) != formula.columns:
            faults.add(_at(tree, "examples"), f"an example has {len(example.inputs)} texts, not {formula.columns}")
    faults.raise_if_any()
    return RecipeFile(
        name=tree.text("recipe") or "",
        columns=reader.columns,
        rules=Rules(formula=formula, rivals=rivals, examples=examples),
    )


def _at(tree: Mapping, key: str) -> int:
    entry = tree.entry(key)
    return entry.key_at if entry else tree.at


def _known_keys(node: Mapping, words: Sequence[str], faults: Faults, owner: str) -> None:
    for key, entry in node.entries.items():
        if key not in words:
            faults.add(entry.key_at, f"{quoted(key)} is not a key of {owner}; {instead(key, words)}")


class _Reader:
    """Nodes -> parts. What cannot be read becomes a fault and is left out."""

    def __init__(self, faults: Faults, columns: tuple[str, ...]) -> None:
        self._faults = faults
        self.columns = columns

    def many(self, node: Node | None, one: Callable[[Node], Any]) -> tuple[Any, ...]:
        """Each entry of a list."""
        if node is None:
            return ()
        if not isinstance(node, Items):
            self._faults.add(node.at, "a list is expected here: begin each entry with a hyphen")
            return ()
        return tuple(found for each in node.nodes if (found := one(each)) is not None)

    def rival(self, node: Node) -> Formula | None:
        """A rival is a list of cases."""
        cases = self.many(node, lambda each: self.part(each, Case))
        return Formula(columns=len(self.columns), cases=cases) if cases else None

    def part(self, node: Node, kind: type) -> Any | None:
        """A mapping with the keys of one part."""
        if not isinstance(node, Mapping):
            self._faults.add(node.at, "keys are expected here, each followed by a colon and what it means")
            return None
        known = shapes.keys(kind)
        _known_keys(node, self._words(known), self._faults, f"this {kind.__name__.lower()}")
        given = {}
        for key in known:
            value = self._key(node, key)
            if value is not None:
                given[key.attribute] = value
        lacking = [key.word for key in known if key.required and key.attribute not in given]
        if lacking:
            self._faults.add(node.at, f"{quoted(lacking[0])} is missing or cannot be used")
            return None
        return kind(**given)

    def _words(self, known: Sequence[shapes.Key]) -> list[str]:
        words = [word for key in known if shapes.is_union(key.kind) for word in self._union_words(key.kind)]
        return words + [key.word for key in known if not shapes.is_union(key.kind)]

    def _union_words(self, kind: Any) -> list[str]:
        return [word for member in shapes.UNIONS[kind] for word in self._words(shapes.keys(member))]

    def _key(self, node: Mapping, key: shapes.Key) -> Any | None:
        if shapes.is_union(key.kind):
            return self._one_of(node, key.kind, within=True)
        entry = node.entries.get(key.word)
        return None if entry is None else self.value(entry, key.kind, key.attribute)

    def _one_of(self, node: Node, kind: Any, *, within: bool = False) -> Any | None:
        """One of several parts; `within`: its keys stand beside those of the part that has it."""
        members = {shapes.TOLD_BY[member]: member for member in shapes.UNIONS[kind]}
        if not isinstance(node, Mapping) or not any(word in node.entries for word in members):
            self._faults.add(node.at, f"one of these keys is expected here: {', '.join(members)}")
            return None
        member = next(member for word, member in members.items() if word in node.entries)
        if not within:
            return self.part(node, member)
        words = self._words(shapes.keys(member))
        return self.part(Mapping({k: e for k, e in node.entries.items() if k in words}, node.at), member)

    def value(self, entry: Entry, kind: Any, attribute: str) -> Any | None:
        """What stands under a key."""
        if attribute == "column":
            return self._column(entry.node)
        inside = shapes.element(kind)
        if inside is not None:
            return self._list(entry.node, inside)
        if shapes.is_union(kind):
            return self._one_of(entry.node, kind)
        return self._scalar(entry.node, shapes.plain(kind))

    def _list(self, node: Node, inside: Any) -> tuple[Any, ...] | None:
        if shapes.is_step(inside):
            return self.many(node, self.step)
        if shapes.is_union(inside):
            return self.many(node, lambda each: self._one_of(each, inside))
        if inside is Condition:
            return self.many(node, lambda each: self.part(each, Condition))
        if isinstance(node, Scalar):
            return (node.text,)
        return self.many(node, lambda each: self._scalar(each, shapes.plain(inside)))

    def step(self, node: Node) -> Step | None:
        """A mapping with one key, which names the step."""
        if not isinstance(node, Mapping) or len(node.entries) != 1:
            self._faults.add(node.at, f"a step has one key, one of: {', '.join(shapes.STEPS)}")
            return None
        (word, entry), *_ = node.entries.items()
        if word not in shapes.STEPS:
            self._faults.add(entry.key_at, f"{quoted(word)} is not a step; {instead(word, shapes.STEPS)}")
            return None
        return self._step(shapes.STEPS[word], entry)

    def _step(self, kind: type, entry: Entry) -> Any | None:
        if kind is Plain:
            return Plain()
        if kind is Lookup:
            return self._lookup(entry.node)
        if kind in shapes.ALONE:
            attribute = shapes.ALONE[kind]
            key = next(key for key in shapes.keys(kind) if key.attribute == attribute)
            value = self.value(entry, key.kind, attribute)
            return None if value is None else kind(value)
        inner = _Reader(self._faults, PART) if kind is Each else self
        return inner.part(entry.node, kind)

    def _lookup(self, node: Node) -> Lookup | None:
        if not isinstance(node, Mapping):
            self._faults.add(node.at, "a table is expected here: each text followed by a colon and what it becomes")
            return None
        pairs = [(text, entry.node) for text, entry in node.entries.items()]
        return Lookup(tuple((text, found.text) for text, found in pairs if isinstance(found, Scalar)))

    def _column(self, node: Node) -> int | None:
        text = node.text if isinstance(node, Scalar) else ""
        if text in self.columns:
            return self.columns.index(text)
        self._faults.add(node.at, f"{quoted(text)} is not one of the recipe's columns; {instead(text, self.columns)}")
        return None

    def _scalar(self, node: Node, kind: type | None) -> Any | None:
        if not isinstance(node, Scalar):
            self._faults.add(node.at, "a single text is expected here")
            return None
        try:
            return _converted(node.text, kind)
        except (ValueError, InvalidOperation):
            self._faults.add(node.at, f"{quoted(node.text)} cannot stand here; {_expected(kind)}")
            return None


def _converted(text: str, kind: type | None) -> Any:
    if kind is bool:
        return {"true": True, "false": False}[text] if text in ("true", "false") else _refuse()
    if kind is Decimal:
        value = Decimal(text)
        return value if value.is_finite() else _refuse()
    if kind is int:
        return int(text) if text.lstrip("-").isascii() and text.lstrip("-").isdigit() and len(text) < 10 else _refuse()
    return kind(text) if kind is not None and issubclass(kind, Enum) else text


def _refuse() -> None:
    raise ValueError


def _expected(kind: type | None) -> str:
    if kind is not None and issubclass(kind, Enum):
        return f"write one of: {', '.join(str(each.value) for each in kind)}"
    names = {bool: "true or false", int: "a whole number", Decimal: "a number"}
    return f"write {names.get(kind or str, 'a text')}"

"""What no single key can say: checks across a contract. All of them are made, whatever other faults there are."""

from __future__ import annotations

from collections.abc import Iterable

from ringback.contracts.check_field import check_field
from ringback.contracts.check_source import check_source
from ringback.contracts.document import Mapping, Scalar
from ringback.contracts.fault import Faults, instead, quoted
from ringback.model.contract import Target
from ringback.model.field import FieldSpec

CELL_COLUMNS = ("run", "kind", "line", "field", "before", "after")  # store/protocol.py: beside the key columns
OWN_PREFIX = "ringback_"  # of ringback's own tables


def check(root: Mapping, specs: dict[str, FieldSpec], faults: Faults) -> None:
    """Add what does not fit together to the faults. `specs` are the fields that could be read."""
    _check_key(root, specs, faults)
    _check_ignored(root, faults)
    _check_missing(root, faults)
    _check_target(root, faults)
    _check_policy(root, faults)
    check_source(root, faults)
    fields = root.node("fields")
    if isinstance(fields, Mapping):
        for name, entry in fields.entries.items():
            if isinstance(entry.node, Mapping):
                check_field(entry.node, specs.get(name), faults)


def _check_key(root: Mapping, specs: dict[str, FieldSpec], faults: Faults) -> None:
    fields = root.node("fields")
    names = list(fields.entries) if isinstance(fields, Mapping) else []
    key = root.scalars("key")
    for each in key:
        if each.at in faults.settled:
            continue
        if names and each.text not in names:
            faults.settle(each.at, f"the key {quoted(each.text)} is not one of the fields; {instead(each.text, names)}")
        if each.text in specs and specs[each.text].type == "json":
            faults.add(each.at, f"{quoted(each.text)} is json, which cannot be a key: choose another field")
        if each.text in CELL_COLUMNS:
            faults.add(each.at, f"{quoted(each.text)} is a column of every history: give the key field another name")
    _add_repeated(key, faults, 'is in "key" already: keep it once')


def _check_ignored(root: Mapping, faults: Faults) -> None:
    used = _columns(root)
    ignored = root.scalars("ignored")
    for column in ignored:
        if column.text in used:
            where = ", ".join(used[column.text])
            faults.add(column.at, f"{quoted(column.text)} is ignored, but read by {where}: take it out of one")
    _add_repeated(ignored, faults, 'is in "ignored" already: keep it once')


def _columns(root: Mapping) -> dict[str, list[str]]:
    """Delivered columns -> the fields that read them; two fields may read one column."""
    fields = root.node("fields")
    used: dict[str, list[str]] = {}
    for name in fields.entries if isinstance(fields, Mapping) else ():
        column = root.text("fields", name, "from")
        if column is not None:
            used.setdefault(column, []).append(name)
    return used


def _check_missing(root: Mapping, faults: Faults) -> None:
    missing = root.node("missing")
    if root.text("delivers") == "changes" and isinstance(missing, Scalar) and missing.text in ("close", "delete"):
        faults.add(
            missing.at,
            f'"missing: {missing.text}" needs "delivers: snapshot": with "delivers: changes" most clients are absent '
            "from a file; write missing: keep",
        )


def _check_target(root: Mapping, faults: Faults) -> None:
    table = root.node("target", "table")
    if isinstance(table, Scalar) and table.text.lower().startswith(OWN_PREFIX):
        faults.add(table.at, f"{quoted(table.text)} is kept for ringback's own tables: choose another table")
    closed = root.text("target", "closed") or str(Target.model_fields["closed"].default)
    clash = root.entry("fields", closed)
    if clash is not None and root.text("missing") == "close":
        faults.add(
            clash.key_at,
            f'{quoted(closed)} is also the mark of clients closed by "missing: close": rename the field, '
            'or write another name for the mark under "target" as closed:',
        )


def _check_policy(root: Mapping, faults: Faults) -> None:
    changed, fields = root.node("policy", "changed"), root.node("fields")
    if isinstance(changed, Mapping) and isinstance(fields, Mapping):
        for name, entry in changed.entries.items():
            if name not in fields.entries:
                faults.add(entry.key_at, f"{quoted(name)} is not one of the fields; {instead(name, [*fields.entries])}")


def _add_repeated(texts: Iterable[Scalar], faults: Faults, what: str) -> None:
    seen: set[str] = set()
    for each in texts:
        if each.text in seen:
            faults.add(each.at, f"{quoted(each.text)} {what}")
        seen.add(each.text)

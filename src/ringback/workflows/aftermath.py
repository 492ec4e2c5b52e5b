"""What was published after a run: whose word counts as later than the run's own, and how each delivery reads today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from ringback.contracts import ContractFile, differences
from ringback.model.contract import Contract
from ringback.model.run import Run, RunKind
from ringback.steps.since import in_order, settled
from ringback.workflows.place import Place, as_corrected

# What a contract may say otherwise and still read the same of a delivery, as paths of `differences`.
_READS_THE_SAME = (("policy",), ("source", "files"), ("source", "issued"), ("source", "maxBytes"))
_READS_OTHERWISE = ("policy", "duplicates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """What came after an import, under the contract that is right.

    own       repairs of the import itself that were not taken back, oldest first.
    earlier   ids of such repairs of the import and of earlier ones: their word is not later than the import's.
    trusted   later imports that were read as the right contract reads, or repaired so, newest first.
    others    later imports that were not, oldest first.
    """

    feed: str
    right: ContractFile
    own: tuple[Run, ...]
    earlier: frozenset[int]
    trusted: tuple[Run, ...]
    others: tuple[Run, ...]
    undos: tuple[Run, ...]

    def all_cells(self, place: Place, contract: Contract, keys: pl.DataFrame) -> pl.DataFrame:
        """The cells of all published runs for these keys, settled and in order."""
        cells = in_order(place.store.cells_after(contract, None, keys))
        return settled(cells, self.undos, contract.key)

    def cells_after(self, run: Run, place: Place, contract: Contract, keys: pl.DataFrame) -> pl.DataFrame:
        """The cells of runs after this one for these keys, settled and in order; repairs among them."""
        cells = in_order(place.store.cells_after(contract, run.id, keys))
        return settled(cells, self.undos, contract.key)

    def reading_of(self, run: Run) -> ContractFile:
        """The right contract, in the form in which it reads this import."""
        return self.right if run.corrects is None else as_corrected(self.right)


def aftermath(run: Run, right: ContractFile, place: Place) -> Aftermath:
    """Look at what came after an import."""
    store, undone = place.store, place.undone(run.feed)
    after = store.published_after(run.feed, run.id)
    imports = [later for later in after if later.kind is RunKind.IMPORT]
    later_ids = {later.id for later in imports}
    repairs = [later for later in after if later.kind is RunKind.REPAIR and later.id not in undone]
    earlier = [repair for repair in repairs if repair.repairs not in later_ids]
    standing = [later for later in imports if later.id not in undone]
    trusted = {later.id for later in standing if _reads_right(later, right, place, undone)}
    return Aftermath(
        feed=run.feed,
        right=right,
        own=tuple(later for later in earlier if later.repairs == run.id),
        earlier=frozenset(later.id for later in earlier),
        trusted=tuple(later for later in reversed(standing) if later.id in trusted),
        others=tuple(later for later in standing if later.id not in trusted),
        undos=store.undos(run.feed),
    )


def _reads_right(run: Run, right: ContractFile, place: Place, undone: frozenset[int]) -> bool:
    """Whether an import, or the newest repair of all of it, read as this contract does."""
    return _alike(place.approved(next(_standing_repairs(run, place, undone), run)), right)


def _standing_repairs(run: Run, place: Place, undone: frozenset[int]) -> Iterator[Run]:
    for repair in place.store.repairs(run.feed):
        if repair.repairs == run.id and not repair.partial and repair.id not in undone:
            yield repair


def _alike(one: ContractFile, other: ContractFile) -> bool:
    paths = [difference.path for difference in differences(one, other)]
    return all(
        path[:2] != _READS_OTHERWISE and any(path[: len(same)] == same for same in _READS_THE_SAME) for path in paths
    )

"""Which deliveries a trial reads."""

from __future__ import annotations

from ringback.errors import StoreError
from ringback.model.run import Run
from ringback.model.trial import Chosen
from ringback.workflows.place import Place


def choose(feed: str, place: Place, *, newest: int | None, contents: frozenset[str] | None = None) -> Chosen:
    """The newest published imports that were not taken back and whose bytes the archive still has.

    contents: only these, by SHA-256.
    Raises: StoreError, where the archive has none of them.
    """
    every = place.imports(feed)
    wanted = [run for run in every if contents is None or run.sha256 in contents][:newest]
    kept = tuple(run for run in wanted if run.sha256 is not None and place.archive.is_whole(run.sha256))
    if wanted and not kept:
        raise StoreError(
            "none of the deliveries can be read from the archive",
            where=", ".join(run.name for run in wanted),
            why="Their bytes are gone or damaged. Nothing was written.",
            mend="Restore the archive's folder from a backup.",
        )
    remarks = [_gone(run) for run in wanted if run not in kept]
    if not wanted:
        remarks.append("There was no published delivery to read.")
    return Chosen(runs=kept, of=len(every), remarks=tuple(remarks))


def _gone(run: Run) -> str:
    return f"{run.name} ({run.file_name}) was not read: its bytes are gone from the archive, or damaged."

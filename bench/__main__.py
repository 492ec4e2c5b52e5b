"""`python -m bench [speed|memory|guard|guard-cost|peers|reformat]`: measures, prints a table.

speed   every side in every round, in turn and in reverse turn; medians, ratios within a round (1,000,000 rows).
guard-cost  which part of an import profiling and guarding are: see `--help`.
guard   real feeds in the order they came, and faults put into them: see `python -m bench guard --help`.
peers   what other tools say of the same deliveries and faults: see `python -m bench peers --help`.
reformat  recipes from examples, on public tasks: see `python -m bench reformat --help`.
memory  ringback's first load and redelivery into PostgreSQL, once, for the peak (10,000,000 rows).

Every side is a process of its own, timed from its start to its exit, and is checked to hold every client and the right
sum of balances. The server's memory is not counted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from bench import report, tools
from bench.guard.cost import main as guard_cost
from bench.guard.others import main as peers
from bench.guard.tell import main as guard
from bench.measure import Measured
from bench.reformat import main as reformat
from bench.server import Server, running

Tool = Callable[[Server, tools.Deliveries], list[Measured]]

SPEED: dict[str, Tool] = {
    "copy": tools.copy,
    "ringback": tools.ringback,
    "dlt": tools.dlt,
    "executemany": lambda _, files: tools.executemany(files),
    "ringback-sqlite": lambda _, files: tools.ringback_sqlite(files),
}
ONCE: dict[str, Tool] = {"dlt-rows": tools.dlt_rows}  # takes minutes: in the first round only
MEMORY: dict[str, Tool] = {"ringback": tools.ringback}


def main() -> int:
    """Measure as asked; exit 0 when everything ran and held what it should, whatever the figures."""
    others = {"guard": guard, "guard-cost": guard_cost, "peers": peers, "reformat": reformat}
    if sys.argv[1:2] and sys.argv[1] in others:
        return others[sys.argv[1]](sys.argv[2:])
    asked = _arguments()
    rows = asked.rows or {"speed": 1_000_000, "memory": 10_000_000}[asked.what]
    files = tools.deliveries(rows)
    if any(name.startswith("dlt") for name in asked.tools):
        tools.prepare_dlt()
    with running(tools.OUT / "pg") as server:
        rounds = [_round(number, asked, server, files) for number in range(asked.rounds)]
        settings = server.settings()
    _tell(rounds, rows)
    name = "results.json" if asked.what == "speed" else "results-memory.json"
    report.write_results(tools.OUT / name, rounds, rows=rows, server=settings)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", nargs="?", choices=("speed", "memory"), default="speed")
    parser.add_argument("--rows", type=int, help="clients in a delivery")
    parser.add_argument("--rounds", type=int, help="default: 3; memory: 1")
    parser.add_argument("--tools", nargs="+", choices=[*SPEED, *ONCE], help="default: all")
    asked = parser.parse_args()
    asked.rounds = asked.rounds or (3 if asked.what == "speed" else 1)
    asked.tools = asked.tools or ([*SPEED, *ONCE] if asked.what == "speed" else [*MEMORY])
    return asked


def _round(number: int, asked: argparse.Namespace, server: Server, files: tools.Deliveries) -> list[Measured]:
    chosen = [(name, tool) for name, tool in SPEED.items() if name in asked.tools]
    if number % 2:
        chosen.reverse()
    if number == 0:
        chosen += [(name, tool) for name, tool in ONCE.items() if name in asked.tools]
    taken: list[Measured] = []
    for name, tool in chosen:
        print(f"round {number + 1} of {asked.rounds}: {name}", file=sys.stderr)
        taken += tool(server, files)
    return taken


def _tell(rounds: Sequence[Sequence[Measured]], rows: int) -> None:
    sides = report.summarise(rounds)
    print(f"{rows:,} clients, 12 fields; every side a process of its own, start to exit\n")
    for part in (report.table(sides), report.goals(rounds), report.where_time_goes(sides)):
        if part:
            print(part + "\n")


if __name__ == "__main__":
    sys.exit(main())

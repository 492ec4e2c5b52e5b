"""python -m bench.hostile [WORD]: the table of docs/limits.md. Each file is read in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys

from bench.hostile.cases import CASES

TIMEOUT_SECONDS = 300


def main(word: str) -> int:
    """Print the table of the cases whose name has the word. Returns: how many did not end cleanly."""
    failed = 0
    print("| file | what comes of it | seconds | peak MiB |\n|---|---|---|---|")
    for number, case in enumerate(CASES):
        if word not in case.name:
            continue
        try:
            ended = subprocess.run(
                [sys.executable, "-m", "bench.hostile.one", str(number)],
                capture_output=True,
                text=True,
                timeout=TIMEOUT_SECONDS,
            )
            told = json.loads(ended.stdout)
        except (subprocess.TimeoutExpired, json.JSONDecodeError):
            failed += 1
            print(f"| {case.name} | **did not end cleanly** | | |")
            continue
        outcome = f"refused: {told['refused']}" if "refused" in told else f"{told['rows']:,} rows"
        if told["rejects"]:
            outcome += f", {told['rejects']:,} rejected: {told['why']}"
        print(f"| {case.name} | {outcome} | {told['seconds']:.1f} | {told['peak_mib']:,.0f} |", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))

"""A stranger adds a field type in one file; nothing else is touched, and every command knows it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import ringback

ROOT = Path(__file__).parents[3]
CONTRACT = """feed: homes
key: id
target: {table: homes}
policy: {quarantined: {hold_above: 50 %}}
fields:
  id: {from: id, type: string}
  home: {from: home, type: country}
"""


@pytest.fixture
def with_country(tmp_path: Path) -> Path:
    """A copy of ringback with one more file: the one that docs/architecture.md shows."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    shown = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    assert len(shown) == 1
    package = tmp_path / "with_country" / "ringback"
    shutil.copytree(Path(ringback.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "steps" / "interpret" / "country.py").write_text(shown[0], encoding="utf-8")
    return package.parent


def test_the_type_that_the_architecture_page_shows_reads_a_delivery(with_country: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "feeds").mkdir(parents=True)
    (project / "ringback.yaml").write_text("target: sqlite:///homes.db\n", encoding="utf-8")
    (project / "feeds" / "homes.yaml").write_text(CONTRACT, encoding="utf-8")
    (project / "homes.csv").write_text("id,home\n1,GB\n2,de\n3,FR\n", encoding="utf-8")

    def run(*words: str) -> str:
        program = "from ringback.cli import main; main()"
        environ = {**os.environ, "PYTHONPATH": str(with_country)}
        command = [sys.executable, "-c", program, *words]
        ended = subprocess.run(command, cwd=project, env=environ, capture_output=True, text=True, check=True)
        return ended.stdout

    run("approve", "homes", "--by", "stranger")
    receipt = run("import", "homes", "homes.csv", "--by", "stranger")
    story = run("explain", "homes", "1", "home")

    assert "3 read = 2 added + 0 changed + 0 unchanged + 1 quarantined" in receipt
    assert 'line 3, column "home" is not a country written as two capital letters, as GB' in receipt
    assert "home: GB" in story

"""The house is built as its style says: imports point one way, rooms are not halls, names are the field's."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "ringback"
MODULES = sorted(SOURCE.rglob("*.py"))
# Each room, and the rooms that it may use besides itself. `errors` is everybody's.
MAY_USE = {
    "cli": {"api", "workflows", "report", "model"},
    "api": {"workflows", "report", "contracts", "model"},
    "workflows": {"store", "steps", "report", "contracts", "engine", "model"},
    "report": {"contracts", "model"},
    "contracts": {"steps", "model"},
    "store": {"model"},
    "steps": {"model"},
    "engine": {"model"},
    "model": set(),
}
NOT_NAMES = {"data", "info", "item", "process", "handle", "manager", "util", "utils", "common", "misc", "helpers"}
LONGEST_MODULE, LONGEST_FUNCTION, USUAL_FUNCTION = 400, 60, 30


def room_of(module: Path) -> str:
    return module.relative_to(SOURCE).parts[0].removesuffix(".py")


def rooms_used(module: Path) -> set[str]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    names = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    return {name.split(".")[1] for name in names if name.startswith("ringback.")}


def functions_of(module: Path) -> list[ast.FunctionDef]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def length_of(function: ast.FunctionDef) -> int:
    """Lines of a function, its docstring not counted."""
    first = function.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_point_one_way(module: Path) -> None:
    room = room_of(module)

    used = rooms_used(module) - {room, "errors"}

    assert used <= MAY_USE.get(room, set(MAY_USE))


def test_no_module_is_a_hall_and_no_name_says_nothing() -> None:
    long = [module.name for module in MODULES if len(module.read_text(encoding="utf-8").splitlines()) > LONGEST_MODULE]
    empty = [module.stem for module in MODULES if module.stem in NOT_NAMES]

    assert (long, empty) == ([], [])


def test_functions_are_short() -> None:
    lengths = sorted(length_of(function) for module in MODULES for function in functions_of(module))

    assert lengths[-1] <= LONGEST_FUNCTION
    assert lengths[len(lengths) * 9 // 10] <= USUAL_FUNCTION


def test_the_public_interface_has_at_most_twenty_names_and_each_is_documented() -> None:
    import ringback

    undocumented = [name for name in ringback.__all__ if not getattr(ringback, name).__doc__]

    assert len(ringback.__all__) <= 20
    assert undocumented == []

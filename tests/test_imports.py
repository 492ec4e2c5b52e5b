"""The house's own walls: which room may know of which, and how large a room or a function may be."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles

HOUSE = Path(__file__).parents[1] / "src" / "ringback"
MODULES = sorted(HOUSE.rglob("*.py"))

# Each room, and the rooms that it may know. Nothing else is allowed; `model` knows nobody.
MAY_KNOW = {
    "model": set[str](),
    "errors": {"model"},
    "engine": {"model", "errors"},
    "steps": {"engine", "model", "errors"},  # rows of formats whose header is known at their end are spooled
    "contracts": {"steps", "model", "errors"},  # field types are steps: a contract is made of them
    "store": {"model", "errors"},
    "report": {"contracts", "model", "errors"},  # the evidence of a draft
    "phone": {"store", "report", "model", "errors"},
    "workflows": {"phone", "steps", "store", "report", "contracts", "engine", "model", "errors"},
    "api": {"workflows", "contracts", "model", "errors"},
    "cli": {"workflows", "report", "model", "errors"},
    "__init__": {"api", "report", "model", "errors"},
}
NOT_A_NAME = {"data", "info", "item", "process", "handle", "manager", "util", "utils", "common", "misc", "helpers"}


def test_a_room_knows_only_the_rooms_below_it() -> None:
    strange = {
        str(module.relative_to(HOUSE)): found
        for module in MODULES
        if (found := set(_known_rooms(module)) - {_room(module)} - MAY_KNOW[_room(module)])
    }

    assert strange == {}


def test_the_arrows_lead_nowhere_in_a_circle() -> None:
    reached = {room: _reached(room) for room in MAY_KNOW}

    assert [room for room in MAY_KNOW if room in reached[room]] == []


def test_the_table_of_rooms_names_every_room() -> None:
    assert {_room(module) for module in MODULES} <= set(MAY_KNOW)


def test_a_module_fits_into_its_walls() -> None:
    lines = {module: len(module.read_text(encoding="utf-8").splitlines()) for module in MODULES}

    assert {str(module): count for module, count in lines.items() if count > 400} == {}
    assert {module for module in MODULES if len(module.relative_to(HOUSE).parts) > 3} == set()


def test_functions_are_short() -> None:
    lengths = {f"{module.name}:{name}": length for module in MODULES for name, length in _functions(module)}

    assert {name: length for name, length in lengths.items() if length > 60} == {}
    assert quantiles(lengths.values(), n=10)[-1] <= 30


def test_every_module_and_room_says_what_it_is_and_none_is_called_a_word_for_anything() -> None:
    names = {module: {*module.relative_to(HOUSE).with_suffix("").parts} for module in MODULES}

    assert {str(module): found for module, parts in names.items() if (found := parts & NOT_A_NAME)} == {}
    assert [module for module in MODULES if not ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))] == []


def _room(module: Path) -> str:
    first = module.relative_to(HOUSE).parts[0]
    return first.removesuffix(".py")


def _known_rooms(module: Path) -> Iterator[str]:
    """The rooms that a module imports from, also inside functions and for types only."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (_target(alias.name) for alias in node.names if _is_ours(alias.name))
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            name = node.module or ""
            if name == "ringback":
                yield from (alias.name for alias in node.names)
            elif _is_ours(name):
                yield _target(name)


def _is_ours(name: str) -> bool:
    return name == "ringback" or name.startswith("ringback.")


def _target(name: str) -> str:
    return (*name.split("."), "__init__")[1]


def _reached(room: str) -> set[str]:
    reached: set[str] = set()
    ahead = set(MAY_KNOW[room])
    while ahead:
        reached |= ahead
        ahead = {further for known in ahead for further in MAY_KNOW[known]} - reached
    return reached


def _functions(module: Path) -> Iterator[tuple[str, int]]:
    """Each function and its lines, the docstring and those of functions inside it not counted."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1 - _docstring_lines(node)


def _docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    if ast.get_docstring(node) is None:
        return 0
    first = node.body[0]
    return (first.end_lineno or first.lineno) - first.lineno + 1

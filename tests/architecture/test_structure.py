"""Owns the proof of the house rules that no other tool checks: sizes, docstrings, imports, addresses.

It must not know what any module does.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.architecture import blocks, pages

PRODUCT = blocks.product_modules()
MAX_LINES = 400
MAX_FUNCTION_LINES = 60

MAY_USE_SIMULATORS = ("kiosk/campaign/", "kiosk/demo/", "hardware/bench.py", "hardware/simulators/")

OWN_ADDRESSES = re.compile(
    r"""
    127\.0\.0\.1 | localhost | \[::1\]            # this machine
    | 192\.168\.\d+\.\d+                          # RFC 1918, in samples
    | host(name)? | till | somewhere | NAME | x   # placeholders in tests and texts
    | ([\w.-]+\.)?(example(\.com|\.org|\.net)?|invalid|local)  # RFC 2606, RFC 6762
    | …
    """,
    re.VERBOSE,
)
KNOWN_ADDRESSES = frozenset(
    {
        *("www.w3.org", "www.apache.org", "scripts.sil.org", "openfontlicense.org", "github.com"),
        *("www.adobe.com", "ref.gs1.org", "id.gs1.org"),
    }
)
"""Namespaces of SVG and EPCIS, texts of licences, and where the fonts come from."""

_ADDRESS = re.compile(r"(?:https?|wss?|ftp|git|ssh|tcp)://(?:[^/\s\"'@]*@)?(\[[^\]]*\]|[^/\s\"':`)>,;|\\]*)")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def name_of(path: Path) -> str:
    return str(path.relative_to(pages.ROOT))


def test_the_import_contracts_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    if not linter.exists():
        pytest.skip("import-linter is not installed")
    run = subprocess.run(
        [linter, "--no-cache"], cwd=pages.ROOT, capture_output=True, text=True, timeout=100, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_no_file_of_the_product_is_too_long() -> None:
    lines = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in PRODUCT}
    assert {name: count for name, count in lines.items() if count > MAX_LINES} == {}


def test_no_function_is_too_long() -> None:
    long = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in PRODUCT
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= MAX_FUNCTION_LINES
    ]
    assert long == []


def test_every_module_says_what_it_owns_and_what_it_must_not() -> None:
    silent = []
    for path in PRODUCT:
        text = ast.get_docstring(tree(path)) or ""
        if tree(path).body and not (blocks.owned(path) and re.search(r"\b(must not|never)\b", text)):
            silent.append(name_of(path))
    assert silent == []


def test_nothing_prints() -> None:
    printing = [
        f"{name_of(path)}:{node.lineno}"
        for path in PRODUCT
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert printing == []


def test_nothing_is_swallowed_or_put_off() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    found = [name_of(path) for path in PRODUCT if marks.search(path.read_text("utf-8"))]
    found += [
        f"{name_of(path)}:{node.lineno}"
        for path in PRODUCT
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and [type(each) for each in node.body] == [ast.Pass]
    ]
    assert found == []


def test_only_the_demonstration_and_the_bench_use_simulators() -> None:
    users = {
        name_of(path)
        for path in PRODUCT
        for module in _imports(path)
        if module.startswith(("hardware.simulators", "hardware.bench"))
    }
    assert {name for name in users if not name.startswith(MAY_USE_SIMULATORS)} == set()


def test_every_driver_stands_in_the_hardware_table_of_the_readme() -> None:
    table = pages.section(pages.read("README.md"), "What works with what")
    drivers = [path for path in (pages.ROOT / "hardware" / "drivers").glob("*.py") if _has_driver(path)]
    assert len(drivers) >= 5
    assert [path.name for path in drivers if f"(hardware/drivers/{path.name})" not in table] == []


def test_no_file_names_an_address_that_is_not_known() -> None:
    strange = {
        f"{name_of(path)}: {host}"
        for path in pages.files()
        for host in _ADDRESS.findall(_text(path))
        if host and "{" not in host and host not in KNOWN_ADDRESSES and not OWN_ADDRESSES.fullmatch(host)
    }
    assert strange == set()


def test_the_requirements_name_packages_and_hashes_and_no_index() -> None:
    lines = pages.read("requirements.lock").splitlines()
    options = [line for line in lines if line.startswith("-") or "://" in line]
    assert options == []


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


SHARED_BY_DRIVERS = "TerminalOnLine"


def _has_driver(path: Path) -> bool:
    """Whether a class of the file has a device's life cycle (hardware.ports.Device), its own or shared."""
    classes = [node for node in tree(path).body if isinstance(node, ast.ClassDef)]
    return any(
        SHARED_BY_DRIVERS
        in {name.id for base in each.bases for name in ast.walk(base) if isinstance(name, ast.Name)}
        or {"open", "close", "health"}
        <= {part.name for part in each.body if isinstance(part, ast.FunctionDef)}
        for each in classes
        if each.name != SHARED_BY_DRIVERS
    )


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:  # a picture, a font, a sound
        return ""

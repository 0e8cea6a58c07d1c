"""The house keeps its layout: the import contracts, the top level, and files that stay small and say their reason."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from app.providers.registry import PROVIDERS

ROOT = Path(__file__).parent.parent
APP = ROOT / "app"
TOP_LEVEL = {"pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "app", "schema.graphql", "tests", "docker"}
NAMES_THAT_SAY_NOTHING = {"utils", "helpers", "manager", "service", "data", "misc"}


def sources() -> list[Path]:
    """Every Python file of the program, but for the migrations, which are made by a machine."""
    return [path for path in APP.rglob("*.py") if "versions" not in path.parts and "node_modules" not in path.parts]


def test_imports_keep_the_contracts() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_contracts_see_every_package() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = " ".join(config["contracts"][0]["layers"])
    packages = {path.parent.name for path in APP.glob("*/__init__.py")} | {p.stem for p in APP.glob("*.py")}
    assert packages - {"__init__", "settings"} == {
        name.removeprefix("app.") for name in layers.replace("|", " ").split()
    }


def test_every_vendor_is_a_folder_with_recorded_payloads() -> None:
    for provider in PROVIDERS:
        name = provider.value.lower()
        assert (APP / "providers" / name / "wire.py").is_file(), name
        assert list((ROOT / "tests" / "providers" / name / "payloads").iterdir()), name


def test_the_top_level_is_what_was_agreed() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    top = {line.split("/")[0] for line in listed.splitlines()}
    assert {name for name in top if not name.startswith(".")} <= TOP_LEVEL


def test_every_file_says_its_reason_first_and_stays_small() -> None:
    for path in sources():
        text = path.read_text()
        assert ast.get_docstring(ast.parse(text)), f"{path} has no docstring"
        assert len(text.splitlines()) <= 400, f"{path} is longer than 400 lines"


def test_every_public_function_class_and_method_has_a_docstring() -> None:
    missing = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in sources()
        for node in public(ast.parse(path.read_text()).body)
        if not ast.get_docstring(node)
    ]
    assert not missing


def public(body: list[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """The functions and classes that others may use, and the methods of those classes."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body)


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert not [path for path in APP.rglob("*") if path.stem in NAMES_THAT_SAY_NOTHING]

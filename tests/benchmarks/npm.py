"""The servers from npm: a Node.js that they run on, and their packages, installed once into the cache folder."""

import os
import shutil
import subprocess
from pathlib import Path

from app.web.frontend.build_hook import NODE_WHEEL, BuildFailedError, Tools, tools_in_wheel, version_of

_SOURCES = Path(__file__).parent / "node"
_OLDEST = 22  # PostGraphile uses what Node 20 has not
_ADVICE = f"Install Node.js {_OLDEST} or newer with npm, or `pip install '{NODE_WHEEL}'`."


class NoNodeError(Exception):
    """There is no Node.js, or npm could not install; the message says what to do."""


def folder(cache: Path) -> Path:
    """Where the servers and their packages are."""
    return cache / "node"


def tools() -> Tools:
    """The machine's own node and npm, or those in a Python package. Raises NoNodeError."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and int(version_of(node).removeprefix("v").partition(".")[0] or 0) >= _OLDEST:
        return Tools([node], [npm])
    try:
        return tools_in_wheel()
    except BuildFailedError as error:
        raise NoNodeError(_ADVICE) from error


def install(cache: Path) -> None:
    """Installs what the lock file says, unless that is there. Raises NoNodeError."""
    found, into = tools(), folder(cache)
    into.mkdir(parents=True, exist_ok=True)
    for file in _SOURCES.iterdir():
        shutil.copy(file, into)
    lock, installed = (into / "package-lock.json").read_text(), into / "installed"
    if installed.exists() and installed.read_text() == lock:
        return
    path = f"{Path(found.node[0]).parent}{os.pathsep}{os.environ['PATH']}"  # npm's own scripts ask for node
    run = subprocess.run(
        [*found.npm, "ci", "--silent"], cwd=into, env=os.environ | {"PATH": path}, capture_output=True, text=True
    )
    if run.returncode:
        raise NoNodeError(f"npm ci failed in {into}:\n{run.stderr.strip()}")
    installed.write_text(lock)

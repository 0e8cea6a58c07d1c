"""What the store's own tests share: a store without any tables."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.conftest import _named, _run_on


@pytest.fixture
def empty_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a store of the test's own that nothing was ever done to."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.sqlite"
        return
    server, name = request.getfixturevalue("postgresql"), f"e{uuid4().hex}"
    asyncio.run(_run_on(server, f"CREATE DATABASE {name}"))
    yield _named(server, name)
    asyncio.run(_run_on(server, f"DROP DATABASE {name} WITH (FORCE)"))

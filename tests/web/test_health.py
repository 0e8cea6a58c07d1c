"""Whether the process lives, and whether it can answer: also when the store has gone."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy.engine import make_url
from structlog.testing import capture_logs

from tests.conftest import _run_on
from tests.web.serving import asking, listening, running, served

QUERY = {"query": "{ calls { totalCount } }"}


async def remove(store_url: str, server: str) -> None:
    """Takes a store away under a running server's feet."""
    url = make_url(store_url)
    assert url.database
    if url.get_backend_name() == "sqlite":
        shutil.rmtree(Path(url.database).parent)
    else:
        await _run_on(server, f"ALTER DATABASE {url.database} RENAME TO gone_{url.database}")


async def bring_back(store_url: str, server: str) -> None:
    url = make_url(store_url)
    if url.get_backend_name() != "sqlite":
        await _run_on(server, f"ALTER DATABASE gone_{url.database} RENAME TO {url.database}")


@asynccontextmanager
async def abandoned(store_url: str, server: str, asked_before: bool = False) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server whose store went away."""
    async with running(store_url) as app, asking(app) as client:
        assert (await client.get("/readyz")).status_code == 200
        if asked_before:
            assert (await client.post("/graphql", json=QUERY)).status_code == 200
        await app.state.viewers.close()  # nothing is being written down any more
        await app.state.database.close()  # its connections are lost, as when a server restarts
        await remove(store_url, server)
        yield client
        await bring_back(store_url, server)


def shown(store_url: str) -> str:
    """The address as the operator sees it."""
    url = make_url(store_url)
    return (url.database or "") if url.get_backend_name() == "sqlite" else str(url.set(drivername="postgresql+asyncpg"))


async def test_server_with_its_store_is_live_and_ready(store_url: str) -> None:
    async with served(store_url) as client:
        for path, status in (("/livez", "live"), ("/readyz", "ready")):
            response = await client.get(path)
            assert (response.status_code, response.json()) == (200, {"status": status})
            assert (await client.head(path)).status_code == 200


async def test_server_without_its_store_is_live_but_not_ready(store_url: str, postgresql: str) -> None:
    async with abandoned(store_url, postgresql) as client:
        assert (await client.get("/livez")).status_code == 200
        with capture_logs() as logged:
            response = await client.get("/readyz")
    assert [event["reason"].partition(" cannot")[0] for event in logged] == [f"The store at {shown(store_url)}"]
    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"
    assert response.json()["status"] == "not ready"
    assert response.json()["reason"] == "The store cannot be used."


@pytest.mark.parametrize("asked_before", [False, True])
async def test_question_without_the_store_is_answered_503_with_its_reason(
    store_url: str, postgresql: str, asked_before: bool
) -> None:
    async with abandoned(store_url, postgresql, asked_before) as client:
        for _ in range(2):
            response = await client.post("/graphql", json=QUERY)
            (error,) = response.json()["errors"]
            assert (response.status_code, response.headers["retry-after"]) == (503, "1")
            assert error["extensions"] == {"code": "STORE_UNAVAILABLE"}
            assert error["message"] == "The store cannot be used."


async def test_question_to_a_busy_store_may_be_asked_again(store_url: str) -> None:
    async with running(store_url, database_pool=1, engine=False) as app, asking(app) as client:
        assert (await client.post("/graphql", json=QUERY)).status_code == 200
        async with app.state.database.read():
            response = await client.post("/graphql", json=QUERY)
    (error,) = response.json()["errors"]
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")
    assert error["extensions"] == {"code": "STORE_BUSY"}


async def test_schema_and_pages_need_no_store(store_url: str, postgresql: str) -> None:
    async with abandoned(store_url, postgresql) as client:
        for path in ("/schema.graphql", "/graphiql", "/graphiql/config.json"):
            assert (await client.get(path)).status_code == 200


async def test_health_over_a_real_socket(sqlite_template: Path, tmp_path: Path) -> None:
    shutil.copy(sqlite_template, tmp_path / "store.sqlite")
    async with (
        listening(f"sqlite:///{tmp_path}/store.sqlite") as address,
        httpx.AsyncClient(base_url=address) as client,
    ):
        assert [(await client.get(path)).status_code for path in ("/livez", "/readyz")] == [200, 200]
        assert (await client.head("/readyz")).content == b""

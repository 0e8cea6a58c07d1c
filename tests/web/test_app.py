"""create_app: a server is a value made from settings; it makes its store ready, and lets go of it."""

from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from app.domain.errors import InputError, StoreError
from app.graphql.schema import sdl
from app.settings import Settings
from app.store.database import Database
from app.web.app import create_app
from tests.conftest import _named, _run_on
from tests.web.serving import asking, listening, running, served

ROOT = Path(__file__).parents[2]
QUERY = {"query": "{ sources { name } }"}


async def test_embedded_store_is_made_and_migrated_by_itself(tmp_path: Path) -> None:
    for _ in range(2):
        async with served(f"sqlite:///{tmp_path}/new/store.sqlite") as client:
            assert (await client.post("/graphql", json=QUERY)).json() == {"data": {"sources": []}}
    assert (tmp_path / "new" / "store.sqlite").exists()


async def test_store_of_a_server_is_checked_and_never_migrated_by_itself(postgresql: str) -> None:
    await _run_on(postgresql, "CREATE DATABASE untouched")
    with pytest.raises(StoreError, match=r"The store is at version none, .* Run: switchboard migrate"):
        async with running(_named(postgresql, "untouched")):
            pass
    database = Database(_named(postgresql, "untouched"))
    async with database.read() as connection:
        tables = await connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        assert tables.all() == []
    await database.close()
    await _run_on(postgresql, "DROP DATABASE untouched WITH (FORCE)")


async def test_workspace_of_the_settings_is_made(store_url: str) -> None:
    async with running(store_url, workspace="acme", timezone="Asia/Kathmandu") as app:
        database: Database = app.state.database
        async with database.read() as connection:
            found = await connection.execute(text("SELECT id, timezone FROM workspaces ORDER BY id"))
            assert found.all() == [("acme", "Asia/Kathmandu"), ("main", "UTC")]


async def test_workspace_keeps_the_zone_it_was_made_with(store_url: str) -> None:
    for zone in ("Asia/Kathmandu", "Europe/Berlin"):
        async with running(store_url, workspace="acme", timezone=zone) as app:
            database: Database = app.state.database
            async with database.read() as connection:
                found = await connection.execute(text("SELECT timezone FROM workspaces WHERE id = 'acme'"))
                assert found.scalar_one() == "Asia/Kathmandu"


async def test_zone_that_does_not_exist_stops_the_server(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a time zone"):
        async with running(f"sqlite:///{tmp_path}/store.sqlite", timezone="Mars/Olympus"):
            pass


async def test_connections_end_with_the_server(postgresql: str, postgresql_template: str) -> None:
    await _run_on(postgresql, f"CREATE DATABASE held TEMPLATE {postgresql_template}")
    async with served(_named(postgresql, "held")) as client:
        assert (await client.post("/graphql", json=QUERY)).status_code == 200
    await _run_on(postgresql, "DROP DATABASE held")  # which fails while anybody is connected


async def test_two_servers_live_side_by_side(tmp_path: Path) -> None:
    async with (
        running(f"sqlite:///{tmp_path}/a.sqlite", graphiql=False) as one,
        running(f"sqlite:///{tmp_path}/b.sqlite") as other,
    ):
        async with asking(one) as client:
            assert (await client.get("/graphiql")).status_code == 404
        async with asking(other) as client:
            assert (await client.get("/graphiql")).status_code == 200


async def test_making_an_application_touches_no_store() -> None:
    app = create_app(Settings(database="postgresql://me:secret@127.0.0.1:1/calls"))
    await app.state.database.close()


@pytest.mark.parametrize("path", ["/nothing", "/graphql/x", "/graphiql/nothing", "/graphiql/assets/nothing.js", "/graphiql/assets/../index.html", "/%00", "/favicon.ico"])  # fmt: skip
async def test_unknown_path_is_not_found(tmp_path: Path, path: str) -> None:
    async with served(f"sqlite:///{tmp_path}/store.sqlite") as client:
        assert (await client.get(path, follow_redirects=True)).status_code == 404


async def test_schema_is_served_as_the_file_has_it(tmp_path: Path) -> None:
    async with served(f"sqlite:///{tmp_path}/store.sqlite") as client:
        response = await client.get("/schema.graphql")
        assert response.headers["content-type"] == "text/plain; charset=utf-8"
        assert response.text == sdl() == (ROOT / "schema.graphql").read_text()
        assert (await client.head("/schema.graphql")).status_code == 200


async def test_every_path_refuses_methods_that_change_something(tmp_path: Path) -> None:
    async with served(f"sqlite:///{tmp_path}/store.sqlite") as client:
        for path in ("/", "/schema.graphql", "/livez", "/readyz", "/graphiql", "/graphiql/config.json"):
            for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
                response = await client.request(method, path)
                assert response.status_code == 405, (method, path)
                assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD"}


async def test_server_stops_when_it_is_told_to(tmp_path: Path) -> None:
    async with listening(f"sqlite:///{tmp_path}/store.sqlite") as address, httpx.AsyncClient() as client:
        assert (await client.get(f"{address}/livez")).status_code == 200
    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(f"{address}/livez")

"""`switchboard token`: a secret is shown once and kept as a hash; who holds it sees what its options say, until it ends."""

import asyncio
import hashlib
import json
import sqlite3
from contextlib import closing
from typing import Any

import httpx
import pytest

from app.access.tokens import digest_of
from app.settings import Settings
from app.web.app import create_app
from tests.builders import callcap_call, callyzer_call
from tests.cli.program import Program
from tests.cli.samples import voxcrow

CALLS = "{ calls { totalCount nodes { id source { name } agent { id tags } division { id } } } }"
TAGGED = json.dumps(
    {"result": [callyzer_call("a", emp_tags=["Night"]), callyzer_call("b", emp_code="2", emp_number="9876500002")]}
)
UNITS = json.dumps({"call": [callcap_call("a", division={"id": 5, "name": "North"}), callcap_call("b")]})


@pytest.fixture
def filled(switchboard: Program) -> Program:
    """The program on a store with the calls of three sources."""
    bodies = {"voxcrow": voxcrow("9811000001"), "callyzer": TAGGED, "callcap": UNITS}
    for vendor, body in bodies.items():
        name = switchboard.file(f"{vendor}.json", body)
        assert switchboard("import", vendor, name, "--source", vendor).code == 0
    return switchboard


def made(switchboard: Program, *options: str, name: str = "wallboard") -> str:
    """The secret of a new token."""
    ended = switchboard("token", "add", name, *options)
    assert ended.code == 0, ended.err
    return ended.out.strip()


def asked(switchboard: Program, secret: str, query: str = CALLS) -> tuple[int, Any]:
    """What a server on the program's store answers to who holds a secret: a status, and a body."""

    async def run() -> tuple[int, Any]:
        app = create_app(Settings(database=f"sqlite:///{switchboard.folder / 'switchboard.sqlite'}"))
        transport = httpx.ASGITransport(app=app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
        ):
            held = {"authorization": f"Bearer {secret}"}
            answer = await client.post("/graphql", json={"query": query}, headers=held)
            return answer.status_code, answer.json()

    return asyncio.run(run())


def calls(switchboard: Program, secret: str) -> list[Any]:
    """The calls that who holds a secret sees."""
    status, body = asked(switchboard, secret)
    assert (status, "errors" in body) == (200, False), body
    assert body["data"]["calls"]["totalCount"] == len(body["data"]["calls"]["nodes"])
    return list(body["data"]["calls"]["nodes"])


def test_secret_is_all_that_standard_output_has_and_is_never_shown_again(filled: Program) -> None:
    ended = filled("token", "add", "wallboard")
    secret = ended.out.strip()
    assert (ended.out, len(secret.split())) == (f"{secret}\n", 1)
    assert "not shown again" in ended.err
    assert secret not in ended.err
    assert len(calls(filled, secret)) == 5
    listed = filled("token", "list")
    assert "wallboard" in listed.out
    assert secret.rpartition(".")[2] not in listed.out + listed.err


def test_no_file_of_the_store_has_the_secret(filled: Program) -> None:
    path = filled.folder / "switchboard.sqlite"
    with closing(sqlite3.connect(path)) as reading:  # keeps the write-ahead log from being cleared away
        reading.execute("BEGIN").execute("SELECT count(*) FROM calls").fetchone()
        secret = made(filled)
        asked(filled, secret)
        written = {file.name: file.read_bytes() for file in filled.folder.glob("switchboard.sqlite*")}
    random = secret.rpartition(".")[2].encode()
    assert set(written) == {"switchboard.sqlite", "switchboard.sqlite-wal", "switchboard.sqlite-shm"}
    assert not [name for name, content in written.items() if secret.encode() in content or random in content]
    digest = hashlib.sha256(secret.encode()).hexdigest()
    assert digest == digest_of(secret)
    assert digest.encode() in written["switchboard.sqlite-wal"]


def test_no_two_secrets_are_alike_and_each_has_256_random_bits(switchboard: Program) -> None:
    secrets = {made(switchboard, name=f"token {number}") for number in range(5)}
    assert len(secrets) == 5
    assert {len(secret.rpartition(".")[2]) for secret in secrets} == {43}


def test_token_of_no_scope_may_read_calls_with_numbers_and_counts(filled: Program) -> None:
    status, body = asked(filled, made(filled), "{ viewer { scopes } }")
    assert status == 200, body
    assert sorted(body["data"]["viewer"]["scopes"]) == ["calls:read", "numbers:read", "stats:read"]


def test_token_sees_what_its_options_let_through(filled: Program) -> None:
    everything = calls(filled, made(filled, name="all"))
    ids = {call["id"] for call in everything}
    agents = {call["agent"]["id"] for call in everything if call["agent"]}
    (unit,) = {call["division"]["id"] for call in everything if call["division"]}
    (tagged,) = [call["agent"]["id"] for call in everything if call["agent"] and "Night" in call["agent"]["tags"]]
    assert (len(ids), len(agents)) == (5, 3)

    def seen(*options: str) -> list[Any]:
        return calls(filled, made(filled, *options, name=" ".join(options).strip("-")))

    assert {call["source"]["name"] for call in seen("--source", "callyzer", "--source", "voxcrow")} == {
        "callyzer",
        "voxcrow",
    }
    assert {call["agent"]["id"] for call in seen("--agent-tag", "night")} == {tagged}
    for id in agents:
        assert {call["agent"]["id"] for call in seen("--agent", id)} == {id}
    assert [call["division"]["id"] for call in seen("--org-unit", unit)] == [unit]
    assert seen("--agent-tag", "night", "--source", "voxcrow") == []


def test_token_ends_when_it_is_revoked_and_its_name_is_free_again(filled: Program) -> None:
    before = made(filled)
    assert filled("token", "revoke", "wallboard").out == "Revoked wallboard.\n"
    status, body = asked(filled, before)
    assert (status, body["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
    assert "switchboard token add" in body["errors"][0]["message"]
    assert asked(filled, made(filled))[0] == 200
    assert asked(filled, before)[0] == 401
    assert filled("token", "list").out.count("revoked") == 1


def test_token_says_when_it_ends_and_is_nobodys_afterwards(filled: Program) -> None:
    secret = made(filled, "--days", "2")
    assert "valid until" in filled("token", "list").out
    with closing(sqlite3.connect(filled.folder / "switchboard.sqlite")) as store:
        ((lasts,),) = store.execute("SELECT expires_at - created_at FROM api_tokens")
        assert lasts == 2 * 24 * 3600 * 1000
        store.execute("UPDATE api_tokens SET expires_at = expires_at - ?, created_at = created_at - ?", (lasts, lasts))
        store.commit()
    assert asked(filled, secret)[0] == 401
    assert "expired" in filled("token", "list").out
    assert asked(filled, made(filled))[0] == 200, "the name of a token that has expired is free"


def test_last_use_is_told(filled: Program) -> None:
    secret = made(filled)
    assert "never" in filled("token", "list").out
    asked(filled, secret)
    assert "never" not in filled("token", "list").out


def test_first_token_is_asked_for_where_there_is_none(switchboard: Program) -> None:
    assert switchboard("token", "list").out == "There is no token yet. Make one: switchboard token add dashboard\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("add", "x", "--scope", "calls:write"),
            "'calls:write' is no scope. Use: calls:read, stats:read, numbers:read",
        ),
        (("add", "x", "--scope", "calls:read", "--scope", ""), "'' is no scope. Use: calls:read"),
        (("add", "x", "--source", "nowhere"), "nowhere"),
        (("add", "x", "--agent", "Anita"), "'Anita' is no id of this workspace's Agents. Ask the graph for it."),
        (("add", "x", "--org-unit", "7"), "'7' is no id of this workspace's OrgUnits. Ask the graph for it."),
        (("add", "x", "--days", "0"), "--days"),
        (("add", "   "), "Give the token a name"),
        (("add", "taken"), "Choose another name, or revoke it first."),
        (("revoke", "x"), "There is no token 'x' in use. See: switchboard token list"),
        (("add",), "Missing argument"),
    ],
)
def test_wrong_words_end_with_2_make_no_token_and_say_what_to_do(
    switchboard: Program, words: tuple[str, ...], said: str
) -> None:
    made(switchboard, name="taken")
    ended = switchboard("token", *words)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    with closing(sqlite3.connect(switchboard.folder / "switchboard.sqlite")) as store:
        assert store.execute("SELECT name FROM api_tokens").fetchall() == [("taken",)]

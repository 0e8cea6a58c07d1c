"""`switchboard source` and `switchboard sync`: accounts are added, pulled, paused and removed; secrets are shown nowhere."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from app.cli import sync
from app.domain.sources import Provider
from tests.cli.program import Ended, Program
from tests.cli.samples import VOXCROW, held
from tests.standins import callyzer
from tests.standins.running import HASTY, UNPACED, Standin, in_thread

SECRET = callyzer.CREDENTIALS["token"]


@pytest.fixture
def standin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Standin]:
    """Callyzer with ninety calls of the last three days, asked without waiting."""
    made = sync.manner_of
    monkeypatch.setattr(sync, "manner_of", lambda settings: replace(made(settings), patience=HASTY, pace=UNPACED))
    monkeypatch.setattr(sync, "configure", lambda _: None)
    with in_thread(Provider.CALLYZER, 90, timedelta(days=3)) as found:
        yield found


def added(switchboard: Program, standin: Standin, *more: str, stdin: bytes = b"") -> Ended:
    """Adds the account."""
    where = ("--address", standin.address, "--since", f"{standin.book.now() - timedelta(days=4):%Y-%m-%d}")
    return switchboard("source", "add", "callyzer", "--name", "office", *where, *more, stdin=stdin)


def by_variable(switchboard: Program, standin: Standin) -> Ended:
    """Adds the account with its credential in the environment."""
    switchboard.patch.setenv("CALLYZER_TOKEN", SECRET)
    return added(switchboard, standin, "--credential", "token=env:CALLYZER_TOKEN")


def test_a_source_is_added_pulled_and_shown(switchboard: Program, standin: Standin) -> None:
    assert by_variable(switchboard, standin).code == 0
    ended = switchboard("sync", "office")
    assert (ended.code, ended.err) == (0, "")
    # 90 calls, 7 employees and 120 leads.
    assert ended.out == "office: read 217, new 217, updated 0, unchanged 0, rejected 0\n"
    shown = switchboard("source", "show", "office").out
    assert "credential token:     env:CALLYZER_TOKEN" in shown
    assert "calls:                90" in shown
    assert "history 100 %" in shown
    assert SECRET not in shown
    listed = switchboard("source", "list").out
    assert "office" in listed
    assert "100 %" in listed


def test_a_second_pull_finds_what_is_new(switchboard: Program, standin: Standin) -> None:
    by_variable(switchboard, standin)
    switchboard("sync")
    standin.book.add(standin.book.now())
    ended = switchboard("sync")
    assert ended.code == 0
    assert ", new 1, updated 0," in ended.out


def test_a_typed_secret_is_kept_encrypted(switchboard: Program, standin: Standin) -> None:
    switchboard.setting("CREDENTIALS_KEY", "a phrase that nobody knows")
    assert added(switchboard, standin, stdin=f"{SECRET}\n".encode()).code == 0
    assert switchboard("sync").code == 0
    assert "encrypted in the store" in switchboard("source", "show", "office").out
    for file in switchboard.folder.glob("switchboard.sqlite*"):
        assert SECRET.encode() not in file.read_bytes()


def test_a_secret_cannot_be_kept_without_a_key(switchboard: Program, standin: Standin) -> None:
    ended = added(switchboard, standin, stdin=f"{SECRET}\n".encode())
    assert ended.code == 2
    assert "Set SWITCHBOARD_CREDENTIALS_KEY" in ended.err
    assert held(switchboard)["sources"] == 0


def test_a_secret_on_the_command_line_is_refused_and_not_repeated(switchboard: Program, standin: Standin) -> None:
    ended = added(switchboard, standin, "--credential", f"token={SECRET}")
    assert ended.code == 2
    assert "env:NAME, file:/path, or -" in ended.err
    assert SECRET not in ended.err


def test_wrong_credentials_say_what_to_do_and_are_not_repeated(switchboard: Program, standin: Standin) -> None:
    switchboard.patch.setenv("CALLYZER_TOKEN", "wrong-and-secret")
    added(switchboard, standin, "--credential", "token=env:CALLYZER_TOKEN")
    ended = switchboard("sync")
    assert ended.code == 1
    assert "Error: office: Callyzer answered 401: Invalid credentials." in ended.err
    assert "wrong-and-secret" not in ended.err + ended.out
    assert "401" in switchboard("source", "list").out


def test_a_paused_source_is_not_asked_until_it_is_resumed(switchboard: Program, standin: Standin) -> None:
    by_variable(switchboard, standin)
    assert switchboard("source", "pause", "office").code == 0
    assert "There is no source to pull" in switchboard("sync").err
    assert standin.mischief.requests == 0
    assert switchboard("source", "resume", "office").code == 0
    assert switchboard("sync").code == 0
    assert standin.mischief.requests > 0


def test_a_source_goes_with_its_calls_only_where_that_is_said(switchboard: Program, standin: Standin) -> None:
    by_variable(switchboard, standin)
    switchboard("sync")
    ended = switchboard("source", "remove", "office")
    assert ended.code == 2
    assert "has 90 calls" in ended.err
    ended = switchboard("source", "remove", "office", "--with-calls")
    assert (ended.code, ended.out) == (0, "The source 'office' is removed, with 90 calls.\n")
    assert held(switchboard) == {"sources": 0, "calls": 0, "rejected_records": 0}


def test_a_source_of_ones_own_records_is_pushed_to_and_never_pulled(switchboard: Program) -> None:
    added = switchboard(
        "source", "add", "generic", "--name", "pbx", "--credential", "webhook=env:PBX", "--region", "NP"
    )
    assert added.code == 0
    assert "Push to it: POST /webhooks/pbx" in added.out + added.err
    pulled = switchboard("sync", "pbx")
    assert pulled.code == 2
    assert "Nothing is pulled into 'pbx'" in pulled.err


def test_a_source_of_files_is_pulled_once_it_is_said_how(switchboard: Program, standin: Standin) -> None:
    switchboard("import", "voxcrow", switchboard.file("rows.json", VOXCROW), "--source", "desk")
    ended = switchboard("source", "resume", "desk")
    assert ended.code == 2
    assert "its records come as files" in ended.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["callyzer", "--name", " "], "A source has a name"),
        (["callyzer", "--name", "a", "--credential", "key=env:X"], "has no credential 'key'; it needs token"),
        (["callyzer", "--name", "a", "--address", "api.example"], "is no address"),
        (["callyzer", "--name", "a", "--since", "soon", "--credential", "token=env:X"], "is no day"),
        (["nobody", "--name", "a"], "There is no provider"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_added(switchboard: Program, arguments: list[str], said: str) -> None:
    ended = switchboard("source", "add", *arguments)
    assert (ended.code, held(switchboard)["sources"]) == (2, 0)
    assert said in ended.err

"""The command line says where a store is that cannot be reached; the network is never told."""

import sys

import pytest

from app.cli.main import FAILED, main


def test_operator_reads_the_address_of_a_store_that_cannot_be_reached(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SWITCHBOARD_DATABASE", "postgresql://me:secret@127.0.0.1:1/calls")
    monkeypatch.setattr(sys, "argv", ["switchboard", "migrate"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == FAILED
    said = capsys.readouterr().err
    assert said == "Error: The store at postgresql+asyncpg://me:***@127.0.0.1:1/calls cannot be reached.\n"

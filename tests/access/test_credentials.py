"""A source's credentials come from the environment, from a file, or encrypted from the store, and are shown nowhere."""

from pathlib import Path

import pytest

from app.access.credentials import opened, place_of, sealed, shown
from app.domain.errors import InputError

KEY, OTHER = "a long enough phrase", "another long phrase"


def test_a_credential_is_read_from_the_environment_or_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENDOR_TOKEN", "secret-1")
    (tmp_path / "token").write_text("secret-2\n")
    places = {"token": place_of("env:VENDOR_TOKEN"), "password": place_of(f"file:{tmp_path}/token")}
    assert opened(places, "") == {"token": "secret-1", "password": "secret-2"}


def test_a_sealed_credential_opens_with_its_key_alone() -> None:
    place = sealed("secret-3", KEY)
    assert "secret-3" not in place
    assert opened({"token": place}, KEY) == {"token": "secret-3"}
    assert opened({"token": place}, f"{OTHER}, {KEY}") == {"token": "secret-3"}
    with pytest.raises(InputError, match="another SWITCHBOARD_CREDENTIALS_KEY"):
        opened({"token": place}, OTHER)
    with pytest.raises(InputError, match="Set SWITCHBOARD_CREDENTIALS_KEY"):
        opened({"token": place}, "")


def test_one_secret_is_sealed_differently_each_time() -> None:
    assert sealed("secret", KEY) != sealed("secret", KEY)


@pytest.mark.parametrize("said", ["secret-4", "env:", "file:", "", "sealed:abc", "-"])
def test_a_secret_itself_is_no_place(said: str) -> None:
    with pytest.raises(InputError) as caught:
        place_of(said)
    assert said not in str(caught.value) or len(said) < 6


@pytest.mark.parametrize("place", ["env:NO_SUCH_VARIABLE", "file:/no/such/file"])
def test_a_credential_that_is_not_there_is_told_by_its_place(place: str) -> None:
    with pytest.raises(InputError, match="'token'"):
        opened({"token": place}, "")


def test_a_place_is_shown_and_a_sealed_secret_is_not() -> None:
    assert shown("env:VENDOR_TOKEN") == "env:VENDOR_TOKEN"
    assert shown(sealed("secret", KEY)) == "encrypted in the store"

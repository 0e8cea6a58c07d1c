"""Where a recording may be fetched from, with whose credentials, and what is shown to nobody."""

import pytest

from app.domain.errors import InputError
from app.domain.sources import Provider
from app.providers.recording_places import Place, next_place, place_of
from app.providers.registry import spec_of

TOKEN = {"token": "s3cret"}
LOGIN = {"username": "a", "password": "b"}
OWN = "https://yourcompany.getdesk.net"


def test_a_recording_at_the_source_s_own_address_is_fetched_with_its_credentials() -> None:
    place = place_of(f"{OWN}/records/a.wav", spec_of(Provider.VOXCROW).api, f"{OWN}/api", TOKEN)
    assert place == Place(f"{OWN}/records/a.wav?token=s3cret", fetched=True, own=True)


@pytest.mark.parametrize(
    ("provider", "link", "credentials", "header"),
    [
        (Provider.CALLCAP, "https://app.callcap.com/recording/1.mp3", LOGIN, "Basic YTpi"),
        (Provider.CALLYZER, "https://media1.callyzer.co/file/1.mp3", TOKEN, None),
        (Provider.SMARTFLO, "https://cloudphone.tatateleservices.com/file/recording?callId=1&token=d4", TOKEN, None),
        (Provider.ACEFONE, "https://customer.servetel.in/file/recording?callId=1&token=6a", TOKEN, None),
    ],
)
def test_a_vendor_s_documented_hosts_are_fetched_from(
    provider: Provider, link: str, credentials: dict[str, str], header: str | None
) -> None:
    place = place_of(link, spec_of(provider).api, None, credentials)
    assert (place.url, place.fetched, place.own) == (link, True, False)
    assert place.headers.get("Authorization") == header


@pytest.mark.parametrize(
    "link",
    [
        "https://files.example/1.mp3",
        "http://app.callcap.com/recording/1.mp3",
        "https://app.callcap.com:8443/recording/1.mp3",
        "https://app.callcap.com.evil.example/1.mp3",
        "https://evilcallcap.com/1.mp3",
        "http://127.0.0.1/1.mp3",
    ],
)
def test_anywhere_else_the_browser_goes_by_itself_without_credentials(link: str) -> None:
    assert place_of(link, spec_of(Provider.CALLCAP).api, None, LOGIN) == Place(link, fetched=False)


@pytest.mark.parametrize(
    "name", ["token", "access_token", "apikey", "api_key", "key", "X-Amz-Signature", "auth", "sig"]
)
def test_an_address_with_a_vendor_s_token_is_shown_to_nobody(name: str) -> None:
    with pytest.raises(InputError, match="token"):
        place_of(f"https://files.example/1.mp3?{name}=1", spec_of(Provider.CALLCAP).api, None, LOGIN)


@pytest.mark.parametrize("link", ["file:///etc/passwd", "//", "https://", "https://u:p@app.callcap.com/1.mp3", "1.mp3"])
def test_what_is_no_address_of_the_web_is_refused(link: str) -> None:
    with pytest.raises(InputError, match="none that can be used"):
        place_of(link, spec_of(Provider.CALLCAP).api, None, LOGIN)


def test_a_source_without_credentials_is_asked_without() -> None:
    place = place_of("https://app.callcap.com/1.mp3", spec_of(Provider.CALLCAP).api, None, {})
    assert place == Place("https://app.callcap.com/1.mp3", fetched=True)


def test_credentials_do_not_follow_to_another_host() -> None:
    before = Place("https://app.callcap.com/1.mp3", True, False, {"Authorization": "Basic x"})
    assert next_place(before, "/2.mp3") == Place("https://app.callcap.com/2.mp3", True, False, before.headers)
    assert next_place(before, "https://s3.example/2.mp3?X-Amz-Signature=1").headers == {}
    own = Place("http://10.0.0.5:8080/1.mp3", True, True, {"Authorization": "Basic x"})
    assert not next_place(own, "http://10.0.0.6:8080/1.mp3").own
    with pytest.raises(InputError):
        next_place(before, "http://app.callcap.com/2.mp3")

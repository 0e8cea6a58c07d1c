"""Links to recordings: one of another key, of another text or of yesterday lets nobody in, and one minute has one link."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.recording_links import Link, RecordingLinks, recording_links
from app.domain.errors import GoneError, UnauthenticatedError

NOW = datetime(2024, 5, 20, 8, 0, 30, tzinfo=UTC)
FIVE = timedelta(minutes=5)
LINKS = RecordingLinks((b"one key",), FIVE)
LINK = Link("main", "018f9a0e4b1a7c3d9e2f4a5b6c7d8e9f", "token:1", sees_numbers=True)
texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)


@given(st.builds(Link, texts, texts, texts, st.booleans()))
def test_what_a_link_says_is_read_back(link: Link) -> None:
    assert LINKS.read(LINKS.signed(link, NOW), NOW) == link


def test_a_link_ends_with_the_minute_after_its_time() -> None:
    text = LINKS.signed(LINK, NOW)
    assert LINKS.read(text, NOW + FIVE + timedelta(seconds=29)) == LINK
    with pytest.raises(GoneError, match="ended"):
        LINKS.read(text, NOW + FIVE + timedelta(seconds=30))


def test_within_a_minute_the_link_is_the_same() -> None:
    assert LINKS.signed(LINK, NOW) == LINKS.signed(LINK, NOW + timedelta(seconds=29))
    assert LINKS.signed(LINK, NOW) != LINKS.signed(LINK, NOW + timedelta(seconds=31))


@given(st.integers(0, 400), st.integers(1, 255))
def test_no_other_text_is_taken_for_a_link(place: int, change: int) -> None:
    said, _, signature = LINKS.signed(LINK, NOW).partition(".")
    content = bytearray(urlsafe_b64decode(said + "=="))
    content[place % len(content)] ^= change
    with pytest.raises(UnauthenticatedError):
        LINKS.read(f"{urlsafe_b64encode(content).decode().rstrip('=')}.{signature}", NOW)


@pytest.mark.parametrize("text", ["", ".", "a.b", "é.é", "AAAA", "AAAA.AAAA", "." * 5000, "%00.%00"])
def test_what_is_no_link_is_refused_with_nothing_to_learn(text: str) -> None:
    with pytest.raises(UnauthenticatedError, match=r"^This link is not valid\.$"):
        LINKS.read(text, NOW)


def test_a_new_key_before_the_old_one_keeps_links_alive_and_an_other_key_does_not() -> None:
    old = recording_links("the first secret", FIVE)
    text = old.signed(LINK, NOW)
    assert recording_links("the second secret, the first secret", FIVE).read(text, NOW) == LINK
    with pytest.raises(UnauthenticatedError):
        recording_links("the second secret", FIVE).read(text, NOW)


def test_without_a_secret_each_process_has_a_key_of_its_own() -> None:
    with pytest.raises(UnauthenticatedError):
        recording_links("", FIVE).read(recording_links("", FIVE).signed(LINK, NOW), NOW)

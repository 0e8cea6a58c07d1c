"""A pushed message is taken from who signs it with the source's secret, lately; the specification's own example holds."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest

from app.access.signatures import check_secret, check_signature, secrets_of
from app.domain.errors import UnauthenticatedError

# The example of the Standard Webhooks specification.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
NOW = datetime.fromtimestamp(AT, UTC)
HEADERS = {"webhook-id": ID, "webhook-timestamp": str(AT), "webhook-signature": SIGNATURE}


def test_a_signed_message_is_told_by_its_id() -> None:
    assert check_signature([SECRET], HEADERS, BODY, NOW) == ID


def test_one_of_several_secrets_and_of_several_signatures_is_enough() -> None:
    headers = HEADERS | {"webhook-signature": f"v1,{b64encode(b'x' * 32).decode()} {SIGNATURE} v2,other"}
    assert check_signature(secrets_of(f"another one, {SECRET}"), headers, BODY, NOW) == ID


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_message_of_more_than_five_minutes_ago_or_ahead_is_refused(minutes: int) -> None:
    with pytest.raises(UnauthenticatedError, match="five minutes"):
        check_signature([SECRET], HEADERS, BODY, NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-signature": "v1,"},
        {"webhook-signature": SIGNATURE.replace("v1,", "v1a,")},
        {"webhook-id": "msg_other"},
        {"webhook-id": ""},
        {"webhook-timestamp": str(AT + 1)},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "9" * 30},
    ],
)
def test_a_message_that_was_changed_on_the_way_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(UnauthenticatedError):
        check_signature([SECRET], HEADERS | change, BODY, NOW)


def test_another_body_or_secret_is_refused() -> None:
    with pytest.raises(UnauthenticatedError):
        check_signature([SECRET], HEADERS, BODY + b" ", NOW)
    with pytest.raises(UnauthenticatedError):
        check_signature(["whsec_ of no base64", "plain"], HEADERS, BODY, NOW)
    with pytest.raises(UnauthenticatedError):
        check_signature([], HEADERS, BODY, NOW)


def test_a_secret_that_is_sent_itself_has_to_be_one_of_them() -> None:
    assert check_secret(["one", "two"], "two", b"[]") == check_secret(["two"], "two", b"[]")
    for given in ("", "three", "tw"):
        with pytest.raises(UnauthenticatedError):
            check_secret(["one", "two"], given, b"[]")

"""Who called whom, as Asterisk's numbers, channels and contexts tell it."""

import pytest

from app.domain.calls import CallDirection, CallOutcome
from app.domain.numbers import NumberKind, PhoneNumber
from app.providers.asterisk.parties import channel_extension, peer_of
from tests.providers.asterisk.samples import AMERICA, OUTGOING, call, calls_of, digits, one, row

# Direction and parties


@pytest.mark.parametrize(
    ("context", "src", "dst", "direction"),
    [
        ("from-pstn", "1001", "1002", CallDirection.INBOUND),
        ("from-trunk-sip-north", "1001", "+14155550177", CallDirection.INBOUND),
        ("incoming", "1001", "1002", CallDirection.INBOUND),
        ("From-DID-direct", "1001", "1002", CallDirection.INBOUND),
        ("from-internal", "+14155550100", "+14155550177", CallDirection.OUTBOUND),
        ("from-internal-xfer", "+14155550100", "1002", CallDirection.INTERNAL),
        ("default", "1001", "+14155550177", CallDirection.OUTBOUND),
        ("default", "1001", "1002", CallDirection.INTERNAL),
        ("default", "1001", "s", CallDirection.INTERNAL),
        ("default", "+14155550123", "1002", CallDirection.INBOUND),
        ("default", "+14155550123", "+14155550177", CallDirection.INBOUND),
        ("default", "anonymous", "1002", CallDirection.INBOUND),
        ("", "", "1002", CallDirection.INBOUND),
    ],
)
def test_direction_is_told_by_the_context_or_by_the_numbers(
    context: str, src: str, dst: str, direction: CallDirection
) -> None:
    assert one(dcontext=context, src=src, dst=dst).direction is direction


def test_incoming_call_rings_the_extension_of_the_destination_s_channel() -> None:
    found = one()
    assert found.phone_number == found.caller_number
    assert found.caller_number is not None
    assert found.caller_number.e164 == "+14155550123"
    assert (digits(found.dialed_number), digits(found.destination_number)) == ("4155550100", "1001")
    assert found.agent is not None
    assert digits(found.agent.number) == "1001"


def test_incoming_call_whose_channel_tells_nothing_rings_what_was_dialled() -> None:
    found = one(dstchannel="NOT_AVAILABLE", dst="1003")
    assert found.agent is not None
    assert digits(found.agent.number) == digits(found.destination_number) == "1003"


def test_outgoing_call_is_the_caller_s() -> None:
    found = one(**OUTGOING, clid='"Ben Sample" <1001>')
    assert found.agent is not None
    assert (found.agent.name, digits(found.agent.number)) == ("Ben Sample", "1001")
    assert found.phone_number == found.dialed_number == found.destination_number
    assert found.contact is not None
    assert found.contact.name is None


def test_internal_call_has_no_outside_party_and_no_contact() -> None:
    found = calls_of("exchange.csv")["1715238600.105"]
    assert (found.direction, found.phone_number, found.contact) == (CallDirection.INTERNAL, None, None)
    assert found.agent is not None
    assert digits(found.agent.number) == "1001"
    assert [digits(leg.agent.number) for leg in found.legs if leg.agent] == ["1002"]


def test_few_digits_are_an_extension_and_no_service_code() -> None:
    number = one(src="1001").caller_number
    assert number is not None
    assert number.kind is NumberKind.INTERNAL


def test_national_number_needs_the_source_s_region() -> None:
    assert one().dialed_number == PhoneNumber("4155550100", None, "4155550100", NumberKind.EXTERNAL)
    with_region = call(row(), locale=AMERICA).dialed_number
    assert with_region is not None
    assert with_region.e164 == "+14155550100"


def test_step_of_the_dialplan_is_no_number() -> None:
    found = calls_of("exchange.csv")["1715239200.107"]
    assert (found.dialed_number, found.destination_number, found.agent) == (None, None, None)
    assert found.outcome is CallOutcome.MISSED


@pytest.mark.parametrize(
    ("clid", "name"),
    [
        ('"Ada Example" <+14155550123>', "Ada Example"),
        ("Ada Example <+14155550123>", "Ada Example"),
        ('"" <+14155550123>', None),
        ('"+14155550123" <+14155550123>', None),
        ("+14155550123", None),
        ("", None),
    ],
)
def test_caller_id_names_the_contact_of_an_incoming_call(clid: str, name: str | None) -> None:
    contact = one(clid=clid).contact
    assert contact is not None
    assert contact.name == name


def test_withheld_caller_of_no_name_is_no_contact() -> None:
    found = one(src="anonymous", clid="")
    assert found.contact is None
    assert found.phone_number is not None
    assert found.phone_number.kind is NumberKind.WITHHELD


def test_not_available_means_nothing() -> None:
    found = calls_of("smallcdr.csv")["1498559343.3"]
    assert found.details.cdr is not None
    assert (found.details.cdr.channel, found.details.cdr.destination_channel) == (None, None)
    assert found.details.cdr.last_data is None
    assert one(src="NOT_AVAILABLE").phone_number is None


@pytest.mark.parametrize(
    ("channel", "peer", "extension"),
    [
        ("SIP/1001-0000a", "1001", "1001"),
        ("PJSIP/mytrunk-0001", "mytrunk", None),
        ("PJSIP/my-trunk-0000001a", "my-trunk", None),
        ("Local/1001@from-queue-00000003;1", "1001", "1001"),
        ("SIP/918069000170-0000001a", "918069000170", None),
        ("DAHDI/4-1", "4", "4"),
        ("SIP/1001", "1001", "1001"),
        ("console", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_peer_of_a_channel_is_an_extension_or_a_name(
    channel: str | None, peer: str | None, extension: str | None
) -> None:
    assert peer_of(channel) == peer
    assert digits(channel_extension(channel)) == extension

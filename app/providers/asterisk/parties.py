"""Tells from channels, numbers and dialplan contexts who called whom: Asterisk's records say no direction."""

import re
from dataclasses import dataclass

from app.domain.calls import CallDirection
from app.domain.numbers import NumberKind, PhoneNumber, digits_of, extension, parse
from app.providers.asterisk.rows import Row

# Dialplan contexts by how their names begin. Calls from outside enter by these:
INBOUND_CONTEXTS = ("from-pstn", "from-trunk", "from-did", "from-external", "incoming", "inbound")
# And these are entered by the company's own phones: the destination alone tells whether the call leaves the house.
OWN_CONTEXTS = ("from-internal", "outgoing", "outbound")
# Dialplan steps that stand where a number would: start, hang-up, invalid, time-out.
NO_NUMBERS = {"s", "h", "i", "t", "~~s~~"}

# "SIP/1001-0000000a", "PJSIP/mytrunk-0001", "Local/1001@from-queue-00000003;1", "DAHDI/4-1": the number that ends it
# is the channel's own, before it stands the peer.
_CHANNEL = re.compile(r"(?P<technology>\w+)/(?P<peer>.+?)(?:-(?:[0-9a-f]{4,}|\d+)(?:;\d)?)?")
_LONGEST_EXTENSION = 6
_CALLER_ID = re.compile(r"(?P<name>[^<]*)(?:<[^<>]*>)?")


@dataclass(frozen=True, slots=True)
class Parties:
    """Who called whom in one row."""

    direction: CallDirection
    caller: PhoneNumber | None
    dialed: PhoneNumber | None
    # The extension that rang, where the destination's channel tells it; else what was dialled.
    rang: PhoneNumber | None

    @property
    def outside(self) -> PhoneNumber | None:
        """The party outside the company; None for an internal call."""
        if self.direction is CallDirection.INTERNAL:
            return None
        return self.caller if self.direction is CallDirection.INBOUND else self.dialed

    @property
    def agent(self) -> PhoneNumber | None:
        """Who works the phone: who was rung on an inbound call, who called on the others."""
        return self.rang if self.direction is CallDirection.INBOUND else self.caller


def direction_of(row: Row, region: str | None) -> CallDirection:
    """Who called whom: by the row's context, else by which of its two numbers are extensions.

    A call of one of the company's phones that reached no number stayed in the house.
    """
    context = (row["dcontext"] or "").casefold()
    caller, dialed = number_of(row["src"], region), number_of(row["dst"], region)
    own_caller = caller is not None and caller.kind is NumberKind.INTERNAL
    if context.startswith(INBOUND_CONTEXTS) or not (own_caller or context.startswith(OWN_CONTEXTS)):
        return CallDirection.INBOUND
    stayed = dialed is None or dialed.kind is NumberKind.INTERNAL
    return CallDirection.INTERNAL if stayed else CallDirection.OUTBOUND


def parties_of(row: Row, direction: CallDirection, region: str | None) -> Parties:
    """The parties of one row of a call of that direction."""
    dialed = number_of(row["dst"], region)
    rang = channel_extension(row["dstchannel"]) if direction is CallDirection.INBOUND else None
    return Parties(direction, number_of(row["src"], region), dialed, rang or dialed)


def number_of(written: str | None, region: str | None) -> PhoneNumber | None:
    """The number in `src` or `dst`, where up to six digits are an extension of the switch."""
    return None if written is None or written in NO_NUMBERS else parse(written, region, "", NumberKind.INTERNAL)


def peer_of(channel: str | None) -> str | None:
    """The peer of a channel, `mytrunk` in `PJSIP/mytrunk-0001`; of a local channel the extension in it."""
    found = _CHANNEL.fullmatch(channel or "")
    return found["peer"].partition("@")[0] or None if found else None


def channel_extension(channel: str | None) -> PhoneNumber | None:
    """The extension whose channel it is; None where the peer is a trunk or another name."""
    peer = peer_of(channel)
    return extension(peer) if peer and peer == digits_of(peer) and len(peer) <= _LONGEST_EXTENSION else None


def trunk_of(row: Row, direction: CallDirection) -> str | None:
    """The trunk that the call came or left by: the peer of the channel at the outside party's end."""
    if direction is CallDirection.INTERNAL:
        return None
    channel = row["channel"] if direction is CallDirection.INBOUND else row["dstchannel"]
    local = (channel or "").casefold().startswith("local/")
    return None if local or channel_extension(channel) else peer_of(channel)


def caller_name(row: Row) -> str | None:
    """The name in a caller id such as `"Leanna Cuphus" <609-326-2780>`; None where it is a number or blank."""
    found = _CALLER_ID.fullmatch(row["clid"] or "")
    name = found["name"].strip().strip('"').strip() if found else ""
    return name if any(letter.isalpha() for letter in name) else None

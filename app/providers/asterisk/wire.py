"""Asterisk's call detail records as calls: rows that share a `uniqueid` are the attempts of one call."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.agents import AgentRecord
from app.domain.calls import CallDirection, CallLeg, CallOutcome, CallRecord, LegKind, LegStatus, Record
from app.domain.contacts import ContactRecord
from app.domain.details import CallDetails, Cdr
from app.domain.errors import RecordError
from app.domain.labels import Label, LabelKind, label
from app.domain.numbers import PhoneNumber
from app.domain.sources import Locale, Provider
from app.providers.asterisk.parties import Parties, caller_name, direction_of, parties_of, peer_of, trunk_of
from app.providers.asterisk.rows import Row, items, lines, merge, rows_of
from app.providers.contract import Payload, ProviderSpec
from app.providers.payload import instant, letters, present, required, seconds

# Dispositions by their letters alone: "NO ANSWER" and "NOANSWER" are one word.
OUTCOMES = {
    "ANSWERED": CallOutcome.ANSWERED,
    "NOANSWER": CallOutcome.NO_ANSWER,
    "BUSY": CallOutcome.BUSY,
    "FAILED": CallOutcome.FAILED,
    "CONGESTION": CallOutcome.FAILED,
    "CANCEL": CallOutcome.CANCELED,
}
STATUSES = {
    "ANSWERED": LegStatus.ANSWERED,
    "NOANSWER": LegStatus.MISSED,
    "BUSY": LegStatus.BUSY,
    "FAILED": LegStatus.FAILED,
    "CONGESTION": LegStatus.FAILED,
    "CANCEL": LegStatus.MISSED,
}
# What a call that nobody answered is called when it came in: a caller who gave up was missed, too.
INBOUND_OUTCOMES = {CallOutcome.NO_ANSWER: CallOutcome.MISSED, CallOutcome.CANCELED: CallOutcome.MISSED}
# In these somebody may have talked; in all others nobody did, whatever `billsec` counts.
MAY_HAVE_TALKED = {CallOutcome.ANSWERED, CallOutcome.UNKNOWN}


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One row, read."""

    row: Row
    parties: Parties
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    seconds: int | None
    talk_seconds: int | None

    @property
    def word(self) -> str:
        """The disposition as the tables have it."""
        return letters((self.row["disposition"] or "").upper())

    @property
    def ring_seconds(self) -> int | None:
        """`duration` without `billsec`: what went by before the answer."""
        return None if self.seconds is None else max(0, self.seconds - (self.talk_seconds or 0))


def records(payload: Payload, locale: Locale) -> tuple[Record, ...]:
    """The call of the rows, from the earliest start to the latest end, answered if any attempt was.

    Raises RecordError for rows that are no such rows, of several calls, or whose times and lengths cannot be read.
    """
    rows = rows_of(payload)
    direction = direction_of(rows[0], locale.region)
    attempts = [_attempt(row, direction, locale) for row in rows]
    deciding = _deciding(attempts)
    outcome = _outcome(deciding)
    started_at = min(attempt.started_at for attempt in attempts)
    ended_at = max((attempt.ended_at for attempt in attempts if attempt.ended_at), default=None)
    first = attempts[0].parties
    call = CallRecord(
        provider_call_id=required(rows[0]["uniqueid"], "uniqueid"),
        started_at=started_at,
        answered_at=_answered_at(attempts) if outcome is CallOutcome.ANSWERED else None,
        ended_at=ended_at,
        direction=direction,
        outcome=outcome,
        provider_status=deciding.row["disposition"],
        duration_seconds=_length(started_at, ended_at, deciding.seconds),
        talk_seconds=deciding.talk_seconds if outcome in MAY_HAVE_TALKED else 0,
        ring_seconds=deciding.ring_seconds,
        phone_number=first.outside,
        caller_number=first.caller,
        dialed_number=first.dialed,
        destination_number=deciding.parties.rang,
        agent=_agent(deciding),
        contact=_contact(attempts[0]),
        legs=tuple(_leg(attempt) for attempt in attempts),
        details=CallDetails(labels=_labels(attempts), cdr=_cdr(deciding.row)),
    )
    return (call,)


def _attempt(row: Row, direction: CallDirection, locale: Locale) -> _Attempt:
    started_at = instant(required(row["start"], "start"), locale.zone)
    if started_at is None:
        raise RecordError("start is missing")
    length = seconds(row["duration"], "duration")
    return _Attempt(
        row=row,
        parties=parties_of(row, direction, locale.region),
        started_at=started_at,
        answered_at=instant(row["answer"], locale.zone),
        ended_at=instant(row["end"], locale.zone) or _after(started_at, length),
        seconds=length,
        talk_seconds=seconds(row["billsec"], "billsec"),
    )


def _after(started_at: datetime, length: int | None) -> datetime | None:
    try:
        return None if length is None else started_at + timedelta(seconds=length)
    except OverflowError as error:
        raise RecordError(f"a call of {length} seconds would end after the year 9999") from error


def _deciding(attempts: list[_Attempt]) -> _Attempt:
    """The attempt that tells what became of the call: the answered one that was talked on longest, else the last."""
    answered = [attempt for attempt in attempts if attempt.word == "ANSWERED"]
    return max(answered, key=lambda attempt: attempt.talk_seconds or 0) if answered else attempts[-1]


def _outcome(deciding: _Attempt) -> CallOutcome:
    outcome = OUTCOMES.get(deciding.word, CallOutcome.UNKNOWN)
    inbound = deciding.parties.direction is CallDirection.INBOUND
    return INBOUND_OUTCOMES.get(outcome, outcome) if inbound else outcome


def _answered_at(attempts: Iterable[_Attempt]) -> datetime | None:
    answers = (attempt.answered_at for attempt in attempts if attempt.word == "ANSWERED")
    return min((answer for answer in answers if answer), default=None)


def _length(started_at: datetime, ended_at: datetime | None, told: int | None) -> int | None:
    """Start to end over all attempts; what the deciding row says where its end is not after its start."""
    return int((ended_at - started_at).total_seconds()) if ended_at and ended_at >= started_at else told


def _agent(attempt: _Attempt) -> AgentRecord | None:
    """Who works the phone. The caller id names the caller, so it names the agent of calls that did not come in."""
    parties = attempt.parties
    name = None if parties.direction is CallDirection.INBOUND else caller_name(attempt.row)
    agent = AgentRecord(name=name, number=parties.agent)
    return agent if agent.known else None


def _contact(attempt: _Attempt) -> ContactRecord | None:
    """The outside person, named by the caller id of a call that came in; None for a withheld number of no name."""
    parties = attempt.parties
    if parties.direction is CallDirection.INTERNAL:
        return None
    name = caller_name(attempt.row) if parties.direction is CallDirection.INBOUND else None
    numbers = (parties.outside,) if parties.outside and parties.outside.key else ()
    return ContactRecord(numbers=numbers, name=name) if numbers or name else None


def _leg(attempt: _Attempt) -> CallLeg:
    return CallLeg(
        kind=LegKind.ATTEMPT,
        status=STATUSES.get(attempt.word, LegStatus.UNKNOWN),
        provider_status=attempt.row["disposition"],
        started_at=attempt.started_at,
        answered_at=attempt.answered_at,
        ended_at=attempt.ended_at,
        talk_seconds=attempt.talk_seconds,
        ring_seconds=attempt.ring_seconds,
        agent=_leg_agent(attempt.parties),
        number=attempt.parties.rang,
        name=peer_of(attempt.row["dstchannel"]),
        provider_leg_id=attempt.row["dstchannel"],
        application=attempt.row["lastapp"],
        application_data=attempt.row["lastdata"],
    )


def _leg_agent(parties: Parties) -> AgentRecord | None:
    """Who of the company took part in the attempt: whom it rang, or who called out."""
    number: PhoneNumber | None = parties.caller if parties.direction is CallDirection.OUTBOUND else parties.rang
    return AgentRecord(number=number) if number and number.key else None


def _labels(attempts: Iterable[_Attempt]) -> tuple[Label, ...]:
    """Context, account, trunk and queue of every row, each once."""
    found = [
        one
        for attempt in attempts
        for one in (
            *label(LabelKind.CONTEXT, attempt.row["dcontext"]),
            *label(LabelKind.ACCOUNT, attempt.row["accountcode"]),
            *label(LabelKind.TRUNK, trunk_of(attempt.row, attempt.parties.direction)),
            *label(LabelKind.QUEUE, _queue(attempt.row)),
        )
    ]
    return tuple(dict.fromkeys(found))


def _queue(row: Row) -> str | None:
    """The queue that the call waited in: the first argument of the Queue application."""
    return (row["lastdata"] or "").split(",")[0] if (row["lastapp"] or "").casefold() == "queue" else None


def _cdr(row: Row) -> Cdr | None:
    cdr: Cdr | None = present(
        Cdr(
            account_code=row["accountcode"],
            context=row["dcontext"],
            caller_id=row["clid"],
            channel=row["channel"],
            destination_channel=row["dstchannel"],
            last_application=row["lastapp"],
            last_data=row["lastdata"],
            ama_flags=row["amaflags"],
            user_field=row["userfield"],
        )
    )
    return cdr


SPEC = ProviderSpec(
    provider=Provider.ASTERISK,
    title="Asterisk",
    default_zone="UTC",
    default_region=None,
    records=records,
    items=items,
    lines=lines,
    merge=merge,
)

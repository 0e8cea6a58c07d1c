"""The family's words and codes for direction and outcome, as ours."""

from app.domain.calls import CallDirection, CallOutcome
from app.domain.errors import RecordError
from app.domain.numbers import PhoneNumber
from app.providers.cloudphone.shapes import first
from app.providers.payload import Object, boolean, integer, mapping, text

DIRECTIONS = {"inbound": CallDirection.INBOUND, "outbound": CallDirection.OUTBOUND}
# What an unanswered call is called, by who called whom.
UNANSWERED = {CallDirection.INBOUND: CallOutcome.MISSED, CallDirection.OUTBOUND: CallOutcome.NO_ANSWER}
# Q.850 codes that tell why an unanswered call was unanswered. 16 (a normal end) and 26 (answered elsewhere) tell
# nothing of it; 18 and 19 (no response, no answer) tell just that, which matters where the status is unknown.
CAUSES = {17: CallOutcome.BUSY, 21: CallOutcome.REJECTED}
NO_ANSWER_CAUSES = {18, 19}


def direction_of(payload: Object, client: PhoneNumber | None, caller_id: PhoneNumber | None) -> CallDirection:
    """The direction: as the record says it, else as the dialler does, else by whose number the caller id is."""
    said = first(payload, "direction")
    for word in (said, text(mapping(payload.get("dialer_call_details")).get("call_type"))):
        if found := DIRECTIONS.get((word or "").casefold()):
            return found
    if client and caller_id and client.key:
        return CallDirection.INBOUND if client.key == caller_id.key else CallDirection.OUTBOUND
    raise RecordError(f"direction is {said!r}, and nothing else tells who called" if said else "direction is missing")


def cause_code_of(payload: Object) -> int | None:
    """The Q.850 code of the hang-up: the dialler's, or the record's own where it is a number rather than a text."""
    found = integer(mapping(payload.get("dialer_call_details")).get("hangup_cause"))
    return integer(payload.get("hangup_cause")) if found is None else found


def outcome_of(payload: Object, direction: CallDirection) -> CallOutcome:
    """How the call ended. Only the status says that it was answered; what else is told refines an unanswered one."""
    status = (text(payload.get("status")) or "").casefold()
    if status == "answered":
        return CallOutcome.ANSWERED
    if boolean(payload.get("voicemail_recording")):
        return CallOutcome.VOICEMAIL
    if text(payload.get("blocked_number_id")):
        return CallOutcome.BLOCKED
    code = cause_code_of(payload)
    if code in CAUSES:
        return CAUSES[code]
    unanswered = status == "missed" or code in NO_ANSWER_CAUSES
    return UNANSWERED[direction] if unanswered else CallOutcome.UNKNOWN

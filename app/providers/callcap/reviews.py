"""Callcap's people who work on calls afterwards: Callsurance (reviews) and Callsaver (rescues)."""

from functools import lru_cache
from zoneinfo import ZoneInfo

from app.domain.agents import AgentRecord
from app.domain.details import Person, Rescue, Review, ReviewChange, Verdict
from app.domain.labels import Label, LabelKind, label
from app.providers.payload import Object, boolean, instant, integer, mapping, present, text

UNWORKED, FILTERED = 0, 4
# The ids by which the vendor searches (search_major, search_callsaver_status), and our names for them.
MAJORS = {1: "POSITIVE", 2: "NEGATIVE", 3: "NEUTRAL", FILTERED: "FILTERED", UNWORKED: "UNWORKED"}
RESCUE_OUTCOMES = {1: "SAVED", 2: "LOST"}
# The id of the call taker where nobody on the list was chosen.
NOBODY = "0"


def review(callsurance: Object) -> Review | None:
    """The review as it stands, changes applied; None for a call that nobody has worked on."""
    change = _change(mapping(callsurance.get("change_request")))
    if change is None and _number(MAJORS, mapping(callsurance.get("major"))) in (None, UNWORKED):
        return None
    return Review(
        major=_verdict(callsurance.get("major")),
        minor=_verdict(callsurance.get("minor")),
        call_taker=_person(callsurance.get("csr")),
        change=change,
    )


def agent(callsurance: Object) -> AgentRecord | None:
    """The call taker. Id 0 stands for nobody on the list, and is shared by all such: then the name alone counts."""
    csr = mapping(callsurance.get("csr"))
    csr_id = text(csr.get("id"))
    return _agent(None if csr_id == NOBODY else csr_id, text(csr.get("name")))


@lru_cache(maxsize=4096)  # an account's call takers are few
def _agent(id: str | None, name: str | None) -> AgentRecord | None:
    found = AgentRecord(provider_agent_id=id, name=name)
    return found if found.known else None


def rescue(callsaver: Object, zone: ZoneInfo) -> Rescue | None:
    """The follow-up of a negative call; its date is local in the zone of the payload's other times."""
    if not callsaver:
        return None
    reason = mapping(callsaver.get("reason"))
    user = mapping(callsaver.get("user"))
    names = (text(user.get("firstname")), text(user.get("lastname")))
    found: Rescue | None = present(
        Rescue(
            rescued_at=instant(callsaver.get("date"), zone),
            outcome=_verdict(callsaver.get("outcome")),
            reason=_verdict(reason),
            opportunity=boolean(reason.get("opportunity")),
            user=present(Person(name=" ".join(filter(None, names)) or None, email=text(user.get("email")))),
        )
    )
    return found


def worked(callsurance: Object) -> bool:
    """Whether an analyst worked on the call; filtered calls have a verdict, but were passed over."""
    return _number(MAJORS, mapping(callsurance.get("major"))) not in (None, UNWORKED, FILTERED)


def review_labels(payload: Object) -> tuple[Label, ...]:
    """The major verdict, the state of a change request and the rescue's outcome.

    A payload with `callsurance` but no verdict is unworked, as the vendor's own search has it; one without was
    asked for with less detail, and says nothing.
    """
    callsurance = mapping(payload.get("callsurance"))
    major = _label(LabelKind.REVIEW, MAJORS, mapping(callsurance.get("major")))
    unworked = label(LabelKind.REVIEW, name=MAJORS[UNWORKED], id=UNWORKED) if "callsurance" in payload else ()
    status = text(mapping(callsurance.get("change_request")).get("status"))
    outcome = mapping(mapping(payload.get("callsaver")).get("outcome"))
    return (
        (major or unworked)
        + label(LabelKind.REVIEW_CHANGE, name=status and status.upper())
        + _label(LabelKind.RESCUE, RESCUE_OUTCOMES, outcome)
    )


def _change(request: Object) -> ReviewChange | None:
    if not request:
        return None
    original = mapping(request.get("original"))
    change: ReviewChange | None = present(
        ReviewChange(
            status=text(request.get("status")),
            inaccuracy=text(request.get("inaccuracy")),
            major=_verdict(request.get("major")),
            minor=_verdict(request.get("minor")),
            call_taker=_person(request.get("csr")),
            customer=_person(request.get("customer")),
            original_major=_verdict(original.get("major")),
            original_minor=_verdict(original.get("minor")),
            original_call_taker=_person(original.get("csr")),
        )
    )
    return change


def _verdict(value: object) -> Verdict | None:
    choice = mapping(value)
    return _choice(text(choice.get("id")), text(choice.get("label")), text(choice.get("tag"))) if choice else None


@lru_cache(maxsize=4096)  # what analysts choose from are lists
def _choice(id: str | None, label: str | None, tag: str | None) -> Verdict | None:
    verdict: Verdict | None = present(Verdict(id=id, label=label, tag=tag))
    return verdict


def _person(value: object) -> Person | None:
    person = mapping(value)
    return _named(text(person.get("id")), text(person.get("name")), text(person.get("email"))) if person else None


@lru_cache(maxsize=4096)  # those who take and review an account's calls are few
def _named(id: str | None, name: str | None, email: str | None) -> Person | None:
    found: Person | None = present(Person(id=id, name=name, email=email))
    return found


def _number(names: dict[int, str], choice: Object) -> int | None:
    """The id of a choice, also where the payload gives only its text."""
    said = integer(choice.get("id"))
    if said is not None:
        return said
    word = (text(choice.get("label")) or "").upper()
    return next((key for key, name in names.items() if name == word), None)


def _label(kind: LabelKind, names: dict[int, str], choice: Object) -> tuple[Label, ...]:
    number = _number(names, choice)
    word = text(choice.get("label"))
    known = None if number is None else names.get(number)
    return label(kind, name=known or (word and word.upper()), id=number)

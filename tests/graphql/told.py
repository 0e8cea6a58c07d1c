"""Records whose every text tells something that not every viewer may know: a number, a note, an insight, a recording."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import timedelta
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from app.domain.calls import CallDirection, CallOutcome, CallRecord
from app.domain.contacts import ContactRecord
from app.domain.details import CallDetails
from app.domain.filters import CallFeature
from app.domain.labels import Label, LabelKind
from app.domain.numbers import PhoneNumber, parse
from app.domain.org_units import OrgUnitKind
from app.domain.pulls import Circuit, StreamState
from app.domain.scope import Right
from app.store import circuits, excluded, source_streams, sources
from tests.builders import save
from tests.conftest import House
from tests.graphql.rows import MORNING, empty_house
from tests.graphql.walk import Ids

# What needs a right to be known, by where it stands in a call's record; whatever is below is of it, too.
PLACES = {
    "notes": Right.NOTES_READ,
    "details.wrap_up": Right.NOTES_READ,
    "contact.lead.description": Right.NOTES_READ,
    "details.recording": Right.RECORDINGS_READ,
    "details.summaries": Right.INSIGHTS_READ,
    "details.sentiment": Right.INSIGHTS_READ,
    "details.scorecards": Right.INSIGHTS_READ,
    "details.review": Right.INSIGHTS_READ,
    "details.rescue": Right.INSIGHTS_READ,
    "details.demographics": Right.INSIGHTS_READ,
    "details.caller_profile": Right.INSIGHTS_READ,
    "contact.profile": Right.INSIGHTS_READ,
}
LABELS = {
    LabelKind.WRAP_UP: Right.NOTES_READ,
    LabelKind.REVIEW: Right.INSIGHTS_READ,
    LabelKind.REVIEW_CHANGE: Right.INSIGHTS_READ,
    LabelKind.RESCUE: Right.INSIGHTS_READ,
}
Path = tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """What is told: a number, as E.164 and as it is dialled, and words, each for who has its right."""

    e164: str = "+919814725836"
    dialled: str = "9814725836"
    words: Mapping[Right, str] = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        words = {right: f"{right.name.partition('_')[0].lower()}word" for right in set(PLACES.values())}
        object.__setattr__(self, "words", self.words or words)

    def without(self, right: Right) -> "Told":
        """The same, but for what the right lets one know; whether there is a recording, everybody may."""
        if right is Right.NUMBERS_READ:  # no digit before the last three is the same
            return replace(self, e164="+916365347836", dialled="6365347836")
        return replace(self, words={**self.words, right: "elsewhere" if right is Right.RECORDINGS_READ else ""})


def spoken(told: Told, key: str = "spoken", later: int = 0) -> CallRecord:
    """A call in whose every text the number stands among words, and those of the right that it needs."""

    def text(path: Path) -> str:
        word = told.words[right] if (right := _right(".".join(path))) else path[-1]
        written = (told.e164, told.dialled, f"({told.dialled[:3]}) {told.dialled[3:6]}-{told.dialled[6:]}")
        return f"{word} call {written[len(path[-1]) % 3]}_{word}" if word else ""

    return _call(told, key, later, text)


def bare(told: Told, key: str = "bare", later: int = 1) -> CallRecord:
    """A call in whose every text is nothing but the number, or but the word of the right that it needs."""

    def text(path: Path) -> str:
        return told.words[right] if (right := _right(".".join(path))) else told.dialled

    return _call(told, key, later, text)


def unheard(told: Told, later: int = 2) -> tuple[CallRecord, CallRecord]:
    """A call that was missed, and one that was not picked up: what the statistics of calls that failed tell of."""
    missed = replace(bare(told, "missed", later), outcome=CallOutcome.MISSED)
    attempt = replace(bare(told, "attempt", later + 1), outcome=CallOutcome.NO_ANSWER, direction=CallDirection.OUTBOUND)
    return missed, attempt


def _call(told: Told, key: str, later: int, text: Callable[[Path], str]) -> CallRecord:
    number = parse(told.e164, None)
    assert number

    def of(annotation: Any, path: Path) -> Any:
        right = _right(".".join(path))
        if right and not told.words[right]:
            return _nothing(annotation, path)
        return _value(annotation, path, text, number)

    said = {name: of(hint, (name,)) for name, hint in get_type_hints(CallRecord).items() if name != "details"}
    hints = get_type_hints(CallDetails)
    details = {name: of(hint, ("details", name)) for name, hint in hints.items() if name != "labels"}
    agent = replace(said["agent"], number=parse(told.dialled[-5:], None))
    said |= {
        "provider_call_id": f"{key} {text(('provider_call_id',))}",
        "started_at": MORNING + timedelta(minutes=later),
        "agent": agent,
        "contact": _contact(said["contact"], told),
        "legs": tuple(replace(leg, agent=agent) for leg in said["legs"]),
        "org_units": tuple(replace(unit, kind=kind) for kind in OrgUnitKind for unit in said["org_units"]),
    }
    return CallRecord(**said, details=CallDetails(labels=_labels(told, text), **details))


def _contact(contact: ContactRecord, told: Told) -> ContactRecord:
    assert contact.lead
    lead = contact.lead if told.words[Right.NOTES_READ] else replace(contact.lead, description=None)
    profile = contact.profile if told.words[Right.INSIGHTS_READ] else None
    return replace(contact, assignees=(), lead=lead, profile=profile)


def _labels(told: Told, text: Callable[[Path], str]) -> tuple[Label, ...]:
    insights = bool(told.words[Right.INSIGHTS_READ])
    features = [one for one in CallFeature if insights or one not in (CallFeature.REVIEW, CallFeature.RESCUE)]
    found = [Label(LabelKind.FEATURE, one.value) for one in features]
    for kind in LabelKind:
        right = LABELS.get(kind)
        if kind is LabelKind.FEATURE or (right and not told.words[right]):
            continue
        name = {LabelKind.REVIEW: "POSITIVE", LabelKind.REVIEW_CHANGE: "PENDING", LabelKind.RESCUE: "SAVED"}.get(kind)
        said = told.words[right] if right else text((kind.name,))
        found.append(Label(kind, name or said, said))
    return tuple(found)


def _right(path: str) -> Right | None:
    return next((right for place, right in PLACES.items() if f"{path}.".startswith(f"{place}.")), None)


def _nothing(annotation: Any, path: Path) -> Any:
    return () if get_origin(annotation) is tuple else None


def _value(annotation: Any, path: Path, text: Callable[[Path], str], number: PhoneNumber) -> Any:
    """A value of a domain type in which nothing is missing, and every text tells something."""
    origin, inner = get_origin(annotation), [part for part in get_args(annotation) if part is not NoneType]
    if origin in (Union, UnionType):
        return _value(inner[0], path, text, number)
    if origin is tuple:
        return (_value(inner[0], path, text, number),)
    if annotation is PhoneNumber:
        return number
    if origin is dict or annotation in (dict, Any):
        return {text(path): text(path), "deep": [int(number.digits), {"deeper": text(path)}]}
    if is_dataclass(annotation) and isinstance(annotation, type):
        hints = get_type_hints(annotation)
        return annotation(
            **{one.name: _value(hints[one.name], (*path, one.name), text, number) for one in fields(annotation)}
        )
    if issubclass(annotation, Enum):
        return next(iter(annotation))
    return text(path) if annotation is str else MORNING if annotation.__name__ == "datetime" else annotation(1)


async def a_house_told(house: House, told: Told, *more: CallRecord) -> House:
    """Another workspace of the store, with a call that tells it in words and one that tells it alone."""
    made = await empty_house(house)
    await save(made, spoken(told), bare(told), *unheard(told), *more, source=f"line {told.dialled}")
    async with made.database.write() as connection:
        (source,) = await sources.listed(connection, made.scope)
        trouble = Circuit(1, None, f"The vendor knows nothing of {told.dialled}.", MORNING)
        await circuits.failed(connection, made.scope, source.id, trouble)
        state = StreamState("history", MORNING, MORNING, MORNING, MORNING, MORNING)
        await source_streams.put(connection, made.scope, source.id, state)
        await excluded.add(connection, made.scope, [told.e164], MORNING)
    return made


async def ids_in(house: House) -> Ids:
    """A node id of each type."""
    data = await house.ask(
        "{ calls(last: 1) { nodes { id agent { id } contact { id } source { id } campaign { id } } } }"
    )
    call = data["calls"]["nodes"][0]
    others = {"Agent": "agent", "Contact": "contact", "Source": "source", "OrgUnit": "campaign"}
    return {"Call": call["id"], **{kind: call[name]["id"] for kind, name in others.items()}}

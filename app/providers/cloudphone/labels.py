"""Gathers the words by which a record can be sorted and filtered, each once."""

from collections.abc import Iterable
from functools import lru_cache

from app.domain.calls import CallLeg, LegKind
from app.domain.labels import Label, LabelKind, fold, label
from app.providers.cloudphone.dialer import dialer_labels
from app.providers.payload import Object, mapping, text

# The steps of the flow that name something to filter by.
LEG_LABELS = {
    LegKind.QUEUE: LabelKind.QUEUE,
    LegKind.IVR: LabelKind.IVR,
    LegKind.DEPARTMENT: LabelKind.DEPARTMENT,
}


def labels_of(payload: Object, legs: Iterable[CallLeg]) -> tuple[Label, ...]:
    """All labels of a record. `service` is several words separated by commas, each a label."""
    dialer, circle = mapping(payload.get("dialer_call_details")), mapping(payload.get("circle"))
    account = text(payload.get("accountid")) or payload.get("account_id")
    return distinct(
        (
            *_services(text(payload.get("service")) or ""),
            *label(LabelKind.DEPARTMENT, payload.get("department_name")),
            *label(LabelKind.BROADCAST, None, payload.get("broadcast_id")),
            *_of_legs(legs),
            *dialer_labels(dialer),
            *label(LabelKind.HANGUP_CAUSE, payload.get("hangup_cause"), dialer.get("hangup_cause")),
            *(_circle_labels(circle) if circle else ()),
            *label(LabelKind.LEAD, None, payload.get("lead_id")),
            *label(LabelKind.ACCOUNT, account),
        )
    )


@lru_cache(maxsize=1024)
def _services(words: str) -> tuple[Label, ...]:
    return tuple(one for word in words.split(",") for one in label(LabelKind.SERVICE, word))


def _circle_labels(circle: Object) -> tuple[Label, ...]:
    return (*label(LabelKind.CIRCLE, circle.get("circle")), *label(LabelKind.CARRIER, circle.get("operator")))


def _of_legs(legs: Iterable[CallLeg]) -> Iterable[Label]:
    for leg in legs:
        if kind := LEG_LABELS.get(leg.kind):
            yield from label(kind, leg.name, leg.provider_leg_id)


@lru_cache(maxsize=4096)  # most calls of a queue, or of a campaign, have the same labels
def distinct(labels: tuple[Label, ...]) -> tuple[Label, ...]:
    """Each label once; a name alone says nothing new where the same name stands with an id."""
    found = tuple(dict.fromkeys(labels))
    with_id = {(one.kind, fold(one.name)) for one in found if one.name and one.id}
    return tuple(one for one in found if one.id or not one.name or (one.kind, fold(one.name)) not in with_id)

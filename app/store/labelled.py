"""Filters by what a vendor sorts calls by: queues, campaigns, dispositions, references and the other labels."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, not_, or_, select

from app.domain.filters import CallFilter, ReviewVerdict
from app.domain.labels import LabelKind, fold
from app.domain.scope import Scope
from app.store.tables import call_labels, calls
from app.store.way import ALONG, Way

Predicate = ColumnElement[bool]

# Which field of a filter is about which kind.
LABELS: dict[str, LabelKind] = {
    "references": LabelKind.REFERENCE,
    "queues": LabelKind.QUEUE,
    "departments": LabelKind.DEPARTMENT,
    "ivrs": LabelKind.IVR,
    "campaigns": LabelKind.CAMPAIGN,
    "lists": LabelKind.LIST,
    "broadcasts": LabelKind.BROADCAST,
    "services": LabelKind.SERVICE,
    "trunks": LabelKind.TRUNK,
    "mediums": LabelKind.MEDIUM,
    "dispositions": LabelKind.DISPOSITION,
    "wrap_ups": LabelKind.WRAP_UP,
    "hangup_causes": LabelKind.HANGUP_CAUSE,
    "crm_statuses": LabelKind.CRM_STATUS,
    "lead_ids": LabelKind.LEAD,
    "circles": LabelKind.CIRCLE,
    "carriers": LabelKind.CARRIER,
    "accounts": LabelKind.ACCOUNT,
    "contexts": LabelKind.CONTEXT,
    "features": LabelKind.FEATURE,
    "review_changes": LabelKind.REVIEW_CHANGE,
    "rescues": LabelKind.RESCUE,
}


def by_label(scope: Scope, given: CallFilter, way: Way) -> list[Predicate]:
    """What the fields about labels ask of a call."""
    held: list[Predicate] = [
        _has(_labelled(scope, kind, values), way)
        for name, kind in LABELS.items()
        if (values := getattr(given, name)) is not None
    ]
    if given.label is not None:
        shown = _labelled(scope, given.label.kind, given.label.names).where(call_labels.c.name.is_not(None))
        held.append(_has(shown, way))
    if given.broadcast is not None:
        if given.broadcast:
            held.append(_has(_labelled(scope, LabelKind.BROADCAST, None), way))
        else:
            held.append(not_(has_any(scope, LabelKind.BROADCAST)))
    if given.reviews is not None:
        held.append(_reviewed(scope, given.reviews, way))
    return held


def _reviewed(scope: Scope, verdicts: Sequence[ReviewVerdict], way: Way) -> Predicate:
    held = [_has(_labelled(scope, LabelKind.REVIEW, verdicts), way)]
    if ReviewVerdict.UNWORKED in verdicts:  # a call without any review is unworked, too
        held.append(not_(has_any(scope, LabelKind.REVIEW)))
    return or_(*held)


def has_any(scope: Scope, kind: LabelKind) -> Predicate:
    """Whether a call has a label of a kind: to be asked of each call, for whoever has none is in no list."""
    return _has(_labelled(scope, kind, None), ALONG)


def _has(labelled: Select[Any], way: Way) -> Predicate:
    """Whether a call is one of these. Along the way each is looked up: SQLite would copy the list of all of them first."""
    if way.along:
        return exists(labelled.where(call_labels.c.call_id == calls.c.id).correlate(calls))
    return calls.c.id.in_(labelled)


def _labelled(scope: Scope, kind: LabelKind, values: Sequence[Any] | None) -> Select[Any]:
    """The ids of calls with one of these labels of a kind; with any, where no values are given."""
    found = select(call_labels.c.call_id).where(
        call_labels.c.workspace_id == scope.workspace_id, call_labels.c.kind == kind.value
    )
    if values is None:
        return found
    return found.where(call_labels.c.key.in_([fold(getattr(value, "value", value)) for value in values]))

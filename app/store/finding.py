"""Pages of calls of which few may fit a filter: near the page's beginning first, then wherever they are.

Along the start a page is soon full where many calls fit; where few do, all calls would be read for it. So at first as
many calls are looked at as takes a few milliseconds. What was found there tells how many fit: if hardly any, the calls are
gathered by an index of what is asked for, and sorted.
"""

from dataclasses import fields

from sqlalchemy import BigInteger, ColumnElement, Select, func, literal, literal_column

from app.domain.filters import CallFilter, CallOrder, CallOrderField, Filter, NumberMatch, Order, SortDirection
from app.domain.pages import Window
from app.store.labelled import LABELS
from app.store.tables import calls

# How many calls are looked at first, and of how many that fit among them on it is quicker to go on like that: one in
# four hundred fills a page of fifty after 20,000 calls; of five million, no more than 12,500 are gathered else.
LOOKED_AT, ENOUGH = 2_000, 5
# Says nothing by itself about how many calls fit, or how they are found.
_BESIDE = frozenset({"started_at", "period", "timezone"})
# By these calls can be gathered.
_GATHERED = frozenset(
    {
        *LABELS,
        *("label", "broadcast", "reviews", "search", "weekdays", "time_of_day", "involved_agent_ids", "has_recording"),
        *("ended_at", "modified_at", "provider_synced_at", "synced_at", "provider_call_ids", "providers"),
        *("duration_seconds", "talk_seconds", "ring_seconds", "wait_seconds", "hold_seconds"),
        *("agent_codes", "agent_names", "provider_agent_ids", "agent_numbers", "agent_tags"),
        *(
            "org_unit_ids",
            "org_unit_provider_ids",
            "org_unit_external_ids",
            "org_unit",
            "countries",
            "provider_statuses",
        ),
    }
)
# By one of these as well; but a single value of theirs is read along an index of its own.
_SINGLE = frozenset({"direction", "outcome", "kind", "agent_ids", "contact_ids", "source_ids"})
_NUMBERS = frozenset({"phone_number", "caller_number", "dialed_number", "destination_number"})
_BEFORE_ALL, _AFTER_ALL = -(1 << 62), 1 << 62


def may_be_few(filter: Filter | None, order: Order) -> bool:
    """Whether a page is to be looked for in these two steps: whoever asks for anything else as well finds it as ever."""
    if not isinstance(filter, CallFilter) or not isinstance(order, CallOrder):
        return False
    given = {field.name for field in fields(filter) if getattr(filter, field.name) is not None} - _BESIDE
    return bool(given) and order.field is CallOrderField.STARTED_AT and all(_gathers(filter, name) for name in given)


def _gathers(filter: CallFilter, name: str) -> bool:
    value = getattr(filter, name)
    if name in _NUMBERS:
        assert isinstance(value, NumberMatch)
        return value.equals is None and value.in_ is None and value.shown_as is None
    if name in _SINGLE:
        return len(value) > 1
    return name in _GATHERED and value is not False


def goes_on(found: int) -> bool:
    """Whether so many near ones are enough to go on along the start."""
    return found >= ENOUGH


def nearby(statement: Select[tuple[int]], order: Order, window: Window) -> ColumnElement[bool]:
    """Whether a call is among the first that are looked at; the statement has the starts of all, from the window on."""
    downwards = (order.direction is SortDirection.DESC) != window.backward
    last = statement.limit(literal_column("1")).offset(literal_column(str(LOOKED_AT))).correlate(None).scalar_subquery()
    if downwards:
        return calls.c.started_at >= func.coalesce(last, literal(_BEFORE_ALL, BigInteger))
    return calls.c.started_at <= func.coalesce(last, literal(_AFTER_ALL, BigInteger))

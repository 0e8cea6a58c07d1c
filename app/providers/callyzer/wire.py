"""What a Callyzer payload means: which kind of record it is, and how any body is cut into records."""

from collections.abc import Iterator
from typing import Any

from app.domain.calls import Record
from app.domain.errors import RecordError
from app.domain.sources import Locale, Provider
from app.providers.callyzer.calls import call
from app.providers.callyzer.client import API
from app.providers.callyzer.people import employee, lead, lead_details, lead_name
from app.providers.contract import Payload, ProviderSpec
from app.providers.payload import Object, mapping, text, texts

# A payload's kind is told by its keys, in this order: nothing in it names the kind.
_CALL_KEYS = {"call_type", "call_date", "call_time", "duration", "synced_at", "call_recording_url"}
_LEAD_KEYS = {"details", "contact_numbers", "lead_tags", "assigned_to", "no_of_attempts"}
_EMPLOYEE_KEYS = {
    "emp_name", "emp_code", "emp_number", "emp_tags", "app_version", "registered_at", "device_details",
    "device_preference", "app_settings",
}  # fmt: skip
_CLIENT_KEYS = {"client_name", "client_country_code", "client_number"}
# Where an object keeps the calls that inherit its employee, its client, or both.
_NESTED_CALLS = ("call_logs", "last_call_log", "call_log")
_INHERITED = {"emp_name", "emp_code", "emp_country_code", "emp_number", "emp_tags"} | _CLIENT_KEYS
_RECORD_KEYS = _CALL_KEYS | _LEAD_KEYS | _EMPLOYEE_KEYS | _CLIENT_KEYS | {*_NESTED_CALLS}
# Where a body keeps its records; what stands beside them is paging, messages, and statistics.
_WRAPPERS = (
    "result", "data", "employees", "savedLeads", "top_dialer", "top_answered", "top_caller", "highest_total_duration",
    "longest_duration",
)  # fmt: skip
# What only statistics have: they are computed from the calls, never stored.
_STATISTICS = {"daily_average", "average_duration", "time_slots", "slot", "day_wise"}
_STATISTICS_PREFIXES = ("total_", "avg_", "per_")


def records(payload: Payload, locale: Locale) -> tuple[Record, ...]:
    """A call, an employee or a lead to its record; of a payload that holds several, one each, in its order."""
    found = tuple(_record(item, locale) for item in items(payload))
    if not found:
        raise RecordError("it holds no call, employee or lead; statistics are computed from the calls instead")
    return found


def items(body: Any) -> Iterator[Any]:
    """The single records of any body: an answer (`result` or `data`), a webhook's array, a list, or one record.

    A nested call becomes an item of its own with the employee's and the client's fields of what it stood in. A body
    of statistics has none. What fits nowhere comes out as it is.
    """
    pending = [body]
    while pending:
        found = pending.pop()
        if isinstance(found, list):
            pending.extend(reversed(found))
        elif not isinstance(found, dict):
            yield found
        elif _is_wrapper(found):
            pending.extend(found[key] for key in reversed(_WRAPPERS) if not _is_blank(found.get(key)))
        elif not _is_statistics(found):
            yield from _unfolded(found)


def merge(one: Payload, other: Payload) -> Payload:
    """One call told twice, as one payload: webhooks lack the lead, last calls also the status that an answer has.

    The one modified later wins where both say something. Both times are the account's local ones, so their texts
    compare.
    """
    older, newer = sorted((one, other), key=lambda payload: (text(payload.get("modified_at")) or "")[:19])
    return {**older, **newer}


def _record(item: Any, locale: Locale) -> Record:
    if not isinstance(item, dict):
        raise RecordError(f"{str(item)[:80]!r} is no object")
    if item.keys() & _CALL_KEYS:
        return call(item, locale)
    if item.keys() & _LEAD_KEYS:
        return lead(item, locale)
    if item.keys() & _EMPLOYEE_KEYS:
        if "id" in item:  # employees have none: it is a call that lost its own fields
            return call(item, locale)
        return employee(item, locale)
    raise RecordError("it is neither a call (call_type), nor an employee (emp_name), nor a lead (contact_numbers)")


def _is_wrapper(found: Object) -> bool:
    return not found.keys() & _RECORD_KEYS and any(key in found for key in _WRAPPERS)


def _is_blank(value: Any) -> bool:
    return value is None or value in ("", {}, [])


def _is_statistics(found: Object) -> bool:
    if found.keys() & _RECORD_KEYS:
        return False
    return any(key in _STATISTICS or key.startswith(_STATISTICS_PREFIXES) for key in found)


def _unfolded(found: Object) -> Iterator[Any]:
    """An object's nested calls; a lead stands beside its last call, an employee or a client is told by the calls."""
    if found.keys() & _CALL_KEYS:
        yield found
        return
    nested = [log for key in _NESTED_CALLS for log in _logs(found.get(key))]
    if found.keys() & _LEAD_KEYS:
        calls = list(_calls_to_lead(found, nested))
        yield {key: value for key, value in found.items() if key not in _NESTED_CALLS} if calls else found
        yield from calls
    elif nested:
        inherited = {key: value for key, value in found.items() if key in _INHERITED}
        yield from ({**inherited, **log} if isinstance(log, dict) else log for log in nested)
    else:
        yield found


def _logs(value: Any) -> list[Any]:
    if _is_blank(value):
        return []
    return value if isinstance(value, list) else [value]


def _calls_to_lead(found: Object, nested: list[Any]) -> Iterator[Any]:
    """The last call of a lead, to the first of its numbers; without an id or a number there is no call to tell of."""
    numbers = texts(lead_details(found).get("contact_numbers"))
    for log in nested:
        if numbers and text(mapping(log).get("id")):
            yield {"client_name": lead_name(found), "client_number": numbers[0], "lead_id": found.get("id"), **log}


SPEC = ProviderSpec(
    provider=Provider.CALLYZER,
    title="Callyzer",
    default_zone="Asia/Kolkata",
    default_region="IN",
    records=records,
    items=items,
    item_paths=tuple(
        f"{root}{path}item" for root in ("", "result.", "data.") for path in ("", "employees.", "savedLeads.")
    ),
    merge=merge,
    pushes_with_secret=True,
    api=API,
)

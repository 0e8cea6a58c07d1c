"""Records of your own: objects with a `call`, an `agent` or a `contact`, in the words of the domain."""

from collections.abc import Iterator
from typing import Any

from app.domain.agents import AgentRecord
from app.domain.calls import CallRecord, Record
from app.domain.contacts import ContactRecord
from app.domain.errors import RecordError
from app.domain.sources import Locale, Provider
from app.providers.contract import Payload, ProviderSpec
from app.providers.generic.shapes import reader_of

_KINDS: dict[str, Any] = {"call": CallRecord, "agent": AgentRecord, "contact": ContactRecord}
_LIST = "records"


def records(payload: Payload, locale: Locale) -> tuple[Record, ...]:
    """The records of an object: of each kind one, if it is there. What else it says is kept with the call, raw."""
    found = tuple(reader_of(kind)(payload[key], key, locale.region) for key, kind in _KINDS.items() if key in payload)
    if not found:
        raise RecordError("it has no call, agent or contact")
    for record in found:
        if isinstance(record, AgentRecord) and not record.known:
            raise RecordError("agent has neither provider_agent_id, number nor name")
        if isinstance(record, ContactRecord) and not any(number.key for number in record.numbers):
            raise RecordError("contact has no number")
    return found


def items(body: Any) -> Iterator[Any]:
    """The objects of a body: of a list, of `{"records": […]}`, or the one that it is."""
    found = body.get(_LIST, body) if isinstance(body, dict) else body
    yield from found if isinstance(found, list) else [found]


SPEC = ProviderSpec(
    provider=Provider.GENERIC,
    title="Generic",
    default_zone="UTC",
    default_region=None,
    records=records,
    items=items,
    item_paths=("item", f"{_LIST}.item"),
)

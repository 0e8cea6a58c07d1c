"""What a sort field means in SQL: an expression that is never null, so that a cursor can name any row."""

from typing import Any

from sqlalchemy import ColumnElement, func

from app.domain.filters import AgentOrderField, CallOrderField, ContactOrderField, Order
from app.store.tables import agents, calls, contacts

_EXPRESSIONS: dict[CallOrderField | AgentOrderField | ContactOrderField, ColumnElement[Any]] = {
    CallOrderField.STARTED_AT: calls.c.started_at,
    CallOrderField.CALLER_NUMBER: func.coalesce(calls.c.caller_number, ""),
    CallOrderField.CALLER_NAME: func.coalesce(calls.c.contact_name_key, ""),
    CallOrderField.AGENT_NAME: func.coalesce(calls.c.agent_name_key, ""),
    CallOrderField.DURATION: func.coalesce(calls.c.duration_seconds, -1),
    CallOrderField.ORGANISATION: func.coalesce(calls.c.organisation_key, ""),
    CallOrderField.REVIEW: func.coalesce(calls.c.review_rank, -1),
    AgentOrderField.NAME: func.coalesce(agents.c.name_key, ""),
    AgentOrderField.CODE: func.coalesce(agents.c.code, ""),
    AgentOrderField.CREATED: agents.c.id,
    ContactOrderField.NAME: func.coalesce(contacts.c.name_key, ""),
    ContactOrderField.CREATED: contacts.c.id,
}


def sort_expression(order: Order) -> ColumnElement[Any]:
    """The value that an order sorts by."""
    return _EXPRESSIONS[order.field]

"""What a call has none of, as a predicate: no agent, no queue, no country."""

from typing import Any

from sqlalchemy import Column, ColumnElement, and_, not_, or_, select

from app.domain.filters import CallPart
from app.domain.labels import LabelKind
from app.domain.scope import Scope
from app.store.labelled import has_any
from app.store.tables import agent_tags, calls
from app.store.visibility import LEVELS

_COLUMNS: dict[CallPart, Column[Any]] = {
    CallPart.AGENT: calls.c.agent_id,
    CallPart.CONTACT: calls.c.contact_id,
    CallPart.PHONE_NUMBER: calls.c.phone_number,
    CallPart.COUNTRY: calls.c.phone_country,
    CallPart.CORPORATE: calls.c.corporate_id,
    CallPart.DIVISION: calls.c.division_id,
    CallPart.LOCATION: calls.c.location_id,
    CallPart.CAMPAIGN_UNIT: calls.c.campaign_id,
    CallPart.DURATION: calls.c.duration_seconds,
}


def none_of(scope: Scope, part: CallPart) -> ColumnElement[bool]:
    """Whether a call has none of a part."""
    if part in _COLUMNS:
        return _COLUMNS[part].is_(None)
    if part is CallPart.ORG_UNIT:
        return and_(*[level.is_(None) for level in LEVELS.values()])
    if part is CallPart.AGENT_TAG:
        tagged = select(agent_tags.c.agent_id).where(agent_tags.c.workspace_id == scope.workspace_id)
        return or_(calls.c.agent_id.is_(None), not_(calls.c.agent_id.in_(tagged)))
    return not_(has_any(scope, LabelKind[part.name]))

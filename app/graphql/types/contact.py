"""Contact: the outside person, one history over every source."""

import strawberry

from app.domain.contacts import ContactProfile, Lead
from app.domain.filters import TypedNumber
from app.domain.pages import Row
from app.domain.scope import Right, Scope
from app.engine.declared import Connected, Counted, Least, OfMany, ToMany
from app.graphql import mirror
from app.graphql.declare import (
    call_count,
    calls_connection,
    column,
    detail,
    least_of,
    of_many,
    shows,
)
from app.graphql.masking import shown, shown_name
from app.graphql.pagination import Connection
from app.graphql.types.call import CallConnection
from app.graphql.types.call_count import CallCount
from app.graphql.types.node import Node, node_id
from app.graphql.types.number import Number, number_columns, single_number

_NUMBERS = ToMany("contact_numbers", "contact_id", ("contact_id", "number"))
_to_number = single_number("number")


def _all(rows: list[Row], scope: Scope) -> list[Row]:
    return [number for row in rows if (number := _to_number(row, scope))]


@shows("contacts")
@strawberry.type(
    description="The outside person. One contact may have several numbers; its calls come from every source."
)
class Contact(Node):
    """A row of contacts."""

    id = node_id("Contact")
    name = column(str | None, "name", "The name as last told by any vendor; null where none told one.", mask=shown_name)
    email = column(str | None, "email", "E-mail address.")
    phone_number = least_of(
        TypedNumber | None,
        Least(_NUMBERS, "number", shown),
        "The contact's number; the first where there are several.",
    )
    numbers = of_many(list[Number], OfMany(_NUMBERS, number_columns("number"), _all), "All numbers of the contact.")
    profile = detail(
        mirror.output(ContactProfile) | None, "Who and where the contact is.", "profile", right=Right.INSIGHTS_READ
    )
    lead = detail(
        mirror.output(Lead) | None, "The contact as a lead in a vendor's CRM; null for one that is none.", "lead"
    )
    calls = calls_connection(
        CallConnection,
        Connected("calls", "contact_id", recent_only=True),
        "Calls with the contact over all sources, newest first; of `LAST_30_DAYS` unless the filter says a period or a range.",
    )
    call_count = call_count(
        CallCount | None,
        Counted("contact_id", recent_only=True),
        "How many calls there were with the contact; in `LAST_30_DAYS` unless the filter says a period or a range. An error "
        "without `stats:read`.",
    )


ContactConnection = Connection[Contact]

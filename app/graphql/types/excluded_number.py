"""ExcludedNumber: a number whose calls a filter can leave out; and what a change of their list came to."""

from datetime import datetime

import strawberry

from app.domain.filters import TypedNumber
from app.graphql.declare import column
from app.graphql.pagination import Connection


@strawberry.type(description="An outside number whose calls `includeExcludedNumbers: false` leaves out.")
class ExcludedNumber:
    """A row of store.excluded. It is no node: nothing but the number names it."""

    phone_number = column(TypedNumber, "number", "The number, as calls have it.")
    excluded_at = column(datetime, "created_at", "Since when it is on the list.")


@strawberry.type(description="What a change of the exclude list came to.")
class ExcludedNumbersChange:
    """A domain.excluded.ExcludedChange."""

    phone_numbers: list[TypedNumber] = strawberry.field(
        description="The numbers that were given, in their order, as the list has them."
    )
    changed: int = strawberry.field(
        description="How many numbers were put on the list, or taken off it; those that had been already do not count."
    )


ExcludedNumberConnection = Connection[ExcludedNumber]

"""CallCount: how many calls there were, by direction."""

import strawberry

from app.domain.filters import TypedNumber


@strawberry.type(description="How many calls there were, in all and by direction.")
class CallCount:
    """The values behind it are store.counts.CallCount."""

    phone_number: TypedNumber | None = strawberry.field(
        description="The number as it was asked for; null where calls are counted by something else."
    )
    total: int = strawberry.field(description="All calls.")
    inbound: int = strawberry.field(description="Calls from outside.")
    outbound: int = strawberry.field(description="Calls to outside.")
    internal: int = strawberry.field(description="Calls within the company.")

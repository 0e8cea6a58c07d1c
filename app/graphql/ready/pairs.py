"""The statistics of agents and contacts who missed each other."""

import strawberry

from app.domain.ready import NeverAttendedOrder, NotPickedUpOrder
from app.graphql.ready.groups import LAST_30_DAYS
from app.graphql.ready.lists import listing
from app.graphql.types.never_attended import NeverAttendedConnection
from app.graphql.types.not_picked_up import NotPickedUpConnection
from app.store.ready import never_attended, not_picked_up


@strawberry.type
class Pairs:
    """Root fields; each is a connection."""

    never_attended = listing(
        NeverAttendedConnection,
        "Contacts whose calls an agent missed or rejected, and the two never talked after that, in either direction; "
        f"{LAST_30_DAYS}. Only calls that the filter selects are looked at, for the missed call and for the talk. Calls without an "
        "agent or a number are nobody's: `unreturnedCalls` has those without an agent.",
        never_attended,
        NeverAttendedOrder,
        "the latest missed call first where not given",
    )
    not_picked_up = listing(
        NotPickedUpConnection,
        "Contacts whom an agent dialled, and never talked to on any of these calls; "
        f"{LAST_30_DAYS}. Only calls that the filter selects are looked at, and none without an agent or a number.",
        not_picked_up,
        NotPickedUpOrder,
        "the latest attempt first where not given",
    )

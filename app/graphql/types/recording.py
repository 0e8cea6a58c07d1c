"""Recording: what the vendor says of it, and a link of ours, so that no token of the vendor's ever reaches a browser."""

from typing import Any

import strawberry

from app.domain import details
from app.domain.pages import Row
from app.domain.scope import Right, Scope
from app.engine.declared import Momentary
from app.graphql import mirror
from app.graphql.context import Context

_CALL = "call_id"  # under which a recording carries our id of its call


def recording_of(row: Row, scope: Scope) -> Row | None:
    """The recording of a call as the vendor told it; None for who may not see any."""
    found = (row["details"] or {}).get("recording")
    return {**found, _CALL: row["id"]} if found and scope.may(Right.RECORDINGS_READ) else None


def _link(recording: Row, context: Context) -> str | None:
    if recording.get("url") is None or context.recording_link is None:
        return None
    return context.recording_link(recording[_CALL])


def _url(root: strawberry.Parent[Any], info: strawberry.Info[Context, None]) -> str | None:
    return _link(root, info.context)


_URL = strawberry.field(
    resolver=_url,
    graphql_type=str | None,
    description="Where to listen to it: a link of Switchboard's, which needs no token and ends after some minutes. Ask for it "
    "when it is wanted, and keep it nowhere. Null where the vendor only gives an id.",
    metadata={mirror.DECLARATION: Momentary(_link)},
)
_MEMBERS = mirror.members(details.Recording)
_FIELDS = {member.name: _URL if member.name == "url" else mirror.from_json(member) for member in _MEMBERS}
Recording: Any = strawberry.type(type("Recording", (), _FIELDS), description=details.Recording.__doc__)

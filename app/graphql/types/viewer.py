"""Viewer: who asks, and what they may."""

from zoneinfo import ZoneInfo

import strawberry

from app.domain.scope import Right, Scope


@strawberry.type(description="Who asks, and what they may.")
class Viewer:
    """What a request's own token says."""

    name: str = strawberry.field(description="The token's name, or the subject that the identity provider vouches for.")
    workspace: str = strawberry.field(description="The company whose calls are served.")
    timezone: ZoneInfo = strawberry.field(description="The zone of periods where a filter names none.")
    scopes: list[str] = strawberry.field(description="What the viewer may do and see, such as `calls:read`.")
    limited: bool = strawberry.field(description="Whether the viewer sees only some of the workspace's calls.")


def viewer_of(scope: Scope, zone: ZoneInfo, name: str) -> Viewer:
    """The viewer of a scope."""
    scopes = sorted(right.value for right in Right if scope.may(right))
    return Viewer(name=name, workspace=scope.workspace_id, timezone=zone, scopes=scopes, limited=scope.reach.limited)

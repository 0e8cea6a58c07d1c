"""The viewer: whose question it is, what they may, and in which zone they think."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.domain.scope import Scope


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks. The scope goes into every statement; the zone is the workspace's, for periods without one."""

    scope: Scope
    zone: ZoneInfo
    # The token's name, or the subject that the identity provider vouches for.
    name: str
    # What budgets and logs know the viewer by; never the token itself.
    key: str

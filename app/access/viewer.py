"""The viewer: whose question it is, and in which zone they think."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.domain.scope import Scope


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks. The scope goes into every statement; the zone is the workspace's, for periods without one."""

    scope: Scope
    zone: ZoneInfo

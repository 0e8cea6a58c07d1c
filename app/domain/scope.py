"""Whose rows a question may touch, and what of them it may see: the first argument of every read and write in `store`."""

from dataclasses import dataclass
from enum import Enum


class Right(Enum):
    """What a viewer may do; `admin` includes the others."""

    CALLS_READ = "calls:read"
    STATS_READ = "stats:read"
    NUMBERS_READ = "numbers:read"
    RECORDINGS_READ = "recordings:read"
    NOTES_READ = "notes:read"
    INSIGHTS_READ = "insights:read"
    EXPORT = "export"
    INGEST = "ingest"
    SOURCES_MANAGE = "sources:manage"
    ADMIN = "admin"

    # Of what it is, in C: Enum's own is of its name, in Python, and a right is looked for at each text of an answer.
    __hash__ = object.__hash__


EVERY_RIGHT = frozenset(Right)


@dataclass(frozen=True, slots=True)
class Reach:
    """Which of the workspace's calls a viewer sees. All given limits hold; None is no limit, () lets nothing through."""

    # Calls that one of these agents took: an agent who sees only their own.
    agent_ids: tuple[str, ...] | None = None
    source_ids: tuple[str, ...] | None = None
    # Calls of one of these organisation units, at any level.
    org_unit_ids: tuple[str, ...] | None = None
    # Calls of agents with one of these tags, folded.
    agent_tags: tuple[str, ...] | None = None

    @property
    def parts_sources(self) -> bool:
        """Whether of a source that is seen some calls may not be: what is counted of all its records is not theirs."""
        return any(limit is not None for limit in (self.agent_ids, self.org_unit_ids, self.agent_tags))

    @property
    def limited(self) -> bool:
        """Whether there is any limit."""
        limits = (self.agent_ids, self.source_ids, self.org_unit_ids, self.agent_tags)
        return any(limit is not None for limit in limits)


@dataclass(frozen=True, slots=True)
class Scope:
    """One viewer's reach. No statement is made without it, so no query can forget the tenant or a limit."""

    workspace_id: str
    # A call counts as connected when it was answered and talked on for more than this.
    connected_above_seconds: int = 2
    # The dialling regions of the workspace's sources: how a number without a country code may be meant.
    regions: tuple[str, ...] = ()
    rights: frozenset[Right] = EVERY_RIGHT
    reach: Reach = Reach()

    def may(self, right: Right) -> bool:
        """Whether the viewer has a right."""
        return right in self.rights or Right.ADMIN in self.rights

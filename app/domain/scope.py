"""Whose rows a question may touch: the first argument of every read and write in `store`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """One viewer's reach. No statement is made without it, so no query can forget the tenant."""

    workspace_id: str
    # A call counts as connected when it was answered and talked on for more than this.
    connected_above_seconds: int = 2
    # The dialling regions of the workspace's sources: how a number without a country code may be meant.
    regions: tuple[str, ...] = ()

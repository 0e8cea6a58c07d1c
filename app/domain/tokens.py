"""An API token as it is kept: whose rights it carries, and for how long."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.scope import Reach, Right


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is kept. The workspace is part of the secret's text, so that it is found within its tenant."""

    id: str
    name: str
    rights: frozenset[Right]
    reach: Reach
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None

    def valid(self, now: datetime) -> bool:
        """Whether it opens anything at a moment."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

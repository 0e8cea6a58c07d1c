"""The viewer: whose question it is, what they may, and in which zone they think."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.domain.scope import Right, Scope

# Whoever asks without a token, where that is allowed. Keys of others begin with `token:` or `subject:`.
ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks. The scope goes into every statement; the zone is the workspace's, for periods without one."""

    scope: Scope
    zone: ZoneInfo
    # The token's name, or the subject that the identity provider vouches for.
    name: str
    # What budgets and logs know the viewer by; never the token itself.
    key: str

    @property
    def sees_numbers(self) -> bool:
        """Whether phone numbers are shown to them."""
        return self.scope.may(Right.NUMBERS_READ)

    @property
    def anonymous(self) -> bool:
        """Whether it is nobody known: one of any number of strangers."""
        return self.key == ANONYMOUS

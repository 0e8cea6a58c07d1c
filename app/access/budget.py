"""How much each token may ask for a minute: a leaky bucket of cost for each, in the memory of one process."""

import math
from collections import OrderedDict
from dataclasses import dataclass, field

from app.domain.errors import SwitchboardError


class BudgetSpentError(SwitchboardError):
    """The token has asked for as much as it may in a minute; the message says when it may ask again."""

    code = "BUDGET_SPENT"

    def __init__(self, requested: int, budget: int, remaining: int, wait: float) -> None:
        seconds = math.ceil(wait)
        super().__init__(
            f"The query may be answered with {requested:,} objects; of the {budget:,} that you may ask for a minute, "
            f"{remaining:,} are left. Ask again in {seconds:,} s, or for less."
        )
        self.facts = {
            "requested": requested,
            "budgetPerMinute": budget,
            "budgetRemaining": remaining,
            "retryAfterSeconds": seconds,
        }


# How full it is, and when that was so.
_Bucket = tuple[float, float]


@dataclass(slots=True)
class Budget:
    """Buckets of `capacity` that leak `leak_per_minute`; only the `keys` that were used last are remembered.

    Times are seconds of any clock that does not go back. Every process has its own, so a token may spend once in each.
    """

    capacity: float
    leak_per_minute: float
    keys: int = 10_000
    _buckets: OrderedDict[str, _Bucket] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        if not (self.capacity > 0 and self.leak_per_minute > 0 and self.keys > 0):
            raise ValueError("A budget needs a capacity, a leak and a number of keys above zero.")

    def take(self, key: str, cost: float, now: float) -> float | None:
        """Takes a cost out of the key's budget; None if it had that much left, else after how many seconds it will.

        What was refused is not taken. A cost above the capacity takes all of it, so that nothing is refused for ever.
        """
        cost, buckets = min(max(cost, 0), self.capacity), self._buckets
        level, now = self._leaked(buckets.pop(key, (0.0, now)), now)
        over = level + cost - self.capacity
        buckets[key] = (level if over > 0 else level + cost, now)  # the last that was used
        if len(buckets) > self.keys:
            buckets.popitem(last=False)
        if over <= 0:
            return None
        # A millisecond more than needed, which rounding cannot lose.
        return math.ceil(over * 60 / self.leak_per_minute * 1000 + 1) / 1000

    def charge(self, key: str, cost: float, now: float) -> None:
        """Takes a cost that was not known before, as much of it as the budget has."""
        self.take(key, min(cost, self.left(key, now)), now)

    def left(self, key: str, now: float) -> int:
        """How much the key may ask for at this moment."""
        level, _ = self._leaked(self._buckets.get(key, (0.0, now)), now)
        return int(self.capacity - level)

    def _leaked(self, bucket: _Bucket, now: float) -> _Bucket:
        level, at = bucket
        if now <= at:
            return bucket
        level -= (now - at) * self.leak_per_minute / 60
        return (level if level > 0 else 0.0), now

    def __len__(self) -> int:
        """How many keys are remembered."""
        return len(self._buckets)

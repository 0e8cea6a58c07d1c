"""Who of an office is at work on a day, and who is free at a moment of it."""

from datetime import datetime, timedelta
from random import Random

from app.demo.company import Agent

_SHIFT = timedelta(hours=8, minutes=30)


class Staff:
    """The agents at work, each from the moment their shift begins. Nobody is ever in two calls."""

    def __init__(self, random: Random, begins: dict[Agent, datetime]) -> None:
        self._random = random
        self._agents = list(begins)
        self._free_at = {agent.number: at for agent, at in begins.items()}
        self._leaves_at = {agent.number: at + _SHIFT for agent, at in begins.items()}
        self.opening, self.closing = min(begins.values()), max(self._leaves_at.values())

    def free(self, at: datetime) -> list[Agent]:
        """Who could take a call, in the order in which they would; the quick ones are first more often."""
        free = [agent for agent in self._agents if self._free_at[agent.number] <= at < self._leaves_at[agent.number]]
        return sorted(free, key=lambda agent: self._random.random() ** agent.pace)

    def talked(self, agent: Agent, until: datetime) -> None:
        """Notes a call that lasts until then; writing it down takes some seconds more."""
        self._free_at[agent.number] = until + timedelta(seconds=self._random.randint(5, 60))

"""One office's day, call by call, before any vendor writes it down; the same day always goes the same way.

A day is made from the seed and its date alone, so the company's history does not depend on when it is looked at:
asked again tomorrow, it has gone on working.
"""

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from heapq import heapify, heappop, heappush
from math import log
from random import Random

from app.demo.company import Agent, Contact, Size, Team
from app.demo.conversation import Conversation, Ending
from app.demo.words import TOPIC_WEIGHTS, TOPICS, Topic

# Made so much more than asked for, that the latest calls of that number always lie within the days asked for.
_MARGIN = 1.05
_SHIFT = timedelta(hours=8, minutes=30)
_QUIET = 0.5  # of a full day's calls: below, most of the team is at home
RING_SECONDS = 16  # that an agent's phone rings before the next agent's does
_WITHHELD = 0.008  # share of callers who hide their number
_TRIES = 4  # calls in a row over one matter, before both sides let it rest
# What an unanswered call leads to: who calls next (True: they do, None: nobody), after how many minutes, and how often.
_AFTER_INBOUND = ((False, 18, 62), (True, 4, 18), (None, 0, 20))
_AFTER_OUTBOUND = ((False, 75, 35), (True, 12, 15), (None, 0, 50))


@dataclass(frozen=True, slots=True)
class _Plan:
    """A call that somebody is going to make; `tries` counts the calls before it over the same matter."""

    inbound: bool
    contact: Contact | None
    agent: Agent | None = None
    topic: Topic | None = None
    tries: int = 0


def day(team: Team, on: date, size: Size) -> Iterator[Conversation]:
    """The calls of an office's local day, in their order. No agent is in two of them at once."""
    return _Day(team, on, size).calls()


class _Day:
    """A day under way: who is at work and until when they are busy, and the calls still to come."""

    def __init__(self, team: Team, on: date, size: Size) -> None:
        self._team, self._on = team, on
        self._random = Random(f"{size.seed}/{team.office.name}/{on}")
        self._on_duty = self._present()
        self._free_at = {agent.number: self._time(agent.shift) for agent in self._on_duty}
        self._leaves_at = {number: begins + _SHIFT for number, begins in self._free_at.items()}
        self._opening, self._closing = min(self._free_at.values()), max(self._leaves_at.values())
        # Calls to and by those whose turn it is: in a third of the time, everybody's comes.
        turns = max(1, size.days // 3 - 1)
        self._turn = list(team.home[on.toordinal() % turns :: turns])
        self._plans = [(at, number, self._fresh(at)) for number, at in enumerate(self._moments(size))]
        heapify(self._plans)
        self._planned = len(self._plans)

    def calls(self) -> Iterator[Conversation]:
        """The day from midnight to midnight."""
        serial, owed = 0, 0
        while self._plans:
            at, _, plan = heappop(self._plans)
            if owed and not plan.tries and self._random.random() < 0.5:
                owed -= 1  # a repeated call takes the place of a fresh one: the day's number stays as it should be
                continue
            made = self._inbound(at, plan, serial) if plan.inbound else self._outbound(at, plan, serial)
            if made is None:
                continue
            serial += 1
            owed += self._follow_up(made, plan)
            yield made

    def _present(self) -> list[Agent]:
        chance = 0.93 if self._team.office.week[self._on.weekday()] > _QUIET else 0.35
        present = [agent for agent in self._team.agents if self._random.random() < chance]
        return present or [self._random.choice(self._team.agents)]

    def _time(self, hour: int, seconds: int = 0) -> datetime:
        """An hour of the local day as an instant."""
        midnight = datetime(self._on.year, self._on.month, self._on.day, tzinfo=self._team.office.locale.zone)
        return (midnight + timedelta(hours=hour, seconds=seconds)).astimezone(UTC)

    def _moments(self, size: Size) -> list[datetime]:
        office = self._team.office
        usual = size.calls / size.days * _MARGIN * office.share
        weight = office.week[self._on.weekday()] * len(office.week) / sum(office.week)
        count = round(usual * weight * max(0.5, self._random.gauss(1, 0.07)))
        hours = self._random.choices(range(24), office.hours, k=count)
        return sorted(self._time(hour, self._random.randrange(3600)) for hour in hours)

    def _fresh(self, at: datetime) -> _Plan:
        inbound = self._random.random() < self._team.office.inbound or not self._opening <= at < self._closing
        if inbound and self._random.random() < _WITHHELD:
            return _Plan(inbound, None)
        if self._turn and self._random.random() < 0.5:
            return _Plan(inbound, self._turn.pop())
        frequencies = self._team.frequencies
        return _Plan(inbound, self._team.contacts[bisect(frequencies, self._random.random() * frequencies[-1])])

    def _free(self, at: datetime) -> list[Agent]:
        """Who could take a call now, in the order in which they are rung."""
        free = [agent for agent in self._on_duty if self._free_at[agent.number] <= at < self._leaves_at[agent.number]]
        return sorted(free, key=lambda agent: self._random.random() ** agent.pace)

    def _inbound(self, at: datetime, plan: _Plan, serial: int) -> Conversation:
        patience = round(self._random.lognormvariate(log(32), 0.6)) + 3
        rung: list[Agent] = []
        for agent in self._free(at)[: self._team.office.hunt]:
            waited = len(rung) * RING_SECONDS
            if waited >= patience:
                break
            rung.append(agent)
            pick_up = waited + min(RING_SECONDS - 2, round(self._random.lognormvariate(log(6), 0.5)) + 1)
            if self._random.random() < 0.84 and pick_up < patience:
                return self._made(at, plan, serial, Ending.ANSWERED, rung, pick_up)
        given_up = min(patience, max(1, len(rung)) * RING_SECONDS + 8)
        return self._made(at, plan, serial, Ending.UNANSWERED, rung, given_up)

    def _outbound(self, at: datetime, plan: _Plan, serial: int) -> Conversation | None:
        free = self._free(at)
        agent = plan.agent if plan.agent in free else free[0] if free else None
        if agent is None:
            return None
        (ending,) = self._random.choices(tuple(Ending), (70 if plan.tries else 62, 26, 8, 3))
        ring = {Ending.BUSY: 3, Ending.FAILED: 1}.get(ending)
        if ring is None:
            ring = self._random.randint(4, 22) if ending is Ending.ANSWERED else self._random.randint(18, 45)
        return self._made(at, plan, serial, ending, [agent], ring)

    def _made(
        self, at: datetime, plan: _Plan, serial: int, ending: Ending, rung: list[Agent], ring: int
    ) -> Conversation:
        topic = plan.topic or self._random.choices(TOPICS, TOPIC_WEIGHTS)[0]
        made = Conversation(
            office=self._team.office,
            serial=serial,
            started_at=at,
            inbound=plan.inbound,
            ending=ending,
            agent=rung[-1] if rung else None,
            missed_by=tuple(rung[:-1]),
            contact=plan.contact,
            number=self._number(plan.contact),
            ring_seconds=ring,
            talk_seconds=self._talk(topic) if ending is Ending.ANSWERED else 0,
            again=plan.tries > 0,
            topic=topic,
            luck=self._random.getrandbits(48),
        )
        if made.agent:  # after the talk, some seconds of writing it down
            self._free_at[made.agent.number] = made.ended_at + timedelta(seconds=self._random.randint(5, 60))
        return made

    def _number(self, contact: Contact | None) -> str | None:
        if contact is None:
            return None
        other = contact.other_number if self._random.random() < 0.3 else None
        return contact.written(other or contact.number, self._team.office.country)

    def _talk(self, topic: Topic) -> int:
        if topic.name == "Wrong number":
            return self._random.randint(1, 12)
        return min(2_700, max(2, round(self._random.lognormvariate(log(125), 0.95))))

    def _follow_up(self, made: Conversation, plan: _Plan) -> int:
        """Plans what an unanswered call leads to, if anything; the number of calls planned."""
        if made.answered or made.contact is None or plan.tries == _TRIES:
            return 0
        likely = _AFTER_INBOUND if made.inbound else _AFTER_OUTBOUND
        inbound, minutes, _ = self._random.choices(likely, [share for _, _, share in likely])[0]
        if inbound is None:
            return 0
        at = made.ended_at + timedelta(seconds=round(60 * self._random.lognormvariate(log(minutes), 1.1)))
        if not inbound and at < self._opening:
            at = self._opening + timedelta(seconds=self._random.randint(60, 2_400))
        if at >= (self._time(23) if inbound else self._closing):
            return 0
        self._planned += 1
        again = _Plan(inbound, made.contact, made.agent, made.topic, plan.tries + 1)
        heappush(self._plans, (at, self._planned, again))
        return 1

"""One office's day, call by call; the same day always goes the same way.

A day is made from the seed and its date alone, so the company's history does not depend on when it is looked at:
asked again tomorrow, it has gone on working.
"""

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from heapq import heapify, heappop, heappush
from itertools import accumulate
from math import log

from app.demo.company import Agent, Contact, Size, Team
from app.demo.conversation import RING_SECONDS, Conversation, Ending
from app.demo.dice import dice
from app.demo.staff import Staff
from app.demo.words import TOPIC_WEIGHTS, TOPICS, Topic

# Made so much more than asked for, that the latest calls of that number always lie within the days asked for.
_MARGIN = 1.02
_TOPICS = tuple(accumulate(TOPIC_WEIGHTS))
# How calls to contacts end, in the order of the endings: the first try, and later ones.
_ENDINGS = tuple(Ending)
_FIRST_ENDINGS, _LATER_ENDINGS = tuple(accumulate((62, 26, 8, 3))), tuple(accumulate((70, 26, 8, 3)))
_QUIET = 0.5  # of a full day's calls: on days with less, most of the team is at home
_WITHHELD = 0.008  # share of callers who hide their number
_TRIES = 4  # calls in a row over one matter, before both sides let it rest
# What an unanswered call leads to: who calls next (True: they do, None: nobody), after how many minutes, and how often.
_AFTER_INBOUND = ((False, 18, 62), (True, 4, 18), (None, 0, 20))
_AFTER_OUTBOUND = ((False, 75, 35), (True, 12, 15), (None, 0, 50))


@dataclass(frozen=True, slots=True)
class _Plan:
    """A call that somebody is going to make; `tries` counts the calls before it over the same matter."""

    at: datetime
    inbound: bool
    contact: Contact | None
    topic: Topic
    agent: Agent | None = None
    tries: int = 0


def day(team: Team, on: date, size: Size) -> Iterator[Conversation]:
    """The calls of an office's local day, in their order."""
    return _Day(team, on, size).calls()


class _Day:
    """A day under way: who is at work, and the calls still to come."""

    def __init__(self, team: Team, on: date, size: Size) -> None:
        self._team, self._on, self._size = team, on, size
        self._random = dice(size.seed, team.office.name, on)
        self._staff = Staff(self._random, {agent: self._time(agent.shift) for agent in self._present()})
        # Those whose turn it is call or are called today: in a third of the days, everybody's turn comes once.
        turns = max(1, size.days // 3 - 1)
        self._turn = list(team.home[on.toordinal() % turns :: turns])
        # By time; the number in the middle keeps equal times in order.
        self._plans = [(at, number, self._fresh(at)) for number, at in enumerate(self._moments())]
        self._planned = len(self._plans)
        heapify(self._plans)

    def calls(self) -> Iterator[Conversation]:
        """The day from midnight to midnight."""
        serial = owed = 0
        while self._plans:
            _, _, plan = heappop(self._plans)
            if owed and not plan.tries and self._random.random() < 0.5:
                owed -= 1  # a repeated call takes the place of a fresh one: the day's number stays as it should be
                continue
            made = self._inbound(plan, serial) if plan.inbound else self._outbound(plan, serial)
            if made is None:
                continue
            if again := self._follow_up(made, plan):
                self._planned += 1
                owed += 1
                heappush(self._plans, (again.at, self._planned, again))
            serial += 1
            yield made

    def _present(self) -> list[Agent]:
        chance = 0.93 if self._team.office.week[self._on.weekday()] > _QUIET else 0.35
        present = [agent for agent in self._team.agents if self._random.random() < chance]
        return present or [self._random.choice(self._team.agents)]

    def _time(self, hour: int) -> datetime:
        """An hour of the local day as an instant."""
        midnight = datetime(self._on.year, self._on.month, self._on.day, tzinfo=self._team.office.locale.zone)
        return (midnight + timedelta(hours=hour)).astimezone(UTC)

    def _moments(self) -> list[datetime]:
        """When fresh calls are made: as many as the weekday has, spread as the office's hours are."""
        office = self._team.office
        usual = self._size.calls / self._size.days * _MARGIN * office.share
        weight = office.week[self._on.weekday()] * len(office.week) / sum(office.week)
        count = round(usual * weight * max(0.5, self._random.gauss(1, 0.07)))
        hours = self._random.choices(range(24), office.hours, k=count)
        begins = {hour: self._time(hour) for hour in set(hours)}
        return sorted(begins[hour] + timedelta(seconds=self._random.randrange(3600)) for hour in hours)

    def _fresh(self, at: datetime) -> _Plan:
        at_work = self._staff.opening <= at < self._staff.closing
        inbound = not at_work or self._random.random() < self._team.office.inbound
        hidden = inbound and self._random.random() < _WITHHELD
        topic = self._random.choices(TOPICS, cum_weights=_TOPICS)[0]
        return _Plan(at, inbound, None if hidden else self._contact(), topic)

    def _contact(self) -> Contact:
        if self._turn and self._random.random() < 0.6:
            return self._turn.pop()
        frequencies = self._team.frequencies
        return self._team.contacts[bisect(frequencies, self._random.random() * frequencies[-1])]

    def _inbound(self, plan: _Plan, serial: int) -> Conversation:
        """The caller waits as long as patience lasts, while one agent after the other is rung."""
        patience = 3 + round(self._random.lognormvariate(log(32), 0.6))
        rung: list[Agent] = []
        for agent in self._staff.free(plan.at)[: self._team.office.hunt]:
            waited = len(rung) * RING_SECONDS
            if waited >= patience:
                break
            rung.append(agent)
            after = waited + min(RING_SECONDS - 2, 1 + round(self._random.lognormvariate(log(6), 0.5)))
            if after < patience and self._random.random() < 0.82:
                return self._made(plan, serial, Ending.ANSWERED, rung, after)
        given_up = min(patience, max(1, len(rung)) * RING_SECONDS + 8)
        return self._made(plan, serial, Ending.UNANSWERED, rung, given_up)

    def _outbound(self, plan: _Plan, serial: int) -> Conversation | None:
        """None where nobody is free to call."""
        free = self._staff.free(plan.at)
        if not free:
            return None
        agent = plan.agent if plan.agent in free else free[0]
        (ending,) = self._random.choices(_ENDINGS, cum_weights=_LATER_ENDINGS if plan.tries else _FIRST_ENDINGS)
        shortest, longest = {Ending.ANSWERED: (4, 22), Ending.UNANSWERED: (18, 45)}.get(ending, (1, 4))
        return self._made(plan, serial, ending, [agent], self._random.randint(shortest, longest))

    def _made(self, plan: _Plan, serial: int, ending: Ending, rung: list[Agent], ring: int) -> Conversation:
        made = Conversation(
            office=self._team.office,
            serial=serial,
            started_at=plan.at,
            inbound=plan.inbound,
            ending=ending,
            agent=rung[-1] if rung else None,
            missed_by=tuple(rung[:-1]),
            contact=plan.contact,
            ring_seconds=ring,
            talk_seconds=self._talk(plan.topic) if ending is Ending.ANSWERED else 0,
            again=plan.tries > 0,
            topic=plan.topic,
            luck=self._random.getrandbits(48),
        )
        if made.agent:
            self._staff.talked(made.agent, made.ended_at)
        return made

    def _talk(self, topic: Topic) -> int:
        if topic.brief:
            return self._random.randint(1, 12)
        return min(2_700, max(2, round(self._random.lognormvariate(log(125), 0.95))))

    def _follow_up(self, made: Conversation, plan: _Plan) -> _Plan | None:
        """What an unanswered call leads to, if anything before the day ends."""
        if made.answered or made.contact is None or plan.tries == _TRIES:
            return None
        likely = _AFTER_INBOUND if made.inbound else _AFTER_OUTBOUND
        ((inbound, minutes, _),) = self._random.choices(likely, [often for _, _, often in likely])
        if inbound is None:
            return None
        at = made.ended_at + timedelta(seconds=round(60 * self._random.lognormvariate(log(minutes), 1.1)))
        if not inbound and at < self._staff.opening:  # who called in the night is called back in the morning
            at = self._staff.opening + timedelta(seconds=self._random.randint(60, 2_400))
        if at >= (self._time(23) if inbound else self._staff.closing):
            return None
        return _Plan(at, inbound, made.contact, made.topic, made.agent, plan.tries + 1)

"""The demo's company: its three offices with their rhythm, who works in them, and who calls them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, cycle
from random import Random
from zoneinfo import ZoneInfo

from app.demo.dice import dice
from app.demo.words import CARRIERS, FIRST_NAMES, LAST_NAMES, TOWNS, Town
from app.domain.sources import Locale, Provider

COUNTRY_CODES = {"NP": "977", "IN": "91", "US": "1"}
# How many lines a country has to give; in the US those reserved for fiction, 555-0100 to 555-0199 of each area code.
_LINES = {"NP": 100_000, "IN": 100_000, "US": 100 * len(TOWNS["US"])}
_ALSO_CALLS = 0.12  # of the contacts of one office, this share calls a second one, too


@dataclass(frozen=True, slots=True)
class Size:
    """How large the demo is. All of it follows from this: the same size and moment give the same calls."""

    agents: int = 40
    contacts: int = 2_000
    calls: int = 50_000
    days: int = 90
    seed: int = 2024


@dataclass(frozen=True, slots=True)
class Office:
    """One source of the company, and when it is busy in its own zone."""

    name: str
    provider: Provider
    locale: Locale
    country: str
    # Of the company's people and calls.
    share: float
    # How many agents are rung one after the other before a caller is given up on.
    hunt: int
    inbound: float
    # Relative numbers of calls by local hour from midnight, and by weekday from Monday.
    hours: tuple[int, ...]
    week: tuple[float, ...]
    # The hours at which shifts begin.
    shifts: tuple[int, ...]


OFFICES = (
    Office(
        name="Kathmandu office",
        provider=Provider.VOXCROW,
        locale=Locale(ZoneInfo("Asia/Kathmandu"), "NP"),
        country="NP",
        share=0.33,
        hunt=1,
        inbound=0.66,
        hours=(0, 0, 0, 0, 0, 1, 2, 5, 20, 60, 95, 100, 80, 45, 75, 88, 80, 50, 12, 5, 3, 2, 1, 0),
        week=(1.0, 0.95, 0.92, 0.95, 0.9, 0.12, 0.55),  # Saturday is Nepal's day off, Sunday is a working day
        shifts=(8, 9, 10),
    ),
    Office(
        name="Sales floor",
        provider=Provider.SMARTFLO,
        locale=Locale(ZoneInfo("Asia/Kolkata"), "IN"),
        country="IN",
        share=0.41,
        hunt=3,
        inbound=0.56,
        hours=(1, 0, 0, 0, 0, 0, 2, 4, 14, 55, 92, 100, 88, 40, 70, 90, 94, 82, 52, 14, 5, 3, 2, 1),
        week=(1.0, 1.0, 0.97, 0.96, 0.93, 0.3, 0.06),
        shifts=(8, 10, 11),
    ),
    Office(
        name="US hotline",
        provider=Provider.CALLCAP,
        locale=Locale(ZoneInfo("America/Chicago"), "US"),
        country="US",
        share=0.26,
        hunt=2,
        inbound=0.84,
        hours=(1, 1, 0, 0, 0, 1, 3, 18, 55, 85, 100, 92, 48, 70, 88, 84, 75, 50, 18, 6, 4, 2, 1, 1),
        week=(1.0, 0.94, 0.9, 0.9, 0.82, 0.16, 0.08),
        shifts=(7, 9, 10),
    ),
)


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who works the phone; `number` is theirs within the office, and every vendor's ids are made from it."""

    name: str
    number: int
    # How many calls they take, compared with their colleagues.
    pace: float
    shift: int


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody outside the company."""

    name: str
    country: str
    # The national digits.
    number: str
    town: Town
    carrier: str

    @property
    def e164(self) -> str:
        """The number as it is dialled from anywhere."""
        return f"+{COUNTRY_CODES[self.country]}{self.number}"

    def written(self, country: str) -> str:
        """The number as a phone in that country shows it: national at home, with a plus from abroad."""
        return self.number if country == self.country else self.e164


@dataclass(frozen=True, slots=True)
class Team:
    """An office with its people: those who work there, those at home in its country, and whoever else calls it."""

    office: Office
    agents: tuple[Agent, ...]
    home: tuple[Contact, ...]
    contacts: tuple[Contact, ...]
    # How often each contact calls, as running totals.
    frequencies: tuple[float, ...]


def teams(size: Size) -> tuple[Team, ...]:
    """The whole company. No two contacts share a number as long as the US has fictional ones left (some 4,500 in all)."""
    random = dice(size.seed, "company")
    homes = [_contacts(random, office.country, count) for office, count in _shared(size.contacts)]
    return tuple(
        _team(random, office, count, home, [contact for other in homes if other is not home for contact in other])
        for (office, count), home in zip(_shared(size.agents), homes, strict=True)
    )


def _shared(whole: int) -> list[tuple[Office, int]]:
    """A number shared out over the offices; at least one each, and the last takes what rounding leaves."""
    counts = [max(1, round(whole * office.share)) for office in OFFICES[:-1]]
    return list(zip(OFFICES, [*counts, max(1, whole - sum(counts))], strict=True))


def _team(random: Random, office: Office, agents: int, home: tuple[Contact, ...], others: Sequence[Contact]) -> Team:
    visitors = [contact for contact in others if random.random() < _ALSO_CALLS]
    contacts = (*home, *visitors)
    # A few people call very often, and most seldom (Pareto).
    frequencies = tuple(accumulate(min(random.paretovariate(1.1), 25) for _ in contacts))
    return Team(office, _agents(random, office, agents), home, contacts, frequencies)


def _agents(random: Random, office: Office, count: int) -> tuple[Agent, ...]:
    names = _names(random, office.country, count)
    return tuple(
        Agent(name, number, random.lognormvariate(0, 0.35), random.choice(office.shifts))
        for number, name in enumerate(names, 1)
    )


def _contacts(random: Random, country: str, count: int) -> tuple[Contact, ...]:
    lines = cycle(random.sample(range(_LINES[country]), k=min(count, _LINES[country])))
    return tuple(_contact(random, country, name, next(lines)) for name in _names(random, country, count))


def _contact(random: Random, country: str, name: str, line: int) -> Contact:
    town = TOWNS[country][line % len(TOWNS[country])]
    return Contact(name, country, _number(country, town, line), town, random.choice(CARRIERS))


def _number(country: str, town: Town, line: int) -> str:
    if country == "US":
        return f"{town.code}55501{line // len(TOWNS[country]):02}"
    # No range is reserved for fiction here; the zeros in the middle are at least seldom in a real subscriber's number.
    start = f"9{town.code}00" if country == "NP" else f"9{1 + line % 9}000"
    return f"{start}{line:05}"


def _names(random: Random, country: str, count: int) -> list[str]:
    """Full names, none twice as long as there are enough."""
    whole = [f"{first} {last}" for first in FIRST_NAMES[country] for last in LAST_NAMES[country]]
    random.shuffle(whole)
    return [whole[at % len(whole)] for at in range(count)]

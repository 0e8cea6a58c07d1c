"""What is known of a search's words before calls are looked for: where each was said, and of about how many calls.

A page of calls of which a rare word was said is gathered by it; one of common words is met along the start.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import repeat

# A word or number that is looked for: one of these has to have all of its terms said. A number may be its words as well.
Need = tuple[tuple[str, ...], ...]


class Place(Enum):
    """Where a term may have been said, and of how many calls one owner is guessed to be; so many are counted at most.

    Of calls themselves it is no guess. A line stands in a call beside its phone number, such as the company's own, which
    every call may have.
    """

    CALL = "s", 1, 2_000  # said of the call itself
    AGENT = "a", 25_000, 200
    CONTACT = "c", 20, 500
    UNIT = "u", 25_000, 200
    NUMBER = "n", 20, 1_500
    LINE = "l", 25_000, 200

    def __init__(self, letter: str, calls: int, most: int) -> None:
        """Of a letter that it is told by, and of these numbers."""
        self.letter, self.calls, self.most = letter, calls, most


# By a term of no more calls these are gathered at once; of a term of so many there may be any number.
_FEW, _MANY = 2_000, 10_000
# Of so many agents who may have one of two words all calls may be looked at.
_FEW_AGENTS = 4
# Those in which digits are looked for as they stand.
NUMBERED = (Place.NUMBER, Place.LINE)
# Of each term, how many owners of each place have it.
_Counts = Mapping[str, Mapping[Place, int]]


@dataclass(frozen=True, slots=True)
class Said:
    """What was seen of each term, and by which need calls are gathered if they are."""

    # Where somebody has it; and those of these places in which they are so few that all of them are soon known.
    places: tuple[tuple[str, frozenset[Place]], ...]
    known: tuple[tuple[str, frozenset[Place]], ...]
    by: int
    # About how many calls are to be looked at where they are gathered, and whether these were counted.
    calls: int
    counted: bool
    # Whether there are two words, both common, and all that they are looked for in is in one index (see pace).
    together: bool = False
    # The need beside it that as many contacts may meet: few contacts have both words.
    beside: int | None = None
    # Two or three of such needs by which calls are gathered at once: nobody but contacts meets them, and agents and calls
    # that were all counted; of two needs so few agents that all of their calls may be looked at (see call_search).
    shared: tuple[int, ...] = ()

    def of(self, term: str) -> frozenset[Place]:
        """Where anybody has it."""
        return dict(self.places)[term]

    def known_of(self, term: str) -> frozenset[Place]:
        """Where all who have it are soon known."""
        return dict(self.known)[term]

    @property
    def first(self) -> tuple[int, ...]:
        """The needs that are looked for first in each call on the way."""
        return (self.by,) if self.beside is None else (self.by, self.beside)

    @property
    def gathered(self) -> tuple[int, ...]:
        """The needs that calls are gathered by."""
        return self.shared or (self.by,)

    @property
    def are_few(self) -> bool:
        """Whether calls are gathered sooner than met."""
        return self.counted and self.calls <= _FEW

    @property
    def are_many(self) -> bool:
        """Whether it may take long to gather calls, however few of them meet all needs."""
        return self.calls >= _MANY

    @property
    def are_told(self) -> bool:
        """Whether nothing is looked for but calls themselves, agents, contacts and numbers: all are in one index (see pace)."""
        return not any(Place.UNIT in some for _, some in self.places)

    @property
    def are_of_numbers(self) -> bool:
        """Whether anybody's number has any of it."""
        return any(not some.isdisjoint(NUMBERED) for _, some in self.places)

    def is_only_of(self, place: Place) -> bool:
        """Whether there is one term, nobody but owners of this place has it, and all who do are known."""
        return len(self.places) == 1 and self.places == self.known and self.places[0][1] == {place}

    @property
    def name(self) -> str:
        """Tells it from others of the same text: a capital is a place in which not all are known."""
        each = ("".join(self._letter(term, place) for place in Place if place in some) for term, some in self.places)
        first, shared = (" and ".join(map(str, some)) for some in (self.first, self.shared))
        return f"{','.join(each)} by {first}{f' of {shared}' * bool(shared)}{' together' * self.together}"

    def _letter(self, term: str, place: Place) -> str:
        return place.letter if place in self.known_of(term) else place.letter.upper()


def terms_of(needs: Sequence[Need]) -> list[str]:
    """The terms of needs, once each."""
    return list(dict.fromkeys(term for need in needs for any_of in need for term in any_of))


def by_nobody(needs: Sequence[Need]) -> Said:
    """What is known where nobody has any of the terms."""
    return seen_of(needs, repeat(0))


def seen_of(needs: Sequence[Need], counts: Iterator[int]) -> Said:
    """What counts say, which are of each term and place in their order."""
    found: _Counts = {term: {place: next(counts) for place in Place} for term in terms_of(needs)}
    calls = [sum(min(_calls(found[term]) for term in any_of) for any_of in need) for need in needs]
    counted = [
        all(min((_calls(found[t]), _is_counted(found[t])) for t in any_of)[1] for any_of in need) for need in needs
    ]
    # What is counted is sure; a guess may be wrong by any factor.
    by = min(range(len(needs)), key=lambda at: (not (counted[at] and calls[at] <= _FEW), calls[at]), default=0)
    apart = _apart(needs, found, calls, by)
    return Said(
        _places(found),
        _places(found, are_all=True),
        by,
        *((calls[by], counted[by]) if needs else (0, True)),
        beside=apart[0] if apart else None,
        shared=_shared([found[needs[at][0][0]] for at in (by, *apart)], (by, *apart)) if apart else (),
    )


def _apart(needs: Sequence[Need], found: _Counts, calls: Sequence[int], by: int) -> list[int]:
    """Which needs may be looked for together with another, those of fewest calls first.

    These are words that more contacts may have than are soon known. Of two of which one begins with the other a contact
    may have but one.
    """
    common = [at for at, need in enumerate(needs) if _is_common(found, need)]
    if by not in common:
        return []
    some = [by]
    for at in sorted(common, key=lambda at: calls[at]):
        if not any(_begins(needs[at][0][0], needs[other][0][0]) for other in some):
            some.append(at)
    return some[1:]


def _begins(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _shared(seen: Sequence[Mapping[Place, int]], apart: Sequence[int]) -> tuple[int, ...]:
    """Three of these needs if there are, or two: of a call that two are said of, one may be said of its agent."""
    some = [(at, counts) for at, counts in zip(apart, seen, strict=True) if _is_of_people(counts)][:3]
    agents = sum(counts[Place.AGENT] for _, counts in some)
    return tuple(at for at, _ in some) if len(some) > 2 or (len(some) > 1 and agents <= _FEW_AGENTS) else ()


def _is_common(found: _Counts, need: Need) -> bool:
    return need == (need[0][:1],) and found[need[0][0]][Place.CONTACT] == Place.CONTACT.most


def _is_of_people(seen: Mapping[Place, int]) -> bool:
    """Whether contacts have a term, agents and calls that were counted, and nobody else."""
    counted = {Place.AGENT, Place.CALL}
    return not any(
        count and (place not in counted or count == place.most)
        for place, count in seen.items()
        if place is not Place.CONTACT
    )


def _calls(seen: Mapping[Place, int]) -> int:
    return sum(place.calls * count for place, count in seen.items())


def _is_counted(seen: Mapping[Place, int]) -> bool:
    """Whether a term is said of calls themselves alone, and all of them were counted."""
    return all(count < place.most if place is Place.CALL else not count for place, count in seen.items())


def _places(found: _Counts, are_all: bool = False) -> tuple[tuple[str, frozenset[Place]], ...]:
    """Where somebody has each term, or all that do were counted."""
    return tuple(
        (term, frozenset(place for place, count in seen.items() if count and not (are_all and count == place.most)))
        for term, seen in found.items()
    )

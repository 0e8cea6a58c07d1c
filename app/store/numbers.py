"""Phone numbers in statements: equal in any region they may be meant in, or in part by their suffixes."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from functools import lru_cache
from itertools import product

from sqlalchemy import Column, ColumnElement, Select, and_, exists, false, literal, or_, select, union_all

from app.domain.errors import InputError
from app.domain.filters import NumberMatch
from app.domain.numbers import NumberKind, digits_of, hyphenated, parse
from app.domain.scope import Scope
from app.store.among import among
from app.store.database import Connection
from app.store.finding_tables import line_suffixes, number_suffixes
from app.store.tables import contact_numbers
from app.store.way import ANY, Way, last_signs, met

Numbers = Select[tuple[str]]
_MOST_KNOWN = 20_000
_LAST = "\U0010ffff"  # sorts behind every text that anything begins with
MIN_SUFFIX = 3  # shorter endings would be those of nearly every number
# A number with more digits than any real one is findable by its last ones only: its endings would be hundreds of rows.
KEPT_DIGITS = 34


def suffixes_of(number: str) -> list[str]:
    """The endings that make a number findable in part: of its digits, three digits or more."""
    digits = digits_of(number)[-KEPT_DIGITS:]
    return [digits[start:] for start in range(max(1, len(digits) - MIN_SUFFIX + 1))] if digits else []


def keys_of(scope: Scope, typed: Iterable[str]) -> list[str]:
    """What typed numbers may be stored as: their E.164 form in each region of the workspace, and their bare digits.

    A country code may stand before a hyphen: "44-7911123456".
    """
    known = _known(scope.regions)
    return sorted({key for text in typed for key in known[text]})


def keys_by(scope: Scope, typed: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """What each of the typed numbers may be stored as."""
    known = _known(scope.regions)
    return {text: known[text] for text in typed}


def known_keys(scope: Scope, typed: Sequence[str]) -> list[tuple[str, ...]] | None:
    """The same of numbers that were all asked for before, in their order; None where one was not."""
    known = _known(scope.regions)
    found = list(map(known.get, typed))
    return None if None in found else found  # type: ignore[return-value]  # as was just seen


class _Known(dict[str, tuple[str, ...]]):
    """What typed numbers may be stored as: a page asks for the same ones again and again."""

    def __init__(self, regions: tuple[str, ...]) -> None:
        super().__init__()
        self._regions = regions

    def __missing__(self, text: str) -> tuple[str, ...]:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        found = self[text] = _keys(text, self._regions)
        return found


@lru_cache(maxsize=8)
def _known(regions: tuple[str, ...]) -> _Known:
    return _Known(regions)


def _keys(text: str, regions: tuple[str, ...]) -> tuple[str, ...]:
    alone = parse(text, None)
    if alone and alone.e164 and alone.raw.startswith("+"):
        return (alone.e164,)  # the same in every region, and parsing takes the longest of a request for counts
    found = [number.key for region in (None, *regions) if (number := parse(text, region)) and number.key]
    abroad = hyphenated(text)
    return tuple(dict.fromkeys((*found, abroad) if abroad else found))


async def known_numbers(connection: Connection, scope: Scope) -> list[str]:
    """The numbers of everybody the workspace knows: what to ask a vendor for who tells calls by number only."""
    statement = (
        select(contact_numbers.c.number)
        .distinct()
        .where(
            contact_numbers.c.workspace_id == scope.workspace_id,
            contact_numbers.c.number_kind == NumberKind.EXTERNAL.value,
        )
        .order_by(contact_numbers.c.number)
    )
    return list((await connection.execute(statement)).scalars())


def matches(scope: Scope, column: Column[str], match: NumberMatch, way: Way = ANY) -> ColumnElement[bool]:
    """The predicate of a number match on a number column. Raises InputError for a part without digits."""
    held: list[ColumnElement[bool]] = []
    part = met(column, way)
    if match.equals is not None:
        held.append(column.in_(keys_of(scope, [match.equals])))
    if match.in_ is not None:
        held.append(column.in_(keys_of(scope, match.in_)))
    if match.starts_with is not None:
        digits = _digits("startsWith", match.starts_with)
        # By the numbers that do: each is an index's beginning, and no engine sorts several ranges by the start.
        held.append(_one_of(scope, column, _begun(scope, digits), way) if way.gathers else _begins(part, digits))
    if match.ends_with is not None:
        digits = _digits("endsWith", match.ends_with)
        found = _ended(scope, digits)
        held.append(_one_of(scope, column, found, way) if _by_suffix(digits, way) else _ends(part, digits))
    if match.contains is not None:
        digits = _digits("contains", match.contains)
        found = numbers_with(scope, digits)
        held.append(_one_of(scope, column, found, way) if _by_suffix(digits, way) else has_digits(part, digits))
    if match.shown_as is not None:
        held.append(column.in_([match.shown_as]))
    return and_(part.is_not(None), *held)


def numbers_like(scope: Scope, match: NumberMatch) -> Numbers | None:
    """The numbers, some of them repeated, that have digits where a match asks for them; None where it asks for more."""
    given = _given(match)
    if given == ["starts_with"]:
        return _begun(scope, _digits("startsWith", match.starts_with or ""))
    if given == ["ends_with"]:
        return _ended(scope, _digits("endsWith", match.ends_with or ""))
    if given == ["contains"]:
        return numbers_with(scope, _digits("contains", match.contains or ""))
    return None


def is_of_one_part(match: NumberMatch) -> bool:
    """Whether it asks for digits of a number, in one place: there are numbers like it."""
    return _given(match) in (["starts_with"], ["ends_with"], ["contains"])


def _given(match: NumberMatch) -> list[str]:
    return [field.name for field in fields(match) if getattr(match, field.name) is not None]


def has_digits(column: ColumnElement[str], digits: str) -> ColumnElement[bool]:
    """Whether a call's own number has digits side by side: for calls that are met, where no look at an index is as quick.

    Who has any digits is kept as these alone, or after a plus; no more of them count than it is findable by. Of more of
    them SQLite would refuse the pattern.
    """
    if len(digits) > KEPT_DIGITS:
        return false()
    return and_(column.like(f"%{digits}%"), last_signs(column, KEPT_DIGITS).like(f"%{digits}%"))


def numbers_with(scope: Scope, digits: str) -> Numbers:
    """The numbers that have digits side by side: a suffix begins with them, or they are within the shortest one."""
    suffix = number_suffixes.c.suffix
    within = [one for one in _shortest(digits) if not one.startswith(digits)]
    return _numbers(scope, begins(suffix, digits), *([suffix.in_(within)] if within else []))


def lines_with(scope: Scope, digits: str) -> Numbers:
    """The same of numbers that stand in a call beside its phone number."""
    held = (line_suffixes.c.workspace_id == scope.workspace_id, begins(line_suffixes.c.suffix, digits))
    return select(line_suffixes.c.number).where(*held)


def _begun(scope: Scope, digits: str) -> Numbers:
    number, suffix = number_suffixes.c.number, number_suffixes.c.suffix
    # A whole number is one of its suffixes; by the number it would be read once for each of them.
    whole = and_(begins(suffix, digits), number == literal("+") + suffix)
    return _numbers(scope, whole if len(digits) >= MIN_SUFFIX else begins(number, "+" + digits), begins(number, digits))


def _ended(scope: Scope, digits: str) -> Numbers:
    ending = [one for one in _shortest(digits) if one.endswith(digits)] or [digits]
    suffix = number_suffixes.c.suffix
    return _numbers(scope, suffix == digits if len(ending) == 1 else suffix.in_(ending))


def _numbers(scope: Scope, *tests: ColumnElement[bool]) -> Numbers:
    """The numbers of which one of the tests holds: each a look at an index, which no engine makes of an OR of several."""
    of_its = number_suffixes.c.workspace_id == scope.workspace_id
    each = [select(number_suffixes.c.number).where(of_its, test) for test in tests]
    return each[0] if len(each) == 1 else select(union_all(*each).subquery().c.number)


@lru_cache(maxsize=128)
def _shortest(digits: str) -> list[str]:
    """The suffixes of up to the shortest length with digits within them; none where the digits are as many themselves."""
    if len(digits) >= MIN_SUFFIX:
        return []
    every = ("".join(one) for size in range(1, MIN_SUFFIX + 1) for one in product("0123456789", repeat=size))
    return [one for one in every if digits in one]


def _ends(column: ColumnElement[str], digits: str) -> ColumnElement[bool]:
    """Whether a call's own number ends with digits; with more of them than it is findable by none does."""
    return column.like(f"%{digits}") if len(digits) <= KEPT_DIGITS else false()


def _by_suffix(digits: str, way: Way) -> bool:
    """Whether the numbers that have them are looked for, not the digits in each call's: most numbers have one digit."""
    return way.gathers or (len(digits) >= MIN_SUFFIX and not way.along)


def _begins(column: ColumnElement[str], digits: str) -> ColumnElement[bool]:
    return or_(begins(column, "+" + digits), begins(column, digits))


def begins(column: ColumnElement[str], prefix: str) -> ColumnElement[bool]:
    """`column` begins with `prefix`, as a range that an index serves; both in byte order."""
    return and_(column >= prefix, column < prefix + _LAST)


def begins_longer(column: ColumnElement[str], prefix: str) -> ColumnElement[bool]:
    """The same where `column` does not end there."""
    return and_(column > prefix, column < prefix + _LAST)


def one_of(column: ColumnElement[str], found: Numbers, way: Way) -> ColumnElement[bool]:
    """Whether a call's number is one of those that are found."""
    return among(column, found) if way.gathers else column.in_(found)


def _one_of(scope: Scope, column: Column[str], found: Numbers, way: Way) -> ColumnElement[bool]:
    """The same; many numbers are not looked for where no call has any in the column."""
    if not way.gathers:
        return one_of(column, found, way)
    one = column.table.alias()
    of_any = exists().where(one.c.workspace_id == scope.workspace_id, one.c[column.name].is_not(None))
    return and_(of_any, one_of(column, found, way))


def _digits(name: str, text: str) -> str:
    if digits := digits_of(text):
        return digits
    raise InputError(f"{name} is {text!r}, which has no digits to look for. For a whole number or name use equals.")

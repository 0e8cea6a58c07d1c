"""Free text: words are kept folded in one table and found by their beginnings, so that any engine can use an index."""

import re
from collections.abc import Iterable, Sequence

from sqlalchemy import Column, ColumnElement, Select, and_, false, or_, select

from app.domain.labels import fold
from app.domain.numbers import digits_of
from app.domain.scope import Right, Scope
from app.store.numbers import MIN_SUFFIX, begins
from app.store.tables import agents, calls, contact_numbers, contacts, number_suffixes, words

# What the words of a call itself were said in, each kept apart, and the right that finding a call by them needs.
CALL_WORDS: dict[str, Right | None] = {"CALL": None, "NOTE": Right.NOTES_READ, "INSIGHT": Right.INSIGHTS_READ}
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"[+(]?\d[\d\s().-]*\d")
_MAX_LENGTH, _MAX_WORDS = 64, 500  # of one word, and of one owner: a pasted book is not searchable to its end


def words_of(texts: Iterable[str | None]) -> set[str]:
    """The distinct folded words of some texts, as they are kept and looked for."""
    found: set[str] = set()
    for text in texts:
        for word in _WORD.findall(fold(text)) if text else ():
            found.add(word[:_MAX_LENGTH])
            if len(found) == _MAX_WORDS:
                return found
    return found


def calls_said(scope: Scope, text: str) -> ColumnElement[bool]:
    """Calls of which every word of a text was said: of the call itself, its agent, contact or units, or its numbers."""
    return and_(*[_call_said(scope, term) for term in _terms(text)]) if _terms(text) else false()


def agents_said(scope: Scope, text: str) -> ColumnElement[bool]:
    """Agents of whom every word of a text was said."""
    held = [_said(scope, agents.c.id, "AGENT", term) | _numbered(scope, agents.c.number, term) for term in _terms(text)]
    return and_(*held) if held else false()


def contacts_said(scope: Scope, text: str) -> ColumnElement[bool]:
    """Contacts of whom every word of a text was said."""
    held = [_said(scope, contacts.c.id, "CONTACT", term) | _contact_numbered(scope, term) for term in _terms(text)]
    return and_(*held) if held else false()


def _terms(text: str) -> Sequence[str]:
    """What has to be found: each word, but a formatted number ("316-832-5555") as one."""
    numbers = [found.group() for found in _NUMBER.finditer(text)]
    rest = _NUMBER.sub(" ", text)
    return [*sorted(words_of([rest])), *[digits_of(number) for number in numbers]]


def _call_said(scope: Scope, term: str) -> ColumnElement[bool]:
    units = (calls.c.corporate_id, calls.c.division_id, calls.c.location_id, calls.c.campaign_id)
    held = [
        *[
            _said(scope, calls.c.id, kind, term)
            for kind, right in CALL_WORDS.items()
            if right is None or scope.may(right)
        ],
        _said(scope, calls.c.agent_id, "AGENT", term),
        _said(scope, calls.c.contact_id, "CONTACT", term),
        *[_said(scope, unit, "ORG_UNIT", term) for unit in units],
        *[_numbered(scope, number, term) for number in (calls.c.phone_number, calls.c.dialed_number)],
    ]
    return or_(*held)


def _said(scope: Scope, owner: Column[str], kind: str, term: str) -> ColumnElement[bool]:
    found = select(words.c.owner_id).where(
        words.c.workspace_id == scope.workspace_id, words.c.owner_kind == kind, begins(words.c.word, term)
    )
    return and_(owner.is_not(None), owner.in_(found))


def _numbered(scope: Scope, number: Column[str], term: str) -> ColumnElement[bool]:
    if not _may_be_number(scope, term):
        return false()
    return and_(number.is_not(None), number.in_(_numbers_with(scope, term)))


def _contact_numbered(scope: Scope, term: str) -> ColumnElement[bool]:
    if not _may_be_number(scope, term):
        return false()
    found = select(contact_numbers.c.contact_id).where(
        contact_numbers.c.workspace_id == scope.workspace_id,
        contact_numbers.c.number.in_(_numbers_with(scope, term)),
    )
    return contacts.c.id.in_(found)


def _may_be_number(scope: Scope, term: str) -> bool:
    return term.isdecimal() and len(term) >= MIN_SUFFIX and scope.may(Right.NUMBERS_READ)


def _numbers_with(scope: Scope, digits: str) -> Select[tuple[str]]:
    return select(number_suffixes.c.number).where(
        number_suffixes.c.workspace_id == scope.workspace_id, begins(number_suffixes.c.suffix, digits)
    )

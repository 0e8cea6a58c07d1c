"""Free text: words are kept folded in one table and found by their beginnings, so that any engine can use an index."""

import re
from collections.abc import Callable, Iterable

from sqlalchemy import Column, ColumnElement, Select, and_, false, or_, select

from app.domain.errors import InputError
from app.domain.numbers import digits_of
from app.domain.scope import Right, Scope
from app.store.numbers import MIN_SUFFIX, begins
from app.store.tables import agents, calls, contact_numbers, contacts, number_suffixes, words

# What the words of a call itself were said in, each kept apart, and the right that finding a call by them needs.
CALL_WORDS: dict[str, Right | None] = {"CALL": None, "NOTE": Right.NOTES_READ, "INSIGHT": Right.INSIGHTS_READ}
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"(?<!\w)[+(]?\d[\d\s().-]*\d(?!\w)")  # not the digits of "abc123"
_MAX_LENGTH, _MAX_WORDS = 64, 500  # of one word, and of one owner: a pasted book is not searchable to its end
MAX_TERMS = 20  # of one search: each is looked for in eleven places


def words_of(texts: Iterable[str | None]) -> set[str]:
    """The distinct folded words of some texts, as they are kept and looked for."""
    found: set[str] = set()
    for text in texts:
        for word in _WORD.findall(text.casefold()) if text else ():
            found.add(word[:_MAX_LENGTH])
            if len(found) == _MAX_WORDS:
                return found
    return found


def calls_said(scope: Scope, text: str) -> ColumnElement[bool]:
    """Calls of which every word of a text was said: of the call itself, its agent, contact or units, or its numbers."""
    return _all_said(text, lambda term: _call_said(scope, term))


def agents_said(scope: Scope, text: str) -> ColumnElement[bool]:
    """Agents of whom every word of a text was said."""
    return _all_said(
        text, lambda term: _said(scope, agents.c.id, "AGENT", term) | _numbered(scope, agents.c.number, term)
    )


def contacts_said(scope: Scope, text: str) -> ColumnElement[bool]:
    """Contacts of whom every word of a text was said."""
    return _all_said(text, lambda term: _said(scope, contacts.c.id, "CONTACT", term) | _contact_numbered(scope, term))


def _all_said(text: str, said: Callable[[str], ColumnElement[bool]]) -> ColumnElement[bool]:
    """Every word was said; digits that stand together are one formatted number ("316-832-5555"), or words ("2024-05-09").

    Raises InputError for more words than anyone looks for.
    """
    numbers = list(dict.fromkeys(found.group() for found in _NUMBER.finditer(text)))
    if (terms := max(len(words_of([text])), len(numbers))) > MAX_TERMS:
        raise InputError(f"search has {terms} words; at most {MAX_TERMS} are allowed.")
    held = [said(word) for word in sorted(words_of([_NUMBER.sub(" ", text)]))]
    for number in numbers:
        digits, parts = digits_of(number), sorted(words_of([number]))
        held.append(said(digits) if parts == [digits] else or_(said(digits), and_(*[said(part) for part in parts])))
    return and_(*held) if held else false()


def _call_said(scope: Scope, term: str) -> ColumnElement[bool]:
    units = (calls.c.corporate_id, calls.c.division_id, calls.c.location_id, calls.c.campaign_id)
    numbers = (calls.c.phone_number, calls.c.caller_number, calls.c.dialed_number, calls.c.destination_number)
    held = [
        *[
            _said(scope, calls.c.id, kind, term)
            for kind, right in CALL_WORDS.items()
            if right is None or scope.may(right)
        ],
        _said(scope, calls.c.agent_id, "AGENT", term),
        _said(scope, calls.c.contact_id, "CONTACT", term),
        *[_said(scope, unit, "ORG_UNIT", term) for unit in units],
        *[_numbered(scope, number, term) for number in numbers],
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

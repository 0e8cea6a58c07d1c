"""Free text: words are kept folded in one table and found by their beginnings, so that any engine can use an index."""

import re
from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import (
    ColumnElement,
    SelectBase,
    Table,
    and_,
    false,
    select,
    union_all,
)

from app.domain.errors import InputError
from app.domain.numbers import digits_of
from app.domain.scope import Scope
from app.store.numbers import Numbers, numbers_with
from app.store.owners import Ids, owners_with, places_of
from app.store.said import Need, Place
from app.store.tables import agents, contact_numbers, contacts

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"(?<!\w)[+(]?\d[\d\s().-]*\d(?!\w)")  # not the digits of "abc123"
_MAX_LENGTH, _MAX_WORDS = 64, 500  # of one word, and of one owner: a pasted book is not searchable to its end
MAX_TERMS = 20  # of one search: each is looked for in six places


def words_of(texts: Iterable[str | None]) -> set[str]:
    """The distinct folded words of some texts, as they are kept and looked for."""
    found: set[str] = set()
    for text in texts:
        for word in _WORD.findall(text.casefold()) if text else ():
            found.add(word[:_MAX_LENGTH])
            if len(found) == _MAX_WORDS:
                return found
    return found


def needs_of(text: str) -> list[Need]:
    """What of a text has to be found, each need apart, in no order. Raises InputError for too many words.

    Digits that stand together are one formatted number ("316-832-5555"), or words ("2024-05-09").
    """
    numbers = list(dict.fromkeys(found.group() for found in _NUMBER.finditer(text)))
    if (terms := max(len(words_of([text])), len(numbers))) > MAX_TERMS:
        raise InputError(f"search has {terms} words; at most {MAX_TERMS} are allowed.")
    needs: list[Need] = [((word,),) for word in sorted(words_of([_NUMBER.sub(" ", text)]))]
    for number in numbers:
        digits, parts = digits_of(number), tuple(sorted(words_of([number])))
        needs.append(((digits,),) if parts == (digits,) else ((digits,), parts))
    return needs


def numbers_said(scope: Scope, text: str) -> Numbers | None:
    """The numbers, some of them repeated, that are looked for where a text is nothing but digits of one."""
    digits = digits_said(scope, text)
    return numbers_with(scope, digits) if digits else None


def digits_said(scope: Scope, text: str) -> str | None:
    """The digits of a text that is nothing but a number, where numbers are looked for by them."""
    digits = only_number(text)
    return digits if digits and Place.NUMBER in places_of(scope, digits) else None


def only_number(text: str) -> str | None:
    """The digits of a text that is nothing but a number; None of any other."""
    numbers = {digits_of(found) for found in _NUMBER.findall(text)}
    return numbers.pop() if len(numbers) == 1 and not words_of([_NUMBER.sub(" ", text)]) else None


def agents_said(scope: Scope, text: str) -> ColumnElement[bool]:
    """Agents of whom every word of a text was said."""
    return all_said(scope, agents, needs_of(text), _agents_with)


def contacts_said(scope: Scope, text: str) -> ColumnElement[bool]:
    """Contacts of whom every word of a text was said."""
    return all_said(scope, contacts, needs_of(text), _contacts_with)


def all_said(
    scope: Scope, table: Table, needs: Sequence[Need], places: Callable[[Scope, str], list[Ids]]
) -> ColumnElement[bool]:
    """Every need is met.

    `places` says where a term may have been said: a select of ids for each, so that each can use its own index, which
    no engine does for an OR over several columns.
    """
    held = []
    for need in needs:
        ids: list[Ids] = []
        for terms in need:
            each = [places(scope, term) for term in terms]
            ids += each[0] if len(each) == 1 else [_of_all(scope, table, each)]
        held.append(table.c.id.in_(_once(ids)) if ids else false())
    return and_(*held) if held else false()


def _of_all(scope: Scope, table: Table, held: list[list[Ids]]) -> Ids:
    """The ids that are in one select of each list."""
    one = table.alias()
    each = [one.c.id.in_(_once(ids)) if ids else false() for ids in held]
    return select(one.c.id).where(one.c.workspace_id == scope.workspace_id, *each)


def _once(ids: list[Ids]) -> Ids:
    """The ids of all selects, found once: left to itself PostgreSQL may look for them anew for each row around them."""
    return found_once(union_all(*ids))


def found_once(ids: SelectBase) -> Ids:
    """The ids that a statement finds, which are found before all else, and once."""
    found = ids.cte().prefix_with("MATERIALIZED")
    return select(found.c[0])


def _agents_with(scope: Scope, term: str) -> list[Ids]:
    one = agents.alias()
    numbered = select(one.c.id).where(
        one.c.workspace_id == scope.workspace_id, one.c.number.in_(numbers_with(scope, term))
    )
    return [owners_with(scope, Place.AGENT, term), *([numbered] if Place.NUMBER in places_of(scope, term) else [])]


def _contacts_with(scope: Scope, term: str) -> list[Ids]:
    numbered = select(contact_numbers.c.contact_id).where(
        contact_numbers.c.workspace_id == scope.workspace_id,
        contact_numbers.c.number.in_(numbers_with(scope, term)),
    )
    return [owners_with(scope, Place.CONTACT, term), *([numbered] if Place.NUMBER in places_of(scope, term) else [])]

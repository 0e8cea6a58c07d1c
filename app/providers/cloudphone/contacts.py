"""Reads whom the call was with: the outside number, and the account's own address-book entry of it."""

import re
from collections.abc import Iterator
from functools import lru_cache

from app.domain.contacts import ContactRecord
from app.domain.details import ContactCard
from app.domain.numbers import NumberKind, PhoneNumber, parse
from app.providers.payload import Object, mapping, present, text

_FIELD = re.compile(r"field_(\d{1,4})")
# The entry's fields that the document explains; what the account added comes after them.
NUMBER_FIELD, NAME_FIELD = "field_0", "field_1"


def card_of(payload: Object) -> ContactCard | None:
    """The entry as it stands. A blank field keeps its place, for the place is all that tells what a field is."""
    entry = mapping(payload.get("contact_details"))
    if not entry:
        return None
    fields = tuple(_fields(entry))
    card: ContactCard | None = present(ContactCard(id=text(entry.get("id")), fields=fields if any(fields) else ()))
    return card


def _fields(entry: Object) -> Iterator[str]:
    numbered = [(place, key) for key in entry if (place := _place(key)) is not None]
    return (text(entry[key]) or "" for _, key in sorted(numbered))


@lru_cache(maxsize=1024)  # the fields of an address book are few
def _place(key: str) -> int | None:
    found = _FIELD.fullmatch(key)
    return int(found[1]) if found else None


def contact_of(payload: Object, outside: PhoneNumber | None, region: str | None) -> ContactRecord | None:
    """The contact by the call's number and the entry's; None for a caller who is neither told nor known."""
    entry = mapping(payload.get("contact_details"))
    if not entry:
        return ContactRecord(numbers=(outside,)) if outside and outside.key else None
    listed = parse(text(entry.get(NUMBER_FIELD)) or "", region)
    own = [outside] if outside and outside.key else []
    if listed and listed.kind is NumberKind.EXTERNAL and listed.key not in {found.key for found in own}:
        own.append(listed)
    contact = ContactRecord(
        numbers=tuple(own), provider_contact_id=text(entry.get("id")), name=text(entry.get(NAME_FIELD))
    )
    return contact if contact.numbers or contact.provider_contact_id or contact.name else None

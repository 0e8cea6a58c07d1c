"""Contacts: the outside persons, what vendors know of them, and their state as leads."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from app.domain.agents import AgentRecord
from app.domain.frozen import quick
from app.domain.numbers import PhoneNumber
from app.domain.scope import Right


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class ContactProfile:
    """Who and where a contact is, as far as a vendor knows."""

    name: Annotated[str | None, "Full name, where the vendor keeps it in one piece."] = None
    first_name: Annotated[str | None, "First name."] = None
    last_name: Annotated[str | None, "Last name."] = None
    company: Annotated[str | None, "Company or organisation."] = None
    kind: Annotated[str | None, "The vendor's class of the caller, such as `Residential`."] = None
    address: Annotated[str | None, "First line of the address."] = None
    address_2: Annotated[str | None, "Second line of the address."] = None
    city: Annotated[str | None, "City."] = None
    state: Annotated[str | None, "State or province."] = None
    country: Annotated[str | None, "Country, as the vendor writes it."] = None
    postal_code: Annotated[str | None, "ZIP or postal code."] = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A contact as a lead in the vendor's CRM (Callyzer)."""

    provider_lead_id: Annotated[str | None, "The vendor's id of the lead; calls to it carry the same."] = None
    status: Annotated[str | None, "The lead's status, such as `Interested`."] = None
    reminder_at: Annotated[datetime | None, "When to call back."] = None
    source: Annotated[str | None, "Where the lead came from."] = None
    description: Annotated[str | None, "What is known of the lead, in the team's words.", Right.NOTES_READ] = None
    price: Annotated[float | None, "What the lead is worth, in the account's currency."] = None
    tags: Annotated[tuple[str, ...], "The lead's tags."] = ()
    assigned_to_all: Annotated[bool | None, "Whether every employee may work on it."] = None
    assigned_to: Annotated[tuple[str, ...], "The employees it is assigned to, as the vendor writes them."] = ()
    attempts: Annotated[int | None, "How many times it was called."] = None
    created_at: Annotated[datetime | None, "When the lead was created."] = None
    modified_at: Annotated[datetime | None, "When the lead last changed."] = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRecord:
    """What one payload says of a contact. None means not said: it never erases what another payload said."""

    numbers: tuple[PhoneNumber, ...] = ()
    provider_contact_id: str | None = None
    name: str | None = None
    email: str | None = None
    profile: ContactProfile | None = None
    lead: Lead | None = None
    assignees: tuple[AgentRecord, ...] = ()

    def __hash__(self) -> int:
        """Of what tells contacts apart (see PhoneNumber)."""
        return hash((self.name, self.numbers))

"""Labels: the words a vendor sorts calls by (queue, campaign, trunk, ...), all kept and filtered in one way."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Annotated


class LabelKind(Enum):
    """What a label names."""

    # Each is one object: Python's own way hashes its name, by code in Python, each time.
    __hash__ = object.__hash__

    QUEUE = "QUEUE"
    DEPARTMENT = "DEPARTMENT"
    IVR = "IVR"
    CAMPAIGN = "CAMPAIGN"
    BROADCAST = "BROADCAST"
    SERVICE = "SERVICE"
    TRUNK = "TRUNK"
    MEDIUM = "MEDIUM"
    REFERENCE = "REFERENCE"
    DISPOSITION = "DISPOSITION"
    WRAP_UP = "WRAP_UP"
    HANGUP_CAUSE = "HANGUP_CAUSE"
    CRM_STATUS = "CRM_STATUS"
    LEAD = "LEAD"
    CIRCLE = "CIRCLE"
    CARRIER = "CARRIER"
    ACCOUNT = "ACCOUNT"
    CONTEXT = "CONTEXT"
    LIST = "LIST"
    FEATURE = "FEATURE"
    REVIEW = "REVIEW"
    REVIEW_CHANGE = "REVIEW_CHANGE"
    RESCUE = "RESCUE"


@dataclass(frozen=True, slots=True)
class Label:
    """One label of a call. A vendor gives an id, a name, or both; a filter may say either."""

    kind: Annotated[LabelKind, "What the label names."]
    name: Annotated[str | None, "The vendor's name of it; null where it gives only an id."] = None
    id: Annotated[str | None, "The vendor's id of it; null where it gives only a name."] = None

    def __hash__(self) -> int:
        """Of what tells labels apart: to hash every field takes long, and every call has several."""
        return hash((self.name, self.id))


def rows_of(labels: Iterable[Label]) -> list[tuple[LabelKind, str, str | None]]:
    """Kind, key and shown text for each thing that labels can be found by; the text is None for an id beside a name."""
    found: dict[tuple[LabelKind, str], str | None] = {}
    for one in labels:
        for text in (one.name, one.id):
            if text:
                place = (one.kind, fold(text))
                found[place] = found.get(place) or (text if text is (one.name or one.id) else None)
    return [(kind, key, shown) for (kind, key), shown in found.items()]


@lru_cache(maxsize=20_000)  # names and labels come with every call again
def fold(text: str) -> str:
    """A text as it is compared and sorted: without case, outer blanks, or runs of blanks."""
    return " ".join(text.casefold().split())


def label(kind: LabelKind, name: object = None, id: object = None) -> tuple[Label, ...]:
    """The label a vendor's values make: one, or none where both are blank. Numbers become text."""
    if name is None and id is None:
        return ()
    said_name, said_id = _text(name), _text(id)
    return _label(kind, said_name, said_id) if said_name or said_id else ()


@lru_cache(maxsize=20_000)  # the labels of a vendor are few
def _label(kind: LabelKind, name: str | None, id: str | None) -> tuple[Label, ...]:
    return (Label(kind, name, id),)


def _text(value: object) -> str | None:
    if type(value) is str:
        return value.strip() or None
    return None if value is None or isinstance(value, (dict, list, bool)) else str(value).strip() or None

"""Quickly made dataclasses: whatever is known of a frozen dataclass holds for them, too."""

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace

import pytest

from app.domain.calls import CallDirection, CallOutcome, CallRecord
from app.domain.details import CallDetails
from app.domain.frozen import quick
from tests.conftest import NOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """As Python makes it."""

    name: str
    tags: tuple[str, ...] = ()
    more: list[str] = field(default_factory=list)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Quick:
    """As we make it."""

    name: str
    tags: tuple[str, ...] = ()
    more: list[str] = field(default_factory=list)


def test_quickly_made_objects_are_frozen() -> None:
    made = Quick(name="a")
    assert type(made) is Quick
    with pytest.raises(FrozenInstanceError):
        made.name = "b"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del made.name
    with pytest.raises((AttributeError, TypeError)):
        made.other = 1  # type: ignore[attr-defined]


def test_defaults_are_those_of_the_fields_and_each_object_has_its_own_of_a_factory() -> None:
    one, other = Quick(name="a"), Quick(name="a")
    assert (one.name, one.tags, one.more) == ("a", (), [])
    assert one.more is not other.more
    assert Quick(name="a", more=one.more).more is one.more
    assert repr(one).replace("Quick", "Plain") == repr(Plain(name="a"))


def test_field_without_a_default_has_to_be_said_and_others_are_not_taken() -> None:
    with pytest.raises(TypeError, match="name"):
        Quick()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="other"):
        Quick(name="a", other=1)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Quick("a")  # type: ignore[misc]


def test_equal_records_are_equal_copied_and_pickled() -> None:
    said = CallRecord(
        provider_call_id="a", started_at=NOW, direction=CallDirection.INBOUND, outcome=CallOutcome.ANSWERED
    )
    same = replace(said, details=CallDetails())
    assert (same, hash(same)) == (said, hash(said))
    assert replace(said, notes="b") != said
    assert copy.copy(said) == said == pickle.loads(pickle.dumps(said))
    assert [one.name for one in fields(said)] == list(CallRecord.__slots__)


def test_class_that_does_more_when_it_is_made_is_refused() -> None:
    with pytest.raises(TypeError, match="Checked has a __post_init__"):

        @quick
        @dataclass(frozen=True, slots=True, kw_only=True)
        class Checked:
            name: str

            def __post_init__(self) -> None:
                """What would silently not be done."""

"""Node ids: opaque, of one workspace, and never an error for being made up."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import InputError
from app.domain.ids import new_id
from app.domain.scope import Scope
from app.graphql.ids import decode, decode_as, encode
from app.graphql.queries import NOUNS

HERE, THERE = Scope("here"), Scope("there")
TYPES = st.sampled_from(sorted(NOUNS))
IDS = st.datetimes(datetime(1960, 1, 1), datetime(2200, 1, 1)).map(lambda at: new_id(at.replace(tzinfo=UTC)))  # noqa: DTZ001


def made_up(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode()


@given(type_name=TYPES, id=IDS)
def test_id_is_read_as_it_was_made(type_name: str, id: str) -> None:
    node_id = encode(type_name, HERE, id)
    assert decode(HERE, node_id) == (type_name, id)
    assert decode_as(HERE, type_name, node_id) == id


@given(type_name=TYPES, id=IDS)
def test_id_needs_no_escaping_in_a_url(type_name: str, id: str) -> None:
    assert encode(type_name, HERE, id).replace("-", "").replace("_", "").isalnum()


@given(type_name=TYPES, id=IDS)
def test_id_of_another_workspace_is_of_nothing(type_name: str, id: str) -> None:
    node_id = encode(type_name, THERE, id)
    assert decode(HERE, node_id) is None
    assert decode_as(HERE, type_name, node_id) is None


@given(text=st.text() | st.text().map(lambda text: urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode()))
def test_any_text_can_be_asked_for(text: str) -> None:
    assert decode(HERE, text) is None
    assert decode_as(HERE, "Call", text) is None


@pytest.mark.parametrize(
    "text", ["Call:here:a\0b", "Call:here:a\nb", "Call:here:é", "Call:here", "Call:here:a:b", "::", ""]
)
def test_what_no_row_has_as_id_is_of_nothing(text: str) -> None:
    assert decode(HERE, made_up(text)) is None


def test_id_of_another_type_is_refused_by_name() -> None:
    node_id = encode("Agent", HERE, "0" * 32)
    with pytest.raises(InputError, match=f"^'{node_id}' is the id of a Agent, not of a Call\\.$"):
        decode_as(HERE, "Call", node_id)

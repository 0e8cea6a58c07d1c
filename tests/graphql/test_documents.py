"""Documents are read once, found again by hash, and bounded in number; a wrong one tells no name that it did not know."""

import pytest
from graphql import GraphQLError, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import InputError
from app.graphql.documents import Documents, checked, digest_of
from app.graphql.schema import schema

TYPENAME = "{ __typename }"


def numbered(number: int, padding: int = 0) -> str:
    return f"{{ n{number}: __typename }} #" + "x" * padding


def test_a_valid_document_is_read_once() -> None:
    memory = Documents()
    read = memory.read(TYPENAME)
    assert read.errors == []
    assert memory.read(TYPENAME) is read
    assert memory.known(digest_of(TYPENAME)) is read


def test_another_text_is_another_document() -> None:
    memory = Documents()
    assert memory.read(TYPENAME) is not memory.read(TYPENAME + " ")


@pytest.mark.parametrize("text", ["{ nothing }", "{ calls }", "fragment A on Query { ...A }"])
def test_a_document_that_is_not_valid_is_not_kept(text: str) -> None:
    memory = Documents()
    assert memory.read(text).errors
    assert memory.known(digest_of(text)) is None


def test_what_is_no_graphql_is_not_read() -> None:
    with pytest.raises(GraphQLError, match="Syntax Error"):
        Documents().read("{")


def test_no_more_documents_are_kept_than_allowed_and_the_least_used_go_first() -> None:
    memory = Documents(most=3)
    for number in (0, 1, 2, 0, 3):
        memory.read(numbered(number))
    kept = [number for number in range(4) if memory.known(digest_of(numbered(number)))]
    assert kept == [0, 2, 3]


def test_no_more_text_is_kept_than_allowed() -> None:
    memory = Documents(most_bytes=4_000)
    for number in range(5):
        memory.read(numbered(number, padding=1_000))
    kept = [number for number in range(5) if memory.known(digest_of(numbered(number, padding=1_000)))]
    assert kept == [2, 3, 4], "four and a little more are too many"
    memory.read(numbered(5, padding=4_000))
    assert not [number for number in range(5) if memory.known(digest_of(numbered(number, padding=1_000)))]


def test_a_document_has_the_operation_that_is_named_or_its_only_one() -> None:
    two = Documents().read("query A { __typename } query B { __typename } fragment F on Query { __typename }")
    assert two.operation("B").name.value == "B"  # type: ignore[union-attr]
    for name in (None, "C", "F"):
        with pytest.raises(InputError):
            two.operation(name)
    assert Documents().read(TYPENAME).operation(None)


def test_few_errors_of_many_are_told() -> None:
    found = Documents().read("{ calls { " + " ".join(f"wrong{number}" for number in range(100)) + " } }")
    assert len(found.errors) == 5


FIELDS = sorted(
    (kind.name, field)
    for kind in schema()._schema.type_map.values()
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not kind.name.startswith("__")
    for field in kind.fields
)
ARGUMENTS = sorted(
    (field, argument)
    for field, found in schema()._schema.query_type.fields.items()  # type: ignore[union-attr]
    for argument in found.args
)
INPUTS = sorted(
    field
    for kind in schema()._schema.type_map.values()
    if isinstance(kind, GraphQLInputObjectType)
    for field in kind.fields
)


def said_of(text: str) -> str:
    return " ".join(error.message for error in Documents().read(text).errors)


@settings(max_examples=40)
@given(st.sampled_from(FIELDS), st.sampled_from(ARGUMENTS), st.sampled_from(INPUTS), st.sampled_from("xq"))
def test_a_typing_error_is_not_corrected(
    field: tuple[str, str], argument: tuple[str, str], input_field: str, typed: str
) -> None:
    kind, name = field
    for said, right in (
        (said_of(f"{{ ...A }} fragment A on {kind} {{ {name}{typed} }}"), name),
        (said_of(f"{{ ...A }} fragment A on {kind}{typed} {{ id }}"), kind),
        (said_of(f"{{ {argument[0]}({argument[1]}{typed}: 1) {{ __typename }} }}"), argument[1]),
        (said_of(f"{{ calls(filter: {{ {input_field}{typed}: 1 }}) {{ __typename }} }}"), input_field),
        (said_of("{ calls(filter: { direction: [INBOUN] }) { __typename } }"), "INBOUND"),
    ):
        assert f"'{right}'" not in said, said
        assert "Did you mean" not in said
        assert said


def test_only_documents_that_fit_the_schema_are_to_be_registered() -> None:
    assert checked(TYPENAME).digest == digest_of(TYPENAME)
    with pytest.raises(InputError, match="not GraphQL"):
        checked("{")
    with pytest.raises(InputError, match="does not fit"):
        checked("{ nothing }")

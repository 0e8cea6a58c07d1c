"""Our validation finds what graphql-core's does, stops where enough is found, and ends where that one goes on for seconds."""

import re

import graphql
import pytest
from graphql import ValidationContext, get_introspection_query, specified_rules
from hypothesis import given, settings

from app.domain.errors import InputError
from app.graphql import limits, validation
from app.graphql.limits import Limits
from app.graphql.schema import schema
from tests.graphql import attacks
from tests.graphql.documents import documents
from tests.graphql.test_survey import calls_of

SCHEMA = schema()._schema
MANY = 1000


def messages(text: str, most: int = MANY) -> list[str]:
    """What we find wrong with a document."""
    return [error.message for error in validation.validate(SCHEMA, graphql.parse(text), most)]


def theirs(text: str) -> list[str]:
    """What graphql-core finds wrong with a document."""
    found = graphql.validate(SCHEMA, graphql.parse(text), max_errors=MANY, hide_suggestions=True)
    return [error.message for error in found]


@settings(max_examples=50)
@given(documents(wrong=True))
def test_random_documents_have_the_errors_that_graphql_core_finds(text: str) -> None:
    assert messages(text) == theirs(text)


WRONG = [
    "{ nope }",
    "{ sources }",
    "{ sources { id { x } } }",
    "{ call { id } }",
    "{ call(id: 1, id: 2, x: 3) { id } }",
    "{ calls(filter: { nope: 1, search: 2, search: 3 }) { nodes { id } } }",
    '{ calls(first: "1", orderBy: { field: NOPE }) { nodes { id } } }',
    "query ($a: Nope, $a: Int, $b: Call) { sources { id } }",
    "query ($a: String) { calls(first: $a) { nodes { id } } }",
    "query ($a: Int, $unused: Int) { ...F } fragment F on Query { calls(first: $a, after: $b) { nodes { id } } }",
    "query ($n: Int) { calls(first: $n) { nodes { ...F } } } fragment F on Call { agent { calls(last: $m) { totalCount } } }",
    "query A { ...F } query B($n: Int) { ...F } fragment F on Query { calls(first: $n) { totalCount } }",
    "query A { sources { id } } query A { sources { id } } { sources { id } }",
    "mutation { a } subscription { b }",
    "{ ...Nope }",
    "{ sources { ...F } } fragment F on Call { id }",
    "{ sources { ... on Call { id } ... on Nope { id } ... on String { id } } }",
    "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A ...B }",
    "{ sources { id } } fragment Unused on Call { id } fragment Unused on Call { id }",
    "{ sources { x: id x: name } }",
    "{ calls { ...F } calls { nodes { x: providerCallId } } } fragment F on CallConnection { nodes { x: id } }",
    "{ sources { id @nope @skip @include(if: true) @include(if: false) @deprecated } }",
    "query @skip(if: true) { sources { id } }",
    "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
    "type A { b: Int }",
    "{ calls { } }",
]


@pytest.mark.parametrize("text", WRONG)
def test_each_rule_finds_what_it_finds_in_graphql_core(text: str) -> None:
    assert messages(text) == theirs(text)


def test_the_documents_above_break_every_rule_that_a_query_can_break_here() -> None:
    silent = {
        rule.__name__
        for rule in specified_rules
        if not any(graphql.validate(SCHEMA, graphql.parse(text), [rule]) for text in WRONG)
    }
    assert silent == {
        "DeferStreamDirectiveOnRootField",  # the schema has neither directive
        "DeferStreamDirectiveOnValidOperationsRule",
        "DeferStreamDirectiveLabel",
        "StreamDirectiveOnListField",
        "SingleFieldSubscriptionsRule",  # nor a subscription
    }


def test_documents_in_order_have_no_errors() -> None:
    assert messages(attacks.everything(SCHEMA)) == []
    assert messages(get_introspection_query(input_value_deprecation=True)) == []


def test_only_the_first_errors_are_found() -> None:
    text = "{" + " ".join(f"x{at}" for at in range(100)) + "}"
    assert messages(text, 5) == theirs(text)[:5]
    document = graphql.parse(text)
    assert len(limits.validate(SCHEMA, document, Limits())) == 5
    assert len(limits.validate(SCHEMA, document, Limits(validation_errors=2))) == 2


def test_errors_have_their_places() -> None:
    (error,) = validation.validate(SCHEMA, graphql.parse("{\n  sources { nope }\n}"), 5)
    assert [tuple(place) for place in error.locations or ()] == [(2, 13)]


@pytest.mark.parametrize(
    "text",
    [
        "{ calss { id } }",
        "{ calls(frist: 1) { nodes { id } } }",
        "query ($a: CallFilte) { calls(filter: $a) { nodes { id } } }",
        "{ calls(filter: { serch: 1 }) { nodes { id } } }",
        "{ calls(orderBy: { field: DURATIO }) { nodes { id } } }",
        "{ sources { ... on Cal { id } } }",
    ],
)
def test_no_error_suggests_a_name(text: str) -> None:
    found = messages(text)
    assert found
    assert not [message for message in found if re.search("did you mean", message, re.IGNORECASE)]
    plain = graphql.validate(SCHEMA, graphql.parse(text))
    assert any("Did you mean" in error.message for error in plain)


def repeated(fields: int) -> str:
    """The same scalar so many times in one selection: two units of work for each pair."""
    return attacks.page("id " * fields)


def test_as_many_fields_as_may_be_compared_pass_and_one_more_is_refused() -> None:
    most = max(n for n in range(200) if n * (n - 1) <= validation.COMPARISONS)
    assert messages(repeated(most)) == []
    with pytest.raises(InputError) as caught:
        messages(repeated(most + 1))
    assert caught.value.code == "QUERY_TOO_COMPLEX"


def test_as_many_variables_as_may_be_used_pass_and_one_more_is_refused() -> None:
    def used(operations: int, times: int, alone: int) -> str:
        head = " ".join(f"query Q{at}($v: ID!) {{ ...F }}" for at in range(operations))
        own = f"query Own($v: ID!) {{ nodes(ids: [{'$v ' * alone}]) {{ id }} }}" if alone else ""
        return f"{head} {own} fragment F on Query {{ nodes(ids: [{'$v ' * times}]) {{ id }} }}"

    times = validation.USAGES // 10
    assert messages(used(10, times, 0)) == []
    with pytest.raises(InputError) as caught:
        messages(used(10, times, 1))
    assert caught.value.code == "QUERY_TOO_COMPLEX"


def test_page_made_of_twenty_components_is_not_too_complex() -> None:
    fields = (
        "id startedAt direction outcome durationSeconds talkSeconds phoneNumber notes agent { name } contact { name }"
    )
    components = " ".join(f"fragment F{at} on Call {{ {fields} }}" for at in range(20))
    assert messages(f"{attacks.page(attacks.spread(20))} {components}") == []


def test_errors_found_before_the_work_is_too_much_are_told() -> None:
    text = "query ($a: Nope) " + repeated(500)
    assert messages(text) == ["Variable '$a' is never used.", "Unknown type 'Nope'."]


def test_long_ring_of_fragments_is_told_and_not_followed_for_ever() -> None:
    text = attacks.DOCUMENTS["a ring of fragments"]
    assert messages(text, 1)[0].startswith("Cannot spread fragment 'F0' within itself via 'F1', 'F2'")


def test_chain_deeper_than_the_stack_is_refused() -> None:
    text = attacks.page("...F0") + attacks.fragments(1_200, "...F{next}")
    with pytest.raises(InputError) as caught:
        messages(text)
    assert caught.value.code == "QUERY_TOO_COMPLEX"


def test_variables_are_looked_for_once_in_each_definition() -> None:
    text = "query A($n: Int) { ...F } query B($n: Int) { ...F } fragment F on Query { calls(first: $n) { totalCount } }"
    document = graphql.parse(text)
    context = validation._Context(SCHEMA, document, graphql.TypeInfo(SCHEMA), lambda error: None)
    their = ValidationContext(SCHEMA, document, graphql.TypeInfo(SCHEMA), lambda error: None)
    for operation in document.definitions[:2]:
        assert isinstance(operation, graphql.OperationDefinitionNode)
        found = context.get_recursive_variable_usages(operation)
        assert found is context.get_recursive_variable_usages(operation)
        assert found == their.get_recursive_variable_usages(operation)


def test_validation_is_faster_than_that_of_graphql_core() -> None:
    document = graphql.parse(attacks.everything(SCHEMA))
    ours = calls_of(lambda: validation.validate(SCHEMA, document, 5))
    assert ours < 0.6 * calls_of(lambda: graphql.validate(SCHEMA, document, hide_suggestions=True))


def test_no_input_of_the_schema_needs_the_rules_that_strawberry_adds() -> None:
    for found in SCHEMA.type_map.values():
        if isinstance(found, graphql.GraphQLInputObjectType):
            assert not found.is_one_of
            fields = found.extensions["strawberry-definition"].fields
            assert not [field for field in fields if "Maybe" in type(field.type).__name__]

"""The schema: its file, its names, its texts, and no list in it that could be of any length."""

import re
from collections.abc import Iterator
from pathlib import Path

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    build_client_schema,
    get_introspection_query,
    get_named_type,
    get_nullable_type,
    is_list_type,
)

from app.graphql.declare import ToMany, declarations_of
from app.graphql.queries import TYPES
from app.graphql.schema import schema, sdl
from app.graphql.types.call_leg import CallLeg

ROOT = Path(__file__).parents[1]
# What GraphQL itself brings; its texts are its own.
BUILT_IN = {"Boolean", "Float", "ID", "Int", "String"}
# Lists of rows without pages: few by nature, or as many as the question has ids or numbers.
SHORT = {"Query.sources", "Query.nodes", "Query.callCounts", "Call.legs", "Contact.numbers", "Source.streams"}
CAMEL, PASCAL, CAPITALS = (
    re.compile(r"[a-z][a-zA-Z0-9]*"),
    re.compile(r"[A-Z][a-zA-Z0-9]*"),
    re.compile(r"[A-Z][A-Z0-9_]*"),
)
# The rows of the ready-made statistics.
STATISTICS = {"NeverAttended", "NotPickedUp", "UnreturnedCalls", "UniqueContact", "AgentSummary"}
ROWS = {
    "Call",
    "CallLeg",
    "Agent",
    "Contact",
    "Source",
    "SourceStream",
    "OrgUnit",
    "CallCount",
    "Node",
    "ExcludedNumber",
    *STATISTICS,
}


def shown() -> list[GraphQLNamedType]:
    """The types as introspection shows them to anybody who asks."""
    answer = schema().execute_sync(get_introspection_query(input_value_deprecation=True))
    assert answer.errors is None
    assert answer.data is not None
    types = build_client_schema(answer.data).type_map.values()  # type: ignore[arg-type]
    return [kind for kind in types if not kind.name.startswith("__") and kind.name not in BUILT_IN]


SHOWN = shown()
OBJECTS = [kind for kind in SHOWN if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)]


def fields() -> Iterator[tuple[str, GraphQLField]]:
    for kind in OBJECTS:
        for name, field in kind.fields.items():
            yield f"{kind.name}.{name}", field


def texts() -> Iterator[tuple[str, str | None]]:
    """Everything that has a text, by its name."""
    for kind in SHOWN:
        yield kind.name, kind.description
        if isinstance(kind, GraphQLInputObjectType):
            yield from ((f"{kind.name}.{name}", field.description) for name, field in kind.fields.items())
    for name, field in fields():
        yield name, field.description
        yield from ((f"{name}({argument})", found.description) for argument, found in field.args.items())


def test_file_has_the_schema_that_the_program_prints() -> None:
    assert (ROOT / "schema.graphql").read_text() == sdl(), "Run: switchboard schema > schema.graphql"


def test_everything_in_the_schema_has_a_text() -> None:
    found = dict(texts())
    assert len(found) > 400
    assert [name for name, text in found.items() if not (text and text.strip())] == []


def test_texts_are_sentences() -> None:
    assert [(name, text) for name, text in texts() if text and not text.endswith((".", "?", "`.", ")."))] == []
    assert [(name, text) for name, text in texts() if text and text[0].islower()] == []


def test_names_are_written_as_graphql_writes_them() -> None:
    for kind in SHOWN:
        assert PASCAL.fullmatch(kind.name), kind.name
        if isinstance(kind, GraphQLEnumType):
            assert all(CAPITALS.fullmatch(word) for word in kind.values), kind.name
        elif not isinstance(kind, GraphQLScalarType):
            assert all(CAMEL.fullmatch(name) for name in kind.fields), kind.name  # type: ignore[attr-defined]
    assert all(CAMEL.fullmatch(argument) for _, field in fields() for argument in field.args)


def test_no_list_of_rows_is_of_any_length() -> None:
    lists = {
        name
        for name, field in fields()
        if is_list_type(get_nullable_type(field.type)) and get_named_type(field.type).name in {*ROWS, "Number"}
    }
    pages = {name for name in lists if name.split(".")[0].endswith("Connection")}
    assert lists - pages == SHORT
    assert {name.split(".")[1] for name in pages} == {"nodes"}


def test_every_connection_is_asked_for_by_page() -> None:
    for name, field in fields():
        if get_named_type(field.type).name.endswith("Connection"):
            assert {"first", "after", "last", "before", "orderBy"} <= field.args.keys(), name
            assert "filter" in field.args or name == "Query.excludedNumbers", name  # which have nothing to filter by
            # At the root, and below statistics, it is null for who may not ask for it, so that the rest is answered.
            guarded = name.split(".")[0] in ("Query", "CallStats", *STATISTICS)
            assert str(field.type).endswith("Connection" if guarded else "Connection!"), name


def test_connections_are_relays() -> None:
    connections = [kind for kind in OBJECTS if kind.name.endswith("Connection")]
    nouns = ("Agent", "Call", "Contact", "ExcludedNumber")
    assert {kind.name.removesuffix("Connection") for kind in connections} == {*nouns, *STATISTICS}
    for kind in connections:
        node = kind.name.removesuffix("Connection")
        assert {name: str(field.type) for name, field in kind.fields.items()} == {
            "edges": f"[{node}Edge!]!",
            "nodes": f"[{node}!]!",
            "pageInfo": "PageInfo!",
            "totalCount": "Int!",
            **({"previousTotalCount": "Int"} if node in STATISTICS else {}),
        }


def test_every_field_of_a_row_says_how_it_is_had() -> None:
    names = {kind.name: set(kind.fields) for kind in OBJECTS}
    for kind in (*TYPES, CallLeg):
        assert declarations_of(kind).keys() == names[kind.__name__]


def test_lists_of_rows_that_belong_to_one_are_declared_short() -> None:
    declared = {
        f"{kind.__name__}.{name}"
        for kind in (*TYPES, CallLeg)
        for name, declaration in declarations_of(kind).items()
        if isinstance(declaration, ToMany)
    }
    assert declared <= SHORT
    assert declared == {"Call.legs", "Source.streams"}


def test_fields_that_may_be_missing_may_be_null_and_lists_may_not() -> None:
    for name, field in fields():
        if is_list_type(get_nullable_type(field.type)):
            shown = str(field.type).removesuffix("!") + "!" if name.startswith("Query.") else str(field.type)
            assert shown.endswith("]!"), f"{name} is empty where there is nothing"
            assert shown.endswith("!]!") or name == "Query.nodes"

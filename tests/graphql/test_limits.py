"""Each limit lets through what reaches it and refuses one more; no document takes long to judge."""

import contextlib
import dataclasses
import json
from collections.abc import Callable
from typing import Any

import pytest
from graphql import GraphQLError, GraphQLSyntaxError, get_introspection_query

from app.domain.errors import InputError
from app.graphql.documents import Documents
from app.graphql.execution import Question
from app.graphql.exporting import export_of, page_size
from app.graphql.limits import Cost, Limits, judge, parse, priced, surveyed, validate
from app.graphql.schema import schema
from tests.graphql import attacks
from tests.graphql.test_survey import bomb, calls_of

SCHEMA = schema()._schema
LIMITS = Limits()


def judged(text: str, name: str | None = None, variables: Any = None, limits: Limits = LIMITS) -> Cost:
    """The cost of a document that is within the limits."""
    return judge(parse(text, limits), name, variables, SCHEMA, limits)


def refusal_of(text: str, variables: Any = None, limits: Limits = LIMITS) -> InputError | None:
    """The error with which a document is refused; None for one that is not."""
    try:
        judged(text, None, variables, limits)
    except InputError as error:
        return error
    return None


def deep(levels: int) -> str:
    """A query of so many levels of fields, the innermost a scalar."""
    fields = ["call(id: 1)", *["agent", "calls(first: 1)", "nodes"] * levels][: levels - 1]
    return "".join(f"{{ {field} " for field in fields) + "{ id }" + "}" * len(fields)


def deep_in_schema(levels: int) -> str:
    """A query of so many levels of the schema, `__schema` and its query type counted."""
    return "{ __schema { queryType " + "{ ofType " * (levels - 3) + "{ name }" + "}" * (levels - 3) + "} }"


def nested(levels: int) -> str:
    """A call filter with so many objects in each other."""
    return "{ calls(filter: " + "{ not: " * (levels - 1) + "{ search: 1 }" + "}" * (levels - 1) + ") { nodes { id } } }"


def listing(items: int) -> str:
    """A query that gives a list of so many items."""
    return f"{{ calls(first: 1, filter: {{ queues: [{'1 ' * items}] }}) {{ nodes {{ id }} }} }}"


def costing(objects: int) -> str:
    """A query for so many objects, in full pages and one call by itself for each that is over."""
    pages, rest = divmod(objects, 1000)
    page = " ".join(f"a{at}: calls(first: 1000) {{ nodes {{ id }} }}" for at in range(pages))
    return f"{{ {page} {' '.join(f'b{at}: call(id: 1) {{ id }}' for at in range(rest))} }}"


BOUNDS: list[tuple[str, str, Callable[[int], str]]] = [
    ("depth", "QUERY_TOO_DEEP", deep),
    ("introspection_depth", "QUERY_TOO_DEEP", deep_in_schema),
    ("aliases", "TOO_MANY_ALIASES", lambda n: "{ call(id: 1) {" + " ".join(f"a{i}: id" for i in range(n)) + "} }"),
    ("root_fields", "TOO_MANY_ROOT_FIELDS", lambda n: "{" + "__typename " * n + "}"),
    ("directives", "TOO_MANY_DIRECTIVES", lambda n: "{ sources { id " + "@include(if: true) " * n + "} }"),
    ("cost", "QUERY_TOO_COSTLY", costing),
    ("list_items", "LIST_TOO_LONG", listing),
    ("input_depth", "INPUT_TOO_DEEP", nested),
    ("operations", "TOO_MANY_OPERATIONS", lambda n: " ".join(f"query Q{i} {{ __typename }}" for i in range(n))),
    ("tokens", "DOCUMENT_TOO_LARGE", lambda n: "{ sources { " + "id " * (n - 5) + "} }"),
    ("tokens", "DOCUMENT_TOO_LARGE", lambda n: "#\n" * n + "{ sources { id } }"),
    ("characters", "DOCUMENT_TOO_LARGE", lambda n: "{ sources { id } }".ljust(n)),
    ("lines", "DOCUMENT_TOO_LARGE", lambda n: "{ sources { id } }" + "\n" * (n - 1)),
    ("lines", "DOCUMENT_TOO_LARGE", lambda n: "{ sources { id } }" + "\r" * (n - 1)),
]


@pytest.mark.parametrize(("limit", "code", "text"), BOUNDS, ids=[f"{at} {bound[0]}" for at, bound in enumerate(BOUNDS)])
def test_limit_is_reached_and_not_passed(limit: str, code: str, text: Callable[[int], str]) -> None:
    most = getattr(LIMITS, limit)
    assert refusal_of(text(most)) is None
    refusal = refusal_of(text(most + 1))
    assert refusal is not None
    assert refusal.code == code
    assert f"{most:,}" in str(refusal)


@pytest.mark.parametrize(("limit", "code", "text"), BOUNDS, ids=[f"{at} {bound[0]}" for at, bound in enumerate(BOUNDS)])
def test_limit_can_be_set(limit: str, code: str, text: Callable[[int], str]) -> None:
    most = getattr(LIMITS, limit) + 2
    limits = dataclasses.replace(LIMITS, **{limit: most})
    assert refusal_of(text(most), None, limits) is None
    refusal = refusal_of(text(most + 1), None, limits)
    assert refusal is not None
    assert refusal.code == code


def test_limits_are_those_that_were_promised() -> None:
    promised = {"depth": 12, "aliases": 30, "root_fields": 20, "directives": 50, "tokens": 2_000, "list_items": 500}
    promised |= {"validation_errors": 5, "cost": 10_000}
    assert promised.items() <= dataclasses.asdict(LIMITS).items()


@pytest.mark.parametrize("bound", BOUNDS, ids=[f"{at} {bound[0]}" for at, bound in enumerate(BOUNDS)])
def test_refusal_says_what_to_change(bound: tuple[str, str, Callable[[int], str]]) -> None:
    refusal = refusal_of(bound[2](getattr(LIMITS, bound[0]) + 1))
    assert str(refusal).count(". ") == 1
    assert str(refusal).endswith(".")


def test_measures_are_reported() -> None:
    text = "query ($n: Int) { a: calls(first: $n) { nodes { id @skip(if: false) agent { name } } } sources { id } }"
    assert judged(text, None, {"n": 5}) == Cost(nodes=20, depth=4, root_fields=2, aliases=1, directives=1)


def test_each_operation_keeps_the_limits_even_if_another_is_executed() -> None:
    with pytest.raises(InputError) as caught:
        judged("query A { sources { id } } query B " + deep(13), "A")
    assert caught.value.code == "QUERY_TOO_DEEP"


def test_cost_of_an_operation_that_is_not_executed_is_no_matter() -> None:
    text = "query A { sources { id } } query B { calls(first: 1000) { nodes { legs { agent { id } } } } }"
    assert judged(text, "A").nodes == 10
    with pytest.raises(InputError):
        judged(text, "B")


def test_aliases_of_fragments_count_each_time_they_are_spread() -> None:
    text = "{ call(id: 1) { " + "...F " * 16 + "} } fragment F on Call { a: id b: notes }"
    refusal = refusal_of(text)
    assert refusal is not None
    assert str(refusal).startswith("The query has 32 aliases; 30 are allowed.")


@pytest.mark.parametrize(
    ("last", "code"), [("a: id", "TOO_MANY_ALIASES"), ("id @include(if: true)", "TOO_MANY_DIRECTIVES")]
)
def test_fragment_bomb_is_refused(last: str, code: str) -> None:
    refusal = refusal_of(bomb(30, last=last))
    assert refusal is not None
    assert refusal.code == code
    assert "over 1,000,000,000" in str(refusal)


def test_root_fields_in_fragments_count() -> None:
    text = "{ " + "...F " * 7 + "} fragment F on Query { ...{ __typename } __typename __typename }"
    refusal = refusal_of(text)
    assert refusal is not None
    assert refusal.code == "TOO_MANY_ROOT_FIELDS"


@pytest.mark.parametrize("depth", [7, 9])
def test_introspection_of_graphiql_is_allowed(depth: int) -> None:
    text = get_introspection_query(
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
        one_of=True,
        type_depth=depth,
    )
    assert judged(text).depth == 1
    assert validate(SCHEMA, parse(text, LIMITS), LIMITS) == []


def test_introspection_twice_in_one_request_is_allowed_and_ten_times_is_not() -> None:
    whole = "__schema { types { fields { name args { type { name } } type { name } } inputFields { type { name } } } }"
    assert refusal_of(f"{{ a: {whole} b: {whole} }}") is None
    refusal = refusal_of("{" + " ".join(f"a{at}: {whole}" for at in range(10)) + "}")
    assert refusal is not None
    assert refusal.code == "QUERY_TOO_COSTLY"


def filtered(value: Any) -> dict[str, Any]:
    """Variables with a value somewhere in a filter."""
    return {"filter": {"or": [{"queues": value}]}}


def test_list_in_a_variable_is_limited() -> None:
    text = "query ($filter: CallFilter) { calls(filter: $filter) { nodes { id } } }"
    assert refusal_of(text, filtered(["a"] * 500)) is None
    refusal = refusal_of(text, filtered(["a"] * 501))
    assert refusal is not None
    assert refusal.code == "LIST_TOO_LONG"


@pytest.mark.parametrize(
    "text",
    [
        "query ($a: [Int] = [%s]) { sources { id } }",
        "query ($a: A = { b: [[%s]] }) { sources { id } }",
        "{ sources { id @x(y: [%s]) } }",
        "query @x(y: [%s]) { sources { id } }",
        "{ sources { id } } fragment Unused on Call { agent(x: { y: [%s] }) { id } }",
        "{ sources { id } } fragment Unused on Call @x(y: [%s]) { id }",
    ],
)
def test_list_is_limited_wherever_it_is(text: str) -> None:
    assert refusal_of(text % ("1 " * 500)) is None
    refusal = refusal_of(text % ("1 " * 501))
    assert refusal is not None
    assert refusal.code == "LIST_TOO_LONG"


@pytest.mark.parametrize(("levels", "code"), [(20, None), (21, "INPUT_TOO_DEEP")])
def test_variable_may_be_nested_as_deep_as_a_literal(levels: int, code: str | None) -> None:
    value = json.loads('{"not":' * levels + "1" + "}" * levels)
    refusal = refusal_of("{ __typename }", {"filter": value})
    assert (refusal and refusal.code) == code


def test_values_of_all_variables_together_are_limited() -> None:
    lists: dict[str, Any] = {f"a{at}": ["x"] * 499 for at in range(10)}
    assert refusal_of("{ __typename }", lists) is None
    refusal = refusal_of("{ __typename }", lists | {"one": 1})
    assert refusal is not None
    assert refusal.code == "TOO_MANY_INPUTS"


def test_values_of_all_arguments_together_are_limited() -> None:
    limits = dataclasses.replace(LIMITS, inputs=4)
    assert refusal_of("{ calls(first: 1, filter: { search: 1, notes: 2 }) { nodes { id } } }", None, limits) is None
    refusal = refusal_of("{ calls(first: 1, filter: { search: 1, notes: 2, x: 3 }) { nodes { id } } }", None, limits)
    assert refusal is not None
    assert refusal.code == "TOO_MANY_INPUTS"


@pytest.mark.parametrize("value", ["[" * 90 + "]" * 90, '{"a":' * 90 + "1" + "}" * 90])
def test_deep_variable_is_refused(value: str) -> None:
    refusal = refusal_of("{ __typename }", {"a": json.loads(value)})
    assert refusal is not None
    assert refusal.code == "INPUT_TOO_DEEP"


@pytest.mark.parametrize(
    "variables", [{str(at): at for at in range(30_000)}, {"a": [[]] * 80_000}, {"a": [[[]] * 400] * 400}]
)
def test_variables_are_walked_no_further_than_allowed(variables: dict[str, Any]) -> None:
    found = surveyed(parse("{ __typename }", LIMITS), SCHEMA, LIMITS)

    def price() -> None:
        with pytest.raises(InputError):
            priced(found, None, variables, LIMITS)

    assert calls_of(price) < 40_000


def test_survey_of_a_document_serves_every_request_with_it() -> None:
    found = surveyed(parse("query ($n: Int) { calls(first: $n) { nodes { id } } }", LIMITS), SCHEMA, LIMITS)
    assert [priced(found, None, {"n": n}, LIMITS).nodes for n in (3, 1, 3)] == [3, 1, 3]


def test_error_of_syntax_is_left_as_it_is() -> None:
    with pytest.raises(GraphQLSyntaxError) as caught:
        parse("{ calls( }", LIMITS)
    assert [tuple(place) for place in caught.value.locations or ()] == [(1, 10)]


@pytest.mark.parametrize(
    ("head", "unit"), [("", "{ a "), ("", "{ ... "), ("{ a(b: ", "["), ("{ a(b: ", "{ c: "), ("query ($a: ", "[")]
)
def test_nesting_beyond_the_parser_is_refused_with_a_code(head: str, unit: str) -> None:
    refusal = refusal_of(head + unit * 300)
    assert refusal is not None
    assert refusal.code == "QUERY_TOO_DEEP"
    assert refusal.__context__ is None  # which would hold the parser's frames, and the document


ATTACKS = attacks.all_of(SCHEMA)


def answered(text: str) -> None:
    """All that is done to a document before it is executed."""
    try:
        document = parse(text, LIMITS)
        judge(document, None, {}, SCHEMA, LIMITS)
        validate(SCHEMA, document, LIMITS)
    except (InputError, GraphQLError):
        return


@pytest.mark.parametrize("name", ATTACKS)
def test_no_document_takes_long(name: str) -> None:
    assert calls_of(lambda: answered(ATTACKS[name])) < 450_000  # some 40 ms on a slow machine


@pytest.mark.parametrize("name", ["filters side by side", "a variable for each item", "everything"])
def test_no_document_takes_long_for_an_export_either(name: str) -> None:
    """One that can be exported is judged as it is asked, and as it is rewritten for its pages."""

    def exported() -> None:
        documents, rewritten = Documents(), Documents(introspection=False)
        with contextlib.suppress(InputError):
            export = export_of(documents.read(ATTACKS[name]), Question(ATTACKS[name], None, {}))
            page_size(rewritten.read(export.question.query or ""), export, LIMITS)

    assert calls_of(exported) < 450_000

"""Arguments are work, too: what a document and its variables come to, and that no request comes to too much."""

from typing import Any

import pytest
from graphql import FieldNode, OperationDefinitionNode, parse
from hypothesis import given
from hypothesis import strategies as st

from app.graphql.work import Work, work_of, work_of_arguments
from tests.graphql.test_limits import judged, refusal_of

WORDS = " ".join(f"word{place}" for place in range(20))
names = st.sampled_from(["search", "weekdays", "timeOfDay", "queues", "or", "from"])
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.sampled_from(["", "one", "two words"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)


def literal(value: Any) -> str:
    """A value as a document has it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {literal(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    return (
        f'"{value}"' if isinstance(value, str) else {None: "null", True: "true", False: "false"}.get(value, str(value))
    )


def of_argument(name: str, text: str) -> Work:
    """The work of a field with one argument."""
    (operation,) = parse(f"{{ calls({name}: {text}) }}").definitions
    assert isinstance(operation, OperationDefinitionNode)
    (node,) = operation.selection_set.selections
    assert isinstance(node, FieldNode)
    return work_of_arguments(node.arguments)


@given(names, values)
def test_a_value_is_as_much_work_in_a_variable_as_in_the_document(name: str, value: Any) -> None:
    written, varied = of_argument(name, literal(value)), of_argument(name, "$v")
    assert varied == Work(0, (("v", name),))
    assert written.of({}) == varied.of({"v": value}) == work_of(value, name)


def test_searches_and_local_times_are_more_work_than_values() -> None:
    one = work_of({"queues": ["a"]})
    assert work_of({"search": "a"}) > 500 * one
    assert work_of({"search": "a b"}) > 1.9 * work_of({"search": "a"})
    assert work_of({"weekdays": ["MONDAY"]}) > 500 * one


HEAVY: dict[str, tuple[str, Any]] = {
    "searches": ("a{0}: calls(first: 0, filter: $f) {{ totalCount }}", {"or": [{"search": WORDS}] * 10}),
    "local times": (
        "a{0}: calls(first: 0, filter: $f) {{ totalCount }}",
        {"or": [{"timezone": "America/New_York", "weekdays": ["MONDAY"]}] * 20},
    ),
    "numbers": ("a{0}: calls(filter: $f) {{ totalCount }}", {"and": [{"phoneNumbers": ["1"] * 500}] * 8}),
    "numbers of many": (
        "a{0}: agents(first: 40) {{ nodes {{ calls(first: 1, filter: $f) {{ totalCount }} }} }}",
        {"phoneNumbers": ["1"] * 400},
    ),
}


@pytest.mark.parametrize("kind", HEAVY)
def test_filters_that_would_hold_up_everybody_are_refused(kind: str) -> None:
    field, filter = HEAVY[kind]
    text = f"query ($f: CallFilter) {{ {' '.join(field.format(number) for number in range(20))} }}"
    refused = refusal_of(text, {"f": filter})
    assert refused is not None
    assert refused.code == "FILTER_TOO_LARGE"
    assert "give fewer" in str(refused)


def test_filters_of_a_dashboard_are_let_through() -> None:
    ranges = {"startedAt": {"from": "2024-05-01T00:00:00Z", "to": "2024-06-01T00:00:00Z"}, "direction": ["INBOUND"]}
    field = "a{0}: calls(filter: $f) {{ totalCount }}"
    many = f"query ($f: CallFilter) {{ {' '.join(field.format(number) for number in range(20))} }}"
    nested = "query ($f: CallFilter) { agents(first: 100) { nodes { calls(first: 5, filter: $f) { nodes { id } } } } }"
    for text, filter in (
        (many, ranges | {"phoneNumbers": [str(number) for number in range(100)]}),
        (many, ranges | {"weekdays": ["MONDAY", "TUESDAY"], "timezone": "Asia/Kathmandu"}),
        (nested, ranges | {"phoneNumbers": [str(number) for number in range(50)]}),
        ("query ($f: CallFilter) { calls(filter: $f) { totalCount nodes { id } } }", {"search": WORDS}),
    ):
        assert judged(text, None, {"f": filter}).nodes > 0


def test_what_is_skipped_is_no_work() -> None:
    text = (
        "query ($f: CallFilter, $no: Boolean!) { calls(filter: $f) @include(if: $no) { totalCount } viewer { name } }"
    )
    heavy = {"or": [{"search": WORDS}] * 3}
    assert refusal_of(text, {"f": heavy, "no": True}) is not None
    assert refusal_of(text, {"f": heavy, "no": False}) is None


def test_number_of_thousands_of_digits_is_refused_before_it_is_read() -> None:
    for text in (
        f"{{ calls(first: {'9' * 5_000}) {{ totalCount }} }}",
        f"{{ calls(first: {'9' * 401}.5) {{ totalCount }} }}",
    ):
        refused = refusal_of(text)
        assert refused is not None
        assert refused.code == "NUMBER_TOO_LONG"
    assert refusal_of(f"{{ calls(first: {'9' * 400}) {{ totalCount }} }}") is None

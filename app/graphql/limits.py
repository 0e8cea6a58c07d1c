"""What no request can do: limits on a document and its variables, judged in time linear in their size."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import graphql
from graphql import (
    DocumentNode,
    FloatValueNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
)

from app.domain.errors import InputError
from app.graphql import validation
from app.graphql.cost import CEILING
from app.graphql.survey import Measures, Survey, survey


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one request. The size of its body and of a page are limited where those are read."""

    depth: int = 12
    aliases: int = 30
    root_fields: int = 20
    directives: int = 50
    cost: int = 10_000  # objects in the answer
    work: int = 50_000  # values of all arguments, each as often as its field is asked for
    list_items: int = 500  # in one list of an argument or a variable
    tokens: int = 2_000
    validation_errors: int = 5
    # Not in the words of the graph, but needed to judge any document in time.
    characters: int = 65_536  # graphql-core reads character by character
    lines: int = 5_000  # and counts the lines before each error
    operations: int = 20  # each is validated with all the fragments it reaches
    introspection_depth: int = 20  # below __schema and __type, where GraphiQL itself needs 15
    input_depth: int = 20  # lists and objects in each other in one value
    digits: int = 400  # of one number: Python itself reads no more than a few thousand
    inputs: int = 5_000  # values in all arguments together, and in all variables


_TEXT = frozenset({str})
_PLAIN = frozenset({str, int, float, bool, type(None)})
_MOST_PRICES = 100  # of one document
_ONE = "one"


@dataclass(frozen=True, slots=True)
class Cost:
    """What an operation asks for: `nodes` is how many objects its answer may hold, the rest is of its document."""

    nodes: int
    depth: int
    root_fields: int
    aliases: int
    directives: int


def parse(text: str, limits: Limits) -> DocumentNode:
    """The document of a text. Raises InputError for one that is too large or too deep, and graphql-core's syntax errors."""
    lines = 1 + text.count("\n") + text.count("\r")
    _check(len(text), limits.characters, "has {} characters", "Move values into variables.", "DOCUMENT_TOO_LARGE")
    _check(lines, limits.lines, "has {} lines", "Leave out blank ones and comments.", "DOCUMENT_TOO_LARGE")
    try:
        return graphql.parse(text, max_lexical_tokens=limits.tokens, max_comments=limits.tokens)
    except GraphQLSyntaxError as error:
        refusal = _refusal(error, limits)
        if refusal is None:
            raise
    raise refusal  # without the parser's error, whose frames hold the document


def _refusal(error: GraphQLSyntaxError, limits: Limits) -> InputError | None:
    """What the parser's own limits mean; None for an error of syntax."""
    if "Document contains more than" in error.message:
        return InputError(
            f"The document has more than {limits.tokens:,} tokens or comments. Ask for less at once, or move values into"
            " variables.",
            "DOCUMENT_TOO_LARGE",
        )
    if "nested too deeply" in error.message:
        return InputError(
            f"The document is nested too deeply to be read; {limits.depth} levels of fields are allowed. Ask for what is"
            " further in with a query of its own.",
            "QUERY_TOO_DEEP",
        )
    return None


def judge(
    document: DocumentNode,
    operation_name: str | None,
    variables: Mapping[str, Any] | None,
    schema: GraphQLSchema,
    limits: Limits,
) -> Cost:
    """What an operation costs. Raises InputError where the document or the variables exceed a limit."""
    return priced(surveyed(document, schema, limits), operation_name, variables, limits)


def surveyed(document: DocumentNode, schema: GraphQLSchema, limits: Limits) -> Survey:
    """The survey of a document whose every operation keeps the limits, whatever the variables: it can be kept with it.

    Raises InputError.
    """
    found = survey(document, schema)
    advice = "Send the one that is to be executed."
    _check(len(found.operations), limits.operations, "has {} operations", advice, "TOO_MANY_OPERATIONS")
    for operation in found.operations:
        _check_measures(operation, limits)
    _check_inputs(found.values, limits)
    return found


def priced(found: Survey, operation_name: str | None, variables: Mapping[str, Any] | None, limits: Limits) -> Cost:
    """What an operation costs with these variables: nothing where the name tells none, as none is executed then.

    Raises InputError.
    """
    given = variables or {}
    plain = _plain(given, limits)
    if plain is None:
        _check_inputs(given.values(), limits)
    elif plain > limits.inputs:
        _check_number(plain, limits)
    key = (operation_name, *[_size(given.get(name)) for name in found.prices.reads])
    known: Cost | None = found.priced.get(key)
    if known is not None and known.nodes <= limits.cost:
        if plain is None or found.prices.most_work(plain) * (known.nodes + 1) > limits.work:
            _check_work(found, given, known.nodes, limits)
        return known
    named = [operation for operation in found.operations if operation.name == operation_name]
    if not named and (operation_name is not None or len(found.operations) != 1):
        return Cost(0, 0, 0, 0, 0)
    operation = (named or found.operations)[0]
    values = {**operation.defaults, **given} if operation.defaults else given
    nodes = found.prices.of(values)[operation.block]
    advice = "Ask for smaller pages with first, or for less below them."
    _check(nodes, limits.cost, "may be answered with {} objects", advice, "QUERY_TOO_COSTLY")
    _check_work(found, values, nodes, limits)
    cost = Cost(nodes, operation.depth, operation.root_fields, operation.aliases, operation.directives)
    if not operation.defaults and len(found.priced) < _MOST_PRICES:
        found.priced[key] = cost
    return cost


def _plain(given: Mapping[str, Any], limits: Limits) -> int | None:
    """How many values there are, where they are plain or short lists of texts, as most are: their number is all to check."""
    seen = len(given)
    for value in given.values():
        if type(value) is list and len(value) <= limits.list_items and _TEXT.issuperset(map(type, value)):
            seen += len(value)
        elif type(value) not in _PLAIN:
            return None
    return seen


def _size(value: Any) -> Hashable:
    """What of a variable's value decides a price: whether it is true, the number that it is, or how many it has."""
    if isinstance(value, list):
        return len(value)
    return (type(value), value) if value is None or isinstance(value, bool | int | float) else _ONE


def _check_work(found: Survey, values: Mapping[str, Any], nodes: int, limits: Limits) -> None:
    work = found.prices.work(values, nodes, limits.work)
    if work > limits.work:
        advice = "Those of a field count for every object around it, searches and local times most: give fewer."
        _check(work, limits.work, "has filters that come to {} values", advice, "FILTER_TOO_LARGE")


def _check_measures(found: Measures, limits: Limits) -> None:
    advice = "Ask for what is further in with a query of its own, by id."
    _check(found.depth, limits.depth, "asks for {} levels of fields", advice, "QUERY_TOO_DEEP")
    most = limits.introspection_depth
    _check(found.introspection_depth, most, "asks for {} levels of the schema", "Ask for fewer.", "QUERY_TOO_DEEP")
    advice = "Send several requests."
    _check(found.root_fields, limits.root_fields, "has {} root fields", advice, "TOO_MANY_ROOT_FIELDS")
    advice = "Those of a fragment count each time it is spread: spread it less, or send several requests."
    _check(found.aliases, limits.aliases, "has {} aliases", advice, "TOO_MANY_ALIASES")
    _check(found.directives, limits.directives, "has {} directives", advice, "TOO_MANY_DIRECTIVES")


def _check_inputs(values: Collection[Any], limits: Limits) -> None:
    """Checks literals, or the values of variables, and all that is in them: without recursion, and no further than allowed."""
    seen = len(values)
    _check_number(seen, limits)
    waiting = [(value, 1) for value in values if not isinstance(value, str)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, IntValueNode | FloatValueNode):
            _check(len(value.value), limits.digits, "has a number of {} digits", "Shorten it.", "NUMBER_TOO_LONG")
        if isinstance(value, str) or not (within := _within(value)):
            continue
        if isinstance(value, ListValueNode | list):
            advice = "Ask for them in several requests."
            _check(len(within), limits.list_items, "gives a list of {} items", advice, "LIST_TOO_LONG")
        _check(depth, limits.input_depth, "gives a value that is nested {} deep", "Flatten it.", "INPUT_TOO_DEEP")
        seen += len(within)
        _check_number(seen, limits)
        if not _TEXT.issuperset(map(type, within)):  # most are
            waiting += [(item, depth + 1) for item in within if not isinstance(item, str)]


def _check_number(seen: int, limits: Limits) -> None:
    _check(seen, limits.inputs, "gives {} values or more", "Send several requests.", "TOO_MANY_INPUTS")


def _within(value: Any) -> Sequence[Any]:
    """What a list or an object holds, as a literal or as a variable has it."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, ListValueNode):
        return value.values
    return [field.value for field in value.fields] if isinstance(value, ObjectValueNode) else ()


def _check(found: int, most: int, said: str, advice: str, code: str) -> None:
    if found > most:
        number = f"over {CEILING:,}" if found >= CEILING else f"{found:,}"
        raise InputError(
            f"The query {said.format(number)}; {most:,} are allowed. {advice}", code, requested=found, limit=most
        )


def validate(
    schema: GraphQLSchema, document: DocumentNode, limits: Limits, introspection: bool = True
) -> list[GraphQLError]:
    """What is wrong with a document by the schema, as many errors of it as are shown. Raises InputError."""
    return validation.validate(schema, document, limits.validation_errors, introspection)

"""Random valid questions: queries of the schema by hypothesis-graphql, with values that the data has, some in variables."""

from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    GraphQLError,
    IntValueNode,
    NameNode,
    NullValueNode,
    ObjectFieldNode,
    OperationDefinitionNode,
    StringValueNode,
    TypeInfo,
    TypeInfoVisitor,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    get_named_type,
    parse,
    parse_type,
    print_ast,
    validate,
    value_from_ast_untyped,
    visit,
)
from hypothesis import strategies as st
from hypothesis_graphql import nodes, queries

from app.graphql.schema import schema

SCHEMA = schema()._schema
ROOTS = ("calls", "agents", "contacts", "call", "agent", "contact", "sources", "callCounts", "viewer")
INSTANTS = ("2024-05-20T08:00:00Z", "2024-05-20T13:45:00+05:45", "2024-05-20T08:03:00Z", "2030-01-01T00:00:00Z")
NUMBERS = ("+9779811000001", "9779811000002", "98-11000003", "101")
WORDS = ("Agent 1", "Contact 2", "Unit 3", "said", "n", "c1", "2", "zzz")
SCALARS = {
    "DateTime": st.sampled_from(INSTANTS).map(nodes.String),
    "PhoneNumber": st.sampled_from(NUMBERS).map(nodes.String),
    "TimeZone": st.sampled_from(("UTC", "Asia/Kathmandu", "America/New_York")).map(nodes.String),
    "TimeOfDay": st.sampled_from(("08:00", "13:45", "24:00")).map(nodes.String),
}


@dataclass
class Question:
    """A query and its variables."""

    query: str
    variables: dict[str, Any] = field(default_factory=dict)


def questions(ids: dict[str, list[str]]) -> st.SearchStrategy[Question]:
    """Questions that name these node ids, by their types; the document is valid."""
    made = queries(SCHEMA, fields=ROOTS, custom_scalars=SCALARS, allow_x00=False, print_ast=lambda node: node)
    return st.builds(lambda node, random: _question(node, random, ids), made, st.randoms(use_true_random=False)).filter(
        _is_valid
    )


def _is_valid(question: Question) -> bool:
    try:
        return not validate(SCHEMA, parse(question.query))
    except GraphQLError:
        return False


def _question(document: DocumentNode, random: Random, ids: dict[str, list[str]]) -> Question:
    info = TypeInfo(SCHEMA)
    fitted: DocumentNode = visit(document, TypeInfoVisitor(info, _Fitting(info, random, ids)))
    varied = _Varying(info, random)
    asked: DocumentNode = visit(fitted, TypeInfoVisitor(info, varied))
    operation = asked.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    named = replace(operation, name=NameNode(value="Q"), variable_definitions=tuple(varied.definitions))
    return Question(print_ast(replace(asked, definitions=(named,))), varied.values)


class _Fitting(Visitor):
    """Values that may find something: ids and words of the data, small pages."""

    def __init__(self, info: TypeInfo, random: Random, ids: dict[str, list[str]]) -> None:
        super().__init__()
        self._info, self._random, self._ids = info, random, ids
        self._place = ""

    def enter_string_value(self, node: StringValueNode, *_: Any) -> Any:
        kind = self._info.get_input_type()
        name = get_named_type(kind).name if kind else ""
        if name == "ID":
            return StringValueNode(value=self._id())
        if name == "String" and not self._is_cursor():
            return StringValueNode(value=self._random.choice(WORDS))
        return None

    def enter_int_value(self, node: IntValueNode, *_: Any) -> Any:
        kind = self._info.get_input_type()
        if kind and get_named_type(kind).name == "ID":
            return StringValueNode(value=self._id())
        return IntValueNode(value=str(self._random.choice((0, 1, 2, 3, 7))))

    def _id(self) -> str:
        """Mostly one of the kind that is wanted: others are refused."""
        wanted = next((kind for kind in self._ids if kind in self._place.lower()), None)
        if wanted is None or self._random.random() < 0.1:
            return self._random.choice([*[id for found in self._ids.values() for id in found], "", "nobody"])
        return self._random.choice(self._ids[wanted])

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> Any:
        """Remembers where a value stands."""
        self._place = node.name.value

    def enter_field(self, node: FieldNode, *_: Any) -> Any:
        """Remembers where a value stands."""
        self._place = node.name.value

    def _is_cursor(self) -> bool:
        argument = self._info.get_argument()
        return argument is not None and argument.description is not None and "cursor" in argument.description

    def enter_argument(self, node: ArgumentNode, *_: Any) -> Any:
        """Of first and last, one: both are refused. Cursors of nothing are refused, too."""
        name = node.name.value
        if name in ("after", "before", "last") and self._random.random() < 0.95:
            return ArgumentNode(name=node.name, value=NullValueNode())
        return None


class _Varying(Visitor):
    """Moves some values into variables."""

    def __init__(self, info: TypeInfo, random: Random) -> None:
        super().__init__()
        self._info, self._random = info, random
        self.definitions: list[VariableDefinitionNode] = []
        self.values: dict[str, Any] = {}

    def enter_argument(self, node: ArgumentNode, *_: Any) -> Any:
        return self._moved(node, node.value)

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> Any:
        return self._moved(node, node.value)

    def _moved(self, node: ArgumentNode | ObjectFieldNode, value: ValueNode) -> Any:
        kind = self._info.get_input_type()
        if kind is None or self._random.random() < 0.5 or self._has_variable(value):
            return None
        name = f"v{len(self.definitions)}"
        variable = VariableNode(name=NameNode(value=name))
        self.definitions.append(VariableDefinitionNode(variable=variable, type=parse_type(str(kind)), directives=()))
        self.values[name] = value_from_ast_untyped(value)
        return type(node)(name=node.name, value=variable)

    def _has_variable(self, value: ValueNode) -> bool:
        return "$" in print_ast(value)

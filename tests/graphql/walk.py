"""Documents made from the schema, so that a new field or filter is asked for, too: everything there is, every guess."""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from app.graphql.queries import NOUNS
from app.graphql.schema import schema

GRAPH = schema()._schema
QUERY: Any = GRAPH.type_map["Query"]
CHANGES: Any = GRAPH.type_map["Mutation"]
LISTS = {"calls": "Call", "agents": "Agent", "contacts": "Contact"}
# What a filter's ids are of, where their name does not say so.
_ID_TYPES = {"involvedAgentIds": "Agent"}
# Every grouping that names something, at most five at once; what needs a right of its own by itself.
GROUPED = (
    ("AGENT", "CONTACT", "SOURCE", "CORPORATE", "COUNTRY"),
    ("AGENT_TAG", "QUEUE", "DEPARTMENT", "IVR", "CAMPAIGN"),
    ("BROADCAST", "SERVICE", "DISPOSITION", "HANGUP_CAUSE", "DIVISION"),
    ("LOCATION", "CAMPAIGN_UNIT", "PROVIDER", "WEEKDAY", "WEEK"),
    ("PHONE_NUMBER",),
)
_OUR_ID = re.compile(r"\b[0-9a-f]{32}\b")
Ids = Mapping[str, str]


def object_fields() -> Iterator[tuple[str, GraphQLField]]:
    """Every field of an object type that can be asked for: but those of the schema itself and of changes."""
    for kind in GRAPH.type_map.values():
        of_changes = kind is CHANGES or kind in [get_named_type(one.type) for one in CHANGES.fields.values()]
        if isinstance(kind, GraphQLObjectType) and not (of_changes or kind.name.startswith("__")):
            yield from ((f"{kind.name}.{name}", found) for name, found in kind.fields.items())


@dataclass
class _Walk:
    """Selects each field of each type below a type once; a type that comes again is asked for its leaves."""

    ids: Ids
    numbers: list[str]
    seen: set[str] = field(default_factory=set)

    def below(self, kind: GraphQLNamedType) -> str:
        assert isinstance(kind, GraphQLObjectType)
        parts: list[str] = []
        # Last, because it needs a right of its own: what else is below it is asked for elsewhere.
        for name, found in sorted(kind.fields.items(), key=lambda item: item[0] == "callStats"):
            path, inner = f"{kind.name}.{name}", get_named_type(found.type)
            new = path not in self.seen
            self.seen.add(path)
            if is_leaf_type(inner):
                parts.append(name)
            elif isinstance(inner, GraphQLInterfaceType):
                types = GRAPH.get_possible_types(inner) if new else ()
                parts += [self.node(name, found, one) for one in types]
            elif new and name == "callStats":
                selections = [self.below(inner), *[self.key_of(inner)] * (len(GROUPED) - 1)]
                parts += [
                    f"{name}_{by[0]}: {name}(groupBy: [{', '.join(by)}]) {selection}"
                    for by, selection in zip(GROUPED, selections, strict=True)
                ]
            elif new:
                parts.append(f"{name}{self.arguments(found, inner.name)} {self.below(inner)}")
        return "{ " + (" ".join(parts) or "__typename") + " }"

    def key_of(self, stats: GraphQLNamedType) -> str:
        """What groups have in common, leaves alone: all else is the same by whatever they are grouped."""
        assert isinstance(stats, GraphQLObjectType)
        key = get_named_type(stats.fields["key"].type)
        assert isinstance(key, GraphQLObjectType)
        leaves = [name for name, found in key.fields.items() if is_leaf_type(get_named_type(found.type))]
        return f"{{ total filter key {{ {' '.join(leaves)} }} }}"

    def node(self, name: str, found: GraphQLField, kind: GraphQLNamedType) -> str:
        """The field of an interface, asked under a name of its own for each type."""
        arguments = self.arguments(found, kind.name)
        return f"{name}_{kind.name}: {name}{arguments} {{ __typename ... on {kind.name} {self.below(kind)} }}"

    def arguments(self, found: GraphQLField, kind: str) -> str:
        """The arguments without which the field says nothing, or not the same at any time."""
        given = {"id": f'"{self.ids.get(kind, "")}"', "ids": f'["{self.ids.get(kind, "")}"]'}
        given["phoneNumbers"] = "[" + ", ".join(f'"{number}"' for number in self.numbers) + "]"
        said = [f"{name}: {given[name]}" for name in found.args if name in given]
        return f"({', '.join(said)})" if said else ""


def everything(ids: Ids, numbers: list[str]) -> str:
    """A document that asks for every field of every type."""
    walk = _Walk(ids, numbers)
    document = walk.below(QUERY)
    assert walk.seen == {path for path, _ in object_fields()}
    return document


def leaves(data: Any, kind: GraphQLNamedType = QUERY) -> Iterator[tuple[str, Any]]:
    """The values of an answer, each with its `Type.field`."""
    for one in data if isinstance(data, list) else [data]:
        if one is None:
            continue
        found = GRAPH.type_map[one["__typename"]] if "__typename" in one else kind
        assert isinstance(found, GraphQLObjectType)
        for key, value in one.items():
            if (name := key.partition("_")[0]) in found.fields:
                inner = get_named_type(found.fields[name].type)
                yield from [(f"{found.name}.{name}", value)] if is_leaf_type(inner) else leaves(value, inner)


def guesses(
    noun: str, ids: Ids, texts: Iterable[str], numbers: Iterable[str], together: bool = False
) -> list[dict[str, Any]]:
    """A filter of a noun for each of its fields with each value that may tell something; with all, where it takes several."""
    kind: Any = get_named_type(QUERY.fields[noun].args["filter"].type)
    assert isinstance(kind, GraphQLInputObjectType)
    values = _Values({**ids, "ids": LISTS[noun]}, list(texts), list(numbers), together)
    return list(values.of_object(kind))


# Some that everybody may see, and one of each right.
_LABELS = ("QUEUE", "TRUNK", "WRAP_UP", "REVIEW")


@dataclass
class _Values:
    ids: Ids
    texts: list[str]
    numbers: list[str]
    together: bool

    def of_object(self, kind: GraphQLInputObjectType) -> Iterator[dict[str, Any]]:
        if kind.name == "TimeOfDayRange":
            yield {"from": "06:00", "to": "18:00"}
            return
        if kind.name == "LabelMatch":
            names = list(self.of("names", kind.fields["names"].type))
            yield from ({"kind": one, "names": said} for one in _LABELS for said in names)
            return
        for name, found in kind.fields.items():
            if get_named_type(found.type) is not kind:
                yield from ({name: value} for value in self.of(name, found.type))

    def of(self, name: str, kind: Any) -> Iterable[Any]:
        if is_non_null_type(kind):
            return self.of(name, kind.of_type)
        if is_list_type(kind):
            values = list(self.of(name, kind.of_type))
            return [values] if self.together else ([value] for value in values)
        if isinstance(kind, GraphQLInputObjectType):
            return self.of_object(kind)
        if isinstance(kind, GraphQLEnumType):
            return list(kind.values)
        leaf: dict[str, Callable[[], Iterable[Any]]] = {
            "String": lambda: self.texts,
            "PhoneNumber": lambda: self.numbers,
            "ID": lambda: [self.ids[self._type_of(name)]],
            "Boolean": lambda: [True, False],
            "Int": lambda: [0, 60],
            "TimeZone": lambda: ["Asia/Kathmandu"],
            "DateTime": lambda: ["2024-05-20T08:00:00Z"],
        }
        return leaf[kind.name]()

    def _type_of(self, name: str) -> str:
        """`orgUnitIds` are of OrgUnits; bare `ids` of what is listed."""
        if name == "ids":
            return self.ids["ids"]
        return _ID_TYPES.get(name) or name[0].upper() + name[1:].removesuffix("Ids")


def counted(noun: str, filters: list[dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    """A document that counts what each filter selects, and its variables."""
    kind: Any = get_named_type(QUERY.fields[noun].args["filter"].type).name
    head = ", ".join(f"$f{place}: {kind}" for place in range(len(filters)))
    body = " ".join(f"f{place}: {noun}(filter: $f{place}) {{ totalCount }}" for place in range(len(filters)))
    return f"query({head}) {{ {body} }}", {f"f{place}": filter for place, filter in enumerate(filters)}


def orders(noun: str) -> list[str]:
    """What a noun can be sorted by."""
    kind: Any = get_named_type(QUERY.fields[noun].args["orderBy"].type)
    field: Any = get_named_type(kind.fields["field"].type)
    return list(field.values)


def sorted_lists() -> str:
    """A document with every list in every order that records decide, and the cursors of its rows."""
    parts = [
        f"{noun}_{order}: {noun}(orderBy: {{field: {order}}}) {{ edges {{ cursor }} pageInfo {{ startCursor endCursor }} }}"
        for noun in LISTS
        for order in orders(noun)
        if order != "CREATED"
    ]
    return "{ " + " ".join(parts) + " }"


def plain(value: Any, names: dict[str, str] | None = None) -> Any:
    """An answer with its cursors and node ids read, and our ids named by their order: what two stores can agree on.

    Where in the document an error stands is left out, as it depends on the ids in it.
    """
    names = {} if names is None else names
    if isinstance(value, dict):
        return {key: plain(_settled(key, one, names), names) for key, one in value.items() if key != "locations"}
    if isinstance(value, list):
        return [plain(one, names) for one in value]
    if not isinstance(value, str):
        return value
    return names.get(value) or _OUR_ID.sub(lambda id: names.setdefault(id.group(), f"#{len(names)}"), read(value))


def _settled(key: str, value: Any, names: dict[str, str]) -> Any:
    """Groups of a statistic in an order of what they say: equal ones come by their ids, which are made anew each time.

    Where they say the same but for ids, they come in the order in which those were named.
    """
    if not key.startswith("callStats") or not isinstance(value, list):
        return value
    return sorted(value, key=lambda group: (json.dumps(plain(group)), json.dumps(plain(group, dict(names)))))


def read(text: str) -> str:
    """What a cursor or node id says, and that a text is a link to a recording; any other text as it is."""
    if "/recordings/" in text:  # signed, with the call's id in it
        return text.partition("/recordings/")[0]
    try:
        said = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)).decode("ascii")
    except ValueError:
        return text
    if said.startswith("["):
        return str(msgspec.json.decode(said))
    return said.split(":")[0] + ":" + said.split(":")[-1] if said.split(":")[0] in NOUNS else text

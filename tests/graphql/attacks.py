"""Documents that are made to take long: for the parser, for our measures, for each rule of validation."""

from graphql import GraphQLNamedType, GraphQLSchema, get_introspection_query, get_named_type, is_leaf_type

BODY = 256 * 1024  # as long as a request may be
TEXT = 65_536  # as long as a document may be
QUOTED = '"a" '


def fragments(count: int, text: str, last: str = "id") -> str:
    """Fragments on calls, each of which may name the `{next}` one, and all that are `{later}`."""
    made = [
        text.format(at=at, next=at + 1, later=" ".join(f"...F{other}" for other in range(at + 1, count)))
        for at in range(count)
    ]
    return " ".join(f"fragment F{at} on Call {{ {body} }}" for at, body in enumerate([*made, last]))


def page(selection: str) -> str:
    """A small page of calls."""
    return f"{{ calls(first: 1) {{ nodes {{ {selection} }} }} }} "


def spread(count: int) -> str:
    """Spreads of so many fragments side by side."""
    return " ".join(f"...F{at}" for at in range(count))


TEXTS = {
    "a document as long as the body": "{ a }" + " " * BODY,
    "braces": "{" * BODY,
    "names within braces": "{a" * (TEXT // 2),
    "inline fragments": "{" + "...{" * (TEXT // 4 - 1),
    "lists": "{a(b:" + "[" * (TEXT - 5),
    "objects": "{a(b:" + "{a:" * (TEXT // 3 - 2),
    "list types": "query($a:" + "[" * (TEXT - 9),
    "names": "{" + "a " * (TEXT // 2 - 1),
    "arguments": "{a(" + "a:1 " * (TEXT // 4 - 1),
    "comments": "#\n" * 4_900,
    "comment": "{a} #" + "a" * (TEXT - 5),
    "string": '{a(b:"' + "a" * (TEXT - 9) + '")}',
    "escapes": '{a(b:"' + "\\n" * (TEXT // 2 - 6) + '")}',
    "code points": '{a(b:"' + "\\u00e9" * (TEXT // 6 - 3) + '")}',
    "block string": '{a(b:"""' + "\n" * 4_990 + "a" * (TEXT - 5_010) + '""")}',
    "quotes in a block string": '{a(b:"""' + '\\"""' * (TEXT // 4 - 5) + '""")}',
    "number": "{a(b:" + "1" * (TEXT - 7) + ")}",
    "name": "{" + "a" * (TEXT - 2) + "}",
    "spaces": "{" + " " * (TEXT - 3) + "a}",
    "an error after many lines": "{" + "\n" * 4_990 + "'",
    "unknown fields over many lines": "{" + "\n" * 4_900 + "a b c d e f}",
}

DOCUMENTS = {
    "aliases by two to the thirtieth": page("...F0") + fragments(30, "...F{next} ...F{next}", "a: id"),
    "directives by two to the thirtieth": page("...F0")
    + fragments(30, "...F{next} ...F{next}", "id @include(if: true)"),
    "objects by two to the thirtieth": page("...F0")
    + fragments(30, "agent {{ source {{ id }} }} ...F{next} ...F{next}"),
    "a bomb of nothing": page("...F0") + fragments(120, "...F{next} ...F{next}"),
    "a bomb of depth": page("...F0") + fragments(90, "agent {{ calls {{ nodes {{ ...F{next} ...F{next} }} }} }}"),
    "a chain of fragments": page("...F0") + fragments(230, "...F{next}"),
    "every fragment in each before": page("...F0") + fragments(40, "{later}"),
    "every fragment in each before, with fields": page("...F0") + fragments(38, "{later} id notes"),
    "fragments side by side": page(spread(200)) + fragments(199, "id"),
    "fragments side by side, with objects": page(spread(100)) + fragments(99, "agent {{ id name }} "),
    "a ring of fragments": page("...F0") + fragments(170, "id ...F{next}", "...F0"),
    "rings of all fragments": page("...F0")
    + " ".join(f"fragment F{at} on Call {{ {spread(28)} }}" for at in range(28)),
    "the same field": page("id " * 1_980),
    "the same field as often as may be compared": page("id " * 89),
    "the same object": page("agent { id } " * 490),
    "the same object as often as may be compared": page("agent { id } " * 56),
    "the same connection": page("agent { calls(first: 1) { nodes { id } } } " * 28),
    "the same inline fragment": page("...{ id } " * 490),
    "inline fragments in each other": page("...{ " * 190 + "id" + " }" * 190),
    "unknown fields": page(" ".join(f"x{at}" for at in range(1_900))),
    "unknown fragments": page("...X " * 900),
    "unknown arguments": "{ calls(" + "x: 1 " * 600 + ") { nodes { id } } }",
    "unknown variables": page(" ".join(f"agent(x: $v{at}) {{ id }}" for at in range(50))),
    "unused variables": "query(" + " ".join(f"$v{at}: Int" for at in range(480)) + ") { sources { id } }",
    "unused fragments": "{ sources { id } } " + fragments(240, "id"),
    "full lists": "{ calls(first: 1, filter: {"
    + " ".join(f"{name}: [{QUOTED * 485}]" for name in ("queues", "ivrs", "trunks", "lists"))
    + "}) { nodes { id } } }",
    "empty objects": "{ calls(first: 1, filter: { or: ["
    + "{} " * 490
    + "] and: ["
    + "{} " * 470
    + "] }) { nodes { id } } }",
    "filters side by side": "{ calls(filter: { or: [" + '{ queues: ["a"] } ' * 240 + "] }) { nodes { id } } }",
    "a variable for each item": "query("
    + " ".join(f"$v{at}: String!" for at in range(270))
    + ") { calls(filter: { queues: ["
    + " ".join(f"$v{at}" for at in range(270))
    + "] }) { nodes { id } } }",
    "a variable in many operations": " ".join(f"query Q{at}($v: String!) {{ ...F }}" for at in range(20))
    + f" fragment F on Query {{ calls(first: 1, filter: {{ queues: [{'$v ' * 490}] ivrs: [{'$v ' * 200}] }}) {{ nodes {{ id }} }} }}",
    "many operations that share fragments": " ".join(f"query Q{at} {{ ...G{at} }}" for at in range(20))
    + " ".join(f"fragment G{at} on Query {{ calls(first: 1) {{ nodes {{ ...F0 }} }} }}" for at in range(20))
    + fragments(100, "...F{next} id"),
    "a root field for each list of the schema": "{"
    + " ".join(f"a{at}: __schema {{ types {{ fields {{ name }} }} }}" for at in range(20))
    + "}",
    "introspection in itself": "{ __schema { types { fields { type { fields { type { fields { args { name } } } } } } } } }",
    "directives": page("id @include(if: true) " * 49),
    "definitions of types": "type A { a: Int } " * 280,
}


def everything(schema: GraphQLSchema) -> str:
    """The largest document that is in order: every scalar of a call and of what it holds, four times."""

    def scalars(parent: GraphQLNamedType) -> list[str]:
        return [name for name, field in parent.fields.items() if is_leaf_type(get_named_type(field.type))]

    call = schema.type_map["Call"]
    inner = [
        f"{name} {{ {' '.join(scalars(get_named_type(field.type)))} }}"
        for name, field in call.fields.items()
        if not is_leaf_type(get_named_type(field.type))
    ]
    whole = f"{{ {' '.join([*scalars(call), *inner])} }}"
    roots = (
        f"calls(first: $n) {{ nodes {whole} }}",
        f"agent(id: 1) {{ calls(first: 1) {{ nodes {whole} }} }}",
        f"contact(id: 1) {{ calls(first: 1) {{ nodes {whole} }} }}",
        f"call(id: 1) {whole}",
    )
    return f"query($n: Int = 1) {{ {' '.join(roots)} }}"


def all_of(schema: GraphQLSchema) -> dict[str, str]:
    """Every attack, and two large documents that are none, by their names."""
    orderly = {"everything": everything(schema), "introspection": get_introspection_query(input_value_deprecation=True)}
    return {**TEXTS, **DOCUMENTS, **orderly}

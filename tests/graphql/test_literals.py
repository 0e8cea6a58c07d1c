"""A document is kept with words in the place of the numbers and texts that it names."""

import pytest
from graphql import parse

from app.graphql.literals import without_literals

SAID = {
    "{ calls(first: 5) { totalCount } }": "{ calls(first: NUMBER) { totalCount } }",
    '{ contact(phoneNumber: "+9779810000078") { name } }': "{ contact(phoneNumber: STRING) { name } }",
    '{ contact(phoneNumber: """+977 981""") { name } }': "{ contact(phoneNumber: STRING) { name } }",
    '{ a(f: {x: [1, -2.5e3, "y", ONE, true, null, $v]}) }': (
        "{ a(f: { x: [NUMBER, NUMBER, STRING, ONE, true, null, $v] }) }"
    ),
    'query Q($n: String = "Ravi" @d(a: 9810000078)) { a } # Ravi': "query Q($n: String = STRING @d(a: NUMBER)) { a }",
}


@pytest.mark.parametrize("text", SAID)
def test_literals_become_words_and_all_else_stays(text: str) -> None:
    assert " ".join(without_literals(parse(text)).split()) == SAID[text]


def test_document_itself_is_left_alone() -> None:
    document = parse('{ contact(phoneNumber: "+9779810000078") { name } }')
    without_literals(document)
    assert document == parse('{ contact(phoneNumber: "+9779810000078") { name } }')

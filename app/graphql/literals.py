"""A document as the access log keeps it: what it asks for, without the values that it names."""

from typing import Any

from graphql import (
    DocumentNode,
    EnumValueNode,
    FloatValueNode,
    IntValueNode,
    StringValueNode,
    Visitor,
    print_ast,
    visit,
)


class _Blanking(Visitor):
    """Puts a word where a literal was: whose number or name was asked for is nobody's business later."""

    def enter_string_value(self, node: StringValueNode, *_: Any) -> EnumValueNode:
        return EnumValueNode(value="STRING")

    def enter_int_value(self, node: IntValueNode, *_: Any) -> EnumValueNode:
        return EnumValueNode(value="NUMBER")

    def enter_float_value(self, node: FloatValueNode, *_: Any) -> EnumValueNode:
        return EnumValueNode(value="NUMBER")


def without_literals(document: DocumentNode) -> str:
    """The document's text with STRING and NUMBER for every literal of those kinds, without comments."""
    return print_ast(visit(document, _Blanking()))

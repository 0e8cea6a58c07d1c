"""Whether a document makes sense by the schema: graphql-core's rules, each with a bound on its time."""

from collections.abc import Callable
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    ParallelVisitor,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    ValidationContext,
    specified_rules,
    visit,
)
from graphql.language.ast import QUERY_DOCUMENT_KEYS
from graphql.validation.rules.overlapping_fields_can_be_merged import OverlappingFieldsCanBeMergedRule
from graphql.validation.validate import ValidationAbortedError
from graphql.validation.validation_context import VariableUsage, VariableUsageVisitor

from app.domain.errors import InputError

# Units of work of the two rules that are not linear in a document of 2,000 tokens; one takes about a microsecond.
# graphql-core lets the first do 500,000. GraphiQL's introspection takes none, a list of which ten components ask for
# ten fields each with a fragment of their own takes 1,600, one with twenty 6,500.
COMPARISONS: Final = 8_000  # of fields that have the same name in the answer
USAGES: Final = 3_000  # of variables, by all operations together, with those in the fragments that they share

# No rule looks at a name by itself, and names are half of all nodes.
_KEYS = {
    kind: tuple(key for key in keys if key not in ("name", "alias", "description"))
    for kind, keys in QUERY_DOCUMENT_KEYS.items()
}


def validate(
    schema: GraphQLSchema, document: DocumentNode, most: int, introspection: bool = True
) -> list[GraphQLError]:
    """What is wrong with a document: the first errors of it, none for a valid one. No error suggests another name.

    Without `introspection`, a document that asks for the schema is wrong. Raises InputError for a document whose validation would take too long.
    """
    errors: list[GraphQLError] = []

    def note(error: GraphQLError) -> None:
        errors.append(error)
        if len(errors) >= most:
            raise _EnoughError

    types = TypeInfo(schema)
    context = _Context(schema, document, types, note)
    rules = ParallelVisitor([rule(context) for rule in (_RULES if introspection else _RULES_OF_NO_SCHEMA)])
    try:
        visit(document, TypeInfoVisitor(types, rules), _KEYS)
    except _EnoughError:
        return errors
    except (ValidationAbortedError, RecursionError):
        if not errors:
            raise _too_complex() from None
    return errors


def _too_complex() -> InputError:
    return InputError(
        "The query repeats too much to be checked. Spread each fragment once in a selection, ask for each field once,"
        " and send one operation.",
        "QUERY_TOO_COMPLEX",
    )


class _EnoughError(Exception):
    """As many errors were found as are shown."""


class _OverlappingFields(OverlappingFieldsCanBeMergedRule):
    """The rule whose time may grow with the square of the document's size, or worse, with our bound on it."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self.rule_context.remaining_complexity_budget = COMPARISONS


_RULES = [_OverlappingFields if rule is OverlappingFieldsCanBeMergedRule else rule for rule in specified_rules]
_RULES_OF_NO_SCHEMA = [*_RULES, NoSchemaIntrospectionCustomRule]


class _Context(ValidationContext):
    """What the rules share. Knows nodes by identity: graphql-core's own hashes a definition's tree at each look-up."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, types: TypeInfo, note: Callable[[GraphQLError], None]
    ) -> None:
        super().__init__(schema, document, types, note, hide_suggestions=True)
        self._types = types
        self._usages_left = USAGES
        self._spreads_below: dict[int, list[FragmentSpreadNode]] = {}
        self._usages_within: dict[int, list[VariableUsage]] = {}
        self._usages_reached: dict[int, list[VariableUsage]] = {}

    def get_fragment_spreads(self, node: SelectionSetNode) -> list[FragmentSpreadNode]:
        """The fragments spread below a selection set, not those within these fragments."""
        if (found := self._spreads_below.get(id(node))) is None:
            found = self._spreads_below[id(node)] = []
            waiting = [node]
            while waiting:
                for selection in waiting.pop().selections:
                    if isinstance(selection, FragmentSpreadNode):
                        found.append(selection)
                    elif isinstance(selection, FieldNode | InlineFragmentNode) and selection.selection_set:
                        waiting.append(selection.selection_set)
        return found

    def get_variable_usages(self, node: OperationDefinitionNode | FragmentDefinitionNode) -> list[VariableUsage]:
        """The variables used in a definition."""
        if (found := self._usages_within.get(id(node))) is None:
            visitor = VariableUsageVisitor(self._types, node if isinstance(node, FragmentDefinitionNode) else None)
            visit(node, TypeInfoVisitor(self._types, visitor), _KEYS)
            found = self._usages_within[id(node)] = visitor.usages
        return found

    def get_recursive_variable_usages(self, operation: OperationDefinitionNode) -> list[VariableUsage]:
        """The variables used in an operation and in the fragments that it reaches. Raises InputError for too many."""
        if (found := self._usages_reached.get(id(operation))) is None:
            found = self._usages_reached[id(operation)] = list(self.get_variable_usages(operation))
            for fragment in self.get_recursively_referenced_fragments(operation):
                found += self.get_variable_usages(fragment)
            self._usages_left -= len(found)
            if self._usages_left < 0:
                raise _too_complex()
        return found

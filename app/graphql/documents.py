"""Documents: read once (parsed and validated), then found again by the SHA-256 of their text."""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    GraphQLError,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    parse,
    specified_rules,
    validate,
)

from app.domain.errors import InputError
from app.graphql.schema import schema

MOST_DOCUMENTS, MOST_BYTES = 512, 16 * 1024 * 1024
_MOST_ERRORS = 5


def digest_of(text: str) -> str:
    """By what clients, the memory and the store know a document."""
    return hashlib.sha256(text.encode()).hexdigest()


def checked(text: str) -> "Document":
    """The document of a text that the schema can answer. Raises InputError for any other."""
    try:
        document = Documents().read(text)
    except GraphQLError as error:
        raise InputError(f"It is not GraphQL: {error.message}") from error
    if document.errors:
        raise InputError(f"It does not fit the schema: {document.errors[0].message}")
    return document


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document, and what is wrong with it; nothing is, in one that can be executed."""

    digest: str
    node: DocumentNode
    errors: Sequence[GraphQLError]
    size: int

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation of that name, or the only one. Raises InputError."""
        found = [node for node in self.node.definitions if isinstance(node, OperationDefinitionNode)]
        if name is not None:
            found = [node for node in found if node.name and node.name.value == name]
        if len(found) == 1:
            return found[0]
        if not found and name is not None:
            raise InputError(f"The document has no operation {name!r}.", "BAD_REQUEST")
        raise InputError("Say which operation in operationName.", "BAD_REQUEST")


class Documents:
    """Valid documents in memory; those that were not asked for the longest go first."""

    def __init__(self, introspection: bool = True, most: int = MOST_DOCUMENTS, most_bytes: int = MOST_BYTES) -> None:
        """Without `introspection`, a document that asks for the schema is not valid."""
        self._most, self._most_bytes = most, most_bytes
        self._rules = specified_rules if introspection else (*specified_rules, NoSchemaIntrospectionCustomRule)
        self._known: OrderedDict[str, Document] = OrderedDict()
        self._bytes = 0

    def known(self, digest: str) -> Document | None:
        """The document of that hash, if it is in memory."""
        found = self._known.get(digest)
        if found is not None:
            self._known.move_to_end(digest)
        return found

    def read(self, text: str, digest: str | None = None) -> Document:
        """The document of a text; kept where it is valid. Raises GraphQLError for what is not even GraphQL."""
        digest = digest or digest_of(text)
        found = self.known(digest)
        if found is None:
            node = parse(text)
            # No suggestions: a typing error must not tell the names that there are.
            errors = validate(schema()._schema, node, self._rules, max_errors=_MOST_ERRORS, hide_suggestions=True)
            found = Document(digest, node, errors[:_MOST_ERRORS], len(text.encode()))
            if not errors:
                self._keep(found)
        return found

    def _keep(self, document: Document) -> None:
        self._known[document.digest] = document
        self._bytes += document.size
        while len(self._known) > self._most or self._bytes > self._most_bytes:
            _, dropped = self._known.popitem(last=False)
            self._bytes -= dropped.size

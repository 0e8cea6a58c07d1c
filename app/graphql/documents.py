"""Documents: read once (parsed, judged and validated), then found again by the SHA-256 of their text."""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from graphql import DocumentNode, GraphQLError, OperationDefinitionNode

from app.domain.errors import InputError
from app.graphql.limits import Limits, parse, surveyed, validate
from app.graphql.schema import schema
from app.graphql.survey import Survey

LIMITS = Limits()
MOST_DOCUMENTS, MOST_BYTES = 512, 16 * 1024 * 1024


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
    """A parsed document within the limits, and what is wrong with it; nothing is, in one that can be executed."""

    digest: str
    text: str
    node: DocumentNode
    # What its operations cost depends on the variables, too: see limits.
    survey: Survey
    errors: Sequence[GraphQLError]
    size: int
    # The operations that were asked for, by name; None is the only one.
    found: dict[str | None, OperationDefinitionNode] = field(default_factory=dict)

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation of that name, or the only one. Raises InputError."""
        known = self.found.get(name)
        if known is not None:
            return known
        found = [node for node in self.node.definitions if isinstance(node, OperationDefinitionNode)]
        if name is not None:
            found = [node for node in found if node.name and node.name.value == name]
        if len(found) == 1:
            self.found[name] = found[0]
            return found[0]
        if not found:
            raise InputError(f"The document has no operation{f' {name!r}' if name else ''}.", "BAD_REQUEST")
        raise InputError("The document has several operations. Say which one in operationName.", "BAD_REQUEST")


class Documents:
    """Valid documents in memory; those that were not asked for the longest go first."""

    def __init__(self, introspection: bool = True, most: int = MOST_DOCUMENTS, most_bytes: int = MOST_BYTES) -> None:
        """Without `introspection`, a document that asks for the schema is not valid."""
        self._most, self._most_bytes = most, most_bytes
        self._introspection = introspection
        self._known: OrderedDict[str, Document] = OrderedDict()
        # By the texts themselves, too, which are found without hashing them anew.
        self._texts: dict[str, Document] = {}
        self._bytes = 0

    def known(self, digest: str) -> Document | None:
        """The document of that hash, if it is in memory."""
        found = self._known.get(digest)
        if found is not None:
            self._known.move_to_end(digest)
        return found

    def of_text(self, text: str) -> Document | None:
        """The document of that text, if it is in memory."""
        found = self._texts.get(text)
        if found is not None:
            self._known.move_to_end(found.digest)
        return found

    def read(self, text: str, digest: str | None = None) -> Document:
        """The document of a text; kept where it is valid.

        It is judged before it is validated: one that would be slow to work on is refused by measures that are not.
        Raises InputError for one beyond the limits, and GraphQLError for what is not even GraphQL.
        """
        digest = digest or digest_of(text)
        if (found := self.known(digest)) is not None:
            return found
        node, graph = parse(text, LIMITS), schema()._schema
        survey = surveyed(node, graph, LIMITS)
        errors = validate(graph, node, LIMITS, self._introspection)
        found = Document(digest, text, node, survey, errors, len(text.encode()))
        if not errors:
            self._keep(found)
        return found

    def _keep(self, document: Document) -> None:
        self._known[document.digest] = self._texts[document.text] = document
        self._bytes += document.size
        while len(self._known) > self._most or self._bytes > self._most_bytes:
            _, dropped = self._known.popitem(last=False)
            del self._texts[dropped.text]
            self._bytes -= dropped.size

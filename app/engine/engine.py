"""Answers operations by plans: finds the plan, the statements of the request's shape, and steps aside where it must."""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import msgspec
from graphql import DocumentNode, GraphQLSchema, OperationDefinitionNode, OperationType
from sqlalchemy import Dialect

from app.domain.errors import SwitchboardError
from app.domain.scope import Scope
from app.engine.asking import Asking
from app.engine.declared import Graph
from app.engine.explained import Explained, explained
from app.engine.inputs import Given, Variables
from app.engine.plan import Plan, plan_of
from app.engine.run import Run, Shape
from app.engine.selected import Selection, conditions_of
from app.engine.surprise import Surprise
from app.store.quick import TROUBLE, Quick, Rows, Send, TooLongError

MOST_PLANS, MOST_SHAPES = 512, 2_048
_encode = msgspec.json.Encoder().encode


class Request(Protocol):
    """What a request brings along."""

    scope: Scope
    now: datetime

    @property
    def quick(self) -> Quick | None:
        """How to read in a hurry; None where there is no such way."""

    async def send(self, text: str, values: tuple[Any, ...]) -> Rows:
        """The rows of a statement, in the request's view of the store."""


@dataclass(slots=True)
class _Operation:
    """An operation of a document that is kept: what all of its variants share."""

    document: DocumentNode
    node: OperationDefinitionNode
    variables: Variables
    # The variables of @skip and @include.
    conditions: frozenset[str]


@dataclass(slots=True)
class _Kept:
    """A plan, or why there is none."""

    plan: Plan | None
    reason: str
    # Shapes whose statements depend on the free values, too.
    bound: set[bytes] = field(default_factory=set)


class Engine:
    """The plans of one server. Both memories are bounded: what was not asked for the longest goes first."""

    def __init__(self, graph: Graph, schema: GraphQLSchema, dialect: Dialect) -> None:
        self._graph = graph
        self._schema = schema
        self._dialect = dialect
        self._operations: OrderedDict[Hashable, _Operation] = OrderedDict()
        self._plans: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._shapes: OrderedDict[Hashable, Shape] = OrderedDict()

    async def data(
        self,
        digest: str,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        request: Request,
    ) -> msgspec.Raw:
        """The answer's `data` as JSON. Raises Surprise where the reference path has to answer."""
        if operation.operation is not OperationType.QUERY:
            raise Surprise("operation")
        if request.scope.reach.limited:
            raise Surprise("limited viewer")
        try:
            found = self._operation(digest, document, operation)
            key, kept = self._plan(digest, found, variables, request.scope)
            if kept.plan is None:
                raise Surprise(kept.reason)
            return await self._answer(key, kept, kept.plan, found, variables, request)
        except Surprise:
            raise
        except SwitchboardError as error:
            raise Surprise(error.code) from error
        except Exception as error:
            raise Surprise(type(error).__name__) from error

    def explained(
        self,
        digest: str,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        request: Request,
    ) -> Explained:
        """How an operation is answered. Raises Surprise, with why it is not compiled."""
        found = self._operation(digest, document, operation)
        key, kept = self._plan(digest, found, variables, request.scope)
        if kept.plan is None:
            raise Surprise(kept.reason)
        given = found.variables.given(variables)
        shape, bound = self._shape(key, kept, kept.plan, found, variables, given, request)
        return explained(kept.plan, shape, slotted=not bound)

    async def _answer(
        self,
        key: Hashable,
        kept: _Kept,
        plan: Plan,
        operation: _Operation,
        variables: Mapping[str, Any],
        request: Request,
    ) -> msgspec.Raw:
        given = operation.variables.given(variables)
        bound = given.shape in kept.bound
        shape_key = (key, _encode(variables) if bound else given.shape)
        shape = self._shapes.get(shape_key)
        if shape is None:
            shape, bound = self._shape(key, kept, plan, operation, variables, given, request)
        else:
            self._shapes.move_to_end(shape_key)
        asking = Asking(request, self._dialect, slotted=not bound)

        async def run(send: Send) -> msgspec.Raw:
            made = Run(self._graph, asking, shape, given.free, request.now, send)
            data = await plan.run(made)
            if not bound and made.left:  # of parents that were not there, say: what is no value is refused nonetheless
                operation.variables.coerced(variables, slotted=False)
            return msgspec.Raw(_encode(data))

        return await self._read(plan, shape, run, request)

    async def _read(
        self, plan: Plan, shape: Shape, run: Callable[[Send], Awaitable[msgspec.Raw]], request: Request
    ) -> msgspec.Raw:
        """Reads the quick way, or where that is none, or takes too long, or breaks, the careful one."""
        if request.quick is not None and time.monotonic() >= shape.slow_until:
            try:
                async with request.quick.reading(plan.several) as send:
                    data = await run(send)
                shape.strikes = 0
                return data
            except TooLongError:
                shape.struck()
            except TROUBLE:
                pass  # whoever reads carefully says what is wrong, if it still is
        return await run(request.send)

    def _shape(
        self,
        key: Hashable,
        kept: _Kept,
        plan: Plan,
        operation: _Operation,
        variables: Mapping[str, Any],
        given: Given,
        request: Request,
    ) -> tuple[Shape, bool]:
        """A shape that was not known, with slots where its statements can have them, and whether it has none."""
        for slotted in (False,) if given.shape in kept.bound else (True, False):
            shape = Shape(operation.variables.coerced(variables, slotted))
            asking = Asking(request, self._dialect, slotted)
            taken: frozenset[int] | None = None
            try:
                taken = plan.prepare(Run(self._graph, asking, shape, given.free, request.now, request.send))
            except Exception:
                if not slotted:
                    raise
            if slotted and taken != frozenset(range(len(given.free))):
                self._bind(kept, given.shape)
                continue
            if not asking.momentary:
                self._keep(self._shapes, (key, given.shape if slotted else _encode(variables)), shape, MOST_SHAPES)
            return shape, not slotted
        raise Surprise("shape")

    def _bind(self, kept: _Kept, shape: bytes) -> None:
        if len(kept.bound) < MOST_SHAPES:
            kept.bound.add(shape)

    def _operation(self, digest: str, document: DocumentNode, node: OperationDefinitionNode) -> _Operation:
        key = (digest, node.name.value if node.name else None)
        found = self._operations.get(key)
        if found is None:
            found = _Operation(document, node, Variables(self._schema, node), conditions_of(document))
            self._keep(self._operations, key, found, MOST_PLANS)
        return found

    def _plan(
        self, digest: str, operation: _Operation, variables: Mapping[str, Any], scope: Scope
    ) -> tuple[Hashable, _Kept]:
        variant: Mapping[str, Any] = {}
        if operation.conditions:
            coerced = operation.variables.coerced(variables, slotted=False).coerced
            variant = {name: coerced[name] for name in sorted(operation.conditions) if name in coerced}
        name = operation.node.name.value if operation.node.name else None
        key = (digest, name, tuple(variant.items()), scope)
        kept = self._plans.get(key)
        if kept is not None:
            self._plans.move_to_end(key)
            return key, kept
        try:
            selection = Selection(self._schema, operation.document, operation.node, variant)
            kept = _Kept(plan_of(self._graph, self._schema, selection, scope), "")
        except Surprise as surprise:
            kept = _Kept(None, surprise.reason)
        self._keep(self._plans, key, kept, MOST_PLANS)
        return key, kept

    def _keep(self, memory: OrderedDict[Hashable, Any], key: Hashable, value: Any, most: int) -> None:
        memory[key] = value
        while len(memory) > most:
            memory.popitem(last=False)

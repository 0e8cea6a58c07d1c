"""Answers operations by plans: finds the plan, the statements of the request's shape, and steps aside where it must."""

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import msgspec
from graphql import DocumentNode, GraphQLSchema, OperationDefinitionNode, OperationType
from sqlalchemy import Dialect

from app.domain.errors import SwitchboardError
from app.domain.scope import Scope
from app.engine.declared import Graph
from app.engine.explained import Explained, explained
from app.engine.inputs import Given, Variables
from app.engine.memory import Memory
from app.engine.page import Page
from app.engine.plan import Plan, plan_of
from app.engine.run import Run, Shape
from app.engine.selected import Selection, conditions_of, cursors_of
from app.engine.surprise import Surprise
from app.store.quick import TROUBLE, Quick, Rows, Send, TooLongError
from app.store.weight import current_allowance

MOST_PLANS, MOST_SHAPES, MOST_BYTES = 512, 2_048, 48 * 1024 * 1024
# What a letter of values in a shape's key takes up, as it is in filters and statements, too.
_BYTES_OF_VALUE = 30
_encode = msgspec.json.Encoder().encode


class Request(Protocol):
    """What a request brings along."""

    scope: Scope
    # In which days begin where nothing else is said.
    zone: ZoneInfo
    now: datetime

    @property
    def quick(self) -> Quick | None:
        """How to read in a hurry; None where there is no such way."""

    async def send(self, text: str, values: tuple[Any, ...]) -> Rows:
        """The rows of a statement, in the request's view of the store."""


@dataclass(slots=True, eq=False)
class _Operation:
    """An operation of a document that is kept: what all of its variants share."""

    document: DocumentNode
    node: OperationDefinitionNode
    variables: Variables
    # The variables of @skip and @include.
    conditions: frozenset[str]
    # What was asked for last, and for whom: nearly always it is asked for again.
    latest: "tuple[Scope, ZoneInfo, _Kept] | None" = None


@dataclass(slots=True, eq=False)
class _Kept:
    """A plan, or why there is none."""

    operation: _Operation
    plan: Plan | None
    reason: str
    # Digests of the shapes whose statements depend on the free values, too.
    bound: set[bytes] = field(default_factory=set)
    # The keys of its shapes, which are of no use without it.
    shapes: set[bytes] = field(default_factory=set)
    # Whether its answers have texts that are told anew for every request.
    tells: bool = False


def _forget_shape(key: tuple[_Kept, bytes], _: Shape) -> None:
    kept, of_shape = key
    kept.shapes.discard(of_shape)


def _digest(shape: bytes) -> bytes:
    """What a shape is remembered by where nothing else of it is needed: the values in it may be large."""
    return hashlib.blake2b(shape, digest_size=16).digest()


class Engine:
    """The plans of one server. Its memories are bounded: what was not asked for the longest goes first."""

    def __init__(self, graph: Graph, schema: GraphQLSchema, dialect: Dialect) -> None:
        self._graph = graph
        self._schema = schema
        self._dialect = dialect
        self._operations: Memory[_Operation] = Memory(MOST_PLANS)
        self._plans: Memory[_Kept] = Memory(MOST_PLANS, MOST_BYTES, self._forget_plan)
        self._shapes: Memory[Shape] = Memory(MOST_SHAPES, MOST_BYTES, _forget_shape)

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
        try:
            kept = self._kept(digest, document, operation, variables, request)
            if kept.plan is None:
                raise Surprise(kept.reason)
            given = kept.operation.variables.given(variables)
            bound = bool(kept.bound) and _digest(given.shape) in kept.bound
            key = (kept, _encode(variables) if bound else given.shape)
            shape = self._shapes.known(key)
            if shape is None:
                shape = self._shape(kept, kept.plan, variables, given, request)
                current_allowance().renew()  # what was prepared is about to be asked for
            return await self._read(kept, kept.plan, shape, variables, given.free, request)
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
        kept = self._kept(digest, document, operation, variables, request)
        if kept.plan is None:
            raise Surprise(kept.reason)
        given = kept.operation.variables.given(variables)
        shape = self._shape(kept, kept.plan, variables, given, request)
        run = Run(self._graph, self._dialect, request, shape, given.free, request.send)
        for step in kept.plan.roots:
            if isinstance(step, Page):
                step.prepare_others(run)
        return explained(kept.plan, shape)

    async def _read(
        self,
        kept: "_Kept",
        plan: Plan,
        shape: Shape,
        variables: Mapping[str, Any],
        free: Sequence[Any],
        request: Request,
    ) -> msgspec.Raw:
        """Reads the quick way, or where that is none, or takes too long, or breaks, the careful one."""
        quick = request.quick
        if quick is not None and not plan.careful and (not shape.strikes or time.monotonic() >= shape.slow_until):
            several = plan.several or shape.several
            try:
                alone = None if several else quick.alone()
                if alone is not None:
                    data = await self._ran(kept, plan, shape, variables, free, request, alone)
                else:
                    async with quick.reading(several) as send:
                        data = await self._ran(kept, plan, shape, variables, free, request, send)
                shape.strikes = 0
                return data
            except TooLongError:
                shape.struck()
            except TROUBLE:
                pass  # whoever reads carefully says what is wrong, if it still is
        return await self._ran(kept, plan, shape, variables, free, request, request.send)

    async def _ran(
        self,
        kept: "_Kept",
        plan: Plan,
        shape: Shape,
        variables: Mapping[str, Any],
        free: Sequence[Any],
        request: Request,
        send: Send,
    ) -> msgspec.Raw:
        run = Run(self._graph, self._dialect, request, shape, free, send)
        data = await plan.run(run)
        if shape.slotted and run.left:  # of parents that were not there, say: what is no value is refused nonetheless
            kept.operation.variables.coerced(variables, slotted=False)
        return msgspec.Raw(_written(kept, data, request))

    def _shape(self, kept: "_Kept", plan: Plan, variables: Mapping[str, Any], given: Given, request: Request) -> Shape:
        """A shape that was not known: with slots where its statements can have them, else for just these values."""
        for slotted in (False,) if _digest(given.shape) in kept.bound else (True, False):
            shape = Shape(kept.operation.variables.coerced(variables, slotted), slotted)
            run = Run(self._graph, self._dialect, request, shape, given.free, request.send)
            taken: frozenset[int] | None = None
            try:
                taken = plan.prepare(run)
            except Exception:  # whatever looks at a value breaks at a slot, and is asked again with the value
                if not slotted:
                    raise
            if slotted and taken != frozenset(range(len(given.free))):
                if len(kept.bound) < MOST_SHAPES:
                    kept.bound.add(_digest(given.shape))
                continue
            shape.several = len(shape.prepared) > 1 or plan.is_tried(run)
            if not run.momentary:
                key = given.shape if slotted else _encode(variables)
                kept.shapes.add(key)
                self._shapes.keep((kept, key), shape, _BYTES_OF_VALUE * len(key) + shape.size)
            return shape
        raise Surprise("shape")

    def _forget_plan(self, _: object, kept: "_Kept") -> None:
        kept.operation.latest = None
        if kept.plan is not None:
            kept.plan.forget()
        for key in kept.shapes:
            self._shapes.drop((kept, key))

    def _operation(self, digest: str, document: DocumentNode, node: OperationDefinitionNode) -> _Operation:
        key = (digest, node.name.value if node.name else None)
        found = self._operations.known(key)
        if found is None:
            variables = Variables(self._schema, node, cursors_of(document))
            found = _Operation(document, node, variables, conditions_of(document))
            self._operations.keep(key, found)
        return found

    def _kept(
        self,
        digest: str,
        document: DocumentNode,
        node: OperationDefinitionNode,
        variables: Mapping[str, Any],
        request: Request,
    ) -> "_Kept":
        operation, scope = self._operation(digest, document, node), request.scope
        latest = operation.latest
        if latest is not None and latest[0] is scope and latest[1] is request.zone:
            return latest[2]
        variant: Mapping[str, Any] = {}
        if operation.conditions:
            coerced = operation.variables.coerced(variables, slotted=False).coerced
            variant = {name: coerced[name] for name in sorted(operation.conditions) if name in coerced}
        key = (operation, tuple(variant.items()), scope, request.zone)
        kept = self._plans.known(key)
        if kept is None:
            try:
                selection = Selection(self._schema, operation.document, operation.node, variant)
                kept = _Kept(operation, plan_of(self._graph, self._schema, selection, scope), "")
            except Surprise as surprise:
                kept = _Kept(operation, None, surprise.reason)
            self._plans.keep(key, kept, kept.plan.size if kept.plan else 0)
        if not operation.conditions:
            operation.latest = (scope, request.zone, kept)
        return kept


def _written(kept: _Kept, data: Any, request: Request) -> bytes:
    """The data as JSON. What depends on the request takes an encoder of its own, which costs as much as a small answer."""
    if not kept.tells:
        try:
            return _encode(data)
        except TypeError:  # it is of a type that only the other encoder knows
            kept.tells = True
    return msgspec.json.Encoder(enc_hook=lambda later: later.told(request)).encode(data)

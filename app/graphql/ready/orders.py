"""How the ready-made statistics may be sorted: an argument for each list."""

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from strawberry import argument

from app.domain import ready
from app.graphql import mirror

if TYPE_CHECKING:  # the inputs are made while the program runs, field by field from the domain
    NeverAttendedOrderInput: TypeAlias = Any
    NotPickedUpOrderInput: TypeAlias = Any
    UnreturnedOrderInput: TypeAlias = Any
    UniqueContactOrderInput: TypeAlias = Any
    AgentSummaryOrderInput: TypeAlias = Any
else:
    NeverAttendedOrderInput = mirror.input_type(ready.NeverAttendedOrder)
    NotPickedUpOrderInput = mirror.input_type(ready.NotPickedUpOrder)
    UnreturnedOrderInput = mirror.input_type(ready.UnreturnedOrder)
    UniqueContactOrderInput = mirror.input_type(ready.UniqueContactOrder)
    AgentSummaryOrderInput = mirror.input_type(ready.AgentSummaryOrder)

NeverAttendedOrderArgument = Annotated[
    NeverAttendedOrderInput | None,
    argument(description="How they are sorted; the latest missed call first where not given."),
]
NotPickedUpOrderArgument = Annotated[
    NotPickedUpOrderInput | None,
    argument(description="How they are sorted; the latest attempt first where not given."),
]
UnreturnedOrderArgument = Annotated[
    UnreturnedOrderInput | None,
    argument(description="How they are sorted; by age, the oldest first, where not given."),
]
UniqueContactOrderArgument = Annotated[
    UniqueContactOrderInput | None,
    argument(description="How they are sorted; the latest call first where not given."),
]
AgentSummaryOrderArgument = Annotated[
    AgentSummaryOrderInput | None,
    argument(description="How they are sorted; the most calls first where not given."),
]

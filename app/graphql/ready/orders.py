"""How the ready-made statistics may be sorted: an argument for each list."""

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from strawberry import argument

from app.domain.ready import (
    NeverAttendedOrder,
    NotPickedUpOrder,
)
from app.graphql import mirror

if TYPE_CHECKING:  # the inputs are made while the program runs, field by field from the domain
    NeverAttendedOrderInput: TypeAlias = Any
    NotPickedUpOrderInput: TypeAlias = Any
else:
    NeverAttendedOrderInput = mirror.input_type(NeverAttendedOrder)
    NotPickedUpOrderInput = mirror.input_type(NotPickedUpOrder)

NeverAttendedOrderArgument = Annotated[
    NeverAttendedOrderInput | None,
    argument(description="How they are sorted; the latest missed call first where not given."),
]
NotPickedUpOrderArgument = Annotated[
    NotPickedUpOrderInput | None,
    argument(description="How they are sorted; the latest attempt first where not given."),
]

"""Whether the process lives, and whether it can answer."""

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.domain.errors import StoreError

log = structlog.get_logger()


async def live(_: Request) -> Response:
    """The process answers; says nothing about the store."""
    return JSONResponse({"status": "live"})


async def ready(request: Request) -> Response:
    """The store answers, too, and the process is not about to end; else 503 with the reason."""
    if getattr(request.app.state, "draining", False):
        return _not_ready("It is about to stop. Ask another one.")
    try:
        await request.app.state.database.ping()
    except StoreError as error:
        log.warning("store", reason=error.detail)
        return _not_ready(str(error))
    return JSONResponse({"status": "ready"})


def _not_ready(reason: str) -> Response:
    return JSONResponse({"status": "not ready", "reason": reason}, status_code=503, headers={"Retry-After": "1"})

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
    """The store answers, too; else 503 with the reason."""
    try:
        await request.app.state.database.ping()
    except StoreError as error:
        log.warning("store", reason=error.detail)
        return JSONResponse(
            {"status": "not ready", "reason": str(error)}, status_code=503, headers={"Retry-After": "1"}
        )
    return JSONResponse({"status": "ready"})

"""A way past ASGI's messages for what is whole: a body that uvicorn has read already, an answer that it writes in one piece."""

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle


def written_at_once(cycle: object, status: int, head: bytes, body: bytes) -> bool:
    """Writes a whole answer, past ASGI's messages, of which uvicorn looks at every header anew.

    Only where it is uvicorn that would send them, and nothing waits to be written before: else nothing is done, and False.
    `head` is lines of headers, without the length.
    """
    if type(cycle) is not RequestResponseCycle or cycle.flow.write_paused or cycle.response_started:
        return False
    if cycle.disconnected:
        return True  # nobody is there to read it
    lines, closes = [STATUS_LINE[status]], not cycle.keep_alive
    for name, value in cycle.default_headers:
        lines += (name, b": ", value, b"\r\n")
        closes = closes or (name == b"connection" and value == b"close")
    if not cycle.keep_alive and (b"connection", b"close") not in cycle.default_headers:
        lines.append(b"connection: close\r\n")
    cycle.transport.write(b"%b%bcontent-length: %d\r\n\r\n%b" % (b"".join(lines), head, len(body), body))
    cycle.response_started = cycle.response_complete = True
    cycle.waiting_for_100_continue = False
    cycle.message_event.set()
    if closes:
        cycle.keep_alive = False
        cycle.transport.close()
    cycle.on_response()
    return True


def read_at_once(cycle: object) -> bytes | None:
    """A whole body that uvicorn has read already, past ASGI's messages; None where there is none to be had in this way."""
    if type(cycle) is not RequestResponseCycle or cycle.more_body or cycle.disconnected or cycle.response_started:
        return None
    cycle.flow.resume_reading()
    body, cycle.body = bytes(cycle.body), bytearray()
    cycle.message_event.clear()
    return body

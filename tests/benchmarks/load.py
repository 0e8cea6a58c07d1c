"""How many requests a second a server answers: asked by wrk, and where it is slow, by counted requests of our own.

wrk ends when its time is over and forgets what is under way then: of a server that takes seconds, that is most of it. So
such a server gets a number of requests instead, and the time is taken until all are answered.
"""

import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import cycle, islice
from pathlib import Path

from tests.benchmarks.asking import Connection, Requests, WrongAnswerError, shuffled

# From here on requests are counted: our own client takes less than a hundredth of it.
SLOW_SECONDS = 0.03
_SCRIPT = """
local bodies = {
%s
}
local requests, at = {}, 0
wrk.method = "POST"
%s
function init(arguments)
  at = tonumber(arguments[1])
  for place, body in ipairs(bodies) do requests[place] = wrk.format(nil, "%s", nil, body) end
end
function request()
  at = at %% #requests + 1
  return requests[at]
end
function done(summary)
  local failed = summary.errors
  local count = failed.connect + failed.read + failed.write + failed.status + failed.timeout
  io.write(string.format("answered %%d in %%d failed %%d\\n", summary.requests, summary.duration, count))
end
"""


def missing() -> str | None:
    """What to do where wrk is not here."""
    return None if shutil.which("wrk") else "The load comes from wrk, which is not here. Install it: apt install wrk"


def rate(requests: Requests, connections: int, seconds: float, usual: float, seed: int) -> float:
    """Requests a second, of a server that answers one in about the usual time. Raises WrongAnswerError."""
    if usual >= SLOW_SECONDS:
        return counted(requests, connections, max(connections, round(seconds / usual)), seed)
    return _by_wrk(requests, connections, seconds, seed)


def counted(requests: Requests, connections: int, count: int, seed: int) -> float:
    """The same for so many requests, by a client in Python."""
    bodies = iter(list(islice(cycle(shuffled(requests.bodies, seed)), count)))

    def ask(taken: Iterator[bytes]) -> int:
        with closing(Connection(requests)) as connection:
            return sum(1 for body in taken if connection.ask(body))

    began = time.perf_counter()
    with ThreadPoolExecutor(connections) as clients:
        answered = sum(clients.map(ask, [bodies] * connections))  # each takes the next from the same list
    return answered / (time.perf_counter() - began)


def _by_wrk(requests: Requests, connections: int, seconds: float, seed: int) -> float:
    with tempfile.TemporaryDirectory(prefix="wrk") as folder:
        script = Path(folder) / "requests.lua"
        script.write_text(_script(requests))
        address = f"http://127.0.0.1:{requests.port}"
        options = ["-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "30s", "-s", str(script)]
        first = str(seed * 37 % len(requests.bodies))
        run = subprocess.run(["wrk", *options, address, "--", first], capture_output=True, text=True, check=False)
    found = re.search(r"answered (\d+) in (\d+) failed (\d+)", run.stdout)
    if run.returncode or found is None or int(found[3]):
        raise WrongAnswerError(f"wrk on {requests.server}: {run.stdout}{run.stderr}")
    return int(found[1]) / int(found[2]) * 1_000_000


def _script(requests: Requests) -> str:
    bodies = ",\n".join(f"[=====[{body.decode()}]=====]" for body in requests.bodies)
    headers = "\n".join(f'wrk.headers["{name}"] = "{value}"' for name, value in requests.headers.items())
    return _SCRIPT % (bodies, headers, requests.path)

"""Clients that ask a server of this machine, again and again for a while, and note what they were told and how soon."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field

import httpx

QUERY = "{ calls(first: 5) { nodes { id agent { name } } totalCount } }"
_WITHIN = 30  # what no answer may take, whatever is the matter
_PAUSE = 0.01


@dataclass(slots=True)
class Asked:
    """What came of one request: an HTTP status, or the name of what broke off."""

    at: float
    seconds: float
    told: str
    may_retry: bool = False


@dataclass(slots=True)
class Load:
    """What clients were told."""

    asked: list[Asked] = field(default_factory=list)

    @property
    def told(self) -> Counter[str]:
        """How often each answer came."""
        return Counter(one.told for one in self.asked)

    @property
    def longest(self) -> float:
        """The longest time to an answer, in seconds."""
        return max((one.seconds for one in self.asked), default=0)

    def first_good_after(self, moment: float) -> float | None:
        """How long after a moment the first request was answered well."""
        good = [one.at + one.seconds for one in self.asked if one.told == "200" and one.at + one.seconds >= moment]
        return min(good) - moment if good else None


async def ask(client: httpx.AsyncClient, endpoint: str, load: Load, query: str = QUERY) -> Asked:
    """Asks once."""
    began = time.monotonic()
    retry = False
    try:
        response = await client.post(endpoint, json={"query": query})
        told, retry = str(response.status_code), "retry-after" in response.headers
        if told == "200" and "errors" in response.json():
            told = response.json()["errors"][0]["extensions"]["code"]
    except httpx.HTTPError as error:
        told = type(error).__name__
    one = Asked(began, time.monotonic() - began, told, retry)
    load.asked.append(one)
    return one


async def clients(endpoint: str, load: Load, count: int, over: asyncio.Event, fresh: bool = False) -> None:
    """Clients that ask until it is over; `fresh` ones open a connection for each request."""

    async def one() -> None:
        kept = httpx.Limits(max_keepalive_connections=0 if fresh else 1)
        async with httpx.AsyncClient(timeout=_WITHIN, limits=kept, trust_env=False) as client:
            while not over.is_set():
                await ask(client, endpoint, load)
                await asyncio.sleep(_PAUSE)

    await asyncio.gather(*[one() for _ in range(count)])

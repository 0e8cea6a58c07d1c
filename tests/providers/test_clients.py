"""Every vendor's client against its stand-in: whatever the vendor does, each call is stored once, as it was told last."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import CredentialsError, TryLaterError
from app.domain.sources import Provider, Source
from app.providers.registry import PROVIDERS
from app.store.source_tables import source_streams
from app.store.tables import calls, rejected_records, sources
from tests.conftest import House
from tests.standins.mischief import broken, busy, cut, meanwhile, stalled, well
from tests.standins.running import STANDINS, pull, source_of, standing_in

CLIENTS = [provider for provider, spec in PROVIDERS.items() if spec.api]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


# Every vendor on one engine; on the other, one that tells of changes and one that does not.
PAIRS = [
    *[(provider, "sqlite") for provider in CLIENTS],
    (Provider.CALLYZER, "postgresql"),
    (Provider.SMARTFLO, "postgresql"),
]


@pytest.fixture(params=PAIRS, ids=lambda pair: f"{pair[0].value.lower()}-{pair[1]}")
def pair(request: pytest.FixtureRequest) -> tuple[Provider, str]:
    """A vendor with a client, and an engine."""
    found: tuple[Provider, str] = request.param
    return found


@pytest.fixture
def engine_name(pair: tuple[Provider, str]) -> str:
    """The pair's engine."""
    return pair[1]


@pytest.fixture
def provider(pair: tuple[Provider, str], monkeypatch: pytest.MonkeyPatch) -> Provider:
    """The pair's vendor, its credentials in the environment."""
    for name, secret in STANDINS[pair[0]].CREDENTIALS.items():
        monkeypatch.setenv(name.upper(), secret)
    return pair[0]


async def stored(house: House, deleted: bool = False) -> dict[str, int]:
    """The seconds of each stored call, by the vendor's id; those that were deleted there, or the others."""
    gone = calls.c.deleted_at.is_not(None) if deleted else calls.c.deleted_at.is_(None)
    async with house.database.read() as connection:
        found = await connection.execute(select(calls.c.provider_call_id, calls.c.duration_seconds).where(gone))
        return {row.provider_call_id: row.duration_seconds for row in found}


async def restarted(house: House, source: Source, back: timedelta = HOUR) -> None:
    """Sets the source back, as if it had last been pulled so long ago."""
    milliseconds = int(back.total_seconds() * 1000)
    async with house.database.write() as connection:
        stream = source_streams.c
        moved = {name: stream[name] - milliseconds for name in ("watermark", "swept_at")}
        await connection.execute(source_streams.update().where(stream.source_id == source.id).values(moved))


async def test_everything_is_stored_once_with_its_history(provider: Provider, house: House) -> None:
    async with standing_in(provider) as standin:
        standin.book.fill(250, over=2 * DAY)
        await pull(house, await source_of(house, standin))
    assert await stored(house) == standin.told()
    answer = await house.ask("{ sources { provider percentFilled lastError failures state watermark lastSuccessAt } }")
    (source,) = [one for one in answer["sources"] if one["provider"] == provider.value]
    assert source["percentFilled"] == 100
    assert source["lastError"] is None
    assert source["state"] == "ACTIVE"


async def test_what_passes_is_asked_again(provider: Provider, house: House) -> None:
    async with standing_in(provider) as standin:
        standin.book.fill(600, over=DAY)  # two pages of the largest there are
        source = await source_of(house, standin)
        standin.mischief.plan(busy("0"), broken, cut, stalled, well, busy(), cut)
        await pull(house, source)
        assert standin.mischief.requests > 7
    assert await stored(house) == standin.told()


async def test_a_page_that_shifts_while_it_is_read_hides_no_call(provider: Provider, house: House) -> None:
    async with standing_in(provider) as standin:
        book = standin.book
        book.fill(350, over=6 * HOUR)
        source = await source_of(house, standin, DAY)

        def the_newest_goes() -> None:
            book.delete(max(book.entries.values(), key=lambda entry: entry.began))

        standin.mischief.plan(*[meanwhile(the_newest_goes)] * 8)
        await pull(house, source)
    assert standin.told().items() <= (await stored(house)).items()


async def test_a_late_change_is_seen_at_the_next_pull(provider: Provider, house: House) -> None:
    async with standing_in(provider) as standin:
        standin.book.fill(120, over=20 * HOUR)
        source = await source_of(house, standin)
        await pull(house, source)
        for number in (1, 60, 120):
            standin.book.change(standin.book.entries[number])
        standin.book.add(standin.book.now() - 5 * HOUR)
        await restarted(house, source)
        await pull(house, source)
    assert await stored(house) == standin.told()


async def test_a_call_that_was_deleted_is_marked_and_comes_back_when_it_does(provider: Provider, house: House) -> None:
    spec = PROVIDERS[provider]
    if spec.api is None or not spec.api.streams[0].tells_deleted:
        pytest.skip("this vendor cannot tell")
    async with standing_in(provider) as standin:
        standin.book.fill(30, over=20 * HOUR)
        source = await source_of(house, standin)
        await pull(house, source)
        entry = standin.book.entries[7]
        standin.book.delete(entry)
        await restarted(house, source, DAY + MINUTE)
        await pull(house, source)
        assert await stored(house) == standin.told()
        assert list(await stored(house, deleted=True)) == [standin.key_of(entry)]
        standin.book.entries[7] = entry
        await restarted(house, source, DAY + MINUTE)
        await pull(house, source)
        assert await stored(house) == standin.told()


async def test_a_record_of_a_wrong_type_is_one_dead_letter(provider: Provider, house: House) -> None:
    count = 1_000 if provider is Provider.CALLYZER else 150
    async with standing_in(provider) as standin:
        standin.book.fill(count, over=20 * HOUR)
        standin.book.entries[count // 2].broken = True
        await pull(house, await source_of(house, standin))
    assert len(await stored(house)) == count - 1
    assert await stored(house) == standin.told()
    async with house.database.read() as connection:
        assert len((await connection.execute(select(rejected_records.c.id))).all()) == 1


async def test_history_goes_on_where_it_broke_off(provider: Provider, house: House) -> None:
    async with standing_in(provider) as standin:
        standin.book.fill(1_100, over=3 * DAY)  # three pages of the largest there are
        source = await source_of(house, standin)
        standin.mischief.plan(*[well] * 2, *[broken] * 30)
        with pytest.raises(TryLaterError):
            await pull(house, source)
        async with house.database.read() as connection:
            row = (await connection.execute(select(sources).where(sources.c.id == source.id))).one()
        assert row.failures == 1
        assert row.open_until > 0
        assert "500" in row.last_error
        standin.mischief.moves.clear()
        await pull(house, source)
    assert await stored(house) == standin.told()


async def test_wrong_credentials_are_told_apart_and_never_shown(
    provider: Provider, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in STANDINS[provider].CREDENTIALS:
        monkeypatch.setenv(name.upper(), "wrong-and-secret")
    async with standing_in(provider) as standin:
        source = await source_of(house, standin)
        with pytest.raises(CredentialsError) as caught:
            await pull(house, source)
        assert standin.mischief.requests == 1
    assert "wrong-and-secret" not in str(caught.value)
    async with house.database.read() as connection:
        said = str((await connection.execute(select(sources))).all())
    assert "401" in said
    assert "wrong-and-secret" not in said


def test_every_client_has_a_stand_in() -> None:
    assert set(CLIENTS) == STANDINS.keys()


@pytest.mark.parametrize("provider", CLIENTS, ids=lambda provider: provider.value.lower())
def test_windows_are_within_what_the_vendor_allows(provider: Provider) -> None:
    api = PROVIDERS[provider].api
    assert api is not None
    for stream in api.streams:
        assert stream.longest is None or stream.overlap + stream.step_days * DAY <= stream.longest

"""Files of call records are followed as they grow and are rotated: each line once, and none that is still being written."""

import os
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.errors import InputError
from app.domain.sources import Provider, Source
from app.store import sources
from app.store.tables import calls, rejected_records
from app.store.tables import sources as source_rows
from app.sync.growing import PIECE, files_at
from app.sync.pull import Progress
from tests.conftest import NOW, House
from tests.standins.running import pull

HEADER = (
    '"accountcode","src","dst","dcontext","clid","channel","dstchannel","lastapp","lastdata","start","answer","end",'
    '"duration","billsec","disposition","amaflags","uniqueid","userfield"\n'
)


def rows(*numbers: int, disposition: str = "ANSWERED") -> str:
    """Lines of Master.csv, a call each."""
    return "".join(
        f'"","98110000{number:02}","2001","from-trunk","","PJSIP/trunk-{number}","PJSIP/2001","Dial","PJSIP/2001",'
        f'"2024-05-20 08:{number // 60:02}:{number % 60:02}","2024-05-20 09:00:00","2024-05-20 09:01:00",60,50,'
        f'"{disposition}","DOCUMENTATION","17161{number:05}.1",""\n'
        for number in numbers
    )


async def source_at(house: House, path: Path) -> Source:
    """A source that follows a file or a directory."""
    source = await house.source(Provider.ASTERISK)
    async with house.database.write() as connection:
        pulled = sources.Pulled(str(path), {}, NOW - timedelta(days=1))
        return await sources.set_pulled(connection, house.scope, source, pulled)


async def stored(house: House) -> list[int]:
    """The numbers of the calls that are stored."""
    async with house.database.read() as connection:
        found = (await connection.execute(select(calls.c.provider_call_id))).scalars()
        return sorted(int(key[5:].split(".")[0]) for key in found)


def read(progress: Iterable[Progress]) -> int:
    """How many records were read."""
    return sum(one.counts.read for one in progress)


async def test_what_is_written_after_the_last_time_is_read_alone(house: House, tmp_path: Path) -> None:
    file = tmp_path / "Master.csv"
    file.write_text(HEADER + rows(1, 2, 3))
    source = await source_at(house, file)
    assert read(await pull(house, source)) == 3
    assert read(await pull(house, source)) == 0
    with file.open("a") as grown:
        grown.write(rows(4))
    assert read(await pull(house, source)) == 1
    assert await stored(house) == [1, 2, 3, 4]


async def test_a_line_that_is_still_being_written_is_left_until_it_is_whole(house: House, tmp_path: Path) -> None:
    file, line = tmp_path / "Master.csv", rows(2)
    file.write_text(rows(1) + line[:40])
    source = await source_at(house, file)
    assert read(await pull(house, source)) == 1
    with file.open("a") as grown:
        grown.write(line[40:])
    assert read(await pull(house, source)) == 1
    assert await stored(house) == [1, 2]
    async with house.database.read() as connection:
        assert not (await connection.execute(select(rejected_records.c.id))).all()


@pytest.mark.parametrize("header", ["", HEADER])
async def test_a_file_that_is_renamed_is_read_to_its_end_and_the_new_one_from_its_beginning(
    house: House, tmp_path: Path, header: str
) -> None:
    file = tmp_path / "Master.csv"
    file.write_text(header + rows(1, 2))
    source = await source_at(house, file)
    await pull(house, source)
    with file.open("a") as grown:
        grown.write(rows(3))
    file.rename(tmp_path / "Master.csv.1")
    file.write_text(header + rows(4, 5))
    assert read(await pull(house, source)) == 3
    assert await stored(house) == [1, 2, 3, 4, 5]


async def test_a_file_that_is_copied_and_emptied_is_read_on(house: House, tmp_path: Path) -> None:
    file = tmp_path / "Master.csv"
    file.write_text(rows(1, 2))
    source = await source_at(house, file)
    await pull(house, source)
    (tmp_path / "Master.csv-20240520").write_text(rows(1, 2, 3))
    file.write_text(rows(4))
    assert read(await pull(house, source)) == 2
    assert await stored(house) == [1, 2, 3, 4]


async def test_every_csv_of_a_directory_is_followed_but_packed_ones(house: House, tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text(rows(1))
    (tmp_path / "two.csv").write_text(rows(2))
    (tmp_path / "notes.txt").write_text(rows(3))
    (tmp_path / "old.csv.gz").write_bytes(b"\x1f\x8b 1 2 3\n")
    await pull(house, await source_at(house, tmp_path))
    assert await stored(house) == [1, 2]


async def test_more_than_a_piece_is_read_in_pieces_and_shown_as_percent(house: House, tmp_path: Path) -> None:
    file = tmp_path / "Master.csv"
    file.write_text(rows(*range(1, 1_500)))
    assert file.stat().st_size > 2 * PIECE
    progress = await pull(house, await source_at(house, file))
    percents = [one.percent or 0 for one in progress]
    # Each is shown once, and the last again: its rows are saved after they were read.
    assert percents == [*sorted(set(percents)), 100]
    assert len(set(percents)) > 2
    assert progress[-1].percent == 100
    assert await stored(house) == list(range(1, 1_500))
    async with house.database.read() as connection:
        (row,) = (await connection.execute(select(source_rows))).all()
    assert (row.percent_filled, row.failures, row.last_error) == (100, 0, None)


async def test_a_line_without_an_end_holds_up_nothing(house: House, tmp_path: Path) -> None:
    file = tmp_path / "Master.csv"
    file.write_text(rows(1) + "x" * (2 * PIECE) + "\n" + rows(2))
    await pull(house, await source_at(house, file))
    assert await stored(house) == [1, 2]


async def test_a_file_that_is_not_there_is_the_sources_last_error(house: House, tmp_path: Path) -> None:
    source = await source_at(house, tmp_path / "gone" / "Master.csv")
    with pytest.raises(InputError, match="There is nothing at"):
        await pull(house, source)
    answer = await house.ask("{ sources { lastError failures } }")
    assert answer["sources"][0]["failures"] == 1
    assert "There is nothing at" in answer["sources"][0]["lastError"]


def test_a_file_that_is_rotated_while_it_is_looked_at_is_not_taken_for_another(tmp_path: Path) -> None:
    file = tmp_path / "Master.csv"
    file.write_text(rows(1))
    (before,) = files_at(str(file))
    file.rename(tmp_path / "Master.csv.1")
    file.write_text(rows(2, 3))
    os.utime(file, (1, 1))
    assert {one.beginning for one in files_at(str(file))} > {before.beginning}

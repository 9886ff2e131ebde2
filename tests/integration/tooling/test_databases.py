"""The databases that tests are given are real, empty and their own."""

from __future__ import annotations

from sqlalchemy import inspect, text
from sqlalchemy.ext.asyncio import create_async_engine


async def test_a_database_is_empty_and_takes_a_table(database_url: str) -> None:
    engine = create_async_engine(database_url)
    try:
        async with engine.begin() as connection:
            assert await connection.run_sync(lambda plain: inspect(plain).get_table_names()) == []
            await connection.execute(text("CREATE TABLE turn (id INTEGER PRIMARY KEY)"))
            await connection.execute(text("INSERT INTO turn VALUES (1)"))
            assert (await connection.execute(text("SELECT count(*) FROM turn"))).scalar_one() == 1
    finally:
        await engine.dispose()


async def test_postgresql_promises_what_production_needs(postgres_url: str) -> None:
    engine = create_async_engine(postgres_url)
    try:
        async with engine.connect() as connection:
            assert int((await connection.execute(text("SHOW server_version_num"))).scalar_one()) >= 150_000
            assert (await connection.execute(text("SHOW fsync"))).scalar_one() == "on"
    finally:
        await engine.dispose()

"""How rows are shown and addresses read, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite

from videoattention.adapters.db.columns import UtcDateTime
from videoattention.adapters.db.parts import parts_from_json, parts_to_json
from videoattention.adapters.db.queries.showing import label, masked, moment
from videoattention.domain.recording import KeptTrack, Part

if TYPE_CHECKING:
    from sqlalchemy import Dialect

DIALECTS: tuple[Dialect, ...] = sqlite.dialect(), postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=ZONES)  # noqa: DTZ001  # hypothesis adds the zone


@pytest.mark.parametrize(
    ("document", "shown"),
    [("12345678Z", "•••••678Z"), ("X1234567L", "•••••567L"), ("ABCD", "••••"), ("", ""), ("A1234", "•1234")],
)
def test_only_the_end_of_a_document_is_shown(document: str, shown: str) -> None:
    assert masked(document) == shown


@given(st.text(max_size=20))
def test_a_mask_keeps_the_length_and_never_everything(document: str) -> None:
    assert len(masked(document)) == len(document)
    assert not document or masked(document) != document or set(document) == {"•"} or document.startswith("•")


def test_a_name_falls_back_to_catalan() -> None:
    names = {"ca": "Consulta", "en": "Enquiry"}
    assert [label(names, language) for language in ("en", "ca", "oc", "")] == ["Enquiry", *["Consulta"] * 3]


def test_what_has_not_happened_has_no_moment() -> None:
    assert moment(None) == ""
    assert moment(datetime(2026, 3, 2, tzinfo=UTC)) == "2026-03-02T00:00:00+00:00"


@given(MOMENTS)
def test_a_moment_survives_both_databases(at: datetime) -> None:
    column = UtcDateTime()
    for dialect in DIALECTS:
        kept = column.process_bind_param(at, dialect)
        read = column.process_result_value(kept, dialect)
        assert read == at
        assert read.tzinfo is UTC
    assert column.process_bind_param(None, DIALECTS[0]) is None
    assert column.process_result_value(None, DIALECTS[0]) is None


@pytest.mark.parametrize("dialect", DIALECTS, ids=["sqlite", "postgresql"])
def test_a_time_without_a_zone_is_refused(dialect: Dialect) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        UtcDateTime().process_bind_param(datetime(2026, 3, 2), dialect)  # noqa: DTZ001  # the point


TRACKS = st.builds(KeptTrack, duration=st.floats(0, 1e6), start=st.floats(-10, 1e6))
UTC_MOMENTS = MOMENTS.map(lambda at: at.astimezone(UTC))
PARTS = st.builds(
    Part,
    number=st.integers(1, 99),
    opened_at=UTC_MOMENTS,
    closed_at=st.none() | UTC_MOMENTS,
    tracks=st.lists(TRACKS, max_size=4).map(tuple),
)


@given(st.lists(PARTS, max_size=3))
def test_parts_come_back(parts: list[Part]) -> None:
    assert parts_from_json(parts_to_json(parts)) == tuple(parts)

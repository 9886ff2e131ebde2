"""The administrators' room: the policy, and the pages on which it is read and changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoattention.adapters.db.queries.views import DatabaseViews
from videoattention.adapters.db.register import DatabaseRegister
from videoattention.entrypoints.http.policy_changes import PolicyChanges
from videoattention.entrypoints.http.settings import SettingsPages
from videoattention.entrypoints.http.settings_frame import SettingsFrame
from videoattention.services.policy_making import PolicyMaking

if TYPE_CHECKING:
    from videoattention.adapters.db.database import Database
    from videoattention.bootstrap.ground import Room
    from videoattention.entrypoints.http.rendering import Rendering
    from videoattention.entrypoints.visitors import Visitors
    from videoattention.services.archive import Archive
    from videoattention.services.texts import ConsentTexts
    from videoattention.services.work import Work


def settings_pages(
    rendering: Rendering,
    visitors: Visitors,
    *,
    work: Work,
    archive: Archive,
    database: Database,
    texts: ConsentTexts,
) -> tuple[Room, ...]:
    """Their routes."""
    making = PolicyMaking(work, archive, register=DatabaseRegister(database), clock=work.clock, texts=texts)
    frame = SettingsFrame(rendering, visitors, views=DatabaseViews(database), clock=work.clock)
    return SettingsPages(frame, making), PolicyChanges(frame, making)

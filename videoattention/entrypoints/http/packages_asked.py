"""Requests for packages of attentions as the pages show them, and what a package is called when it is saved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from videoattention.entrypoints.http.sentences import N_

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from aiohttp import web

    from videoattention.entrypoints.http.rendering import Rendering
    from videoattention.services.sessions import Session
    from videoattention.services.views.archive import ArchiveViews
    from videoattention.services.views.unrecorded import AskedSeen, UnrecordedViews

OF_RECORDING: Final = N_("package-of-recording")
OF_ATTENTION: Final = N_("package-of-attention")


async def asked_by_name(
    views: UnrecordedViews,
    archive_views: ArchiveViews,
    session: Session,
    language: str,
    *,
    now: datetime,
    attention: str = "",
) -> Sequence[AskedSeen]:
    """What `UnrecordedViews.asked` finds, with the names of people where the journal has only their subjects.

    Who neither works at a desk nor is signed in keeps the subject as a name.
    """
    organisation = session.person.organisation if session.person else ""
    asked = await views.asked(organisation, language, now=now, attention=attention)
    people = {who.subject for seen in asked for who in (seen.export.asked_by, seen.export.decided_by) if who}
    if not people:
        return asked
    names = await archive_views.names(organisation, session.issuer, people)
    return [replace(seen, export=seen.export.named(names)) for seen in asked]


def saved_as(rendering: Rendering, request: web.Request, of: str, *, at: datetime, name: str) -> str:
    """The name of a file: what it is in the page's language, the day of the attention, and the id. Nobody's data.

    ``of`` is `OF_RECORDING` or `OF_ATTENTION`.
    """
    day = at.astimezone(rendering.zone).date()
    return f"{rendering.translate(request, of)}-{day.isoformat()}-{name}.zip"

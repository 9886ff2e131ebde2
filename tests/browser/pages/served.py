"""Every page in every stage, served with the strict policy of the real service and without anything behind it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from tests.unit.pages import (
    made_up,
    made_up_apart,
    made_up_archive,
    made_up_rights,
    made_up_settings,
    made_up_unrecorded,
    made_up_visual,
)
from videoattention.adapters.texts import TextsFolder
from videoattention.entrypoints.http.pages import Pages

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

PROJECT = Path(__file__).parents[3]
WEB = PROJECT / "web"
INSTEAD = Path(__file__).parent / "call"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
PAGES = Pages(WEB)
STAFF = {"person": made_up.STAFF, "csrf": "token"}
_TEXT = TextsFolder(WEB / "texts").current("attended", "ca")
ASKED = replace(made_up.CITIZEN_VIEWS["consent"], consents=(made_up.consent("asked", _TEXT.title, _TEXT.paragraphs),))
"""The citizen has the consent before them as it is really written."""


def citizen(name: str) -> Callable[[str], str]:
    """The citizen's page in one of the invented views."""
    view = made_up.CITIZEN_VIEWS[name]
    return lambda language: PAGES.render("attention.html", language, view=view, csrf="token")


def desk(name: str) -> Callable[[str], str]:
    """The desk in one of the invented views."""
    return lambda language: PAGES.render("desk.html", language, view=made_up.DESK_VIEWS[name], **STAFF)


def plain(template: str, **context: object) -> Callable[[str], str]:
    """Any other page."""
    return lambda language: PAGES.render(template, language, **context)


def recording(**context: object) -> Callable[[str], str]:
    """One recording in the archive."""
    given = {"recording": made_up.RECORDING, "parts": made_up.PARTS, "journal": made_up.JOURNAL, "seal": made_up.SEAL}
    return plain(
        "recording.html",
        **STAFF,
        **{**given, "room": made_up_archive.room(), "granted": False, "granted_until": None, **context},
    )


CASES: dict[str, Callable[[str], str]] = {
    "entry": plain("entry.html", offices=made_up.OFFICES, turn=""),
    "entry-empty": plain("entry.html", offices=(), turn=""),
    "entry-waiting": plain("entry.html", offices=made_up.OFFICES, turn="waiting"),
    "entry-talking": plain("entry.html", offices=made_up.OFFICES, turn="talking"),
    "devices": plain("devices.html", office=made_up.OFFICE, procedure=made_up.LONG_PROCEDURE, csrf="token"),
    "devices-nobody": plain("devices.html", office=made_up.OFFICES[1], procedure=made_up.LONG_PROCEDURE, csrf="token"),
    **{f"citizen-{name}": citizen(name) for name in made_up.CITIZEN_VIEWS},
    **{f"desk-{name}": desk(name) for name in made_up.DESK_VIEWS},
    **{
        f"citizen-{name}": plain("attention.html", view=view, csrf="token")
        for name, view in made_up_visual.CITIZENS.items()
    },
    **{f"desk-{name}": plain("desk.html", view=view, **STAFF) for name, view in made_up_visual.DESKS.items()},
    "archive": plain("archive.html", **STAFF, recordings=made_up.RECORDINGS, **made_up_archive.SEARCH),
    "archive-empty": plain("archive.html", **STAFF, recordings=(), **made_up_archive.NOTHING_FOUND),
    "archive-nothing-found": plain(
        "archive.html",
        **STAFF,
        recordings=(),
        **{**made_up_archive.NOTHING_FOUND, **made_up_archive.WRONG_DAY},
    ),
    "archive-reviews": plain(
        "archive/queue.html", **STAFF, lines=made_up_archive.LINES, shown="open", names={"staff-oriol": "Oriol Batlle"}
    ),
    "archive-reviews-empty": plain(
        "archive/queue.html", **STAFF, lines=(), shown="open", names={"staff-oriol": "Oriol Batlle"}
    ),
    "archive-suspicions": plain(
        "archive/suspicions.html", **STAFF, lines=made_up_archive.SUSPECTED, following="/archive?after=abc", later=True
    ),
    "archive-suspicions-empty": plain("archive/suspicions.html", **STAFF, lines=(), following="", later=False),
    "archive-suspicion-purpose": plain(
        "archive/suspicion_purpose.html",
        **STAFF,
        line=made_up_archive.SUSPECTED[0],
        said={"purpose": "Denúncia 44/2026 dels Mossos", "case": "sense número"},
        problem="case_unclear",
    ),
    "archive-suspicion": plain(
        "archive/suspicion.html",
        **STAFF,
        line=made_up_archive.SUSPECTED[0],
        one=made_up_archive.SUSPICION,
        stills=made_up_archive.STILLS,
        leave="1.ab",
    ),
    "archive-exports": plain(
        "archive/exports.html",
        **STAFF,
        exports=(*made_up_archive.EXPORTS, *made_up_unrecorded.BESIDE_RECORDINGS[:3]),
        wrong={"export": "export-1", "problem": "reason_too_short"},
    ),
    "archive-exports-empty": plain("archive/exports.html", **STAFF, exports=(), wrong={}),
    "recording-purpose": recording(),
    "recording-problem": recording(room=made_up_archive.room(wrong=made_up_archive.NOT_READ)),
    "recording-no-case": recording(room=made_up_archive.room(wrong=made_up_archive.NO_CASE)),
    "recording-empty": recording(parts=(), journal=()),
    "recording-player": recording(
        granted=True,
        granted_until=made_up.NOW,
        room=made_up_archive.room(exports=made_up_archive.EXPORTS),
    ),
    "recording-verdict": recording(
        granted=True,
        granted_until=made_up.NOW,
        room=made_up_archive.room(made_up_archive.MINE, wrong=made_up_archive.UNFINISHED, check=made_up_archive.BROKEN),
    ),
    "recording-second": recording(
        granted=True,
        granted_until=made_up.NOW,
        room=made_up_archive.room(made_up_archive.JUDGED, check=made_up_archive.HOLDS),
    ),
    "recording-reviewed": recording(room=made_up_archive.room(made_up_archive.CLOSED)),
    "recording-held": recording(recording=made_up.HELD, seal=made_up.INCOMPLETE),
    "recording-copy-waits": recording(recording=made_up.UNCOPIED),
    "recording-copy-far": recording(recording=made_up.FAR_AWAY, seal=None),
    "recording-erased": recording(recording=made_up.ERASED, journal=(*made_up.JOURNAL, made_up.GIVEN_AWAY)),
    **{name: plain(template, **context) for name, (template, context) in made_up_settings.PAGES.items()},
    **{name: plain(template, **STAFF, **context) for name, (template, context) in made_up_unrecorded.PAGES.items()},
    **{name: plain(template, **context) for name, (template, context) in made_up_rights.PAGES.items()},
    **{name: plain(template, **context) for name, (template, context) in made_up_apart.PAGES.items()},
    "identified": plain("identified.html", ok=True, enough=True, reached="substantial", demanded="substantial"),
    "identified-too-low": plain("identified.html", ok=True, enough=False, reached="low", demanded="substantial"),
    "not-identified": plain("identified.html", ok=False, code="assurance_insufficient"),
    "signed-out": plain("signed_out.html"),
    "not-found": lambda language: PAGES.notice("not_found", language),
}


async def _page(request: web.Request) -> web.Response:
    html = CASES[request.match_info["name"]](request.query.get("lang", "ca"))
    return web.Response(text=html, content_type="text/html", headers={"Content-Security-Policy": POLICY})


async def _call_library(request: web.Request) -> web.FileResponse:
    name = request.match_info["name"]
    instead = INSTEAD / name
    return web.FileResponse(instead if instead.is_file() else WEB / "static/call" / name)


@asynccontextmanager
async def served() -> AsyncIterator[str]:
    """The address of the pages: each is under ``/page/<case>``."""
    app = web.Application()
    app.router.add_get("/page/{name}", _page)
    app.router.add_get(r"/static/call/{name:[a-z]+\.js}", _call_library)
    app.router.add_static("/static", WEB / "static")
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()

"""The administrators' pages for reading: the policy in force, every version of it, and what changed between two."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiohttp import web

from videoattention.domain.policies import Policy, compared
from videoattention.services.ports import NotFound

if TYPE_CHECKING:
    from videoattention.domain.policies import Difference
    from videoattention.entrypoints.http.settings_frame import SettingsFrame
    from videoattention.services.policies import KeptPolicy
    from videoattention.services.policy_making import Book, PolicyMaking

VERSION = "/settings/versions/{version:[0-9]{1,6}}"


class SettingsPages:
    """Routes for reading the policy."""

    def __init__(self, frame: SettingsFrame, making: PolicyMaking) -> None:
        self._frame = frame
        self._making = making

    def routes(self) -> list[web.RouteDef]:
        """Where they are."""
        return [
            web.get("/settings", self.overview),
            web.get("/settings/versions", self.versions),
            web.get(VERSION, self.version),
        ]

    async def overview(self, request: web.Request) -> web.Response:
        """The policy in force, level by level, and where procedures are stricter."""
        session, person = await self._frame.session(request)
        book = await self._making.book(person)
        return self._frame.page(
            request,
            "overview.html",
            session,
            kept=book.in_force,
            policy=book.in_force.policy,
            stricter=own_rules(book.in_force.policy),
            names=await self._frame.procedures(request, person),
        )

    async def version(self, request: web.Request) -> web.Response:
        """One version: what it says, who made it and why, and what it changed."""
        session, person = await self._frame.session(request)
        book = await self._making.book(person)
        kept = version_of(book, request.match_info["version"])
        before = book.of(kept.policy.version - 1)
        return self._frame.page(
            request,
            "version.html",
            session,
            kept=kept,
            policy=kept.policy,
            in_force=book.in_force,
            changed=compared(before.policy, kept.policy) if before else (),
            stricter=own_rules(kept.policy),
            names=await self._frame.procedures(request, person),
            made="made" in request.query,
        )

    async def versions(self, request: web.Request) -> web.Response:
        """Every version, newest first; two that are chosen are compared."""
        session, person = await self._frame.session(request)
        book = await self._making.book(person)
        chosen = "old" in request.query and "new" in request.query
        old = version_of(book, request.query.get("old", str(book.every[-1].policy.version)))
        new = version_of(book, request.query.get("new", str(book.in_force.policy.version)))
        return self._frame.page(
            request,
            "versions.html",
            session,
            book=book,
            old=old.policy.version,
            new=new.policy.version,
            differences=compared(old.policy, new.policy) if chosen else None,
            names=await self._frame.procedures(request, person),
        )


def kept_of(book: Book, number: str) -> KeptPolicy | None:
    """The version that somebody wrote as this number; None for what is no number of a version."""
    return book.of(int(number)) if re.fullmatch(r"[0-9]{1,6}", number) else None


def version_of(book: Book, number: str) -> KeptPolicy:
    """The version of this number; raises `NotFound`, also for what is no number."""
    kept = kept_of(book, number)
    if kept is None:
        raise NotFound("no such version")
    return kept


def own_rules(policy: Policy) -> tuple[Difference, ...]:
    """What procedures demand otherwise than their level."""
    return compared(Policy(policy.version, policy.levels), policy)

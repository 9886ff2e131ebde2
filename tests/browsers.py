"""Debian's browsers under Playwright: how they are started, in one place.

The pages are tested in the browsers that the operating system installs, never in a download of a test library.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import Browser, Playwright

CHROMIUM_FLAGS = (
    "--no-sandbox",  # the sandbox refuses root, which is what a test container is
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    # a page of three people in one test is often not the visible one, and must not be slowed down for it
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
)

FIREFOX_PREFERENCES: dict[str, str | float | bool] = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    "media.peerconnection.ice.loopback": True,
    "media.peerconnection.ice.obfuscate_host_addresses": False,
}


def chromium_path() -> Path | None:
    """The program, or None where it is not installed."""
    return _first_of("chromium", "chromium-browser", "google-chrome")


def firefox_path() -> Path | None:
    """The program, or None where it is not installed."""
    return _first_of("firefox-esr", "firefox")


async def launch_chromium(playwright: Playwright, program: Path, *flags: str) -> Browser:
    """A headless Chromium with an artificial camera and microphone that asks nobody; `flags` are added to ours."""
    return await playwright.chromium.launch(executable_path=program, args=[*CHROMIUM_FLAGS, *flags])


async def launch_firefox(playwright: Playwright, program: Path) -> Browser:
    """A headless Firefox with an artificial camera and microphone that asks nobody."""
    return await playwright.firefox.launch(
        executable_path=program, channel="moz-firefox", firefox_user_prefs=dict(FIREFOX_PREFERENCES)
    )


def _first_of(*names: str) -> Path | None:
    found = (shutil.which(name) for name in names)
    return next((Path(path) for path in found if path), None)

"""The only room that knows every part: from settings to a program that runs."""

from __future__ import annotations

from videoattention.adapters.db.catalogue import TextChanged
from videoattention.adapters.texts import UnreadableText
from videoattention.adapters.vault.keys import KeyRefused
from videoattention.bootstrap.ground import web_folder
from videoattention.bootstrap.identity import demo_people
from videoattention.bootstrap.journals import verify_journals
from videoattention.bootstrap.service import Service
from videoattention.bootstrap.worker import Worker

__all__ = [
    "KeyRefused",
    "Service",
    "TextChanged",
    "UnreadableText",
    "Worker",
    "demo_people",
    "verify_journals",
    "web_folder",
]

"""The pages as text: templates and catalogues become HTML in the person's language. Nothing here knows a route."""

from __future__ import annotations

from gettext import GNUTranslations
from io import BytesIO
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, pass_context

from videoattention.entrypoints.http import markup, wording
from videoattention.entrypoints.http.journal_visual import VISUAL_ASKED, VISUAL_WORDS
from videoattention.entrypoints.http.journal_words import (
    actor_in_words,
    erasure_reason,
    fact_in_words,
    phrase_of,
)
from videoattention.entrypoints.http.languages import LANGUAGES
from videoattention.entrypoints.http.level_state import bar_until
from videoattention.entrypoints.http.naming import NOBODY
from videoattention.entrypoints.http.page_state import state_of
from videoattention.entrypoints.http.seal_sentences import finding_in_words
from videoattention.entrypoints.http.sentences import SENTENCES, notice_of, sentence_of
from videoattention.entrypoints.http.visual_state import visual_state
from videoattention.services.visual_decision import Keeping

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import tzinfo
    from pathlib import Path
    from types import CodeType

    from jinja2.bccache import Bucket
    from jinja2.runtime import Context

    from videoattention.entrypoints.http.naming import Names
    from videoattention.services.views import JournalLine

_STATEFUL = ("view",)
_ZONE = "Europe/Madrid"
_TO_THE_START = (("Go to the start", "/"),)
_WAYS_ON = {
    "sign_in_refused": (
        ("Sign in to the desk", "/desk"),
        ("Sign in to the archive", "/archive"),
        ("Sign in to the settings", "/settings"),
        ("Sign in to personal data", "/rights"),
    )
}
"""Where the page of a notice leads, by its code; the labels are source strings of the page of who signed out."""


class Pages:
    """Every page of the service.

    ``web`` is the folder with ``templates/`` and ``locales/``; every catalogue is read here, so a broken one is a
    fault at start and not on somebody's screen. Times are shown in ``zone``, that of the offices; ``keeping`` is told
    before a suspicion of fraud is filed.
    """

    def __init__(self, web: Path, *, zone: tzinfo | None = None, keeping: Keeping | None = None) -> None:
        self.zone = zone or ZoneInfo(_ZONE)
        self._keeping = keeping or Keeping()
        self._catalogues = {language: _catalogue(web / "locales", language) for language in LANGUAGES}
        compiled = _Compiled()
        self._languages = {language: self._environment(web, language, compiled) for language in LANGUAGES}
        for environment in self._languages.values():
            for name in environment.list_templates():
                environment.get_template(name)  # compiled now: nobody waits for it while others are served

    def render(self, template: str, language: str, **context: object) -> str:
        """The HTML of a template (``entry.html``) in one of `LANGUAGES`.

        Raises `jinja2.UndefinedError` when the template needs something that ``context`` has not.
        """
        for name in _STATEFUL:
            if name in context:
                context["state"] = state_of(context[name])
        return self._languages[language].get_template(template).render(context)

    def notice(self, code: str, language: str, *, actions: Sequence[tuple[str, str]] = (), **context: object) -> str:
        """The page that tells what happened, for the code of an error or notice.

        ``actions`` are (label, address), the label translated already; without any they lead on by themselves.
        """
        notice = notice_of(code)
        say = self.translate
        return self.render(
            "message.html",
            language,
            title=say(notice.title, language),
            sentence=say(notice.sentence, language),
            advice=say(notice.advice, language),
            actions=actions or [(say(label, language), way) for label, way in _WAYS_ON.get(code, _TO_THE_START)],
            **context,
        )

    def sentence(self, code: str, language: str) -> str:
        """What a code says to a person, in their language."""
        return self.translate(sentence_of(code), language)

    def translate(self, message: str, language: str) -> str:
        """A source string in this language."""
        return self._catalogues[language].gettext(message)

    def _environment(self, web: Path, language: str, compiled: BytecodeCache) -> Environment:
        catalogue = self._catalogues[language]
        environment = Environment(
            loader=FileSystemLoader(web / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
            bytecode_cache=compiled,
        )
        environment.policies["ext.i18n.trimmed"] = True
        environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
        environment.globals |= {
            "language": language,
            "languages": LANGUAGES,
            "zone": str(self.zone),
            "sentences": SENTENCES,
            "state_of": state_of,
            "visual_state": visual_state,
            "visual_words": VISUAL_WORDS,
            "visual_asked": VISUAL_ASKED,
            "suspicion_days": self._keeping.stopped.days,
            "images_days": self._keeping.completed.days,
            "attributes": markup.attributes,
            "when": markup.when,
            "field": markup.field,
            "elapsed": markup.elapsed,
            "countdown": markup.countdown,
            "bar_until": bar_until,
            "playable": markup.playable,
        }
        spoken = wording.filters(language, self.zone) | _filters(catalogue, language)
        environment.filters |= {name: _when_shown(say) for name, say in spoken.items()}
        return environment


class _Compiled(BytecodeCache):
    """The code of each template, compiled once for all languages: that is most of what a start of the service costs."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code


def _when_shown(say: Callable[..., object]) -> Callable[..., object]:
    """The filter, never worked out while a template is compiled: its code serves every language."""

    @pass_context
    def say_when_shown(_: Context, *said: object, **named: object) -> object:
        return say(*said, **named)

    return say_when_shown


def _catalogue(locales: Path, language: str) -> GNUTranslations:
    with (locales / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _filters(catalogue: GNUTranslations, language: str) -> dict[str, Callable[..., str]]:
    """What the service's codes, facts and findings say in this language."""
    say = catalogue.gettext

    def fact(line: JournalLine, names: Names = NOBODY) -> str:
        return fact_in_words(line, say, language, names)

    def actor(who: str, names: Names = NOBODY) -> str:
        return actor_in_words(who, say, names)

    return {
        "fact": fact,
        "actor": actor,
        "finding": lambda finding: finding_in_words(finding, say),
        "why_erased": lambda said: erasure_reason(said, say),
        "phrase": lambda code: phrase_of(code, say),
        "asked": lambda action: say(VISUAL_ASKED[action]),
        "sentence": lambda code: say(sentence_of(code)),
    }

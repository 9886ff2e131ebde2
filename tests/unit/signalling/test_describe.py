"""The committed description is the protocol's, and says everything that the protocol enforces."""

from __future__ import annotations

import inspect
from dataclasses import fields, make_dataclass
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import pytest
from msgspec import Meta

from videoattention.entrypoints.signalling import describe, protocol
from videoattention.services import media

PROJECT = Path(__file__).parents[3]
EVERY_MESSAGE = (
    *protocol.CITIZEN_MESSAGES,
    *protocol.DESK_MESSAGES,
    *protocol.WORKER_MESSAGES,
    *protocol.CITIZEN_PUSHES,
    *protocol.DESK_PUSHES,
    *protocol.WORKER_ORDERS,
)


@pytest.mark.parametrize(
    ("path", "generate"),
    [("docs/protocol.md", describe.markdown), ("web/static/call/protocol.d.ts", describe.typescript)],
)
def test_the_committed_file_is_the_generated_one(path: str, generate: object) -> None:
    assert callable(generate)
    assert (PROJECT / path).read_text(encoding="utf-8") == generate(), "run `make protocol`"


def test_main_writes_each_file_as_its_name_ends(tmp_path: Path) -> None:
    document, types = tmp_path / "any.md", tmp_path / "any.d.ts"
    describe.main([str(types), str(document)])
    assert document.read_text(encoding="utf-8") == describe.markdown()
    assert types.read_text(encoding="utf-8") == describe.typescript()


@pytest.mark.parametrize("message", dict.fromkeys(EVERY_MESSAGE))
def test_the_document_tells_of_every_message_and_field(message: type) -> None:
    section = describe.markdown().partition(f"### `{protocol.wire_name(message)}`")[2].partition("\n### ")[0]
    assert section
    if protocol.wire_name(message) == "negotiate":
        return  # the push to a page and the report of a worker share the name; each has its section
    for field in fields(message):
        assert f"| `{field.name}` |" in section


def test_kinds_come_from_the_docstring_or_the_direction() -> None:
    assert describe.kind_of(protocol.Sync) == "ask"
    assert describe.kind_of(protocol.HangUp) == "command"
    assert describe.kind_of(protocol.MediaLost) == "push"
    assert describe.kind_of(protocol.WorkerReady) == "report"
    assert describe.kind_of(media.PartClosed) == "report"
    assert describe.kind_of(media.Record) == "order"


def test_a_command_carries_an_id_and_nothing_else_does() -> None:
    for message in dict.fromkeys((*protocol.CITIZEN_MESSAGES, *protocol.DESK_MESSAGES)):
        has_id = "id" in {field.name for field in fields(message)}
        assert has_id is (describe.kind_of(message) == "command"), inspect.getdoc(message)


def test_types_are_written_in_the_pages_words() -> None:
    types = describe.typescript()
    for line in (
        '  answer: "accept" | "refuse";',
        "  informer: InformerSeen | null;",
        "  consents: readonly ConsentSeen[];",
        "  identification_asked: boolean;",
        "  view: DeskView;",
        "  hang_up: HangUp;",
        "  describe_media: DescribeMedia;",
        "  media_lost: MediaLost;",
    ):
        assert f"{line}\n" in types
    assert types.count("export interface Negotiate {") == 1
    assert "WorkerReady" not in types, "workers are none of the browser's business"


def test_bounds_are_those_that_are_enforced() -> None:
    assert "| `sdp` | `string` | 1 to 65536 characters |" in describe.markdown()
    assert "| `revision` | `number` | >= 0, <= 9007199254740992 |" in describe.markdown()
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"revision": -1}, protocol.Sync)


def test_what_the_protocol_may_come_to_use() -> None:
    inner = make_dataclass("Inner", [("seconds", Annotated[float, Meta(gt=0)])], namespace={"__doc__": "Inside."})
    shape = make_dataclass(
        "Shape",
        [
            ("track", media.Track),
            ("notes", tuple[Literal["a", "b"], ...]),
            ("inside", dict[str, inner]),  # type: ignore[valid-type]
            ("late", str | None, None),
        ],
        namespace={"__doc__": "One\n\nTwo."},
    )
    written = "\n".join(describe._interface(each) for each in describe._shapes_of([shape]))
    assert '  track: "citizen-audio" | "citizen-video" | "informer-audio" | "informer-video";' in written
    assert '  notes: readonly ("a" | "b")[];' in written
    assert "  inside: Record<string, Inner>;" in written
    assert "  late?: string | null;" in written
    assert "  /** > 0 */\n  seconds: number;" in written
    assert "/**\n * One\n *\n * Two.\n */" in written


def test_a_type_without_a_word_is_refused() -> None:
    with pytest.raises(TypeError, match="no word for"):
        describe._interface(make_dataclass("Shape", [("at", bytes)], namespace={"__doc__": "."}))
    with pytest.raises(TypeError, match="not a dataclass"):
        describe._interface(int)

"""The protocol described: `docs/protocol.md` for people and `web/static/call/protocol.d.ts` for the pages.

Everything comes from `protocol`, read through the library that validates the messages: what is described is what
is enforced. `python -m videoattention.entrypoints.signalling.describe FILE…` writes each file, as its ending says.
"""

from __future__ import annotations

import inspect
import json
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import inspect as schema

from videoattention.entrypoints.signalling import protocol
from videoattention.entrypoints.signalling.protocol import wire_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

GENERATED = "Generated from videoattention/entrypoints/signalling/protocol.py by `make protocol`; do not edit."
KINDS = ("command", "ask", "push", "report", "order")
PRIMITIVES: dict[type[schema.Type], str] = {
    schema.StrType: "string",
    schema.IntType: "number",
    schema.FloatType: "number",
    schema.BoolType: "boolean",
    schema.NoneType: "null",
}
BOTH = tuple(message for message in protocol.CITIZEN_MESSAGES if message in protocol.DESK_MESSAGES)
FROM_PAGES = tuple(dict.fromkeys((*protocol.CITIZEN_MESSAGES, *protocol.DESK_MESSAGES)))
TO_PAGES = tuple(dict.fromkeys((*protocol.CITIZEN_PUSHES, *protocol.DESK_PUSHES)))
MAPS: tuple[tuple[str, str, str, Sequence[type]], ...] = (
    ("CitizenCommands", "The commands of the citizen's page", "command", protocol.CITIZEN_MESSAGES),
    ("DeskCommands", "The commands of the desk", "command", protocol.DESK_MESSAGES),
    ("Asks", "The asks of both kinds of page", "ask", FROM_PAGES),
    ("Pushes", "The pushes to both kinds of page", "push", TO_PAGES),
)
SECTIONS: tuple[tuple[str, str, Sequence[type]], ...] = (
    ("From both kinds of page", "page → service", BOTH),
    ("From the citizen's page", "citizen → service", [m for m in protocol.CITIZEN_MESSAGES if m not in BOTH]),
    ("From the desk", "desk → service", [m for m in protocol.DESK_MESSAGES if m not in BOTH]),
    ("To the pages", "service → page", TO_PAGES),
    ("From a media worker", "worker → service", protocol.WORKER_MESSAGES),
    ("To a media worker", "service → worker", protocol.WORKER_ORDERS),
)
ACKNOWLEDGEMENT = """\
/** What the service answers to a command or an ask; when not ok, nothing changed. What was asked for comes with it. */
export type Acknowledgement = { ok: true; document?: string; seconds?: number } | { ok: false; code: string };
"""


def kind_of(message: type) -> str:
    """Which of `KINDS` a message is: its docstring says so, or the direction in which it goes."""
    first_word = _prose(message).partition(":")[0].lower()
    if first_word in KINDS:
        return first_word
    return "order" if message in protocol.WORKER_ORDERS else "report"


def typescript() -> str:
    """The types of everything that a page sends or gets: one interface per shape, and the names by kind."""
    parts = [f"// {GENERATED}\n", ACKNOWLEDGEMENT]
    parts += [_interface(shape) for shape in _shapes_of((*FROM_PAGES, *TO_PAGES))]
    parts += [_name_map(name, prose, [m for m in listed if kind_of(m) == kind]) for name, prose, kind, listed in MAPS]
    return "\n".join(parts)


def markdown() -> str:
    """The protocol for people: every message with its direction, kind, fields and bounds; then the shapes inside."""
    parts = ["# The protocol\n", f"*{GENERATED}*\n", f"{_plain(inspect.getdoc(protocol) or '')}\n"]
    described: list[type] = []
    for title, direction, messages in SECTIONS:
        parts += [f"## {title}\n", *(_message(message, direction) for message in messages)]
        described += messages
    parts.append("## Shapes inside the messages\n")
    parts += [_shape(shape) for shape in _shapes_of(described) if shape not in described]
    return "\n".join(parts)


def main(paths: Sequence[str]) -> None:
    """Write each file: types where the name ends in ``.ts``, else the document."""
    for path in paths:
        Path(path).write_text(typescript() if path.endswith(".ts") else markdown(), encoding="utf-8")


# --- reading the shapes ---------------------------------------------------------------------------------------------


@cache
def _fields(shape: type) -> tuple[schema.Field, ...]:
    described = schema.type_info(shape)
    if not isinstance(described, schema.DataclassType):
        raise TypeError(f"{shape.__name__} is not a dataclass")
    return described.fields


def _shapes_of(messages: Iterable[type]) -> list[type]:
    """Every dataclass in the messages, those inside before those that hold them, each once."""
    found: dict[type, None] = {}
    for message in messages:
        _collect(message, found)
    return list(found)


def _collect(shape: type, found: dict[type, None]) -> None:
    for field in _fields(shape):
        for inner in _dataclasses_in(field.type):
            _collect(inner, found)
    found[shape] = None


def _dataclasses_in(described: schema.Type) -> Iterator[type]:
    if isinstance(described, schema.DataclassType):
        yield described.cls
    if isinstance(described, schema.VarTupleType):
        yield from _dataclasses_in(described.item_type)
    if isinstance(described, schema.DictType):
        yield from _dataclasses_in(described.value_type)
    if isinstance(described, schema.UnionType):
        for option in described.types:
            yield from _dataclasses_in(option)


def _type(described: schema.Type) -> str:
    """The type in TypeScript's words; raises `TypeError` for one that the protocol has not used so far."""
    match described:
        case schema.DataclassType():
            return described.cls.__name__
        case schema.LiteralType() | schema.EnumType():
            return " | ".join(json.dumps(value) for value in _values(described))
        case schema.UnionType():
            return " | ".join(_type(option) for option in described.types)
        case schema.VarTupleType():
            return f"readonly {_bracketed(_type(described.item_type))}[]"
        case schema.DictType():
            return f"Record<{_type(described.key_type)}, {_type(described.value_type)}>"
        case _:
            return _primitive(described)


def _primitive(described: schema.Type) -> str:
    word = PRIMITIVES.get(type(described))
    if word is None:
        raise TypeError(f"the generator has no word for {described!r}")
    return word


def _values(described: schema.LiteralType | schema.EnumType) -> Iterable[object]:
    if isinstance(described, schema.LiteralType):
        return described.values
    return [member.value for member in described.cls]


def _bracketed(words: str) -> str:
    return f"({words})" if " | " in words else words


def _bounds(described: schema.Type) -> str:
    match described:
        case schema.StrType():
            return _text_bounds(described)
        case schema.IntType() | schema.FloatType():
            limits = ((">=", described.ge), (">", described.gt), ("<=", described.le), ("<", described.lt))
            return ", ".join(f"{sign} {limit}" for sign, limit in limits if limit is not None)
        case _:
            return ""


def _text_bounds(text: schema.StrType) -> str:
    parts = []
    if text.min_length is not None or text.max_length is not None:
        parts.append(f"{text.min_length or 0} to {text.max_length or 'any number of'} characters")
    if text.pattern is not None:
        parts.append(f"`{text.pattern}`")
    return ", ".join(parts)


# --- writing them ---------------------------------------------------------------------------------------------------


def _prose(shape: type) -> str:
    return _plain(inspect.getdoc(shape) or "")


def _plain(docstring: str) -> str:
    """Markdown of a docstring: one kind of backtick is enough there."""
    return docstring.replace("``", "`")


def _comment(prose: str) -> str:
    lines = prose.replace("*/", "* /").splitlines()
    if len(lines) == 1:
        return f"/** {lines[0]} */"
    return "\n".join(["/**", *(f" * {line}".rstrip() for line in lines), " */"])


def _interface(shape: type) -> str:
    lines = [_comment(_prose(shape)), f"export interface {shape.__name__} {{"]
    for field in _fields(shape):
        bounds = _bounds(field.type)
        lines += [f"  /** {bounds} */"] if bounds else []
        lines.append(f"  {field.encode_name}{'' if field.required else '?'}: {_type(field.type)};")
    return "\n".join([*lines, "}\n"])


def _name_map(name: str, prose: str, messages: Iterable[type]) -> str:
    lines = [f"  {wire_name(message)}: {message.__name__};" for message in messages]
    return "\n".join([f"/** {prose}, by their names on the wire. */", f"export interface {name} {{", *lines, "}\n"])


def _message(message: type, direction: str) -> str:
    kind = kind_of(message)
    prose = _prose(message)
    prose = prose.partition(":")[2].strip() if prose.lower().startswith(f"{kind}:") else prose
    heading = f"### `{wire_name(message)}`\n\n*{kind}, {direction}*\n"
    return f"{heading}\n{prose[:1].upper()}{prose[1:]}\n\n{_table(message)}"


def _shape(shape: type) -> str:
    return f"### {shape.__name__}\n\n{_prose(shape)}\n\n{_table(shape)}"


def _table(shape: type) -> str:
    lines = ["| field | type | bounds |", "|---|---|---|"]
    for field in _fields(shape):
        # a bar inside a cell would end it
        cells = (f"`{field.encode_name}`", f"`{_type(field.type)}`", _bounds(field.type))
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])

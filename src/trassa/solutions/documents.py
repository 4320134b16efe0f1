"""YAML documents that remember on which line everything stands.

Values follow YAML 1.2 (only `true`/`false` are booleans, nothing is a date), so that a code such as
`on` or a time such as `16:00` stays what it looks like.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from trassa.solutions.errors import Problem
from trassa.solutions.format import Entry

Place = tuple[str | int, ...]
E = TypeVar("E", bound=Entry)

MAX_BYTES = 4_000_000
MAX_DEPTH = 30
#: The sections of a card may stand in a file without their tab, just where it would stand.
_IMPLIED: Place = ("layout", "card", 0, "sections")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
_INTEGER = re.compile(r"^[-+]?(0|[1-9]\d*)$")
_NUMBER = re.compile(r"^[-+]?\d+\.\d+$")


@dataclass(frozen=True, slots=True)
class Document:
    """The content of a file and the line (from 1) of every place in it."""

    name: str
    content: Any
    lines: Mapping[Place, int]

    def line_of(self, place: Place) -> int:
        """The line of a place, or of the nearest place around it."""
        if place[: len(_IMPLIED)] == _IMPLIED and _IMPLIED not in self.lines:
            place = _IMPLIED[:2] + place[len(_IMPLIED) :]
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 0)

    def problem(self, place: Place, message: str) -> Problem:
        return Problem(self.name, self.line_of(place), message)


class _Builder:
    """Turns YAML nodes into values, noting lines and keys that stand twice."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Place, int] = {}
        self.problems: list[Problem] = []
        self._seen: set[int] = set()

    def build(self, node: yaml.Node, place: Place = ()) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(place, line)
        if id(node) in self._seen:
            message = _("References (*name) are not taken here; write it out.")
            self.problems.append(Problem(self.name, line, message))
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._build_mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*place, index)) for index, item in enumerate(node.value)]
        return _scalar(node)

    def _build_mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        content: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in content:
                message = _("“%(key)s” stands twice here; keep one of them.") % {"key": key}
                self.problems.append(Problem(self.name, line, message))
            self.lines[(*place, key)] = line
            content[key] = self.build(value_node, (*place, key))
        return content


def _scalar(node: yaml.Node) -> Any:
    text = node.value
    if getattr(node, "style", None):
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.match(text):
        return int(text)
    return float(text) if _NUMBER.match(text) else text


def read_document(path: Path, name: str) -> tuple[Document, list[Problem]]:
    """The file's content; problems when it is not YAML or not UTF-8."""
    empty = Document(name, None, {})
    if path.stat().st_size > MAX_BYTES:
        return empty, [Problem(name, 0, _("The file is larger than 4 MB; divide what it describes."))]
    try:
        text = path.read_text(encoding="utf-8")
        if (line := _too_deep(text)) is not None:
            return empty, [Problem(name, line, _("Things lie too deep in each other here; simplify this."))]
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except UnicodeDecodeError:
        return empty, [Problem(name, 0, _("The file is not UTF-8; save it in that encoding."))]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        message = _("This is not YAML: %(problem)s.") % {"problem": error.problem or error.context}
        return empty, [Problem(name, line, message)]
    if node is None:
        return empty, [Problem(name, 0, _("The file is empty; describe the thing or remove the file."))]
    builder = _Builder(name)
    content = builder.build(node)
    return Document(name, content, builder.lines), builder.problems


def _too_deep(text: str) -> int | None:
    """The line where more than MAX_DEPTH things lie in each other; composing them would end the process."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            return event.start_mark.line + 1 if event.start_mark else 0
    return None


def read_entry(document: Document, model: type[E], place: Place = ()) -> tuple[E | None, list[Problem]]:
    """The document (or the part at `place`) as a model of the format, or what is wrong with it."""
    content = document.content
    for step in place:
        content = content[step]
    try:
        return model.model_validate(content), []
    except ValidationError as error:
        return None, list(_explain(document, place, error))


def _explain(document: Document, place: Place, error: ValidationError) -> Iterator[Problem]:
    for details in error.errors(include_url=False):
        where = tuple(step for step in details["loc"] if not _is_branch_name(step))
        yield document.problem((*place, *where), _message(details, where))


def _is_branch_name(step: str | int) -> bool:
    """Pydantic names the branch of a union in the location; that is no place in the file."""
    return isinstance(step, str) and (step.startswith(("literal[", "constrained-str", "function-")))


def _message(details: ErrorDetails, where: Place) -> str:
    """One problem in words that say what to write instead."""
    values = {
        "name": str(where[-1]) if where else _("the file"),
        "value": details["input"],
        "expected": details.get("ctx", {}).get("expected", ""),
        "pattern": details.get("ctx", {}).get("pattern", ""),
        "problem": details["msg"],
    }
    template = _MESSAGES.get(details["type"], gettext_lazy("“%(name)s” is not right: %(problem)s."))
    return str(template) % values


_MUST_BE_TEXT = gettext_lazy("“%(name)s” must be a text.")
_MUST_BE_FLAG = gettext_lazy("“%(name)s” must be true or false.")
_MUST_BE_LIST = gettext_lazy("“%(name)s” must be a list.")
_MUST_BE_GROUP = gettext_lazy("“%(name)s” must be a group of “key: value” lines.")
#: What to say for each kind of error that pydantic reports.
_MESSAGES: Mapping[str, str | Promise] = {
    "one_thing": gettext_lazy(
        "Name one thing to retire: type, type and field, type, field and option, pipeline, pipeline and "
        "stage, pipeline and reason, role, or department."
    ),
    "one_verb": gettext_lazy("Say one of create, edit, move, check."),
    "missing": gettext_lazy("“%(name)s” is missing; add it."),
    "extra_forbidden": gettext_lazy("“%(name)s” is not known here; check the spelling or remove it."),
    "literal_error": gettext_lazy("“%(name)s” must be one of: %(expected)s."),
    "string_pattern_mismatch": gettext_lazy(
        "“%(value)s” does not fit “%(name)s”: it must match %(pattern)s."
    ),
    "string_type": _MUST_BE_TEXT,
    "string_too_short": _MUST_BE_TEXT,
    "bool_type": _MUST_BE_FLAG,
    "bool_parsing": _MUST_BE_FLAG,
    "tuple_type": _MUST_BE_LIST,
    "dict_type": _MUST_BE_GROUP,
    "model_type": _MUST_BE_GROUP,
    "mapping_type": _MUST_BE_GROUP,
}

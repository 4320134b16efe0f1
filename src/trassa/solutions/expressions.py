"""Expressions of a pack: read against what the pack and those it requires say, before anything is touched.

Files carry the canonical spelling (English names, codes of fields and options); whatever else a person
writes is turned into it when the pack is read, so that equal conditions compare equal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, TypeVar

from django.apps.registry import Apps
from django.db import models
from django.utils.translation import gettext as _

from trassa.expressions import ExpressionRefused, Fault, Kind, Node, read, write
from trassa.schema.actions.expressions import default_kinds
from trassa.schema.actions.formulas import why_unfit
from trassa.schema.queries import SchemaScope
from trassa.schema.registries import field_kinds
from trassa.schema.types import (
    FieldSpec,
    Generation,
    Label,
    Layouts,
    OptionSpec,
    PipelineSpec,
    ReasonSpec,
    StageSpec,
    TypeSpec,
)
from trassa.solutions.documents import Document, Place
from trassa.solutions.errors import Problem
from trassa.solutions.format import (
    Configuration,
    FieldEntry,
    PipelineEntry,
    SectionEntry,
    StageEntry,
    TabEntry,
    TypeEntry,
    Words,
)
from trassa.solutions.spoken import path_called

P = TypeVar("P", TabEntry, SectionEntry)
CONDITIONS = ("visible_when", "required_when", "editable_when", "frozen_when")


@dataclass(slots=True)
class _Ids:
    """Ids for things that exist in files only."""

    last: int = 0
    types: dict[str, int] = field(default_factory=dict)

    def next(self) -> int:
        self.last += 1
        return self.last

    def of_type(self, code: str) -> int:
        if code not in self.types:
            self.types[code] = self.next()
        return self.types[code]


def sketch(parts: Sequence[Configuration]) -> Generation:
    """The schema that configurations describe, good for names and kinds; there are no tables behind it."""
    ids = _Ids()
    entries = {entry.code: entry for part in parts for entry in part.types}
    fields = _fields(entries, ids)
    pipelines = {entry.code: entry for part in parts for entry in part.pipelines}
    types = {
        code: _type(entry, fields[code], [each for each in pipelines.values() if each.type == code], ids)
        for code, entry in entries.items()
    }
    specs = [pipeline for spec in types.values() for pipeline in spec.pipelines]
    return Generation(
        number=0,
        apps=Apps(),
        types=MappingProxyType(types),
        types_by_id=MappingProxyType({spec.id: spec for spec in types.values()}),
        pipelines=MappingProxyType({spec.code: spec for spec in specs}),
        pipelines_by_id=MappingProxyType({spec.id: spec for spec in specs}),
        stages_by_id=MappingProxyType({stage.id: stage for spec in specs for stage in spec.stages}),
        reasons_by_id=MappingProxyType({}),
    )


def _label(words: Words | None) -> Label:
    return Label(ru=words.ru, en=words.en) if words else Label("")


def _fields(entries: Mapping[str, TypeEntry], ids: _Ids) -> dict[str, tuple[FieldSpec, ...]]:
    """The fields of every type; lookups know their link and what they show once all others are there."""
    found = {
        code: tuple(_field(each, ids.of_type(code), ids) for each in entry.fields if each.kind in field_kinds)
        for code, entry in entries.items()
    }
    by_code = {(code, spec.code): spec for code, specs in found.items() for spec in specs}
    paths = {
        (code, each.code): each.shows.split(".")
        for code, entry in entries.items()
        for each in entry.fields
        if each.shows
    }
    targets = {
        (code, each.code): each.target or "" for code, entry in entries.items() for each in entry.fields
    }
    staying = {
        (code, each.code) for code, entry in entries.items() for each in entry.fields if each.frozen_when
    }

    def whole(code: str, spec: FieldSpec) -> FieldSpec:
        link, shown = paths.get((code, spec.code), ("", ""))
        through = by_code.get((code, link))
        seen = by_code.get((targets.get((code, link), ""), shown))
        if not through or not seen:
            return spec
        if (code, spec.code) in staying:
            return replace(spec, kind=seen.kind, settings=seen.settings, options=seen.options)
        return replace(spec, through=through, shown=seen)

    return {code: tuple(whole(code, spec) for spec in specs) for code, specs in found.items()}


def _type(
    entry: TypeEntry, fields: tuple[FieldSpec, ...], pipelines: Sequence[PipelineEntry], ids: _Ids
) -> TypeSpec:
    id = ids.of_type(entry.code)
    return TypeSpec(
        id=id,
        code=entry.code,
        label=_label(entry.label),
        plural=_label(entry.plural),
        icon=entry.icon,
        title_template=entry.title,
        number_prefix="",
        number_width=1,
        fields=fields,
        pipelines=tuple(_pipeline(each, id, ids) for each in pipelines),
        layouts=Layouts(),
        model=models.Model,
        menu=Label(""),
        by_code=MappingProxyType({spec.code: spec for spec in fields}),
        by_id=MappingProxyType({spec.id: spec for spec in fields}),
    )


def _field(entry: FieldEntry, type_id: int, ids: _Ids) -> FieldSpec:
    defaults = {setting.name: setting.default for setting in field_kinds.get(entry.kind).settings}
    return FieldSpec(
        id=ids.next(),
        type_id=type_id,
        code=entry.code,
        kind=entry.kind,
        label=_label(entry.label),
        help=Label(""),
        settings={**defaults, **entry.settings},
        target_type_id=ids.of_type(entry.target) if entry.target else None,
        options=tuple(OptionSpec(ids.next(), option.code, _label(option.label)) for option in entry.options),
    )


def _pipeline(entry: PipelineEntry, type_id: int, ids: _Ids) -> PipelineSpec:
    id = ids.next()
    stages = tuple(
        StageSpec(ids.next(), id, stage.code, _label(stage.label), stage.color, stage.meaning, position)
        for position, stage in enumerate(entry.stages)
    )
    reasons = tuple(ReasonSpec(ids.next(), id, each.code, _label(each.label)) for each in entry.reasons)
    return PipelineSpec(id, type_id, entry.code, _label(entry.label), stages, reasons)


@dataclass(slots=True)
class ExpressionReader:
    """Reads every expression of a configuration, noting faults with their places in the files."""

    generation: Generation
    problems: list[Problem] = field(default_factory=list)

    def canonical(self, configuration: Configuration, documents: Mapping[str, Document]) -> Configuration:
        """The configuration with all expressions in their one spelling; faulty ones stay as they are."""
        types = tuple(
            self._type(entry, documents[f"types/{entry.code}.yaml"]) for entry in configuration.types
        )
        pipelines = tuple(
            self._pipeline(entry, documents[f"pipelines/{entry.code}.yaml"])
            for entry in configuration.pipelines
        )
        return configuration.model_copy(update={"types": types, "pipelines": pipelines})

    def _type(self, entry: TypeEntry, document: Document) -> TypeEntry:
        fields = tuple(
            self._field(entry.code, each, document, ("fields", index))
            for index, each in enumerate(entry.fields)
        )
        tabs = tuple(
            self._tab(entry.code, each, document, ("layout", "card", index))
            for index, each in enumerate(entry.layout.card)
        )
        layout = entry.layout.model_copy(update={"card": tabs})
        return entry.model_copy(update={"fields": fields, "layout": layout})

    def _field(self, type: str, entry: FieldEntry, document: Document, place: Place) -> FieldEntry:
        update: dict[str, Any] = {}
        for name in CONDITIONS:
            text = getattr(entry, name)
            if text is not None:
                update[name] = self.read(type, text, (Kind.BOOLEAN,), document, (*place, name))
        spec = self.generation.types[type].by_code.get(entry.code)
        for name in ("default_formula", "formula"):
            text = getattr(entry, name)
            if text is not None:
                expected = default_kinds(spec) if spec else ()
                update[name] = self.read(type, text, expected, document, (*place, name))
        if entry.default_formula is not None and entry.default is not None:
            message = _("Give either a default or a formula for it; remove one of them.")
            self.problems.append(document.problem((*place, "default_formula"), message))
        return entry.model_copy(update=update) if update else entry

    def _tab(self, type: str, entry: TabEntry, document: Document, place: Place) -> TabEntry:
        sections = tuple(
            self._part(type, each, document, (*place, "sections", index))
            for index, each in enumerate(entry.sections)
        )
        whole = entry.model_copy(update={"sections": sections})
        return self._part(type, whole, document, place)

    def _part(self, type: str, entry: P, document: Document, place: Place) -> P:
        """A tab or a section with its condition."""
        if entry.visible_when is None:
            return entry
        where = (*place, "visible_when")
        text = self.read(type, entry.visible_when, (Kind.BOOLEAN,), document, where)
        return entry.model_copy(update={"visible_when": text})

    def _pipeline(self, entry: PipelineEntry, document: Document) -> PipelineEntry:
        stages = tuple(
            self._stage(entry.type, each, document, ("stages", index))
            for index, each in enumerate(entry.stages)
        )
        return entry.model_copy(update={"stages": stages})

    def _stage(self, type: str, entry: StageEntry, document: Document, place: Place) -> StageEntry:
        conditions = []
        for index, each in enumerate(entry.enter_when):
            where = (*place, "enter_when", index, "condition")
            text = self.read(type, each.condition, (Kind.BOOLEAN,), document, where)
            conditions.append(each.model_copy(update={"condition": text}))
        return entry.model_copy(update={"enter_when": tuple(conditions)})

    def read(self, type: str, text: str, expected: Sequence[Kind], document: Document, place: Place) -> str:
        """One expression in its one spelling; notes its faults with line and character."""
        spec = self.generation.types.get(type)
        if spec is None:
            return text
        scope = SchemaScope(self.generation)
        try:
            node = read(text, scope, spec.id, expected=expected)
        except ExpressionRefused as refusal:
            self.problems += [document.problem(place, in_words(place, fault)) for fault in refusal.faults]
            return text
        kept = place[-1] in ("formula", "frozen_when")
        problem = why_unfit(node, scope, spec.id, own=place[-1] == "frozen_when") if kept else ""
        if problem:
            self.problems.append(document.problem(place, f"“{place[-1]}”: {problem}"))
        return write(node, scope, spec.id, "codes")


def in_words(place: Place, fault: Fault) -> str:
    """One fault with its place in the expression."""
    message = _("“%(name)s”, character %(position)s: %(message)s")
    return message % {"name": place[-1], "position": fault.start + 1, "message": fault.message}


# What is installed


class Described(Document):
    """An installed thing, whose faults are named by codes instead of lines."""

    def problem(self, place: Place, message: str) -> Problem:
        things, value = [self.content], self.content
        for step in place:
            value = value[step]
            things += [value] if isinstance(value, Mapping) else []
        return Problem(path_called(things), 0, message)


def broken_expressions(before: Configuration, after: Configuration) -> list[str]:
    """Expressions that can be read before a change and no longer after it, with their faults."""
    known = set(_faults(before))
    return [fault for fault in _faults(after) if fault not in known]


def _faults(whole: Configuration) -> list[str]:
    reader = ExpressionReader(sketch([whole]))
    documents: dict[str, Document] = {
        f"{section}/{entry.code}.yaml": Described(entry.code, entry.model_dump(mode="json"), {})
        for section in ("types", "pipelines")
        for entry in whole.things(section)
    }
    reader.canonical(whole, documents)
    return [str(problem) for problem in reader.problems]


def print_expression(node: Node | None, generation: Generation, type_id: int) -> str | None:
    """An installed expression as files write it; None when there is none."""
    return None if node is None else write_expression(node, generation, type_id)


def write_expression(node: Node, generation: Generation, type_id: int) -> str:
    """An expression in its one spelling."""
    return write(node, SchemaScope(generation), type_id, "codes")

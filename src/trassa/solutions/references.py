"""Checks that everything a pack refers to exists, in the pack itself or in one that it requires."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from trassa.schema.actions.codes import RESERVED
from trassa.schema.actions.formulas import may_be_worked_out
from trassa.schema.actions.layouts import SHOWN_BASE_COLUMNS
from trassa.schema.errors import ValueRefused
from trassa.schema.registries import field_kinds
from trassa.solutions.documents import Document, Place
from trassa.solutions.errors import Problem
from trassa.solutions.format import (
    CalendarEntry,
    CardEntry,
    Configuration,
    FieldEntry,
    GrantEntry,
    PipelineEntry,
    PlaceEntry,
    PlainTabEntry,
    RuleEntry,
    StageEntry,
    TaskEntry,
    TypeEntry,
)
from trassa.work.queries.templates import templates_named


@dataclass(frozen=True, slots=True)
class _Known:
    """Everything that may be referred to."""

    types: Mapping[str, TypeEntry]
    pipelines: Mapping[str, PipelineEntry]
    departments: frozenset[str]
    roles: frozenset[str]
    calendars: frozenset[str]
    #: Template of tasks → the type that it is for, if any.
    tasks: Mapping[str, str | None]

    def fields_of(self, type_code: str) -> dict[str, FieldEntry]:
        found = self.types.get(type_code)
        return {field.code: field for field in found.fields} if found else {}


def check_references(
    configuration: Configuration, required: Sequence[Configuration], documents: Mapping[str, Document]
) -> list[Problem]:
    """All references to things that do not exist."""
    parts = [*required, configuration]
    known = _Known(
        types={entry.code: entry for part in parts for entry in part.types},
        pipelines={entry.code: entry for part in parts for entry in part.pipelines},
        departments=frozenset(entry.code for part in parts for entry in part.departments),
        roles=frozenset(entry.code for part in parts for entry in part.roles),
        calendars=frozenset(entry.code for part in parts for entry in part.calendars),
        tasks={entry.code: entry.type for part in parts for entry in part.tasks},
    )
    problems = list(_check_departments(configuration, known, documents.get("departments.yaml")))
    for calendar in configuration.calendars:
        problems += _check_calendar(calendar, documents[f"calendars/{calendar.code}.yaml"])
    for type_entry in configuration.types:
        problems += _check_type(type_entry, known, documents[f"types/{type_entry.code}.yaml"])
    for pipeline in configuration.pipelines:
        problems += _check_pipeline(pipeline, known, documents[f"pipelines/{pipeline.code}.yaml"])
    for role in configuration.roles:
        document = documents[f"roles/{role.code}.yaml"]
        for index, grant in enumerate(role.grants):
            problems += _check_grant(grant, known, document, ("grants", index))
        problems += _check_place(role.place, known, document)
    for task in configuration.tasks:
        problems += _check_task(task, known, documents[f"tasks/{task.code}.yaml"])
    for rule in configuration.rules:
        problems += _check_rule(rule, known, documents[f"rules/{rule.code}.yaml"])
    return problems


def _check_task(entry: TaskEntry, known: _Known, document: Document) -> Iterator[Problem]:
    """The type, role and department that a template of tasks names; its fields are looked at later."""
    if entry.type and entry.type not in known.types:
        yield _unknown(document, ("type",), _("type"), entry.type, known.types)
    if entry.role and entry.role not in known.roles:
        yield _unknown(document, ("role",), _("role"), entry.role, known.roles)
    if entry.department and entry.department not in known.departments:
        yield _unknown(document, ("department",), _("department"), entry.department, known.departments)


def _check_rule(entry: RuleEntry, known: _Known, document: Document) -> Iterator[Problem]:
    """The templates that a rule gives tasks by."""
    fitting = [code for code, type in known.tasks.items() if type in (None, entry.type)]
    for code in templates_named(entry.steps):
        if code not in fitting:
            yield _unknown(document, ("steps",), _("task template"), code, fitting)


def _unknown(document: Document, place: Place, what: str, code: str, known: Iterable[str]) -> Problem:
    message = _("There is no %(what)s “%(code)s”; known: %(known)s.")
    listed = ", ".join(sorted(known)) or "—"
    return document.problem(place, message % {"what": what, "code": code, "known": listed})


def _check_twice(document: Document, place: Place, codes: Sequence[str]) -> Iterator[Problem]:
    for index, code in enumerate(codes):
        if code in codes[:index]:
            message = _("The code “%(code)s” is used twice; give one of them another.") % {"code": code}
            yield document.problem((*place, index, "code"), message)


def _check_departments(
    configuration: Configuration, known: _Known, document: Document | None
) -> Iterator[Problem]:
    if document is None:
        return
    yield from _check_twice(document, (), [entry.code for entry in configuration.departments])
    for index, entry in enumerate(configuration.departments):
        if entry.parent and entry.parent not in known.departments:
            yield _unknown(document, (index, "parent"), _("department"), entry.parent, known.departments)
        if entry.calendar and entry.calendar not in known.calendars:
            yield _unknown(document, (index, "calendar"), _("calendar"), entry.calendar, known.calendars)


def _check_calendar(entry: CalendarEntry, document: Document) -> Iterator[Problem]:
    if entry.starts is None and len(entry.cycle) != 7:
        message = _("A week has seven days; a shift pattern says on which day it `starts`.")
        yield document.problem(("cycle",), message)
    if entry.zone not in available_timezones():
        yield document.problem(("zone",), _("There is no such time zone; write it like Europe/Moscow."))


def _check_type(entry: TypeEntry, known: _Known, document: Document) -> Iterator[Problem]:
    codes = {field.code for field in entry.fields}
    yield from _check_twice(document, ("fields",), [field.code for field in entry.fields])
    siblings = {field.code: field for field in entry.fields}
    for index, field in enumerate(entry.fields):
        yield from _check_field(field, siblings, known, document, ("fields", index))
    for name in [name for _text, name, _spec, _conversion in Formatter().parse(entry.title) if name]:
        if name not in codes:
            yield _unknown(document, ("title",), _("field"), name, codes)
    shown = codes | set(SHOWN_BASE_COLUMNS)
    yield from _check_card(entry.layout.card, shown, document, ("layout", "card"))
    yield from _check_twice(document, ("layout", "cards"), [card.code for card in entry.layout.cards])
    for index, card in enumerate(entry.layout.cards):
        yield from _check_further_card(entry.code, card, known, document, ("layout", "cards", index))
        yield from _check_card(card.tabs, shown, document, ("layout", "cards", index, "tabs"))
    for index, name in enumerate(entry.layout.list):
        if name not in shown:
            yield _unknown(document, ("layout", "list", index), _("field"), name, shown)
    for index, name in enumerate(entry.layout.board.subtitle):
        if name not in shown:
            yield _unknown(document, ("layout", "board", "subtitle", index), _("field"), name, shown)
    summable = [field.code for field in entry.fields if _is_summable(field)]
    if entry.layout.board.sum and entry.layout.board.sum not in summable:
        where: Place = ("layout", "board", "sum")
        yield _unknown(document, where, _("money or number field"), entry.layout.board.sum, summable)


def _check_further_card(
    type: str, card: CardEntry, known: _Known, document: Document, place: Place
) -> Iterator[Problem]:
    """A further layout is meant for roles and stages that exist, the latter in pipelines of its type."""
    stages = [
        f"{pipeline.code}.{stage.code}"
        for pipeline in known.pipelines.values()
        for stage in pipeline.stages
        if pipeline.type == type
    ]
    if not card.roles and not card.stages:
        message = _("Say for which roles or stages “%s” is meant.") % card.code
        yield document.problem(place, message)
    for index, code in enumerate(card.roles):
        if code not in known.roles:
            yield _unknown(document, (*place, "roles", index), _("role"), code, known.roles)
    for index, code in enumerate(card.stages):
        if code not in stages:
            yield _unknown(document, (*place, "stages", index), _("stage"), code, stages)


def _check_place(entry: PlaceEntry, known: _Known, document: Document) -> Iterator[Problem]:
    """Boards and lists that a menu names exist; what else it names may come from another room."""
    yield from _check_twice(document, ("place", "menu"), [group.code for group in entry.menu])
    named: list[tuple[Place, str]] = [(("place", "start"), entry.start)]
    for place, group in enumerate(entry.menu):
        named += [(("place", "menu", place, "entries", at), key) for at, key in enumerate(group.entries)]
    named += [(("place", "hidden", at), key) for at, key in enumerate(entry.hidden)]
    named += [(("place", "labels", key), key) for key in entry.labels]
    kinds = {"board": (_("pipeline"), known.pipelines), "list": (_("type"), known.types)}
    for where, key in named:
        kind, dot, code = key.partition(".")
        if dot and kind in kinds and code not in kinds[kind][1]:
            yield _unknown(document, where, *(kinds[kind][0], code, kinds[kind][1]))


def _check_card(
    tabs: Sequence[PlainTabEntry], shown: set[str], document: Document, around: Place
) -> Iterator[Problem]:
    """Tabs have codes of their own and names, and every field of the card exists and stands there once."""
    placed: set[str] = set()
    for tab_index, tab in enumerate(tabs):
        place: Place = (*around, tab_index)
        if tab.tab in [earlier.tab for earlier in tabs[:tab_index]]:
            message = _("The code “%(code)s” is used twice; give one of them another.") % {"code": tab.tab}
            yield document.problem((*place, "tab"), message)
        if len(tabs) > 1 and tab.label is None:
            yield document.problem(place, _("“%(name)s” is missing; add it.") % {"name": "label"})
        for section_index, section in enumerate(tab.sections):
            for index, name in enumerate(section.fields):
                where = (*place, "sections", section_index, "fields", index)
                if name not in shown:
                    yield _unknown(document, where, _("field"), name, shown)
                elif name in placed:
                    message = _("“%(code)s” already stands on the card; remove one of them.")
                    yield document.problem(where, message % {"code": name})
                placed.add(name)


def _is_summable(field: FieldEntry) -> bool:
    kind = field_kinds.find(field.kind)
    return kind is not None and kind.summable


def _check_shown(
    field: FieldEntry, siblings: Mapping[str, FieldEntry], known: _Known, document: Document, place: Place
) -> Iterator[Problem]:
    """What a lookup shows must be a field of the type that one of its own type's links points at."""
    if field_kinds.get(field.kind).storage != "linked":
        if field.shows:
            yield document.problem(place, _("Only a lookup shows the field of a linked record; remove it."))
        return
    link_code, _dot, code = (field.shows or "").partition(".")
    links = {sibling.code: sibling for sibling in siblings.values() if sibling.kind == "link"}
    if link_code not in links:
        yield _unknown(document, place, _("link"), link_code, links)
        return
    fields = known.fields_of(links[link_code].target or "")
    if code not in fields:
        yield _unknown(document, place, _("field"), code, fields)
    elif fields[code].shows:
        yield document.problem(place, _("A lookup cannot show another lookup; show the field itself."))
    elif field.frozen_when and not _may_be_kept(fields[code]):
        where = (*place[:-1], "frozen_when")
        yield document.problem(where, _("What this field shows cannot be kept as it was."))


def _may_be_kept(shown: FieldEntry) -> bool:
    kind = field_kinds.find(shown.kind)
    return kind is None or may_be_worked_out(kind)


def _check_field(
    field: FieldEntry,
    siblings: Mapping[str, FieldEntry],
    known: _Known,
    document: Document,
    place: Place,
) -> Iterator[Problem]:
    if field.kind not in field_kinds:
        kinds = [code for code, _kind in field_kinds.items()]
        yield _unknown(document, (*place, "kind"), _("field kind"), field.kind, kinds)
        return
    if field.code in RESERVED:
        message = _("The code “%(code)s” is reserved; choose another one.") % {"code": field.code}
        yield document.problem((*place, "code"), message)
    kind = field_kinds.get(field.kind)
    if field.sortable and not kind.sortable:
        yield document.problem((*place, "sortable"), _("Lists cannot be sorted by this kind; remove it."))
    if field.unique and not kind.unique:
        yield document.problem((*place, "unique"), _("Values of this kind cannot be unique; remove it."))
    if kind.with_target and field.target is None:
        yield document.problem(place, _("Say to which type the link leads."))
    elif kind.with_target and field.target not in known.types:
        yield _unknown(document, (*place, "target"), _("type"), field.target or "", known.types)
    if field.target and not kind.with_target:
        yield document.problem((*place, "target"), _("Only a link has a target; remove it."))
    yield from _check_shown(field, siblings, known, document, (*place, "shows"))
    if kind.with_options and not kind.options_optional and not field.options:
        yield document.problem(place, _("A choice needs options; list at least one."))
    if field.options and not kind.with_options:
        yield document.problem((*place, "options"), _("Only a choice has options; remove them."))
    yield from _check_twice(document, (*place, "options"), [option.code for option in field.options])
    settings = {setting.name: setting for setting in kind.settings}
    for name, value in field.settings.items():
        if name not in settings:
            yield _unknown(document, (*place, "settings", name), _("setting"), name, settings)
            continue
        try:
            settings[name].check(value)
        except ValueRefused as refusal:
            yield document.problem((*place, "settings", name), str(refusal.message))


def _check_pipeline(entry: PipelineEntry, known: _Known, document: Document) -> Iterator[Problem]:
    if entry.type not in known.types:
        yield _unknown(document, ("type",), _("type"), entry.type, known.types)
        return
    fields = known.fields_of(entry.type)
    stages = [stage.code for stage in entry.stages]
    yield from _check_twice(document, ("stages",), stages)
    yield from _check_twice(document, ("reasons",), [reason.code for reason in entry.reasons])
    if not stages or entry.stages[0].meaning != "open":
        yield document.problem(("stages",), _("A pipeline starts with an open stage; put one first."))
    for index, stage in enumerate(entry.stages):
        yield from _check_stage(stage, fields, stages, document, ("stages", index))
        if stage.reason and not entry.reasons:
            place = ("stages", index, "reason")
            yield document.problem(place, _("The stage asks for a reason but there are none; list them."))


def _check_stage(
    stage: StageEntry,
    fields: Mapping[str, FieldEntry],
    stages: Sequence[str],
    document: Document,
    place: Place,
) -> Iterator[Problem]:
    for index, code in enumerate(stage.requires):
        if code not in fields:
            yield _unknown(document, (*place, "requires", index), _("field"), code, fields)
    yield from _check_twice(document, (*place, "checklist"), [item.code for item in stage.checklist])
    dates = {code for code, field in fields.items() if field.kind in ("date", "datetime")}
    if stage.deadline and stage.deadline.field and stage.deadline.field not in dates:
        where = (*place, "deadline", "field")
        yield _unknown(document, where, _("date"), stage.deadline.field, dates)
    for index, code in enumerate(stage.next):
        if code not in stages:
            yield _unknown(document, (*place, "next", index), _("stage"), code, stages)


def _check_grant(grant: GrantEntry, known: _Known, document: Document, place: Place) -> Iterator[Problem]:
    if grant.type != "*" and grant.type not in known.types:
        yield _unknown(document, (*place, "type"), _("type"), grant.type, known.types)
        return
    pipeline = known.pipelines.get(grant.pipeline or "")
    if grant.pipeline and (pipeline is None or pipeline.type != grant.type):
        of_type = [entry.code for entry in known.pipelines.values() if entry.type == grant.type]
        yield _unknown(document, (*place, "pipeline"), _("pipeline"), grant.pipeline, of_type)
        return
    stages = [stage.code for stage in pipeline.stages] if pipeline else []
    if grant.stage and grant.stage not in stages:
        yield _unknown(document, (*place, "stage"), _("stage"), grant.stage, stages)
    if grant.field is None:
        return
    if grant.field not in known.fields_of(grant.type):
        yield _unknown(document, (*place, "field"), _("field"), grant.field, known.fields_of(grant.type))
    if grant.scope != "all" or not set(grant.verbs) <= {"see", "edit"}:
        message = _("A grant on a field allows “see” and “edit” only, with scope “all”.")
        yield document.problem((*place, "field"), message)

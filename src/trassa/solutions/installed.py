"""The installed configuration in the words of the format: what an export writes and a plan compares with.

Retired things are not there: they are neither exported nor compared.
"""

from collections.abc import Mapping
from typing import Any, Literal

from trassa.access.queries import grants_of_role, place_in_codes
from trassa.access.types import GrantSpec
from trassa.people.queries import (
    exceptions_of,
    list_calendars,
    list_departments,
    list_roles,
    place_of_role,
)
from trassa.people.types import PlaceSpec
from trassa.schema.queries import current_generation, pin_draft, revived_generation
from trassa.schema.registries import field_kinds
from trassa.schema.types import (
    CardLayout,
    CardSection,
    CardTab,
    FieldSpec,
    Generation,
    Label,
    OptionSpec,
    PipelineSpec,
    ReasonSpec,
    StageDeadline,
    StageSpec,
    TypeSpec,
)
from trassa.solutions.expressions import print_expression, write_expression
from trassa.solutions.format import (
    BoardEntry,
    CalendarEntry,
    CardEntry,
    ConditionEntry,
    Configuration,
    DeadlineEntry,
    DepartmentEntry,
    ExceptionEntry,
    FieldEntry,
    GrantEntry,
    ItemEntry,
    LayoutEntry,
    MenuGroupEntry,
    NumberEntry,
    OptionEntry,
    PipelineEntry,
    PlaceEntry,
    PlainSectionEntry,
    PlainTabEntry,
    ReasonEntry,
    RoleEntry,
    SectionEntry,
    StageEntry,
    TabEntry,
    TypeEntry,
    Words,
)
from trassa.solutions.grants import in_order, join_grants
from trassa.solutions.rules import installed_rules
from trassa.solutions.tasks import installed_tasks

#: Of stages that were set up without one.
NO_COLOR = "#8b95a3"


def installed_configuration() -> Configuration:
    """Everything that is set up here, retired things left out."""
    generation = current_generation()
    roles = {role.id: role.code for role in list_roles()}
    return Configuration(
        calendars=tuple(_calendar(row) for row in sorted(list_calendars(), key=lambda row: row.id)),
        departments=_departments(),
        types=tuple(_type(spec, generation, roles) for spec in generation),
        pipelines=tuple(_pipeline(spec, generation) for spec in generation.pipelines.values()),
        roles=_roles(generation),
        tasks=installed_tasks(generation),
        rules=installed_rules(generation),
    )


def revived_configuration() -> Configuration:
    """The installed configuration as if no type, field or pipeline had ever been retired."""
    with pin_draft(revived_generation()):
        return installed_configuration()


def _words(label: Label) -> Words:
    return Words(ru=label.ru or label.en, en=label.en)


def _optional_words(label: Label) -> Words | None:
    return _words(label) if label.ru or label.en else None


def _calendar(row: Any) -> CalendarEntry:
    return CalendarEntry(
        code=row.code,
        name=row.name,
        zone=row.zone,
        cycle=tuple(row.cycle),
        starts=row.starts_on.isoformat() if row.starts_on else None,
        country="RU" if row.country else "",
        company=row.is_company,
        exceptions=tuple(
            ExceptionEntry(day=each.day.isoformat(), hours=each.hours, note=each.note)
            for each in exceptions_of(row)
        ),
    )


def _departments() -> tuple[DepartmentEntry, ...]:
    """Departments, parents before their children."""
    calendars = {row.id: row.code for row in list_calendars()}
    left = {department.id: department for department in list_departments()}
    codes = {id: department.code for id, department in left.items()}
    ordered: list[DepartmentEntry] = []
    while left:
        ready = [row for row in left.values() if row.parent_id not in left]
        for row in sorted(ready, key=lambda row: row.id):
            parent = None if row.parent_id is None else codes[row.parent_id]
            calendar = calendars.get(row.calendar_id or 0)
            ordered.append(DepartmentEntry(code=row.code, name=row.name, parent=parent, calendar=calendar))
            del left[row.id]
    return tuple(ordered)


def _type(spec: TypeSpec, generation: Generation, roles: Mapping[int, str]) -> TypeEntry:
    return TypeEntry(
        code=spec.code,
        label=_words(spec.label),
        plural=_words(spec.plural),
        icon=spec.icon,
        menu=_optional_words(spec.menu),
        position=spec.position,
        title=spec.title_template,
        number=NumberEntry(prefix=spec.number_prefix, width=spec.number_width),
        fields=tuple(_field(field, generation) for field in spec.fields),
        layout=_layout(spec, generation, roles),
    )


def _field(spec: FieldSpec, generation: Generation) -> FieldEntry:
    target = generation.types_by_id.get(spec.target_type_id or 0)
    formula = print_expression(spec.formula, generation, spec.type_id)
    entry = FieldEntry(
        code=spec.code,
        kind=spec.kind,
        label=_words(spec.label),
        help=_optional_words(spec.help),
        required=spec.required,
        unique=spec.unique,
        read_only=spec.read_only,
        restricted=spec.needs_grant,
        sortable=spec.sortable,
        default=spec.default,
        default_formula=print_expression(spec.default_formula, generation, spec.type_id),
        visible_when=print_expression(spec.visible_when, generation, spec.type_id),
        required_when=print_expression(spec.required_when, generation, spec.type_id),
        editable_when=print_expression(spec.editable_when, generation, spec.type_id),
        formula=formula,
        frozen_when=print_expression(spec.frozen_when, generation, spec.type_id),
        formula_open=spec.formula_open,
        keeps_history=spec.keeps_history,
        target=target.code if target else None,
        shows=f"{spec.through.code}.{spec.shown.code}" if spec.through and spec.shown else None,
        settings=_settings(spec),
        options=tuple(_option(option) for option in spec.options if not option.retired),
    )
    return _as_lookup(entry) if spec.is_kept_lookup else entry


def _as_lookup(entry: FieldEntry) -> FieldEntry:
    """A lookup that stays as it was, as it was made: what it shows is the path that its formula names."""
    shown = {"kind": "lookup", "shows": entry.formula, "formula": None}
    return entry.model_copy(update={**shown, "target": None, "settings": {}, "options": ()})


def _settings(spec: FieldSpec) -> Mapping[str, Any]:
    """Settings that differ from the kind's defaults."""
    defaults = {setting.name: setting.default for setting in field_kinds.get(spec.kind).settings}
    return {name: value for name, value in spec.settings.items() if defaults.get(name) != value}


def _option(spec: OptionSpec) -> OptionEntry:
    return OptionEntry(code=spec.code, label=_words(spec.label), color=spec.color)


def _card(card: CardLayout, generation: Generation, roles: Mapping[int, str]) -> CardEntry | None:
    """A further layout; None when all the roles that it is for are retired."""
    if card.role_ids and not any(id in roles for id in card.role_ids):
        return None
    stages = [generation.stages_by_id[id] for id in card.stage_ids]
    return CardEntry(
        code=card.code,
        label=_words(card.label),
        roles=tuple(roles[id] for id in card.role_ids if id in roles),
        stages=tuple(f"{generation.pipelines_by_id[each.pipeline_id].code}.{each.code}" for each in stages),
        tabs=tuple(_plain_tab(tab) for tab in card.tabs),
    )


def _plain_tab(tab: CardTab) -> PlainTabEntry:
    sections = (
        PlainSectionEntry(label=_optional_words(part.label), fields=part.fields, columns=_columns(part))
        for part in tab.sections
    )
    return PlainTabEntry(tab=tab.code, label=_optional_words(tab.label), sections=tuple(sections))


def _layout(spec: TypeSpec, generation: Generation, roles: Mapping[int, str]) -> LayoutEntry:
    layouts = spec.layouts
    return LayoutEntry(
        card=tuple(_tab(tab, spec, generation) for tab in layouts.card),
        cards=tuple(made for card in layouts.cards if (made := _card(card, generation, roles)) is not None),
        list=layouts.list_columns,
        board=BoardEntry(subtitle=layouts.board_subtitle, sum=layouts.board_sum),
    )


def _tab(tab: CardTab, spec: TypeSpec, generation: Generation) -> TabEntry:
    sections = (
        SectionEntry(
            label=_optional_words(part.label),
            fields=part.fields,
            visible_when=print_expression(part.visible_when, generation, spec.id),
            columns=_columns(part),
        )
        for part in tab.sections
    )
    return TabEntry(
        tab=tab.code,
        label=_optional_words(tab.label),
        visible_when=print_expression(tab.visible_when, generation, spec.id),
        sections=tuple(sections),
    )


def _columns(section: CardSection) -> Literal[1, 2]:
    return 1 if section.columns == 1 else 2


def _pipeline(spec: PipelineSpec, generation: Generation) -> PipelineEntry:
    type_spec = generation.types_by_id[spec.type_id]
    stage_codes = {stage.id: stage.code for stage in spec.stages}
    return PipelineEntry(
        code=spec.code,
        type=type_spec.code,
        label=_words(spec.label),
        position=spec.position,
        stages=tuple(_stage(stage, type_spec, stage_codes, generation) for stage in spec.stages),
        reasons=tuple(_reason(reason) for reason in spec.reasons),
    )


def _stage(
    spec: StageSpec, type_spec: TypeSpec, stage_codes: Mapping[int, str], generation: Generation
) -> StageEntry:
    fields = type_spec.by_id
    return StageEntry(
        code=spec.code,
        label=_words(spec.label),
        color=spec.color or NO_COLOR,
        meaning=spec.meaning,
        requires=tuple(fields[id].code for id in spec.required_field_ids if id in fields),
        enter_when=tuple(
            ConditionEntry(
                code=each.code,
                condition=write_expression(each.condition, generation, type_spec.id),
                message=_words(each.message),
            )
            for each in spec.enter_when
        ),
        next=tuple(stage_codes[id] for id in spec.next_stage_ids if id in stage_codes),
        reason=spec.reason_required,
        checklist=tuple(
            ItemEntry(code=item.code, label=_words(item.label), required=item.required)
            for item in spec.checklist
        ),
        deadline=_deadline(spec.deadline, type_spec),
    )


def _deadline(spec: StageDeadline | None, type_spec: TypeSpec) -> DeadlineEntry | None:
    if spec is None:
        return None
    field = type_spec.by_id.get(spec.field_id or 0)
    after, warning, escalation = (
        str(each) if each else None for each in (spec.after, spec.warning, spec.escalation)
    )
    return DeadlineEntry(
        after=after, field=field.code if field else None, warning=warning, escalation=escalation
    )


def _reason(spec: ReasonSpec) -> ReasonEntry:
    return ReasonEntry(code=spec.code, label=_words(spec.label))


def _roles(generation: Generation) -> tuple[RoleEntry, ...]:
    entries = []
    for role in list_roles():
        grants = [
            entry for spec in grants_of_role(role.id) if (entry := _grant(spec, generation)) is not None
        ]
        label = Words(ru=role.label.get("ru") or role.code, en=role.label.get("en", ""))
        joined = tuple(join_grants(in_order(grants)))
        place = _place(place_of_role(role.id), generation)
        entries.append(RoleEntry(code=role.code, label=label, place=place, grants=joined))
    return tuple(entries)


def _place(spec: PlaceSpec, generation: Generation) -> PlaceEntry:
    """A role's place; boards and lists that are retired are left out."""

    def is_there(key: str) -> bool:
        kind, _dot, code = key.partition(".")
        return code in {"board": generation.pipelines, "list": generation.types}.get(kind, {code: None})

    return PlaceEntry(
        start=spec.start if is_there(spec.start) else "",
        menu=tuple(
            MenuGroupEntry(
                code=group.code,
                label=_place_words(group.label),
                entries=tuple(filter(is_there, group.entries)),
            )
            for group in spec.menu
        ),
        hidden=tuple(filter(is_there, spec.hidden)),
        home=spec.home,
        labels={
            key: words for key, each in spec.labels.items() if is_there(key) and (words := _place_words(each))
        },
        position=spec.position,
    )


def _place_words(words: Mapping[str, str]) -> Words | None:
    return _optional_words(Label(words.get("ru", ""), words.get("en", "")))


def _grant(spec: GrantSpec, generation: Generation) -> GrantEntry | None:
    """The grant in codes; None when it speaks of something retired."""
    place = place_in_codes(spec, generation)
    if place is None:
        return None
    return GrantEntry(
        type=place["type"] or "*",
        pipeline=place["pipeline"],
        stage=place["stage"],
        field=place["field"],
        verbs=(spec.verb.value,),
        scope=spec.scope.value,
    )

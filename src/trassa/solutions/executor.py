"""Makes the installed configuration what a plan says, through the actions of the rooms below.

Works entity by entity: whatever differs between `plan.installed` and `plan.target` is created, restored or
changed; what only `plan.installed` has is retired. No data are ever removed.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from trassa.automation.actions import save_rules
from trassa.people.types import Cause
from trassa.schema.actions import (
    CardDraft,
    DeadlineDraft,
    ItemDraft,
    OptionDraft,
    PipelineDraft,
    ReasonDraft,
    SchemaChange,
    StageDraft,
    asking_dependants_last,
    changing_schema,
)
from trassa.schema.queries import Retired, list_retired
from trassa.schema.types import CardSection, CardTab, Label, Layouts
from trassa.solutions.conditions import (
    read_condition,
    save_expressions,
    save_pipeline,
    withdrawn_expressions,
)
from trassa.solutions.conversions import rewrite_values
from trassa.solutions.departures import (
    leaving_pipelines,
    leaving_types,
    retire_people,
    retire_rules,
    retire_schema,
)
from trassa.solutions.format import (
    CardEntry,
    DeadlineEntry,
    FieldEntry,
    LayoutEntry,
    PipelineEntry,
    PlainTabEntry,
    RoleEntry,
    TabEntry,
    TypeEntry,
    Words,
)
from trassa.solutions.organisation import name_role, save_calendar, save_department, save_role
from trassa.solutions.plans import Plan
from trassa.solutions.rules import rule_draft
from trassa.solutions.tasks import retire_tasks, save_tasks


def execute(plan: Plan, *, actor_id: int | None, cause: Cause) -> None:
    """Carry out the plan inside the caller's transaction.

    Rules are written after the schema: one apply may change a rule and take away what it used.
    """
    here_calendars = {entry.code: entry for entry in plan.installed.calendars}
    for calendar in plan.target.calendars:
        if here_calendars.get(calendar.code) != calendar:
            save_calendar(calendar, actor_id, cause)
    for department in plan.target.departments:
        save_department(department, actor_id, cause)
    here_roles = {entry.code: entry for entry in plan.installed.roles}
    roles = [role for role in plan.target.roles if here_roles.get(role.code) != role]
    for role in roles:
        name_role(role, actor_id, cause)
    with asking_dependants_last():
        _execute_schema_and_rules(plan, roles, actor_id, cause)
    retire_people(plan, actor_id=actor_id, cause=cause)


def _execute_schema_and_rules(
    plan: Plan, roles: Iterable[RoleEntry], actor_id: int | None, cause: Cause
) -> None:
    """The tables, what roles may do with them, templates of tasks, and rules."""
    retire_rules(plan, actor_id=actor_id, cause=cause)
    if _changed_types(plan) or _changed_pipelines(plan) or leaving_types(plan) or leaving_pipelines(plan):
        rewrite_values(plan.conversions, cause=cause)
        with changing_schema(actor_id=actor_id, cause=cause) as change:
            change_schema(change, plan)
    for role in roles:
        save_role(role, actor_id, cause)
    here_rules = {entry.code: entry for entry in plan.installed.rules}
    rules = [rule_draft(rule) for rule in plan.target.rules if here_rules.get(rule.code) != rule]
    save_tasks(plan, actor_id=actor_id, cause=cause)
    save_rules(rules, actor_id=actor_id, cause=cause)
    retire_tasks(plan, actor_id=actor_id, cause=cause)


def change_schema(change: SchemaChange, plan: Plan) -> None:
    """Types, fields, pipelines and layouts as the plan says; values of converted fields fit already."""
    here = {entry.code: entry for entry in plan.installed.types}
    types = _changed_types(plan)
    _save_types(change, types, here, list_retired())
    for pipeline in _changed_pipelines(plan):
        save_pipeline(change, pipeline, _pipeline_draft(pipeline))
    save_expressions(change, types, here)
    _save_layouts(change, types, here)
    retire_schema(change, plan)


def _changed_types(plan: Plan) -> list[TypeEntry]:
    here = {entry.code: entry for entry in plan.installed.types}
    return [entry for entry in plan.target.types if here.get(entry.code) != entry]


def _changed_pipelines(plan: Plan) -> list[PipelineEntry]:
    here = {entry.code: entry for entry in plan.installed.pipelines}
    return [entry for entry in plan.target.pipelines if here.get(entry.code) != entry]


def _label(words: Words | None) -> Label:
    return Label(ru=words.ru, en=words.en) if words else Label(ru="")


def _save_types(
    change: SchemaChange, entries: Iterable[TypeEntry], here: Mapping[str, TypeEntry], retired: Retired
) -> None:
    """First all types, then their fields, because fields link to types; then lookups, which show fields of
    other types. Expressions and layouts name all of them and come later."""
    entries = list(entries)
    for entry in entries:
        _save_type(change, entry, here.get(entry.code), retired)
    for with_lookups in (False, True):
        for entry in entries:
            before = {field.code: field for field in here[entry.code].fields} if entry.code in here else {}
            order = list(before)
            for position, field in enumerate(entry.fields):
                moved = position >= len(order) or order[position] != field.code
                if bool(field.shows) is not with_lookups:
                    continue
                _restore_field(change, entry.code, field.code, retired)
                known = before.get(field.code)
                back = known is None and (entry.code, field.code) in retired.fields
                _save_field(change, entry.code, field, known, position, moved=moved, back=back)


def _save_layouts(change: SchemaChange, entries: Iterable[TypeEntry], here: Mapping[str, TypeEntry]) -> None:
    for entry in entries:
        if entry.code not in here or here[entry.code].layout != entry.layout:
            change.save_layouts(entry.code, _layouts(change, entry.code, entry.layout))
        if (here[entry.code].layout.cards if entry.code in here else ()) != entry.layout.cards:
            change.save_cards(entry.code, [_card(card) for card in entry.layout.cards])


def _restore_field(change: SchemaChange, type_code: str, code: str, retired: Retired) -> None:
    known = retired.fields.get((type_code, code))
    if known is not None and known.itself:
        change.restore_field(type_code, code)


def _save_type(change: SchemaChange, entry: TypeEntry, before: TypeEntry | None, retired: Retired) -> None:
    if before is None and entry.code in retired.types:
        change.restore_type(entry.code)
        change.change_type(entry.code, **_type_details(entry))
    elif before is None:
        change.create_type(entry.code, **_type_details(entry))
    elif _type_details(before) != _type_details(entry):
        change.change_type(entry.code, **_type_details(entry))


def _type_details(entry: TypeEntry) -> Any:
    return {
        "label": _label(entry.label),
        "plural": _label(entry.plural),
        "icon": entry.icon,
        "menu": _label(entry.menu),
        "title_template": entry.title,
        "number_prefix": entry.number.prefix,
        "number_width": entry.number.width,
        "position": entry.position,
    }


def _save_field(
    change: SchemaChange,
    type_code: str,
    entry: FieldEntry,
    before: FieldEntry | None,
    position: int,
    *,
    moved: bool,
    back: bool,
) -> None:
    """Create a field or change it; one that came `back` is there, whatever it was before."""
    details = _field_details(entry)
    if back:
        change.change_field(type_code, entry.code, position=position, **details)
        return
    if before is None:
        if entry.target:
            details["target"] = entry.target
        if entry.shows:
            details["shows"] = entry.shows
        change.add_field(type_code, entry.code, entry.kind, position=position, **details)
        return
    if before.kind != entry.kind:
        change.convert_field(type_code, entry.code, entry.kind, **details)
    older = _field_details(before)
    changed = {name: value for name, value in details.items() if older.get(name) != value}
    changed |= withdrawn_expressions(entry, before)
    if moved:
        changed["position"] = position
    if changed:
        change.change_field(type_code, entry.code, **changed)


def _field_details(entry: FieldEntry) -> dict[str, Any]:
    details: dict[str, Any] = {
        "label": _label(entry.label),
        "help": _label(entry.help),
        "required": entry.required,
        "unique": entry.unique,
        "read_only": entry.read_only,
        "restricted": entry.restricted,
        "sortable": entry.sortable,
        "formula_open": entry.formula_open,
        "keeps_history": entry.keeps_history,
        "default": entry.default,
        "settings": dict(entry.settings),
    }
    if entry.options:
        details["options"] = [
            OptionDraft(option.code, _label(option.label), option.color) for option in entry.options
        ]
    return details


def _layouts(change: SchemaChange, type_code: str, entry: LayoutEntry) -> Layouts:
    return Layouts(
        card=tuple(_card_tab(change, type_code, tab) for tab in entry.card),
        list_columns=entry.list,
        board_subtitle=entry.board.subtitle,
        board_sum=entry.board.sum,
    )


def _card_tab(change: SchemaChange, type_code: str, entry: TabEntry) -> CardTab:
    sections = (
        CardSection(
            _label(part.label),
            part.fields,
            visible_when=read_condition(change, type_code, part.visible_when),
            columns=part.columns,
        )
        for part in entry.sections
    )
    condition = read_condition(change, type_code, entry.visible_when)
    return CardTab(entry.tab, _label(entry.label), tuple(sections), condition)


def _card(entry: CardEntry) -> CardDraft:
    stages = (stage.split(".") for stage in entry.stages)
    return CardDraft(
        entry.code,
        _label(entry.label),
        tuple(_plain_tab(tab) for tab in entry.tabs),
        roles=entry.roles,
        stages=tuple((pipeline, stage) for pipeline, stage in stages),
    )


def _plain_tab(entry: PlainTabEntry) -> CardTab:
    sections = (CardSection(_label(each.label), each.fields, columns=each.columns) for each in entry.sections)
    return CardTab(entry.tab, _label(entry.label), tuple(sections))


def _pipeline_draft(entry: PipelineEntry) -> PipelineDraft:
    stages = (
        StageDraft(
            code=stage.code,
            label=_label(stage.label),
            color=stage.color,
            meaning=stage.meaning,
            required_fields=stage.requires,
            next_stages=stage.next,
            reason_required=stage.reason,
            deadline=_deadline(stage.deadline),
            checklist=tuple(
                ItemDraft(item.code, _label(item.label), item.required) for item in stage.checklist
            ),
        )
        for stage in entry.stages
    )
    reasons = (ReasonDraft(reason.code, _label(reason.label)) for reason in entry.reasons)
    return PipelineDraft(entry.code, _label(entry.label), tuple(stages), tuple(reasons), entry.position)


def _deadline(entry: DeadlineEntry | None) -> DeadlineDraft | None:
    if entry is None:
        return None
    return DeadlineDraft(entry.after or "", entry.field or "", entry.warning or "", entry.escalation or "")

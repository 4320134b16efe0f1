"""Takes out of use what a plan leaves out; tables, columns and values stay."""

from collections.abc import Iterable

from trassa.automation.actions import retire_rule
from trassa.people.actions import retire_calendar, retire_department, retire_role
from trassa.people.queries import find_calendar, find_department, find_role
from trassa.people.types import Cause
from trassa.schema.actions import SchemaChange
from trassa.solutions.format import PipelineEntry, TypeEntry
from trassa.solutions.plans import Plan


def leaving_types(plan: Plan) -> list[TypeEntry]:
    """Types that the plan takes out of use."""
    staying = {entry.code for entry in plan.target.types}
    return [entry for entry in plan.installed.types if entry.code not in staying]


def leaving_pipelines(plan: Plan) -> list[PipelineEntry]:
    """Pipelines that the plan takes out of use."""
    staying = {entry.code for entry in plan.target.pipelines}
    return [entry for entry in plan.installed.pipelines if entry.code not in staying]


def retire_schema(change: SchemaChange, plan: Plan) -> None:
    """Retire pipelines, then fields (those that show others first), then types, which fields link to."""
    for pipeline in leaving_pipelines(plan):
        change.retire_pipeline(pipeline.code)
    fields = {entry.code: {field.code for field in entry.fields} for entry in plan.target.types}
    going = [
        (bool(field.shows), entry.code, field.code)
        for entry in plan.installed.types
        for field in entry.fields
        if entry.code in fields and field.code not in fields[entry.code]
    ]
    linking = [
        (bool(field.shows), type.code, field.code)
        for type in leaving_types(plan)
        for field in type.fields
        if field.target or field.shows
    ]
    for _shows, type_code, code in sorted(going, reverse=True):
        change.retire_field(type_code, code)
    _retire_types(change, [entry.code for entry in leaving_types(plan)], linking)


def _retire_types(
    change: SchemaChange, codes: Iterable[str], linking: Iterable[tuple[bool, str, str]]
) -> None:
    """Retire types; those that link to each other lose these links with them, and first what shows them."""
    codes = list(codes)
    if len(codes) > 1:
        for _shows, type_code, code in sorted(linking, reverse=True):
            change.retire_field(type_code, code)
    for code in codes:
        change.retire_type(code)


def retire_rules(plan: Plan, *, actor_id: int | None, cause: Cause) -> None:
    """Retire rules, before what they use goes."""
    staying = {entry.code for entry in plan.target.rules}
    for entry in plan.installed.rules:
        if entry.code not in staying:
            retire_rule(entry.code, actor_id=actor_id, cause=cause)


def retire_people(plan: Plan, *, actor_id: int | None, cause: Cause) -> None:
    """Retire roles, departments from the leaves up, and calendars."""
    roles = {entry.code for entry in plan.target.roles}
    for entry in plan.installed.roles:
        row = find_role(entry.code) if entry.code not in roles else None
        if row is not None:
            retire_role(row, actor_id=actor_id, cause=cause)
    departments = {entry.code for entry in plan.target.departments}
    for department in reversed(plan.installed.departments):
        found = find_department(department.code) if department.code not in departments else None
        if found is not None:
            retire_department(found, actor_id=actor_id, cause=cause)
    calendars = {entry.code for entry in plan.target.calendars}
    for calendar in plan.installed.calendars:
        leaving = find_calendar(calendar.code) if calendar.code not in calendars else None
        if leaving is not None:
            retire_calendar(leaving, actor_id=actor_id, cause=cause)

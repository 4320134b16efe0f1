"""What leaves with a plan: tombstones, references that would hang loose, and what stands in the way."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from string import Formatter
from typing import TypeVar

from trassa.schema.actions.layouts import SHOWN_BASE_COLUMNS
from trassa.solutions import obstacles
from trassa.solutions.facts import Facts
from trassa.solutions.format import (
    CardEntry,
    Configuration,
    DeadlineEntry,
    FieldEntry,
    GrantEntry,
    LayoutEntry,
    PipelineEntry,
    PlaceEntry,
    PlainTabEntry,
    RetiredEntry,
    TypeEntry,
)
from trassa.work.queries.templates import templates_named

T = TypeVar("T", bound=PlainTabEntry)


def retired_part(
    gone: Iterable[RetiredEntry], installed: Configuration, before: Configuration, after: Configuration
) -> tuple[Configuration, Configuration]:
    """Both sides of a plan, widened by the owners of what goes when the pack does not speak of them."""
    owners: dict[str, set[str]] = {}
    for entry in gone:
        section = entry.section
        if not any(each.code == entry.codes[0] for each in getattr(before, section)):
            owners.setdefault(section, set()).add(entry.codes[0])
    extra = installed.part(owners)
    spoken = {section: codes | owners.get(section, set()) for section, codes in before.codes().items()}
    return installed.part(spoken), after.joined(extra)


def without(gone: Sequence[RetiredEntry], configuration: Configuration) -> Configuration:
    """The configuration less what goes."""
    leaving = {entry.named: set[tuple[str, ...]]() for entry in gone}
    for entry in gone:
        leaving[entry.named].add(entry.codes)

    def stays(named: tuple[str, ...], *codes: str) -> bool:
        return codes not in leaving.get(named, ())

    def trim_field(type: TypeEntry, field: FieldEntry) -> FieldEntry:
        left = [o for o in field.options if stays(("type", "field", "option"), type.code, field.code, o.code)]
        return field.model_copy(update={"options": tuple(left)})

    def trim_type(type: TypeEntry) -> TypeEntry:
        left = [field for field in type.fields if stays(("type", "field"), type.code, field.code)]
        return type.model_copy(update={"fields": tuple(trim_field(type, field) for field in left)})

    def trim_pipeline(pipeline: PipelineEntry) -> PipelineEntry:
        stages = [s for s in pipeline.stages if stays(("pipeline", "stage"), pipeline.code, s.code)]
        reasons = [r for r in pipeline.reasons if stays(("pipeline", "reason"), pipeline.code, r.code)]
        return pipeline.model_copy(update={"stages": tuple(stages), "reasons": tuple(reasons)})

    return Configuration(
        calendars=tuple(c for c in configuration.calendars if stays(("calendar",), c.code)),
        departments=tuple(d for d in configuration.departments if stays(("department",), d.code)),
        types=tuple(trim_type(type) for type in configuration.types if stays(("type",), type.code)),
        pipelines=tuple(trim_pipeline(p) for p in configuration.pipelines if stays(("pipeline",), p.code)),
        roles=tuple(role for role in configuration.roles if stays(("role",), role.code)),
        tasks=tuple(task for task in configuration.tasks if stays(("task",), task.code)),
        rules=tuple(rule for rule in configuration.rules if stays(("rule",), rule.code)),
    )


def without_retired(
    extending: Configuration, gone: Sequence[RetiredEntry], required: Iterable[Configuration]
) -> Configuration:
    """Extended things without what the extending pack itself retires of them, and without mentions of it."""
    left = without(gone, extending)
    whole = Configuration()
    for part in required:
        whole = whole.replaced(part, part)
    return without_loose_ends(left, without(gone, whole.replaced(extending, left))) if gone else extending


def retired_here(base: Configuration, here: Configuration) -> Iterator[RetiredEntry]:
    """Tombstones of what `base` has and `here` lacks, outermost only."""
    for entry in _tombstones(base):
        if here.find(entry) is None:
            outer = dict(zip(entry.named[:-1], entry.codes[:-1], strict=True))
            if not outer or here.find(RetiredEntry.model_validate(outer)) is not None:
                yield entry


def _tombstones(configuration: Configuration) -> Iterator[RetiredEntry]:
    """The tombstone of everything that can have one: rules first, then what they use, types at last."""
    for rule in configuration.rules:
        yield RetiredEntry(rule=rule.code)
    for task in configuration.tasks:
        yield RetiredEntry(task=task.code)
    for role in configuration.roles:
        yield RetiredEntry(role=role.code)
    for department in configuration.departments:
        yield RetiredEntry(department=department.code)
    for calendar in configuration.calendars:
        yield RetiredEntry(calendar=calendar.code)
    for pipeline in configuration.pipelines:
        yield RetiredEntry(pipeline=pipeline.code)
        yield from (RetiredEntry(pipeline=pipeline.code, stage=each.code) for each in pipeline.stages)
        yield from (RetiredEntry(pipeline=pipeline.code, reason=each.code) for each in pipeline.reasons)
    for type in configuration.types:
        yield RetiredEntry(type=type.code)
        for field in type.fields:
            yield RetiredEntry(type=type.code, field=field.code)
            for option in field.options:
                yield RetiredEntry(type=type.code, field=field.code, option=option.code)


def added_here(base: Configuration, here: Configuration) -> Iterator[RetiredEntry]:
    """What `here` has and `base` lacks, each thing as a tombstone would name it, outermost only."""
    return retired_here(here, base)


def without_loose_ends(after: Configuration, whole: Configuration) -> Configuration:
    """`after` without mentions of fields, stages and types that are not there in `whole`.

    What was retired here before may still be named by the pack; a mention of it is left out as well.
    """
    fields = {type.code: {field.code for field in type.fields} for type in whole.types}
    pipelines = {pipeline.code: pipeline for pipeline in whole.pipelines}
    stages = {f"{pipeline.code}.{stage.code}" for pipeline in whole.pipelines for stage in pipeline.stages}
    codes = {role.code for role in whole.roles}
    types = [
        type.model_copy(update={"layout": _tied_layout(type.layout, fields[type.code], codes, stages)})
        for type in after.types
    ]
    roles = [
        role.model_copy(
            update={
                "grants": tuple(each for each in role.grants if _is_tied(each, fields, pipelines)),
                "place": _tied_place(role.place, fields, pipelines),
            }
        )
        for role in after.roles
    ]
    ways = [_tied_pipeline(pipeline, fields.get(pipeline.type)) for pipeline in after.pipelines]
    return after.model_copy(update={"types": tuple(types), "pipelines": tuple(ways), "roles": tuple(roles)})


def _tied_layout(
    layout: LayoutEntry, fields: set[str], roles: Container[str], stages: Container[str]
) -> LayoutEntry:
    shown = fields | set(SHOWN_BASE_COLUMNS)

    def tied(codes: Iterable[str]) -> tuple[str, ...]:
        return tuple(code for code in codes if code in shown)

    def tied_tab(tab: T) -> T:
        sections = (each.model_copy(update={"fields": tied(each.fields)}) for each in tab.sections)
        return tab.model_copy(update={"sections": tuple(sections)})

    def tied_card(card: CardEntry) -> CardEntry | None:
        """The card for those of its roles and stages that are there; None when it would be for others."""
        left = tuple(code for code in card.roles if code in roles)
        on = tuple(code for code in card.stages if code in stages)
        if bool(left) is not bool(card.roles) or bool(on) is not bool(card.stages):
            return None
        tabs = tuple(tied_tab(tab) for tab in card.tabs)
        return card.model_copy(update={"roles": left, "stages": on, "tabs": tabs})

    tabs = tuple(tied_tab(tab) for tab in layout.card)
    cards = tuple(each for card in layout.cards if (each := tied_card(card)) is not None)
    total = layout.board.sum if layout.board.sum in fields else ""
    board = layout.board.model_copy(update={"subtitle": tied(layout.board.subtitle), "sum": total})
    return layout.model_copy(update={"card": tabs, "cards": cards, "list": tied(layout.list), "board": board})


def _tied_place(place: PlaceEntry, types: Container[str], pipelines: Container[str]) -> PlaceEntry:
    """A role's place without boards and lists that are not there."""

    def is_there(key: str) -> bool:
        kind, _dot, code = key.partition(".")
        return code in {"board": pipelines, "list": types}.get(kind, {code})

    menu = (
        group.model_copy(update={"entries": tuple(filter(is_there, group.entries))}) for group in place.menu
    )
    return place.model_copy(
        update={
            "start": place.start if is_there(place.start) else "",
            "menu": tuple(menu),
            "hidden": tuple(filter(is_there, place.hidden)),
            "labels": {key: words for key, words in place.labels.items() if is_there(key)},
        }
    )


def _tied_pipeline(pipeline: PipelineEntry, fields: set[str] | None) -> PipelineEntry:
    stages = {stage.code for stage in pipeline.stages}
    tied = [
        stage.model_copy(
            update={
                "requires": tuple(code for code in stage.requires if fields is None or code in fields),
                "next": tuple(code for code in stage.next if code in stages),
                "deadline": _tied_deadline(stage.deadline, fields),
            }
        )
        for stage in pipeline.stages
    ]
    return pipeline.model_copy(update={"stages": tuple(tied)})


def _tied_deadline(deadline: DeadlineEntry | None, fields: set[str] | None) -> DeadlineEntry | None:
    """The deadline, none when the date that it counts from is gone."""
    if deadline is None or fields is None or deadline.field is None or deadline.field in fields:
        return deadline
    return None


def _is_tied(
    grant: GrantEntry, fields: Mapping[str, set[str]], pipelines: Mapping[str, PipelineEntry]
) -> bool:
    """Whether everything that a grant names is there."""
    if grant.type == "*":
        return True
    pipeline = pipelines.get(grant.pipeline or "")
    if grant.pipeline and (pipeline is None or pipeline.type != grant.type):
        return False
    if grant.stage and (pipeline is None or grant.stage not in {stage.code for stage in pipeline.stages}):
        return False
    return grant.type in fields and (grant.field is None or grant.field in fields[grant.type])


def find_obstacles(
    before: Configuration,
    after: Configuration,
    whole: Configuration,
    facts: Facts,
    gone: Sequence[RetiredEntry],
) -> Iterator[str]:
    """Why something that leaves between `before` and `after` cannot; `whole` is everything afterwards."""
    successors = {entry.codes: entry.successor or "" for entry in gone}
    kept = {pipeline.code: pipeline for pipeline in after.pipelines}
    for pipeline in before.pipelines:
        left = {stage.code for stage in kept[pipeline.code].stages} if pipeline.code in kept else set()
        for stage in pipeline.stages:
            address = f"{pipeline.code}.{stage.code}"
            count = 0 if stage.code in left else facts.count("stage", address)
            if count:
                successor = successors.get((pipeline.code, stage.code), "")
                yield obstacles.describe_occupied("stage", address, count, successor)
    yield from _find_linked(before, after, whole)
    yield from _find_shown(before, whole)
    for type in after.types:
        codes = {field.code for field in type.fields}
        for _text, name, _spec, _conversion in Formatter().parse(type.title):
            if name and name not in codes:
                yield obstacles.describe_title(type.code, f"{type.code}.{name}")
    left_tasks = {task.code for task in after.tasks}
    for task in before.tasks:
        users = [rule.code for rule in whole.rules if task.code in templates_named(rule.steps)]
        if users and task.code not in left_tasks:
            yield obstacles.describe_given(task.code, users)
    staying = {department.code for department in after.departments}
    for department in before.departments:
        if department.code in staying:
            continue
        count = facts.count("department", department.code)
        below = [each.code for each in whole.departments if each.parent == department.code]
        if count:
            yield obstacles.describe_occupied("department", department.code, count, "")
        if below:
            yield obstacles.describe_parent(department.code, below)


def _find_linked(before: Configuration, after: Configuration, whole: Configuration) -> Iterator[str]:
    """Types that go while fields of other types link to them or pipelines belong to them."""
    staying = {type.code for type in after.types}
    for type in before.types:
        if type.code in staying:
            continue
        links = [
            f"{other.code}.{field.code}"
            for other in whole.types
            for field in other.fields
            if field.target == type.code
        ]
        if links:
            yield obstacles.describe_linked(type.code, links)
        ways = [pipeline.code for pipeline in whole.pipelines if pipeline.type == type.code]
        if ways:
            yield obstacles.describe_in_pipelines(type.code, ways)


def _find_shown(before: Configuration, whole: Configuration) -> Iterator[str]:
    """Fields that go while lookups show them or go through them."""
    fields = {(type.code, field.code): field for type in whole.types for field in type.fields}
    users: dict[tuple[str, str], list[str]] = {}
    for (type_code, code), field in fields.items():
        if field.shows:
            link, _dot, shown = field.shows.partition(".")
            through = fields.get((type_code, link))
            target = through.target if through else None
            for used in ((type_code, link), (target or "", shown)):
                users.setdefault(used, []).append(f"{type_code}.{code}")
    staying = {type.code for type in whole.types}
    for type in before.types:
        for each in type.fields:
            place = (type.code, each.code)
            if type.code in staying and place not in fields and place in users:
                yield obstacles.describe_shown(".".join(place), users[place])

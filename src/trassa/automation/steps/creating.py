"""The step that makes a record for another one, or brings the one it made up to date.

It makes one record for each record and `key`, however often it is asked; chosen fields stay in step.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.access.queries import system_actor
from trassa.automation.actions.running import read_rows, type_of, write_for
from trassa.automation.checking import Checking
from trassa.automation.models import Companion
from trassa.automation.queries.choices import check_choice
from trassa.automation.queries.values import json_values
from trassa.automation.steps.moving import place_label
from trassa.automation.steps.people import Chosen, choose_people
from trassa.automation.steps.values import compute_values
from trassa.automation.types import CompiledRule, Flight, Instruction, Mirror, Settings, StepKind
from trassa.kernel import Invalid
from trassa.records.queries import list_records
from trassa.records.types import Change, Filter, ListQuery, Write
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec


class Create(Settings):
    """What is made. Without a `type` a copy of the record's own type."""

    type: str = ""
    pipeline: str = ""
    stage: str = ""
    #: Field of the new record that leads back to this one.
    link: str = ""
    #: Field of this record that is to lead to the new one.
    into: str = ""
    #: Fields that have the same code on both sides, copied once.
    copied: tuple[str, ...] = ()
    #: Fields that stay in step: code here → code there.
    kept: Mapping[str, str] = {}
    #: Further values; expressions speak of this record.
    fields: Mapping[str, Any] = {}
    #: A record that has the same values in these fields is taken instead of a new one.
    match: tuple[str, ...] = ()
    #: Give the values again each time the step is carried out.
    update: bool = False
    #: Whose it becomes; this record's owner unless somebody is named.
    owner: Chosen | None = None
    #: Tells several creating steps of a rule apart.
    key: str = ""

    needs = {"stage": ("pipeline", ())}


def target_of(settings: Create, spec: TypeSpec) -> TypeSpec:
    return current_generation().types[settings.type] if settings.type else spec


def step_key(settings: Create) -> str:
    return settings.key or f"{settings.type}.{settings.pipeline}"


def check(settings: Create, checking: Checking) -> Create:
    target = checking.type_of(settings.type) if settings.type else checking.spec
    if target is None:
        return settings
    pipeline = checking.pipeline_of(target, settings.pipeline)
    stage = checking.stage_of(target, settings.pipeline, settings.stage)
    if stage is not None and pipeline is None:
        pipeline = target.find_pipeline(stage.pipeline_id)
    check_links(settings, checking, target)
    for code in settings.copied:
        checking.field_of(checking.spec, code)
        checking.field_of(target, code)
    for mine, theirs in settings.kept.items():
        here, there = checking.field_of(checking.spec, mine), checking.field_of(target, theirs)
        if here and there and here.kind != there.kind:
            message = _("“%(one)s” and “%(other)s” are of different kinds.")
            checking.fault(message % {"one": here.label, "other": there.label})
    for code in settings.match:
        if checking.field_of(target, code) and code not in given_codes(settings):
            checking.fault(_("Say what “%s” gets.") % target.by_code[code].label)
    with checking.at("fields"):
        fields = checking.values(target, settings.fields)
    if settings.owner is not None:
        check_choice(settings.owner.choice, checking)
    return settings.model_copy(
        update={"fields": fields, "pipeline": pipeline.code if pipeline else settings.pipeline}
    )


def check_links(settings: Create, checking: Checking, target: TypeSpec) -> None:
    """Fields that are to lead from one record to the other must be able to."""
    ends = ((settings.link, target, checking.spec), (settings.into, checking.spec, target))
    for code, holder, other in ends:
        field = checking.field_of(holder, code) if code else None
        if field is not None and (field.kind not in ("link", "links") or field.target_type_id != other.id):
            message = _("“%(field)s” does not lead to “%(type)s”.")
            checking.fault(message % {"field": field.label, "type": other.label})


def given_codes(settings: Create) -> set[str]:
    """Fields of the new record that get a value."""
    return {*settings.fields, *settings.copied, *settings.kept.values()}


def in_words(settings: Create, spec: TypeSpec) -> str:
    target = target_of(settings, spec)
    if settings.pipeline:
        place = place_label(settings.pipeline, settings.stage, target)
        return _("Create: %(type)s in “%(place)s”") % {"type": target.label, "place": place}
    return _("Create: %s") % target.label


def carry_out(settings: Create, flights: Sequence[Flight]) -> None:
    spec = type_of(flights[0].rule)
    target = target_of(settings, spec)
    values = compute_values(flights, settings.fields, target)
    owners = choose_people(settings.owner, flights) if settings.owner else {}
    rows = read_rows(spec, [flight.record_id for flight in flights])
    for flight in flights:
        if flight.record_id in rows:
            fields = {**linked_values(settings, spec, target, flight.record_id), **values[flight.record_id]}
            owner = owners.get(flight.record_id) or rows[flight.record_id]["owner_id"]
            make_one(settings, flight, target, fields, owner)


def linked_values(settings: Create, spec: TypeSpec, target: TypeSpec, source_id: int) -> dict[str, Any]:
    """What the new record takes over: copied and kept fields, and the way back."""
    pairs = {**{code: code for code in settings.copied}, **settings.kept}
    found = json_values(spec, source_id, pairs)
    values = {theirs: found[mine] for mine, theirs in pairs.items() if mine in found}
    if settings.link:
        field = target.by_code[settings.link]
        values[settings.link] = [source_id] if field.has_links else source_id
    return values


def make_one(
    settings: Create, flight: Flight, target: TypeSpec, fields: Mapping[str, Any], owner: int | None
) -> None:
    """Make the record, or find the one that is there."""
    known = Companion.objects.filter(
        rule_id=flight.rule.id, step=step_key(settings), source_id=flight.record_id
    ).first()
    id = known.target_id if known else find_match(settings, target, fields)
    did = "found"
    if id is None:
        given = Write(
            Change.CREATE,
            target.code,
            fields=fields,
            pipeline=settings.pipeline or None,
            stage=settings.stage or None,
            owner=owner,
        )
        [outcome] = write_for([flight], [given])
        id, did = outcome.id, "created"
    elif known is None or settings.update:
        if not read_rows(target, [id]):
            raise Invalid(_("The record that was made lies in the bin."), code="binned")
        write_for([flight], [Write(Change.EDIT, target.code, id=id, fields=fields)])
        did = "updated"
    if id is None:
        return
    if known is None:
        Companion.objects.create(
            rule_id=flight.rule.id, step=step_key(settings), source_id=flight.record_id, target_id=id
        )
        if settings.into:
            spec = type_of(flight.rule)
            raw = [id] if spec.by_code[settings.into].has_links else id
            write_for(
                [flight], [Write(Change.EDIT, spec.code, id=flight.record_id, fields={settings.into: raw})]
            )
    flight.tell(type=target.code, id=id, did=did)


def find_match(settings: Create, target: TypeSpec, fields: Mapping[str, Any]) -> int | None:
    """The oldest record that has the same values in the fields that must agree."""
    wanted = {code: fields.get(code) for code in settings.match}
    if not wanted or any(value in (None, "", []) for value in wanted.values()):
        return None
    filters = [Filter(code, "eq", value) for code, value in wanted.items()]
    page = list_records(system_actor(), target, ListQuery(filters=filters, order="id", limit=1))
    return page.items[0].id if page.items else None


def told(did: Mapping[str, Any], spec: TypeSpec) -> str:
    target = current_generation().types.get(did["type"])
    record = number_of(target, did["id"]) if target else None
    name = f"{target.label if target else did['type']} {record or ''}".strip()
    patterns = {
        "created": _("Created: %s"),
        "updated": _("Brought up to date: %s"),
        "found": _("Was there: %s"),
        "kept": _("In step again: %s"),
    }
    return patterns[did["did"]] % name


def number_of(spec: TypeSpec, id: int) -> str:
    """The number of a record: no title, which the reader may not see."""
    rows = read_rows(spec, [id])
    return spec.format_number(rows[id]["number"]) if id in rows and rows[id]["number"] else f"#{id}"


def mirror(rule: CompiledRule, instruction: Instruction) -> Mirror | None:
    """What this step keeps in step."""
    settings = instruction.settings
    if not isinstance(settings, Create) or not settings.kept:
        return None
    pairs = tuple(settings.kept.items())
    return Mirror(rule.id, step_key(settings), rule.type_id, settings.type, pairs, rule.label)


KIND = StepKind(
    gettext_lazy("Create a record"), "copy", Create, check, in_words, carry_out, told, mirror=mirror
)

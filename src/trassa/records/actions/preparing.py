"""First phase: find the rows, ask for rights, check versions, parse what was given."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor
from trassa.access.types import Verb
from trassa.journal import Entry, Stream, list_entries
from trassa.kernel import Conflict, FieldError, Forbidden, Invalid, NotFound, company_zone
from trassa.people.queries import names_of
from trassa.records.actions.attachments import load_files
from trassa.records.actions.batch import JOURNALLED, Batch, Item, by_type
from trassa.records.actions.followers import reads_beside
from trassa.records.queries.attachments import BESIDE_KEY
from trassa.records.queries.links import links_by_record, links_read
from trassa.records.queries.merges import standing_merges
from trassa.records.queries.together import Read, read_together
from trassa.records.types import COMING, Change, Outcome, Write
from trassa.schema.errors import ValueRefused
from trassa.schema.registries import field_kinds
from trassa.schema.types import BASE_COLUMNS, FieldSpec, Names, TypeSpec

#: The right that each change asks for.
VERBS = {
    Change.CREATE: Verb.CREATE,
    Change.EDIT: Verb.EDIT,
    Change.MOVE: Verb.MOVE,
    Change.BIN: Verb.DELETE,
    Change.RESTORE: Verb.DELETE,
    Change.MERGE: Verb.EDIT,
    Change.UNMERGE: Verb.EDIT,
    Change.JOIN: Verb.DELETE,
    Change.PART: Verb.DELETE,
}


def resolve_items(batch: Batch, writes: Sequence[Write]) -> None:
    """Make an item of every write whose type this generation knows."""
    for write in writes:
        spec = batch.generation.types.get(write.type)
        outcome = Outcome(id=write.id)
        if spec is None:
            outcome.error = NotFound(_("There is no such type of record."))
            spec = next(iter(batch.generation))
        batch.items.append(Item(write=write, spec=spec, outcome=outcome))


def load_rows(batch: Batch) -> None:
    """Lock and read the rows that the batch changes, types and ids ascending."""
    for spec, items in by_type(item for item in batch.live if not item.is_new):
        ids = sorted({item.write.id for item in items if item.write.id is not None})
        stored = lock_rows(spec, ids)
        for name, rows in stored.beside.items():
            batch.beside[name] += rows
        seen: set[int] = set()
        for item in items:
            id = item.write.id or 0
            if id not in stored.rows:
                item.fail(NotFound(_("There is no such record.")))
            elif id in seen:
                item.fail(Invalid(_("A batch may name a record only once."), code="repeated"))
            else:
                seen.add(id)
                stored.fill(item, id)
        load_files(items, spec)


def load_items(spec: TypeSpec, ids: Sequence[int]) -> list[Item]:
    """Those of the records that are there, locked, for what the system works out of them anew."""
    stored = lock_rows(spec, ids)
    items = [Item(Write(Change.EDIT, spec.code, id=id), spec, Outcome(id=id)) for id in stored.rows]
    for item in items:
        stored.fill(item, item.write.id or 0)
    return items


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored of records of a type: rows, many-relations by the id of their field, who takes part."""

    rows: Mapping[int, dict[str, Any]]
    links: Mapping[int, Mapping[int, Sequence[Any]]]
    participants: Mapping[int, Sequence[int]]
    #: What followers read beside them, by their names.
    beside: Mapping[str, list[tuple[Any, ...]]]

    def fill(self, item: Item, id: int) -> None:
        """Give an item what is stored of its record; the record to be begins as the same."""
        item.before, item.after = self.rows[id], dict(self.rows[id])
        item.links_before = {key: tuple(links.get(id, ())) for key, links in self.links.items()}
        item.participants_before = frozenset(self.participants.get(id, ()))


def lock_rows(spec: TypeSpec, ids: Sequence[int]) -> Stored:
    """Records of a type by id, locked in ascending order until the transaction ends; one round trip."""
    columns = physical_columns(spec)
    wanted = list(ids)
    linking = [field for field in spec.fields if field.has_links]
    reads: list[Read] = [
        (
            f"SELECT {', '.join(columns)} FROM {spec.table} WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
            [wanted],
        ),
        *(links_read(field, wanted) for field in linking),
    ]
    if spec.participant_fields:
        text = "SELECT record_id, person_id FROM records_participant WHERE record_id = ANY(%s)"
        reads.append((text, [wanted]))
    asked = reads_beside(wanted)
    reads += asked.values()
    rows, *more = read_together(reads)
    participants: dict[int, list[int]] = defaultdict(list)
    for record_id, person_id in more[len(linking)] if spec.participant_fields else ():
        participants[record_id].append(person_id)
    return Stored(
        rows={row[0]: dict(zip(columns, row, strict=True)) for row in rows},
        links={field.id: links_by_record(field, found) for field, found in zip(linking, more, strict=False)},
        participants=participants,
        beside=dict(zip(asked, more[len(more) - len(asked) :], strict=True)),
    )


def physical_columns(spec: TypeSpec) -> list[str]:
    """All columns of a type's table, base ones first."""
    return [*BASE_COLUMNS, *(field.column for field in spec.fields if field.has_column)]


def authorise(batch: Batch) -> None:
    """Check existing records against the person's rights: unseen is absent, seen may be forbidden."""
    merged = standing_merges(
        item.write.id for item in batch.live if item.write.change is Change.RESTORE and item.write.id
    )
    for item in batch.live:
        if item.is_new:
            continue
        row, verb = item.row_before, VERBS[item.write.change]
        binned = (item.before or {}).get("deleted_at") is not None
        if not batch.actor.may(Verb.SEE, row) or binned is not (item.write.change in COMING):
            item.fail(NotFound(_("There is no such record.")))
        elif not batch.actor.may(verb, row):
            item.fail(Forbidden(_("Your role does not allow this change.")))
        elif item.id in merged:
            message = _("This record has been merged into another one. Take the merge back instead.")
            item.fail(Conflict(message, code="merged"))
        elif item.write.owner is not None and not batch.actor.may(Verb.EDIT, row):
            item.fail(Forbidden(_("Your role does not allow handing this record over.")))


def authorise_new(batch: Batch) -> None:
    """Check records to be: may this person create them there, for that owner?"""
    for item in batch.live:
        if not item.is_new:
            continue
        if not batch.actor.may(Verb.CREATE, item.row_after):
            item.fail(Forbidden(_("Your role does not allow creating this record here.")))


def check_versions(batch: Batch) -> None:
    """Refuse writes made against an older version, naming the fields that changed since."""
    for item in batch.live:
        write, before = item.write, item.before
        if before is None or write.version is None or write.version == before["version"]:
            continue
        since = changes_since(item, write.version)
        touched = {field.column for code in write.fields if (field := item.spec.by_code.get(code))}
        touched |= {
            key for key, given in (("owner", write.owner), ("stage", write.stage)) if given is not None
        }
        if write.merge and not touched & set(since):
            continue
        item.fail(
            Conflict(
                _("Somebody changed this record meanwhile. Read it again and repeat your change."),
                code="version_conflict",
                errors=conflict_errors(batch, item, since, touched),
            )
        )


def changes_since(item: Item, version: int) -> dict[str, Entry]:
    """History keys that changed after `version`, newest first, with the last entry that changed each."""
    keys: dict[str, Entry] = {}
    before_seq = None
    while entries := list_entries(Stream("record", item.id), before_seq=before_seq, limit=50):
        for entry in entries:
            new = entry.changes.get("version", (None, None))[1]
            if isinstance(new, int) and new <= version:
                return keys
            for key in entry.changes:
                if key != "version":
                    keys.setdefault(key, entry)
        before_seq = entries[-1].seq
    return keys


def conflict_errors(
    batch: Batch, item: Item, since: Mapping[str, Entry], touched: set[str]
) -> list[FieldError]:
    """One error a changed field that this person may see, with what it is now and who changed it when.

    Fields that they wrote too come first.
    """
    codes = {field.column: field.code for field in item.spec.fields if batch.actor.sees_field(field)}
    codes |= {key: key for key in (*JOURNALLED, BESIDE_KEY) if key not in ("version", "department")}
    ordered = sorted((key for key in since if key in codes), key=lambda key: key not in touched)
    people = names_of(entry.actor_id for entry in since.values() if entry.actor_id is not None)
    return [
        FieldError(codes[key], "changed_meanwhile", said_of(item, key, since[key], people)) for key in ordered
    ]


def said_of(item: Item, key: str, entry: Entry, people: Mapping[int, str]) -> str:
    """“Orlov R., 12:05: now 5 800 000 ₽”; references are not named here, only that they changed."""
    who = people.get(entry.actor_id or 0, str(_("Trassa")))
    when = f"{entry.at.astimezone(company_zone()):%d.%m.%Y %H:%M}"
    field = next((each for each in item.spec.fields if each.column == key), None)
    value = item.value(field) if field else None
    words = field_kinds.get(field.kind).cell(value, field, Names()) if field and value is not None else ""
    said = f"{who}, {when}"
    return f"{said}: {words}" if words else said


def parse_fields(batch: Batch) -> None:
    """Parse raw values into the rows to be; an unknown and a masked field look the same."""
    for spec, items in by_type(batch.live):
        codes = {code for item in items for code in item.write.fields}
        refusals = {code: why_refused(batch.actor, spec.by_code.get(code)) for code in codes}
        for item in items:
            for code, raw in item.write.fields.items():
                if refusal := refusals[code]:
                    item.refuse(code, *refusal)
                else:
                    parse_value(item, spec.by_code[code], raw)
            if item.is_new:
                apply_defaults(item)


def why_refused(actor: Actor, field: FieldSpec | None) -> tuple[str, Any] | None:
    """Code and message for a field that this person cannot write, None when they can."""
    if field is None or not actor.sees_field(field):
        return "unknown_field", _("There is no such field.")
    if field.formula is not None:
        return "read_only", _("This field is worked out by a formula.")
    if not actor.edits_field(field):
        return "forbidden", _("Your role does not allow changing this field.")
    return ("read_only", _("This field is read-only.")) if is_read_only(actor, field) else None


def is_read_only(actor: Actor, field: FieldSpec) -> bool:
    """Nobody writes what the database gives; read-only fields are for the system alone."""
    return field_kinds.get(field.kind).automatic or (field.read_only and actor.id is not None)


def parse_value(item: Item, field: FieldSpec, raw: Any) -> None:
    """Parse one value with its kind, noting a refusal."""
    try:
        value = field_kinds.get(field.kind).parse(raw, field)
    except ValueRefused as refusal:
        item.refuse(field.code, refusal.code, refusal.message)
        return
    if field.has_links:
        item.links[field.id] = tuple(value or ())
    elif field.kind == "files":
        item.files[field.id] = tuple(value or ())
    else:
        item.after[field.column] = value


def apply_defaults(item: Item) -> None:
    """Give a new record the defaults of fields that the write does not name."""
    for field in item.spec.fields:
        if field.default is not None and field.code not in item.write.fields:
            parse_value(item, field, field.default)


def is_empty(value: Any) -> bool:
    """Whether a field's value counts as not filled in; False and 0 are values."""
    return value is None or value == "" or value in ((), [])

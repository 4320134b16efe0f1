"""Which column of a file fills what: fields and base columns by code or label, in either language.

A heading is a label, a label without its unit («Пробег» for «Пробег, км»), the first words of exactly one
label («Год» for «Год выпуска»), a code, or a link with what identifies the linked record («Собственник
Телефон»).
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence

from trassa.access.queries import Actor
from trassa.imports.types import Column
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, Generation, TypeSpec

#: Base columns that a file may fill, with the names people give them.
BASE_NAMES = {
    "owner": ("owner", "responsible", "ответственный", "менеджер", "отв."),
    "pipeline": ("pipeline", "воронка"),
    "stage": ("stage", "стадия", "этап"),
}
#: What a file of rejected lines adds; read again without a word.
REASON_NAMES = frozenset({"why it was rejected", "почему отклонено"})
#: What people add to headings: units in brackets or behind a comma, asterisks, colons.
_ADDITIONS = re.compile(r"\s*[(\[].*?[)\]]|[*:№]+\s*$|,.*$")

Targets = Mapping[str, Column]


def folded(text: str) -> str:
    """A name without case, double spaces and the difference of е and ё."""
    return " ".join(text.casefold().replace("ё", "е").replace("\u00a0", " ").split())


def is_reason(heading: str) -> bool:
    """Whether a column holds the reasons of an earlier import."""
    return folded(heading) in REASON_NAMES


def fillable_fields(actor: Actor, spec: TypeSpec) -> list[FieldSpec]:
    """The fields that this person may fill from a file."""
    return [
        field
        for field in actor.editable_fields(spec)
        if not field_kinds.get(field.kind).automatic
        and field.storage in ("column", "links", "periods")
        and (not field.read_only or actor.id is None)
    ]


def key_fields_of(actor: Actor, target: TypeSpec) -> list[FieldSpec]:
    """The fields of a type by which a link can name its records: unique ones and normalised keys."""
    return [
        field for field in actor.visible_fields(target) if field.unique or field_kinds.get(field.kind).keyed
    ]


def propose_columns(
    headings: Sequence[str], spec: TypeSpec, actor: Actor, generation: Generation
) -> tuple[Column, ...]:
    """What each column fills; of two columns for one thing the first counts."""
    names = name_targets(spec, actor, generation)
    taken: set[str] = set()
    columns = []
    for heading in headings:
        found = find_target(heading, names)
        if found is None or found.target in taken:
            columns.append(Column(heading))
            continue
        taken.add(found.target)
        columns.append(Column(heading, found.target, found.key))
    return tuple(columns)


def count_known(headings: Iterable[str], names: Targets) -> int:
    """How many different things these headings name."""
    found = (find_target(heading, names) for heading in headings)
    return len({each.target for each in found if each is not None})


def name_targets(spec: TypeSpec, actor: Actor, generation: Generation) -> Targets:
    """Everything that may be filled, under all its names."""
    names: dict[str, Column] = {}
    for base, spellings in BASE_NAMES.items():
        if base == "owner" or spec.pipelines:
            names |= {folded(spelling): Column("", base) for spelling in spellings}
    # Later entries win: a field's label beats a base column's name, a code beats a label.
    fields = fillable_fields(actor, spec)
    for field in reversed(fields):
        if field.target_type_id is not None:
            names |= link_names(field, generation.types_by_id[field.target_type_id], actor)
    for field in reversed(fields):
        names |= {folded(label): Column("", field.code) for label in labels_of(field)}
    return names | {field.code: Column("", field.code) for field in fields}


def labels_of(field: FieldSpec) -> list[str]:
    """The names of a field, with and without its unit."""
    labels = [field.label.ru, field.label.en]
    return [each for label in labels for each in (label, label.partition(",")[0]) if each]


def link_names(field: FieldSpec, target: TypeSpec, actor: Actor) -> dict[str, Column]:
    """«Клиент Телефон», «Телефон Клиент»: a link by a key of its type."""
    names: dict[str, Column] = {}
    for key in key_fields_of(actor, target):
        for label in labels_of(field):
            for word in labels_of(key):
                column = Column("", field.code, key.code)
                names |= dict.fromkeys((folded(f"{label} {word}"), folded(f"{word} {label}")), column)
    return names


def find_target(heading: str, names: Targets) -> Column | None:
    """What a heading means, None when nobody knows."""
    wanted = folded(heading)
    if not wanted:
        return None
    bare = folded(_ADDITIONS.sub("", heading))
    return names.get(wanted) or names.get(bare) or find_longer(wanted, names)


def find_longer(heading: str, names: Targets) -> Column | None:
    """The one thing whose name begins with these words: «Год» means «Год выпуска»."""
    longer = [column for spelling, column in names.items() if spelling.startswith(f"{heading} ")]
    plain = [column for column in longer if not column.key]
    return plain[0] if plain and len({column.target for column in longer}) == 1 else None


def digest_of(headings: Iterable[str]) -> str:
    """What the same headings have in common, whatever their case and spaces."""
    return hashlib.sha256("\n".join(map(folded, headings)).encode()).hexdigest()

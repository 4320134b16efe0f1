"""Possible duplicates as screens name them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from django.http import QueryDict
from django.urls import reverse

from trassa.access.queries import Actor
from trassa.kernel import Invalid
from trassa.records.queries import Duplicate, find_duplicates, key_fields, key_values
from trassa.records.queries.forms import read_fields
from trassa.records.queries.suspects import Suspects
from trassa.records.screens.merges import may_merge, merge_url
from trassa.records.types import Record
from trassa.schema.errors import ValueRefused
from trassa.schema.queries import current_generation
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, Names, TypeSpec


@dataclass(frozen=True, slots=True)
class DuplicateLink:
    """A record that may be the same, and in what it agrees: "Телефон, VIN"."""

    id: int
    title: str
    number: str
    url: str
    agrees_in: str
    #: Where it is merged with the record of the card; "" where this person may not.
    merge_url: str = ""


@dataclass(frozen=True, slots=True)
class Suspect:
    """One record of a group, with what else tells it apart: "+7 921 555-01-42, client1@mail.example"."""

    title: str
    number: str
    url: str
    details: str
    #: Where it is merged into the oldest record of its group.
    merge_url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Records that agree in one value; `more` when not all of them are named."""

    label: str
    value: str
    records: list[Suspect]
    more: bool
    #: Where all of them become one; "" where this person may not, and for two, which have a way of their own.
    merge_url: str = ""


@dataclass(frozen=True, slots=True)
class Alike:
    """What may be the same as the record on a card, in a form of a new one or in the form of a field."""

    stands_in: Literal["card", "form", "field"]
    links: Sequence[DuplicateLink] = ()
    #: Where the form asks anew while somebody types; "" when it need not.
    url: str = ""
    #: Nothing was created, because these had not been seen.
    unconfirmed: bool = False


def make_links(duplicates: Sequence[Duplicate]) -> list[DuplicateLink]:
    types = current_generation().types_by_id
    links = []
    for each in duplicates:
        spec = types[each.type_id]
        labels = ", ".join(str(spec.by_code[code].label) for code in each.fields)
        url = reverse("records:card", args=[spec.code, each.id])
        links.append(DuplicateLink(each.id, each.title, each.number, url, labels))
    return links


def given_keys(actor: Actor, spec: TypeSpec, asked: QueryDict) -> dict[str, Any]:
    """Values of the fields by which duplicates are found, as far as what was typed can be read already."""
    values = {}
    for field in key_fields(actor, spec):
        try:
            raw = read_fields([field], asked).get(field.code)
            values[field.code] = field_kinds.get(field.kind).parse(raw, field)
        except (Invalid, ValueRefused):
            continue
    return values


def links_for(actor: Actor, spec: TypeSpec, values: Mapping[str, Any], *own_ids: int) -> list[DuplicateLink]:
    """Links to what may be the same record as one with these values."""
    if not any(value not in (None, "") for value in values.values()):
        return []
    [found] = find_duplicates(actor, spec, [values], exclude=own_ids)
    return make_links(found)


def links_of(actor: Actor, spec: TypeSpec, record: Record) -> list[DuplicateLink]:
    """Links to what may be the same as this record."""
    values = {field.code: record.values.get(field.code) for field in key_fields(actor, spec)}
    links = links_for(actor, spec, values, record.id)
    if not may_merge(actor, spec):
        return links
    return [replace(each, merge_url=merge_url(spec, record.id, each.id)) for each in links]


def hint_url(actor: Actor, spec: TypeSpec, own: Record | None = None, code: str = "") -> str:
    """Where a form of all fields, or of one field of a record, asks for duplicates; "" when it need not."""
    if not any(code in ("", field.code) for field in key_fields(actor, spec)):
        return ""
    url = reverse("records:duplicates", args=[spec.code])
    return f"{url}?own={own.id}" if own else url


def make_groups(actor: Actor, spec: TypeSpec, found: Sequence[Suspects]) -> list[Group]:
    """Groups as they are drawn; one query."""
    values = key_values(actor, spec, {each.id for group in found for each in group.records})
    mergeable = may_merge(actor, spec)
    texts = {
        id: {field.code: field_kinds.get(field.kind).cell(value, field, Names()) for field, value in pairs}
        for id, pairs in values.items()
    }
    return [
        Group(
            label=str(group.field.label),
            value=texts.get(group.records[0].id, {}).get(group.field.code, ""),
            records=[
                make_suspect(
                    spec,
                    each,
                    group.field,
                    texts.get(each.id, {}),
                    into=group.records[-1].id if mergeable else each.id,
                )
                for each in group.records
            ],
            more=group.more,
            merge_url=merge_url(spec, *sorted(each.id for each in group.records))
            if mergeable and len(group.records) > 2
            else "",
        )
        for group in found
    ]


def make_suspect(
    spec: TypeSpec, record: Duplicate, shared: FieldSpec, texts: Mapping[str, str], *, into: int
) -> Suspect:
    """One record; what is said already by its title and by the group is left out. It can be merged `into`."""
    details = [text for code, text in texts.items() if code != shared.code and text != record.title]
    url = reverse("records:card", args=[spec.code, record.id])
    merge = merge_url(spec, into, record.id) if into != record.id else ""
    return Suspect(record.title or record.number, record.number, url, ", ".join(details), merge)


def has_keys(actor: Actor, spec: TypeSpec) -> bool:
    """Whether duplicates of this type can be found at all."""
    return bool(key_fields(actor, spec))

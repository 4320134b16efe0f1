"""What expressions may name in a generation: fields, base columns, and links back from other types."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from trassa.expressions import Join, Kind, Member, Option
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, Generation, TypeSpec

#: Base columns by code: the column, its kind and its Russian and English label.
_BASE = {
    "number": ("number", Kind.NUMBER, ("Номер", "Number")),
    "title": ("title", Kind.TEXT, ("Название", "Title")),
    "owner": ("owner_id", Kind.PERSON, ("Ответственный", "Owner")),
    "department": ("department_id", Kind.DEPARTMENT, ("Отдел", "Department")),
    "pipeline": ("pipeline_id", Kind.OPTION, ("Воронка", "Pipeline")),
    "stage": ("stage_id", Kind.OPTION, ("Стадия", "Stage")),
    "stage_entered_at": ("stage_entered_at", Kind.MOMENT, ("На стадии с", "On stage since")),
    "stage_due_at": ("stage_due_at", Kind.MOMENT, ("Срок стадии", "Stage due")),
    "stage_warn_at": ("stage_warn_at", Kind.MOMENT, ("Срок близок с", "Stage due soon since")),
    "created_at": ("created_at", Kind.MOMENT, ("Создано", "Created")),
    "updated_at": ("updated_at", Kind.MOMENT, ("Изменено", "Changed")),
}
#: Those that only types with pipelines have.
_OF_STAGES = ("pipeline", "stage", "stage_entered_at", "stage_due_at", "stage_warn_at")
#: Kinds of fields that lead to records.
_LINKS = (Kind.RECORD, Kind.RECORDS)


@dataclass(slots=True)
class SchemaScope:
    """Everything that can be named, for the system itself: conditions, defaults, formulas, packs.

    `sees` hides fields, `enters` whole types; a reader's scope narrows both and the rows (`reach`).
    """

    generation: Generation
    reader_id: int | None = None
    sees: Callable[[FieldSpec], bool] = lambda field: True
    enters: Callable[[TypeSpec], bool] = lambda spec: True
    _known: dict[int, tuple[Member, ...]] = field(default_factory=dict)

    def members(self, type_id: int) -> Sequence[Member]:
        """Fields first, then base columns, then links back; none for a type that may not be entered."""
        if type_id not in self._known:
            spec = self.generation.types_by_id.get(type_id)
            self._known[type_id] = tuple(self._members(spec)) if spec and self.enters(spec) else ()
        return self._known[type_id]

    def table(self, type_id: int) -> str:
        return self.generation.types_by_id[type_id].table

    def reach(self, type_id: int, alias: str) -> tuple[str, Sequence[Any]]:
        """Rows that are not in the bin."""
        return f"{alias}.deleted_at is null", ()

    def _members(self, spec: TypeSpec) -> list[Member]:
        fields = [made for each in spec.fields if self.sees(each) and (made := field_member(each))]
        taken = {member.code for member in fields}
        base = [member for member in base_members(spec) if member.code not in taken]
        return [*fields, *base, *self._links_back(spec, taken)]

    def _links_back(self, spec: TypeSpec, taken: set[str]) -> list[Member]:
        """Records of other types that point here: a car's deals. The first link of a type has its name."""
        found = []
        for source in self.generation:
            if not self.enters(source):
                continue
            for each in source.fields:
                if each.target_type_id != spec.id or not self.sees(each) or not leads(each):
                    continue
                member = back_member(source, each, taken)
                taken.add(member.code)
                found.append(member)
        return found


def leads(spec: FieldSpec) -> bool:
    """Whether a field itself leads to records; a lookup only shows one that does."""
    return spec.through is None and field_kinds.get(spec.kind).value_kind(spec) in _LINKS


def field_member(spec: FieldSpec) -> Member | None:
    """A field as it is named; None for kinds without a place in expressions and for what is not kept. A
    lookup is its path.
    """
    kind = field_kinds.get(spec.kind).value_kind(spec)
    if kind is None or spec.is_live:
        return None
    shown = spec.displayed
    return Member(
        key=spec.column,
        code=spec.code,
        names=(spec.label.ru, spec.label.en),
        kind=kind,
        unit=shown.kind if shown.kind in ("percent", "money") else "",
        options=tuple(Option(o.id, o.code, (o.label.ru, o.label.en)) for o in shown.options),
        target=shown.target_type_id if kind in _LINKS else None,
        column=spec.column if spec.has_column else "",
        join=Join("from_id", "to_id", spec.link_table, period_of(spec)) if spec.has_links else None,
        path=(spec.through.column, spec.shown.column) if spec.through and spec.shown else (),
    )


def period_of(spec: FieldSpec) -> str:
    """The column of a link table that says when a link holds."""
    return "period" if spec.has_periods else ""


def base_members(spec: TypeSpec) -> list[Member]:
    """Columns that every type has; stages and pipelines only where there are any."""
    options = {
        "pipeline": tuple(Option(p.id, p.code, (p.label.ru, p.label.en)) for p in spec.pipelines),
        "stage": tuple(
            Option(s.id, s.code, (s.label.ru, s.label.en)) for p in spec.pipelines for s in p.stages
        ),
    }
    return [
        Member(column, code, names, kind, options=options.get(code, ()), column=column)
        for code, (column, kind, names) in _BASE.items()
        if spec.pipelines or code not in _OF_STAGES
    ]


def back_member(source: TypeSpec, spec: FieldSpec, taken: set[str]) -> Member:
    """The records whose field points here, named like their type; a second such field adds its name."""
    plain = f"{source.code}s"
    twice = plain in taken
    code = f"{plain}_by_{spec.code}" if twice else plain
    names = (source.plural.ru, source.plural.en or source.plural.ru)
    if twice:
        names = (f"{names[0]}: {spec.label.ru}", f"{names[1]}: {spec.label.en or spec.label.ru}")
    join = Join("id", spec.column)
    if spec.has_links:
        join = Join("to_id", "from_id", spec.link_table, period_of(spec))
    return Member(f"b_{spec.id}", code, names, Kind.RECORDS, target=source.id, join=join)

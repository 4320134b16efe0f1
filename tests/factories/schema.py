"""Builders of record types for tests of any room.

    car = make_type("car", fields=[field("vin", "vin", unique=True), field("price", "money")])
    deal = make_type("deal", fields=[field("car", "link", target="car")], pipelines=[pipeline("sales")])

The tables are made in the test's transaction and vanish with it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any

from django.db import connection

from trassa.schema.actions import OptionDraft, PipelineDraft, ReasonDraft, StageDraft, changing_schema
from trassa.schema.queries import current_generation
from trassa.schema.types import CardSection, Label, Layouts, TypeSpec, one_tab

CAUSE = {"kind": "test"}


@dataclass(frozen=True)
class FieldPlan:
    """A field to be: its code, its kind and everything else that `add_field` takes."""

    code: str
    kind: str
    details: Mapping[str, Any] = attribute(default_factory=dict)


def field(code: str, kind: str = "text", **details: Any) -> FieldPlan:
    """A field of a kind; `options` may be plain codes."""
    if details.get("options") and isinstance(details["options"][0], str):
        details["options"] = options(*details["options"])
    return FieldPlan(code, kind, {"label": Label(code.capitalize(), code.capitalize()), **details})


def options(*codes: str) -> list[OptionDraft]:
    """Options of a choice with their codes as labels."""
    return [OptionDraft(code, Label(code.capitalize(), code)) for code in codes]


def pipeline(code: str = "sales", stages: Iterable[str | StageDraft] | None = None) -> PipelineDraft:
    """A pipeline; "won" and "lost" among the stage codes get their meanings, "lost" asks for a reason."""
    drafts = [
        stage if isinstance(stage, StageDraft) else make_stage(stage)
        for stage in stages or ("new", "work", "won", "lost")
    ]
    reasons = (ReasonDraft("price", Label("Дорого", "Price")), ReasonDraft("other", Label("Другое", "Other")))
    return PipelineDraft(code, Label(code.capitalize()), tuple(drafts), reasons)


def make_stage(code: str) -> StageDraft:
    meaning = {"won": "won", "lost": "lost"}.get(code, "open")
    return StageDraft(
        code,
        Label(code.capitalize()),
        "#1f6feb",
        meaning,
        reason_required=meaning == "lost",  # type: ignore[arg-type]
    )


def make_type(
    code: str = "car",
    fields: Iterable[FieldPlan] = (),
    *,
    pipelines: Iterable[PipelineDraft] = (),
    board_sum: str = "",
    **details: Any,
) -> TypeSpec:
    """A type with its table, compiled in the current generation."""
    plans = list(fields)
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        label = Label(code.capitalize(), code.capitalize())
        change.create_type(code, **({"label": label, "plural": label} | details))  # type: ignore[typeddict-item]
        for plan in plans:
            change.add_field(code, plan.code, plan.kind, **plan.details)  # type: ignore[typeddict-item]
        for draft in pipelines:
            change.save_pipeline(code, draft)
        if plans:
            shown = tuple(plan.code for plan in plans)
            section = CardSection(Label("Главное", "Main"), shown)
            change.save_layouts(
                code, Layouts(card=one_tab(section), list_columns=("title", *shown[:4]), board_sum=board_sum)
            )
    return current_generation().types[code]


def insert_record(spec: TypeSpec, **values: Any) -> int:
    """Insert a row with its anchor directly, past the write path; keys are field codes or base columns.

    For tests of rooms below `records`. Gives the record's id.
    """
    columns = {
        spec.by_code[key].column if key in spec.by_code else key: value for key, value in values.items()
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('records_id_seq')")
        id = int(cursor.fetchone()[0])
        cursor.execute("INSERT INTO records_record (id, type_id, title) VALUES (%s, %s, '')", [id, spec.id])
        names = ", ".join(["id", *columns])
        places = ", ".join(["%s"] * (len(columns) + 1))
        cursor.execute(f"INSERT INTO {spec.table} ({names}) VALUES ({places})", [id, *columns.values()])
    return id

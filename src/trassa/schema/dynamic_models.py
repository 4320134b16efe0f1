"""Django models of one generation, in a registry of their own.

Traps that this file avoids: nothing dynamic reaches the global registry; the private one knows the static
models by name but has no app configs, so static models are never told about dynamic ones; references
between types are names, so types may point at each other; Django's own caches of registries are bypassed,
because they would keep old generations alive for ever.
"""

from typing import Any, NoReturn

from django.apps import apps as static_apps
from django.apps.registry import Apps
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models.functions import Now

from trassa.schema.kinds.auto_number import next_of
from trassa.schema.kinds.kind import FieldKind
from trassa.schema.kinds.references import ReferenceColumn
from trassa.schema.types import MODELS_LABEL, FieldSpec


class GenerationApps(Apps):
    """The registry of one generation's models."""

    def __init__(self) -> None:
        super().__init__(())
        for label in static_apps.app_configs:
            self.all_models[label] = static_apps.all_models[label]

    def clear_cache(self) -> None:
        """Nothing is cached here; Django's version would empty the caches of every other registry."""

    def get_models(
        self, include_auto_created: bool = False, include_swapped: bool = False
    ) -> list[type[models.Model]]:
        """No models: relations backwards from and to dynamic models do not exist."""
        return []

    def get_swappable_settings_name(self, to_string: str) -> str | None:
        return static_apps.get_swappable_settings_name(to_string)


class Unpicklable:
    """Refuses to be pickled or copied: the class would have to be found again, and it is not anywhere."""

    def __reduce__(self) -> NoReturn:
        raise TypeError("rows of a generation cannot be pickled; pass (type, id) and read them again")


class LiveRows(models.Manager[Any]):
    """Rows with what is computed when they are read; see `schema/live.py`."""

    def get_queryset(self) -> models.QuerySet[Any]:
        rows = super().get_queryset()
        compute_live = getattr(self.model, "compute_live", None)
        return rows if compute_live is None else rows.annotate(**compute_live())


def static_reference(to: str, *, null: bool = True) -> models.ForeignKey[Any, Any]:
    """A reference from a type's table to a static one, invisible from there."""
    return models.ForeignKey(to, models.DO_NOTHING, null=null, related_name="+", db_constraint=False)


def base_columns(type_id: int) -> dict[str, models.Field[Any, Any]]:
    """Model fields of the columns that every type has."""
    return {
        "id": models.BigIntegerField(primary_key=True),
        "number": models.BigIntegerField(db_default=next_of(f"rn_{type_id}")),
        "title": models.TextField(db_default=""),
        "pipeline": static_reference("schema.Pipeline"),
        "stage": static_reference("schema.Stage"),
        "stage_entered_at": models.DateTimeField(null=True),
        "stage_due_at": models.DateTimeField(null=True),
        "stage_warn_at": models.DateTimeField(null=True),
        "reason": static_reference("schema.Reason"),
        "owner": static_reference("people.Person"),
        "department": static_reference("people.Department"),
        "version": models.IntegerField(db_default=1),
        "created_at": models.DateTimeField(db_default=Now()),
        "created_by": static_reference("people.Person"),
        "updated_at": models.DateTimeField(db_default=Now()),
        "updated_by": static_reference("people.Person"),
        "deleted_at": models.DateTimeField(null=True),
        "deleted_batch": models.BigIntegerField(null=True),
    }


def make_model(
    apps: GenerationApps, type_id: int, fields: list[tuple[FieldSpec, FieldKind]]
) -> type[models.Model]:
    """The model of a type's table `r_<id>` with the given fields."""
    columns = base_columns(type_id)
    for field, kind in fields:
        column = kind.column(field)
        if column is not None:
            column.null = True
            columns[attribute_name(column, field)] = column
    return new_class(apps, f"r_{type_id}", columns, objects=LiveRows())


def attribute_name(column: models.Field[Any, Any], field: FieldSpec) -> str:
    """The name in the model: the column's, but `<column>_row` for the row behind a reference."""
    return f"{field.column}_row" if isinstance(column, ReferenceColumn) else field.column


def make_link_model(apps: GenerationApps, field: FieldSpec) -> type[models.Model]:
    """The model of a many-relation's table: from_id and to_id, `from_row` and `to_row`, perhaps `period`."""
    source = ReferenceColumn(f"{MODELS_LABEL}.r_{field.type_id}", column="from_id")
    target = ReferenceColumn(f"{MODELS_LABEL}.r_{field.target_type_id}", column="to_id")
    source.null = target.null = False
    columns: dict[str, models.Field[Any, Any]] = {"from_row": source, "to_row": target}
    if field.has_periods:
        columns["period"] = DateRangeField()
    key = models.CompositePrimaryKey("from_id", "to_id", *(["period"] if field.has_periods else []))
    columns = {"pk": key, **columns}
    return new_class(apps, field.link_table, columns)


def new_class(
    apps: GenerationApps, table: str, columns: dict[str, models.Field[Any, Any]], **more: Any
) -> type[models.Model]:
    """A model class of this table, registered in the generation's registry only."""
    options = {"app_label": MODELS_LABEL, "apps": apps, "db_table": table, "managed": False}
    attributes = {"__module__": __name__, "Meta": type("Meta", (), options), **columns, **more}
    return type(table, (Unpicklable, models.Model), attributes)

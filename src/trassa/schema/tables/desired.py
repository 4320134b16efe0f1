"""What the tables should look like, by the metadata."""

from trassa.schema.compiler import make_field
from trassa.schema.kept_lookups import with_kept_lookups
from trassa.schema.metadata import Metadata, Row
from trassa.schema.registries import field_kinds
from trassa.schema.tables.shapes import Column, ForeignKey, Index, Table
from trassa.schema.types import FieldSpec

#: Boards move rows between index entries all day: room on each page, and vacuum early enough that the
#: covering indexes answer counts and sums without visiting the table.
STORAGE = (
    "fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02, "
    "autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02"
)


#: Storages that are a table `l_<id>`.
LINK_TABLES = ("links", "periods")


def desired_tables(metadata: Metadata) -> dict[str, Table]:
    """Tables of all types and many-relations by their names, retired ones too."""
    tables: dict[str, Table] = {}
    rows = with_kept_lookups(metadata.fields)
    for row in metadata.types:
        fields = [field for field in rows if field["type_id"] == row["id"]]
        table = type_table(row, fields, metadata)
        tables[table.name] = table
        for field in fields:
            if storage_of(field) in LINK_TABLES and not field["doomed_in"]:
                links = link_table(make_field(field, []))
                tables[links.name] = links
    return tables


def storage_of(field: Row) -> str:
    """Where the values of a field lie; see `FieldKind.storage`."""
    return field_kinds.get(field["kind"]).storage


def table_names(type_id: int, metadata: Metadata) -> list[str]:
    """Names of a type's table and of its link tables."""
    fields = [row for row in metadata.fields if row["type_id"] == type_id]
    links = [row["id"] for row in fields if storage_of(row) in LINK_TABLES]
    return [f"r_{type_id}", *(f"l_{id}" for id in links)]


def type_table(row: Row, fields: list[Row], metadata: Metadata) -> Table:
    """The table of one type: base columns, a column a field, and the indexes of lists and boards."""
    name = f"r_{row['id']}"
    stored = [field for field in fields if storage_of(field) == "column" and not field["doomed_in"]]
    specs = [make_field(field, []) for field in stored]
    columns = base_columns(row["id"]) | {spec.column: field_column(spec) for spec in specs}
    indexes = base_indexes(name, board_sum(row["id"], metadata), has_pipelines(row["id"], metadata))
    for spec in specs:
        indexes += field_indexes(spec)
    keys = base_foreign_keys(name) + [key for spec in specs if (key := field_foreign_key(spec))]
    counters = {spec.column: f"fs_{spec.id}" for spec in specs if spec.kind == "auto_number"}
    return Table(
        name=name,
        columns=columns,
        primary_key=("id",),
        indexes={index.name: index for index in indexes},
        foreign_keys={key.name: key for key in keys},
        checks={f"{name}_stage_check": "(pipeline_id IS NULL) = (stage_id IS NULL)"},
        sequences={"number": f"rn_{row['id']}"} | counters,
        storage=STORAGE,
        unused=frozenset(f"f_{field['id']}" for field in fields if may_have_column(field)),
    )


def may_have_column(field: Row) -> bool:
    """Whether a column may be there or not: of a doomed field, and of a lookup that was kept once."""
    return bool(field["doomed_in"]) or storage_of(field) == "linked"


def base_columns(type_id: int) -> dict[str, Column]:
    """Columns that every type has, in the order of BASE_COLUMNS."""
    moment = "timestamp with time zone"
    columns = (
        Column("id", "bigint", not_null=True),
        Column("number", "bigint", not_null=True, default=f"nextval('rn_{type_id}'::regclass)"),
        Column("title", "text", not_null=True, default="''::text"),
        Column("pipeline_id", "bigint"),
        Column("stage_id", "bigint"),
        Column("stage_entered_at", moment),
        Column("stage_due_at", moment),
        Column("stage_warn_at", moment),
        Column("reason_id", "bigint"),
        Column("owner_id", "bigint"),
        Column("department_id", "bigint"),
        Column("version", "integer", not_null=True, default="1"),
        Column("created_at", moment, not_null=True, default="now()"),
        Column("created_by_id", "bigint"),
        Column("updated_at", moment, not_null=True, default="now()"),
        Column("updated_by_id", "bigint"),
        Column("deleted_at", moment),
        Column("deleted_batch", "bigint"),
    )
    return {column.name: column for column in columns}


def base_foreign_keys(name: str) -> list[ForeignKey]:
    """References of the base columns; a stage must belong to the record's pipeline."""
    return [
        ForeignKey(f"{name}_id_fk", ("id",), "records_record"),
        ForeignKey(f"{name}_pipeline_fk", ("pipeline_id",), "schema_pipeline"),
        ForeignKey(f"{name}_stage_fk", ("stage_id", "pipeline_id"), "schema_stage", ("id", "pipeline_id")),
        ForeignKey(f"{name}_reason_fk", ("reason_id",), "schema_reason"),
        ForeignKey(f"{name}_owner_fk", ("owner_id",), "people_person"),
        ForeignKey(f"{name}_department_fk", ("department_id",), "people_department"),
        ForeignKey(f"{name}_created_by_fk", ("created_by_id",), "people_person"),
        ForeignKey(f"{name}_updated_by_fk", ("updated_by_id",), "people_person"),
    ]


def base_indexes(name: str, board_sum: str, has_pipelines: bool) -> list[Index]:
    """Indexes of boards (A–C, covering the sum), lists (D–F) for each scope of rights, and what is due (G).

    A covering index carries the name of the column that it covers, so that another sum is another index.
    """
    newest = ("stage_entered_at DESC", "id DESC")
    covered = (board_sum,) if board_sum else ()
    end = f"_{board_sum}" if board_sum else ""
    owner = Index(f"{name}_d", ("owner_id", "id DESC"), live_only=True)
    department = Index(f"{name}_e", ("department_id", "id DESC"), live_only=True)
    number = Index(f"{name}_n", ("number",), unique=True)
    if not has_pipelines:
        return [number, owner, department]
    return [
        number,
        Index(
            f"{name}_a{end}",
            ("stage_id", *newest),
            include=("department_id", "owner_id", *covered),
            live_only=True,
        ),
        Index(f"{name}_b{end}", ("owner_id", "stage_id", *newest), include=covered, live_only=True),
        Index(f"{name}_c{end}", ("department_id", "stage_id", *newest), include=covered, live_only=True),
        owner,
        department,
        Index(f"{name}_f", ("id DESC",), live_only=True),
        Index(f"{name}_g", ("stage_due_at", "id"), live_only=True),
    ]


def has_pipelines(type_id: int, metadata: Metadata) -> bool:
    return any(row["type_id"] == type_id for row in metadata.pipelines)


def board_sum(type_id: int, metadata: Metadata) -> str:
    """The column that the type's board adds up, or ""."""
    doomed = {row["id"] for row in metadata.fields if row["doomed_in"]}
    sums = [row["board_sum_id"] for row in metadata.layouts if row["type_id"] == type_id]
    return next((f"f_{id}" for id in sums if id and id not in doomed), "")


def field_column(spec: FieldSpec) -> Column:
    default = f"nextval('fs_{spec.id}'::regclass)" if spec.kind == "auto_number" else ""
    return Column(spec.column, catalogue_type(field_kinds.get(spec.kind).sql_type(spec)), default=default)


def catalogue_type(sql_type: str) -> str:
    """A type as the catalogue spells it."""
    return {"timestamptz": "timestamp with time zone"}.get(sql_type, sql_type)


def field_indexes(spec: FieldSpec) -> list[Index]:
    """Indexes for uniqueness (_u), sorting (_s), references (_k) and sets of options (_g)."""
    kind, name = field_kinds.get(spec.kind), spec.column
    indexes = []
    if spec.unique:
        indexes.append(Index(f"{name}_u", (name,), unique=True, live_only=True))
    if spec.sortable:
        indexes.append(Index(f"{name}_s", (name, "id")))
    if kind.references(spec):
        indexes.append(Index(f"{name}_k", (name, "id DESC")))
    if kind.sql_type(spec).endswith("[]"):
        indexes.append(Index(f"{name}_g", (name,), method="gin"))
    return indexes


def field_foreign_key(spec: FieldSpec) -> ForeignKey | None:
    target = field_kinds.get(spec.kind).references(spec)
    return ForeignKey(f"{spec.column}_fk", (spec.column,), target) if target else None


def link_table(spec: FieldSpec) -> Table:
    """The table of a many-relation, readable from both ends; with ranges of days where links have periods."""
    name = spec.link_table
    columns = {
        "from_id": Column("from_id", "bigint", not_null=True),
        "to_id": Column("to_id", "bigint", not_null=True),
    }
    if spec.has_periods:
        columns["period"] = Column("period", "daterange", not_null=True)
    keys = (
        ForeignKey(f"{name}_from_fk", ("from_id",), f"r_{spec.type_id}", cascade=True),
        ForeignKey(f"{name}_to_fk", ("to_id",), f"r_{spec.target_type_id}", cascade=True),
    )
    backwards = Index(f"{name}_to", ("to_id", "from_id"))
    return Table(
        name=name,
        columns=columns,
        primary_key=tuple(columns),
        exclusions=link_exclusions(spec) if spec.has_periods else {},
        indexes={backwards.name: backwards},
        foreign_keys={key.name: key for key in keys},
    )


def link_exclusions(spec: FieldSpec) -> dict[str, str]:
    """What keeps periods of one record apart: all of them, or only those of the same link."""
    name = spec.link_table
    if spec.settings["exclusive"]:
        return {f"{name}_one": "EXCLUDE USING gist (from_id WITH =, period WITH &&)"}
    return {f"{name}_each": "EXCLUDE USING gist (from_id WITH =, to_id WITH =, period WITH &&)"}

"""Whatever is done to the schema, the tables are what the metadata says; and a difference is noticed."""

from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.schema import CAUSE, field, make_type, options, pipeline

from trassa.kernel import Invalid, frozen, now
from trassa.schema.actions import SchemaChange, changing_schema
from trassa.schema.actions.destroying import drop_doomed_fields
from trassa.schema.queries import current_generation, list_discrepancies, reset_generation_cache
from trassa.schema.registries import field_kinds
from trassa.schema.types import BASE_COLUMNS, Label, Layouts

pytestmark = pytest.mark.django_db

KINDS = [code for code, _kind in field_kinds.items()]
LABEL = Label("Имя", "Name")


@dataclass
class Sketch:
    """What a random walk has made so far: codes of fields by codes of types."""

    active: dict[str, list[str]] = attribute(default_factory=dict)
    retired: list[tuple[str, str]] = attribute(default_factory=list)
    retired_types: list[str] = attribute(default_factory=list)
    count: int = 0

    def new_code(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"


class Walk:
    """Random changes of a schema; what the rules forbid in a given state is refused and skipped."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data
        self.sketch = Sketch()

    def pick(self, values: list[Any]) -> Any:
        return self.data.draw(st.sampled_from(values))

    def flag(self) -> bool:
        return self.data.draw(st.booleans())

    def step(self) -> None:
        """One change with one to three actions, or none when it is refused."""
        before = (
            {code: list(fields) for code, fields in self.sketch.active.items()},
            list(self.sketch.retired),
            list(self.sketch.retired_types),
        )
        try:
            with changing_schema(actor_id=None, cause=CAUSE) as change:
                for _ in range(self.data.draw(st.integers(1, 3))):
                    self.act(change)
        except Invalid:
            self.sketch.active, self.sketch.retired, self.sketch.retired_types = before

    def act(self, change: SchemaChange) -> None:
        if not self.sketch.active:
            self.create_type(change)
            return
        actions = [
            self.create_type,
            self.add_field,
            self.add_field,
            self.change_rules,
            self.rename,
            self.retire_field,
            self.restore_field,
            self.destroy_field,
            self.save_pipeline,
            self.save_layouts,
            self.retire_or_restore_type,
        ]
        self.pick(actions)(change)

    def create_type(self, change: SchemaChange) -> None:
        code = self.sketch.new_code("type")
        change.create_type(code, label=LABEL, plural=LABEL)
        self.sketch.active[code] = []

    def add_field(self, change: SchemaChange) -> None:
        type, code, kind = self.pick(list(self.sketch.active)), self.sketch.new_code("x"), self.pick(KINDS)
        facets = field_kinds.get(kind)
        details: dict[str, Any] = {
            "unique": facets.unique and self.flag(),
            "sortable": facets.sortable and self.flag(),
            "restricted": self.flag(),
        }
        if facets.with_options:
            details["options"] = options("a", "b")
        if facets.with_target:
            details["target"] = self.pick(list(self.sketch.active))
        change.add_field(type, code, kind, label=LABEL, **details)
        self.sketch.active[type].append(code)

    def any_field(self) -> tuple[str, str] | None:
        pairs = [(type, code) for type, codes in self.sketch.active.items() for code in codes]
        return self.pick(pairs) if pairs else None

    def change_rules(self, change: SchemaChange) -> None:
        found = self.any_field()
        if found:
            change.change_field(*found, unique=self.flag(), sortable=self.flag(), restricted=self.flag())

    def rename(self, change: SchemaChange) -> None:
        found = self.any_field()
        if found:
            type, code = found
            new_code = self.sketch.new_code("y")
            change.change_field(type, code, new_code=new_code)
            self.sketch.active[type][self.sketch.active[type].index(code)] = new_code

    def retire_field(self, change: SchemaChange) -> None:
        found = self.any_field()
        if found:
            change.retire_field(*found)
            self.sketch.active[found[0]].remove(found[1])
            self.sketch.retired.append(found)

    def restore_field(self, change: SchemaChange) -> None:
        pairs = [pair for pair in self.sketch.retired if pair[0] in self.sketch.active]
        if pairs:
            type, code = pair = self.pick(pairs)
            change.restore_field(type, code)
            self.sketch.retired.remove(pair)
            self.sketch.active[type].append(code)

    def destroy_field(self, change: SchemaChange) -> None:
        pairs = [pair for pair in self.sketch.retired if pair[0] in self.sketch.active]
        if pairs:
            pair = self.pick(pairs)
            change.destroy_field(*pair)
            self.sketch.retired.remove(pair)

    def save_pipeline(self, change: SchemaChange) -> None:
        type = self.pick(list(self.sketch.active))
        stages = self.pick([["new"], ["new", "work", "won"], ["new", "lost"]])
        change.save_pipeline(type, pipeline(f"{type}_line", stages))

    def save_layouts(self, change: SchemaChange) -> None:
        type = self.pick(list(self.sketch.active))
        codes = self.sketch.active[type]
        board_sum = self.pick(["", *codes])
        change.save_layouts(type, Layouts(list_columns=tuple(codes), board_sum=board_sum))

    def retire_or_restore_type(self, change: SchemaChange) -> None:
        if self.sketch.retired_types and self.flag():
            code = self.sketch.retired_types.pop()
            change.restore_type(code)
            self.sketch.active[code] = []
        elif len(self.sketch.active) > 1:
            code = self.pick(list(self.sketch.active))
            change.retire_type(code)
            self.sketch.retired_types.append(code)
            del self.sketch.active[code]


@given(data=st.data())
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_after_any_changes_the_tables_are_what_the_metadata_says(db: None, data: st.DataObject) -> None:
    with transaction.atomic():
        walk = Walk(data)
        for _ in range(data.draw(st.integers(1, 6))):
            walk.step()
            assert list_discrepancies() == []
            for spec in current_generation():
                list(spec.model._default_manager.all()[:1])
        with frozen(now() + timedelta(minutes=2)):
            drop_doomed_fields()
        assert list_discrepancies() == []
        transaction.set_rollback(True)
    reset_generation_cache()


@pytest.mark.parametrize(
    ("statement", "name", "what"),
    [
        ("ALTER TABLE {r} DROP COLUMN {f} CASCADE", "{f}", "the column is missing"),
        ("ALTER TABLE {r} ADD COLUMN guest text", "guest", "nobody knows this column"),
        (
            "ALTER TABLE {r} ALTER COLUMN {f} TYPE varchar(5)",
            "{f}",
            "is {f} character varying(5), should be {f} text",
        ),
        ("DROP INDEX {f}_u", "{f}_u", "the index is missing or different"),
        ("CREATE INDEX guest ON {r} (title)", "guest", "nobody needs this index"),
        ("ALTER TABLE {r} DROP CONSTRAINT {r}_stage_check", "{r}_stage_check", "the check is missing"),
        ("ALTER TABLE {r} DROP CONSTRAINT {r}_owner_fk", "{r}_owner_fk", "the foreign key is missing"),
        ("ALTER TABLE {r} DROP CONSTRAINT {r}_pkey CASCADE", "{r}_pkey", "the primary key is different"),
        ("DROP TABLE {r} CASCADE", "{r}", "the table is missing"),
        ("CREATE TABLE r_999999 ()", "r_999999", "nobody knows this table"),
    ],
)
def test_a_difference_is_noticed(statement: str, name: str, what: str) -> None:
    spec = make_type("car", [field("plate", unique=True)])
    names = {"r": spec.table, "f": spec.fields[0].column}
    assert list_discrepancies() == []
    with connection.cursor() as cursor:
        cursor.execute("DROP VIEW data.car, data_full.car")
        cursor.execute(statement.format(**names))
    found = {(each.name, each.what) for each in list_discrepancies()}
    assert (name.format(**names), what.format(**names)) in found


def test_a_table_has_the_base_columns_first() -> None:
    spec = make_type("car", [field("plate")])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum",
            [spec.table],
        )
        assert tuple(name for (name,) in cursor.fetchall()) == (*BASE_COLUMNS, spec.fields[0].column)

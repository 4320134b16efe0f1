"""A destroyed field disappears at once; its column goes when nobody can be reading it any more."""

from datetime import timedelta

import pytest
from django.db import connection
from tests.factories.schema import CAUSE, field, insert_record, make_type

from trassa.kernel import NotFound, frozen, now
from trassa.schema.actions import changing_schema, leases
from trassa.schema.actions.destroying import drop_doomed_fields
from trassa.schema.models import Field, GenerationLease
from trassa.schema.queries import current_generation, list_discrepancies, pin_generation
from trassa.schema.types import Label, TypeSpec

pytestmark = pytest.mark.django_db


def destroy(*codes: str) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        for code in codes:
            change.retire_field("car", code)
            change.destroy_field("car", code)


def columns(spec: TypeSpec) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND NOT attisdropped",
            [spec.table],
        )
        return {name for (name,) in cursor.fetchall()}


def drop_later() -> int:
    """What the job drops when the processes without a lease have had their minute."""
    with frozen(now() + timedelta(seconds=61)):
        return drop_doomed_fields()


def test_the_column_outlives_the_field_for_a_minute() -> None:
    car = make_type("car", [field("note"), field("make")])
    column = car.by_code["note"].column
    destroy("note")
    assert "note" not in current_generation().types["car"].by_code
    assert drop_doomed_fields() == 0
    assert column in columns(car)
    assert list_discrepancies() == []
    assert drop_later() == 1
    assert column not in columns(car)
    assert not Field.objects.filter(code="note").exists()
    assert list_discrepancies() == []
    assert drop_later() == 0


def test_a_process_that_still_reads_with_the_old_generation_is_waited_for() -> None:
    car = make_type("car", [field("note")])
    insert_record(car, note="x")
    with pin_generation():
        spec = current_generation().types["car"]
        destroy("note")
        leases.renew_lease("a process in the middle of a request")
        assert drop_later() == 0
        assert spec.model._default_manager.values_list(spec.by_code["note"].column, flat=True).get() == "x"
    leases.renew_lease("a process in the middle of a request")
    assert drop_later() == 1


def test_a_dead_process_is_not_waited_for() -> None:
    make_type("car", [field("note")])
    GenerationLease.objects.create(process="dead", number=0, expires_at=now() - timedelta(seconds=1))
    destroy("note")
    assert drop_later() == 1


def test_everything_of_a_field_goes_with_it() -> None:
    make_type("target")
    kinds = {"a": "choice", "b": "links", "c": "auto_number", "d": "person", "e": "multi_choice", "f": "link"}
    plans = [
        field(
            code,
            kind,
            **({"options": ["x"]} if "choice" in kind else {}),
            **({"target": "target"} if "link" in kind else {}),
        )
        for code, kind in kinds.items()
    ]
    make_type("car", plans)
    destroy(*kinds)
    assert list_discrepancies() == []
    assert drop_later() == len(kinds)
    assert list_discrepancies() == []


def test_the_code_is_free_again_at_once() -> None:
    make_type("car", [field("note")])
    destroy("note")
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field("car", "note", "number", label=Label("Другое"))
    assert current_generation().types["car"].by_code["note"].kind == "number"
    assert drop_later() == 1
    assert list_discrepancies() == []


def test_only_a_retired_field_is_destroyed() -> None:
    make_type("car", [field("note")])
    with pytest.raises(NotFound), changing_schema(actor_id=None, cause=CAUSE) as change:
        change.destroy_field("car", "note")


def test_a_lease_ends_with_its_process() -> None:
    leases.renew_lease("here")
    leases.end_lease("here")
    assert not GenerationLease.objects.exists()

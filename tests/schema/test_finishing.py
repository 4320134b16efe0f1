"""What is slow on a large table is left to jobs, which can run twice and say what they could not do."""

import json
import threading
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from tests.factories.schema import CAUSE, field, insert_record, make_type, pipeline

from trassa.journal import Dispatch
from trassa.kernel import Invalid, Unavailable
from trassa.schema.actions import changing_schema, finishing, locks, tables
from trassa.schema.actions.finishing import finish_type
from trassa.schema.events import FINISH_TYPE, finish_types
from trassa.schema.queries import current_generation, list_discrepancies
from trassa.schema.types import FieldSpec, Label, Layouts

pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture(autouse=True)
def _every_table_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "SMALL_TABLE_ROWS", 2)


def change(**rules: Any) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as schema:
        schema.change_field("car", "plate", **rules)


def plate() -> FieldSpec:
    return current_generation().types["car"].by_code["plate"]


def make_cars(*plates: str) -> int:
    """A car for each plate; gives the id of the type."""
    car = make_type("car", [field("plate"), field("price", "money")], pipelines=[pipeline()])
    for text in plates:
        insert_record(car, plate=text)
    return car.id


def messages() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload::text FROM journal_outbox WHERE event = 'schema.changed' ORDER BY id")
        return [json.loads(payload) for (payload,) in cursor.fetchall()]


def test_an_index_on_a_large_table_is_left_to_a_job() -> None:
    type_id = make_cars("А1", "А2", "А3")
    change(sortable=True, unique=True)
    assert plate().finishing
    assert list_discrepancies() == []
    finish_type(type_id)
    assert not plate().finishing
    assert plate().problem == ""
    assert list_discrepancies() == []
    finish_type(type_id)
    assert list_discrepancies() == []


def test_the_job_is_asked_for_through_the_outbox() -> None:
    type_id = make_cars("А1", "А2", "А3")
    change(sortable=True)
    assert messages()[-1] == {"number": current_generation().number, "unfinished": [type_id]}
    dispatch = finish_types([{"number": 1, "unfinished": [type_id]}, {"number": 2, "unfinished": [type_id]}])
    assert isinstance(dispatch, Dispatch)
    assert [(job.task, job.args) for job in dispatch.jobs] == [(FINISH_TYPE, {"type_id": type_id})]


def test_a_unique_index_over_duplicates_becomes_a_problem_that_a_person_can_mend() -> None:
    type_id = make_cars("А1", "А1", "А2")
    change(unique=True)
    finish_type(type_id)
    assert plate().finishing
    assert "А1" in plate().problem
    assert [found.name for found in list_discrepancies()] == [f"{plate().column}_u"]
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE r_{type_id} SET {plate().column} = 'А' || id")
    with changing_schema(actor_id=None, cause=CAUSE) as schema:
        schema.retry_field("car", "plate")
    finish_type(type_id)
    assert plate().problem == ""
    assert not plate().finishing
    assert list_discrepancies() == []


def test_a_field_with_a_problem_stops_nobody_else() -> None:
    type_id = make_cars("А1", "А1", "А2")
    change(unique=True)
    finish_type(type_id)
    with changing_schema(actor_id=None, cause=CAUSE) as schema:
        schema.add_field("car", "note", "text", label=Label("Заметка"), sortable=True)
    finish_type(type_id)
    assert plate().problem
    assert not current_generation().types["car"].by_code["note"].finishing


def test_giving_the_rule_up_solves_the_problem() -> None:
    type_id = make_cars("А1", "А1", "А2")
    change(unique=True)
    finish_type(type_id)
    change(unique=False)
    assert plate().problem == ""
    assert not plate().finishing
    assert list_discrepancies() == []


def test_another_board_sum_gets_its_index_before_the_old_one_goes() -> None:
    type_id = make_cars("А1", "А2", "А3")
    with changing_schema(actor_id=None, cause=CAUSE) as schema:
        schema.save_layouts("car", Layouts(board_sum="price"))
    assert indexes(type_id) >= {f"r_{type_id}_a"}
    finish_type(type_id)
    price = current_generation().types["car"].by_code["price"].column
    assert f"r_{type_id}_a_{price}" in indexes(type_id)
    assert f"r_{type_id}_a" not in indexes(type_id)
    assert list_discrepancies() == []


def indexes(type_id: int) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = %s", [f"r_{type_id}"])
        return {name for (name,) in cursor.fetchall()}


def test_what_an_interrupted_job_left_behind_is_built_again() -> None:
    type_id = make_cars("А1", "А2", "А3")
    change(sortable=True)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE INDEX {plate().column}_s ON r_{type_id} ({plate().column}, id)")
        cursor.execute(
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = %s::regclass", [f"{plate().column}_s"]
        )
    finish_type(type_id)
    assert list_discrepancies() == []


def test_a_lost_foreign_key_is_put_back_and_validated() -> None:
    type_id = make_cars("А1", "А2", "А3")
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE r_{type_id} DROP CONSTRAINT r_{type_id}_owner_fk")
    assert [found.name for found in list_discrepancies()] == [f"r_{type_id}_owner_fk"]
    finish_type(type_id)
    assert list_discrepancies() == []


def test_two_jobs_do_not_finish_one_type_at_once() -> None:
    type_id = make_cars("А1")
    failures: list[BaseException] = []

    def second() -> None:
        try:
            finish_type(type_id)
        except Unavailable as error:
            failures.append(error)
        finally:
            connection.close()

    with finishing.only_job_of(type_id):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert len(failures) == 1


def test_a_table_that_stays_busy_is_left_in_peace(monkeypatch: pytest.MonkeyPatch) -> None:
    make_cars("А1")
    monkeypatch.setattr(locks, "PAUSES", (0.01,))
    monkeypatch.setattr(locks, "LOCK_TIMEOUT", "50ms")
    reading, done = threading.Event(), threading.Event()

    def long_report() -> None:
        table = current_generation().types["car"].table
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(f"SELECT count(*) FROM {table}")
            reading.set()
            done.wait(10)
            cursor.execute("COMMIT")
        connection.close()

    thread = threading.Thread(target=long_report)
    thread.start()
    reading.wait(10)
    with pytest.raises(Unavailable), changing_schema(actor_id=None, cause=CAUSE) as schema:
        schema.add_field("car", "note", "text", label=Label("Заметка"))
    done.set()
    thread.join()
    with changing_schema(actor_id=None, cause=CAUSE) as schema:
        schema.add_field("car", "note", "text", label=Label("Заметка"))
    assert list_discrepancies() == []


def test_duplicates_in_a_small_table_are_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "SMALL_TABLE_ROWS", 100)
    make_cars("А1", "А1")
    with pytest.raises(Invalid):
        change(unique=True)
    assert list_discrepancies() == []


def test_the_worker_knows_the_jobs_by_their_names() -> None:
    app.perform_import_paths()
    assert {FINISH_TYPE, "schema.drop_doomed_fields"} <= set(app.tasks)
    assert app.tasks[FINISH_TYPE].retry_strategy is not None

"""Generations: compiled once per number, pinned, private to themselves and gone when nobody uses them."""

import gc
import pickle
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.apps import apps as static_apps
from django.db import connection
from django.db.transaction import TransactionManagementError
from django.http import HttpRequest, HttpResponse
from tests.factories.people import make_person
from tests.factories.schema import CAUSE, field, insert_record, make_type, pipeline

from trassa.people.models import Person
from trassa.schema import generations
from trassa.schema.actions import changing_schema
from trassa.schema.compiler import compile_generation
from trassa.schema.metadata import load_metadata
from trassa.schema.middleware import PinGeneration
from trassa.schema.queries import current_generation, pin_for_write, pin_generation, reset_generation_cache
from trassa.schema.types import BASE_COLUMNS, Generation, Label

Assert = Callable[..., Any]


def add_field(type: str, code: str) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field(type, code, "text", label=Label("Поле"))


@pytest.mark.django_db
def test_reading_the_current_generation_is_one_statement(django_assert_num_queries: Assert) -> None:
    make_type("car")
    current_generation()
    with django_assert_num_queries(1):
        current_generation()
    reset_generation_cache()
    with django_assert_num_queries(2):
        current_generation()


@pytest.mark.django_db
def test_pinning_for_a_write_is_one_statement(django_assert_num_queries: Assert) -> None:
    make_type("car")
    with django_assert_num_queries(1):
        assert pin_for_write().number == current_number()


def current_number() -> int:
    latest = generations._process.latest
    assert latest is not None
    return latest.number


@pytest.mark.django_db
def test_a_pinned_generation_stays_while_the_schema_changes(django_assert_num_queries: Assert) -> None:
    make_type("car")
    with pin_generation():
        before = current_generation()
        with django_assert_num_queries(0), pin_generation():
            assert current_generation() is before
        add_field("car", "note")
        assert current_generation() is before
        assert pin_for_write().number > before.number
    assert "note" in current_generation().types["car"].by_code


@pytest.mark.django_db
def test_a_request_that_asks_for_no_generation_costs_nothing(django_assert_num_queries: Assert) -> None:
    with django_assert_num_queries(0):
        PinGeneration(lambda request: HttpResponse("ok"))(HttpRequest())


@pytest.mark.django_db
def test_a_request_sees_one_generation_and_lets_it_go() -> None:
    make_type("car")

    def view(request: HttpRequest) -> HttpResponse:
        before = current_generation()
        add_field("car", "note")
        assert current_generation() is before
        assert generations.oldest_used(10**9) == before.number
        return HttpResponse("ok")

    PinGeneration(view)(HttpRequest())
    assert generations.oldest_used(10**9) == 10**9


@pytest.mark.django_db(transaction=True)
def test_pinning_for_a_write_needs_a_transaction() -> None:
    with pytest.raises(TransactionManagementError):
        pin_for_write()


@pytest.mark.django_db
def test_models_have_the_physical_names_of_their_columns() -> None:
    deal = make_type("deal", [field("price", "money"), field("seller", "person")], pipelines=[pipeline()])
    names = [column.attname for column in deal.model._meta.concrete_fields]
    assert names == [*BASE_COLUMNS, *(spec.column for spec in deal.fields)]


@pytest.mark.django_db
def test_references_are_ids_and_rows_besides() -> None:
    deal = make_type("deal", [field("seller", "person")])
    person = make_person("belova", name="Белова Анна")
    insert_record(deal, seller=person.id, owner_id=person.id)
    column = deal.by_code["seller"].column
    rows = deal.model._default_manager
    row: Any = rows.select_related(f"{column}_row", "owner").get()
    assert getattr(row, column) == person.id
    assert getattr(row, f"{column}_row").name == "Белова Анна"
    assert row.owner.name == "Белова Анна"
    assert rows.filter(**{f"{column}_row__name": "Белова Анна", column: person.id}).exists()
    assert rows.order_by(column).values_list(column, flat=True).get() == person.id


@pytest.mark.django_db
def test_nothing_dynamic_reaches_the_global_registry() -> None:
    before = {label: set(models) for label, models in static_apps.all_models.items()}
    related = len(Person._meta.related_objects)
    deal = make_type("deal", [field("seller", "person")])
    assert {label: set(models) for label, models in static_apps.all_models.items()} == before
    assert len(Person._meta.related_objects) == related
    assert not any(model is deal.model for model in static_apps.get_models())
    assert not [name for name in vars(Person) if name.startswith("r_")]


@pytest.mark.django_db
def test_rows_are_neither_pickled_nor_copied() -> None:
    car = make_type("car")
    insert_record(car)
    with pytest.raises(TypeError, match="read them again"):
        pickle.dumps(car.model._default_manager.get())


@pytest.mark.django_db
def test_old_generations_are_collected() -> None:
    make_type("car", [field("seller", "person")])
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field("car", "twin", "link", label=Label("Пара"), target="car")
        change.add_field("car", "others", "links", label=Label("Другие"), target="car")
    old = current_generation()
    model = old.types["car"].model
    list(model._default_manager.select_related(f"{old.types['car'].by_code['twin'].column}_row"))
    seen = [weakref.ref(old), weakref.ref(model), weakref.ref(old.apps)]
    add_field("car", "note")
    current_generation()
    del old, model
    gc.collect()
    assert [reference() for reference in seen] == [None, None, None]


@pytest.mark.django_db
def test_many_generations_do_not_pile_up() -> None:
    make_type("car", [field("seller", "person")])
    add_field("car", "others")
    metadata = load_metadata()
    compiled = [weakref.ref(compile_generation(metadata)) for _ in range(20)]
    gc.collect()
    assert sum(reference() is not None for reference in compiled) == 0


def test_threads_share_one_compilation(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for code in ("car", "deal", "contact"):
        make_type(code, [field(f"a{n}", "person" if n % 2 else "text") for n in range(10)])
    compiled: list[int] = []

    def counting(metadata: Any) -> Generation:
        compiled.append(metadata.number)
        return compile_generation(metadata)

    monkeypatch.setattr(generations, "compile_generation", counting)
    start = threading.Barrier(8)

    def ask(_: int) -> tuple[int, int]:
        start.wait()
        found = current_generation()
        rows = found.types["deal"].model._default_manager.filter(owner__name="Белова").count()
        connection.close()
        return id(found), rows

    for _ in range(5):
        reset_generation_cache()
        compiled.clear()
        with ThreadPoolExecutor(8) as pool:
            answers = set(pool.map(ask, range(8)))
        assert len(answers) == 1
        assert len(compiled) == 1


def test_compiling_in_threads_never_fails(transactional_db: None) -> None:
    make_type("contact", [field(f"a{n}", "person") for n in range(5)])
    make_type(
        "deal", [field("contact", "link", target="contact"), field("others", "links", target="contact")]
    )
    metadata = load_metadata()

    def compile_and_query(_: int) -> int:
        spec = compile_generation(metadata).types["deal"]
        column = spec.by_code["contact"].column
        found = spec.model._default_manager.filter(**{f"{column}_row__owner__name": "Белова"}).count()
        connection.close()
        return found

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(compile_and_query, range(64))) == {0}

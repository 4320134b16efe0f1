"""A car business on the packs in the box with records of every type, in which nobody typed Russian.

All that people typed is DATA: any other word on a page is Trassa's own or the packs'.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from tests.factories.files import upload
from tests.factories.imports import begun
from tests.factories.people import PASSWORD, make_calendar, make_person, make_role
from tests.factories.records import CAUSE, allow, create, edit, write
from tests.factories.tasks import give

from trassa.access.actions import set_grants
from trassa.access.queries import Actor, actor_of
from trassa.access.types import Scope, Verb
from trassa.kernel import now
from trassa.people.actions import add_absence, assign_roles, change_department
from trassa.people.actions.handovers import hand_over
from trassa.people.queries import find_department, get_person, get_role, list_departments
from trassa.people.registries import Assignment
from trassa.people.types import AbsenceDraft
from trassa.records.actions.bulk_runs import start_bulk_run
from trassa.records.actions.comments import add_comment
from trassa.records.actions.exports import ask_export
from trassa.records.actions.record_files import attach_files
from trassa.records.actions.saved_views import save_view, share_view
from trassa.records.types import (
    Arrangement,
    Attached,
    BulkChange,
    Change,
    Filter,
    ListQuery,
    Narrowing,
    Write,
)
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, TypeSpec
from trassa.solutions.actions import apply_with_required
from trassa.work.actions import complete_task
from trassa.work.types import OUTCOMES, Holders

#: A value of each kind of field as JSON; links, people and choices are found.
SAMPLES: Mapping[str, Any] = {
    "text": "Lorem Ipsum",
    "long_text": "Dolor Sit Amet\nConsectetur",
    "address": "Nevsky 1",
    "number": "12",
    "money": "5800000",
    "percent": "4",
    "date": "2026-03-23",
    "datetime": "2026-03-23T12:00:00Z",
    "boolean": True,
    "phone": "+79215550142",
    "email": "anna@example.com",
    "vin": "WP1ZZZ9YZLDA12345",
    "inn": "7707083893",
    "url": "https://auto.example/cars?id=7",
    "kpp": "077070100",
    "ogrn": "1027700132195",
}
#: What people typed, longest first.
DATA = (
    *("Dolor Sit Amet", "Consectetur", "Lorem Ipsum", "Nevsky 1", "anna@example.com", "auto.example"),
    *("Anna Belova", "Oleg Vasiliev", "Roman Orlov", "Ira Newton", "Nick Nobody", "Belova A.", "Vasiliev O."),
    *("passport.pdf", "cars.csv", "My pick", "Our pick"),
    # Names that a pack has in one language only.
    *("Пять дней в неделю", "Автосалон, без выходных"),
    *("Перезвонить по обращению", "Позвонить клиенту, который думает"),
    "Провести фотосессию и выложить снимки в каталог",
    "Взять обращение в работу: срок прошёл",
    "Внести результат диагностики: срок прошёл",
    "Договориться о показе или вернуть сделку в переговоры",
    "Подписать договор: срок прошёл",
    "Продлить или снять бронь: срок прошёл",
    "Связаться с клиентом: день контакта прошёл",
    "Согласовать условия комиссии: срок прошёл",
    "Согласовать цену выкупа: срок прошёл",
    *("Осмотреть автомобиль и внести результат", "Проверить документы перед договором"),
    "Решить, что дальше: срок стадии прошёл",
)


def make_car_business() -> dict[str, int]:
    """Types of the packs, people, one or two records of every type; gives ids by what they are of."""
    apply_with_required("consignment", actor_id=None)
    people = make_people()
    seller = actor_of(get_person(people["seller"]))
    ids = dict(people)
    for spec in in_order_of_links():
        ids[spec.code] = fill_in(spec, ids)
    leave_traces(seller, ids)
    return ids


def make_people() -> dict[str, int]:
    """Administrators of both languages, a seller, somebody without records, somebody without a role."""
    for department in list_departments():
        change_department(department, actor_id=None, name=department.code.title())
    sales = find_department("sales")
    newcomer = make_role("beginner", "Beginner")
    every = [allow(code, *Verb, scope=Scope.OWN) for code in current_generation().types]
    set_grants(newcomer, [grant for grants in every for grant in grants], actor_id=None)
    people = {}
    for language in ("ru", "en"):
        given: dict[str, Any] = {"password": PASSWORD, "language": language}
        boss = make_person(f"admin-{language}", name="Oleg Vasiliev", is_administrator=True, **given)
        beginner = make_person(f"beginner-{language}", name="Ira Newton", department=sales, **given)
        nobody = make_person(f"nobody-{language}", name="Nick Nobody", **given)
        assign_roles(beginner, [newcomer], actor_id=None)
        people |= {person.login: person.id for person in (boss, beginner, nobody)}
    anna = make_person("seller", name="Anna Belova", department=sales, password=PASSWORD)
    assign_roles(anna, [get_role("seller"), newcomer], actor_id=None)
    return people | {"seller": anna.id}


def in_order_of_links() -> list[TypeSpec]:
    """Types of records, those that others must link to first."""
    left, found = dict(current_generation().types_by_id), list[TypeSpec]()

    def missing(spec: TypeSpec) -> tuple[int, int]:
        links = [field for field in spec.fields if field.target_type_id in left.keys() - {spec.id}]
        return len([field for field in links if field.required]), len(links)

    while left:
        found.append(left.pop(min(left.values(), key=missing).id))
    return found


def fill_in(spec: TypeSpec, ids: Mapping[str, int]) -> int:
    """A new record of the seller's with all its fields."""
    place = {"pipeline": spec.pipelines[0].code} if spec.pipelines else {}
    return create(spec.code, owner=ids["seller"], fields=filled(spec, ids), **place)


def filled(spec: TypeSpec, ids: Mapping[str, int]) -> dict[str, Any]:
    """Values for every field that a person may fill."""
    free = [field for field in spec.fields if not field.read_only and field.formula is None]
    values = {field.code: value_of(field, ids) for field in free}
    return {code: value for code, value in values.items() if value is not None}


def value_of(field: FieldSpec, ids: Mapping[str, int]) -> Any:
    target = current_generation().types_by_id.get(field.target_type_id or 0)
    known = ids.get(target.code) if target else None
    choices = [option.code for option in field.options[:2]]
    found = {
        "link": known,
        "links": known and [known],
        "person": ids["seller"],
        "department": list_departments()[0].id,
        "choice": choices and choices[0],
        "multi_choice": choices,
    }
    return found[field.kind] if field.kind in found else SAMPLES.get(field.kind)


def leave_traces(seller: Actor, ids: dict[str, int]) -> None:
    """What somebody leaves behind in a day: comments, files, changes, an import, an export, a filter."""
    deals, deal = current_generation().types["deal"], ids["deal"]
    edit("deal", deal, actor=seller, comment="Dolor Sit Amet")
    ids["binned deal"], ids["other deal"] = fill_in(deals, ids), fill_in(deals, ids)
    write(Write(Change.BIN, "deal", id=ids["binned deal"]))
    make_calendar("office", name="Lorem Ipsum")
    days = AbsenceDraft(date(2090, 6, 1), date(2090, 6, 10))
    ids["absence"] = add_absence(get_person(seller.id), days, actor_id=None).id
    sketch = [upload(seller, "sketch.pdf").id]
    ids["comment"] = add_comment(seller, deals, deal, "Lorem Ipsum", files=sketch, cause=CAUSE).id
    ids["file"] = upload(seller, "passport.pdf").id
    attach_files(seller, "deal", deal, [Attached(ids["file"])], cause=CAUSE)
    ids["import"] = begun("car", "VIN;Lorem Ipsum\nWP1ZZZ9YZLDA12345;5\n", actor=seller).id
    change = BulkChange(Change.EDIT, {"comment": "Consectetur"})
    ids["bulk run"] = start_bulk_run(deals, change, ListQuery(), actor=seller).id
    ids["export"] = ask_export(deals, ListQuery(), ["title"], "csv", actor=seller).id
    leave_tasks(seller, ids)
    narrowing = Narrowing([Filter("comment", "", "Consectetur")])
    ids["view"] = save_view("My pick", deals, None, narrowing, Arrangement(), actor=seller)
    boss = actor_of(get_person(ids["admin-ru"]))
    order = [Assignment("watches:watches", {ids["admin-ru"]: 1})]
    ids["hand-over"] = hand_over(get_person(ids["seller"]), order, actor_id=boss.id).id
    ids["shared view"] = save_view("Our pick", deals, None, narrowing, Arrangement(), actor=boss)
    share_view(ids["shared view"], [get_role("seller").pk], actor=boss)


def leave_tasks(seller: Actor, ids: dict[str, int]) -> None:
    """Tasks of every kind, for an administrator of each language, one of them for whoever takes it."""
    bosses = [ids["admin-ru"], ids["admin-en"]]
    whose = {"title": "Lorem Ipsum", "by": seller}
    for boss in bosses:
        for kind in OUTCOMES:
            ids["task"] = give(**whose, kind=kind, owner_id=boss, due_at=now() - timedelta(hours=1))
    ids["task for sellers"] = give(**whose, candidates=Holders(people=bosses), text="Consectetur")
    ids["task about the deal"] = give(
        **whose,
        kind="approval",
        record_id=ids["deal"],
        candidates=Holders(people=[*bosses, seller.id or 0]),
        observers=bosses,
        due_at=now() + timedelta(days=2),
    )
    ended = give(**whose, record_id=ids["deal"], parent_id=ids["task about the deal"])
    complete_task(ended, result="Dolor Sit Amet", actor=seller)

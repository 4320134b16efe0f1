"""Demo data go through the write path once, dated back from today, each line by its own person."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from tests.factories.files import PDF
from tests.factories.packs import edited, write_pack

from trassa.access.queries import system_actor
from trassa.journal import Stream, list_entries
from trassa.kernel import company_zone, today
from trassa.people.queries import find_person_by_login, roles_of
from trassa.records.queries import get_record, list_records
from trassa.records.queries.comments import list_comments
from trassa.records.types import ListQuery
from trassa.schema.queries import current_generation
from trassa.solutions.actions import apply, load_demo
from trassa.solutions.errors import PackConflict, PackInvalid
from trassa.solutions.queries import plan
from trassa.work.models import Task

pytestmark = pytest.mark.django_db

PEOPLE = """password: сто-рублей
people:
  - {login: olga, name: Белова Ольга, department: yard, roles: [mechanic]}
  - {login: pavel, name: Панин Павел, department: yard}
"""
CARS = """key,day,time,owner,make,model,price,bought_on,status,pipeline
x5,-40,10:30,olga,BMW,X5,4000000,-60,free,repair
q7,-20,11:00,pavel,Audi,Q7,,-20,free,repair
"""
HISTORY = """key,day,time,actor,stage,reason,owner,price,bought_on
x5,-30,15:00,pavel,done,,,4100000,
q7,0,23:59,pavel,lost,price,olga,,-
"""


@pytest.fixture
def garage(tmp_path: Path) -> Path:
    """The pack with two cars and their stories, applied."""
    folder = write_pack(tmp_path)
    (folder / "demo").mkdir()
    for name, text in (("people.yaml", PEOPLE), ("car.csv", CARS), ("car.history.csv", HISTORY)):
        (folder / "demo" / name).write_text(text, encoding="utf-8")
    apply(plan(folder), actor_id=None)
    return folder


def cars() -> list[str]:
    spec = current_generation().types["car"]
    return sorted(record.title for record in list_records(system_actor(), spec, ListQuery()).items)


def test_a_demo_begins_with_tasks_and_with_some_that_are_done(garage: Path) -> None:
    tasks = """key,day,time,actor,title,kind,who,due,checklist,observers,important,done,outcome,result
x5,-35,12:00,pavel,Осмотреть подвеску,todo,olga,-34 12:00,Рычаги;Опоры,olga,yes,,,
x5,-35,13:00,pavel,Позвонить владельцу,call,olga,-33 12:00,,,,-34 11:00,reached,Приедет
q7,-10,13:00,olga,Помыть,todo,role:mechanic,1 12:00,,,,,,
"""
    (garage / "demo" / "car.tasks.csv").write_text(tasks, encoding="utf-8")
    load_demo(garage)
    late, done, free = Task.objects.order_by("id")
    olga, pavel = find_person_by_login("olga"), find_person_by_login("pavel")
    assert olga is not None
    assert pavel is not None
    assert (late.owner_id, late.author_id) == (olga.id, pavel.id)
    assert (late.priority, len(late.checklist)) == ("high", 2)
    assert (today() - company_day(late.created_at)).days == 35
    assert (done.state, done.outcome, done.result, done.done_by_id) == ("done", "reached", "Приедет", olga.id)
    assert done.done_at is not None
    assert (today() - company_day(done.done_at)).days == 34
    assert (free.owner_id, free.state) == (None, "open")


def test_a_task_for_nobody_is_told_by_its_line(garage: Path) -> None:
    tasks = "key,day,time,actor,title,who\nx5,-35,12:00,olga,Осмотреть,nobody\n"
    (garage / "demo" / "car.tasks.csv").write_text(tasks, encoding="utf-8")
    with pytest.raises(PackInvalid, match="nobody"):
        load_demo(garage)


def company_day(moment: datetime) -> date:
    return moment.astimezone(company_zone()).date()


def test_people_get_their_roles_and_the_shared_password(garage: Path) -> None:
    report = load_demo(garage)
    olga = find_person_by_login("olga")
    assert olga is not None
    assert olga.check_password("сто-рублей")
    assert [role.code for role in roles_of(olga.id)] == ["mechanic"]
    assert (report.people, report.password, report.logins) == (2, "сто-рублей", ("olga", "pavel"))


def test_records_are_created_and_changed_on_their_days_by_their_people(garage: Path) -> None:
    report = load_demo(garage)
    assert (report.records, report.changes) == (2, 2)
    spec = current_generation().types["car"]
    page = list_records(system_actor(), spec, ListQuery())
    bmw = next(record for record in page.items if record.title == "BMW X5")
    done, created = list_entries(Stream("record", bmw.id))
    olga, pavel = find_person_by_login("olga"), find_person_by_login("pavel")
    assert olga is not None
    assert pavel is not None
    assert (created.kind, created.actor_id) == ("created", olga.id)
    assert (done.kind, done.actor_id) == ("moved", pavel.id)
    assert created.at.date() == today() - timedelta(days=40)
    assert bmw.values["bought_on"] == today() - timedelta(days=60)
    assert str(bmw.values["price"]) == "4100000.00"
    assert bmw.stage_id == current_generation().pipelines["repair"].get_stage("done").id


def test_nothing_happens_in_the_future_and_a_dash_empties_a_field(garage: Path) -> None:
    load_demo(garage)
    spec = current_generation().types["car"]
    page = list_records(system_actor(), spec, ListQuery())
    audi = get_record(
        system_actor(), spec, next(record.id for record in page.items if "Audi" in record.title)
    )
    assert audi.values["bought_on"] is None
    assert audi.updated_at <= audi.updated_at.now(audi.updated_at.tzinfo)


def test_a_second_load_does_nothing(garage: Path) -> None:
    load_demo(garage)
    report = load_demo(garage)
    assert (report.people, report.records, report.changes) == (0, 0, 0)
    assert cars() == ["Audi Q7", "BMW X5"]


def test_demo_data_need_the_pack_applied(tmp_path: Path) -> None:
    with pytest.raises(PackConflict, match="Apply the pack first: garage"):
        load_demo(write_pack(tmp_path))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("x5,-40", "x5,soon", "demo/car.csv:2: Every line needs key, day"),
        ("-60,free", "yesterday,free", "demo/car.csv:2: “yesterday” is no value of the field “bought_on”."),
        ("-20,free", "-20,stolen", "demo/car.csv:3: status: "),
        ("model", "series", "demo/car.csv:2: There is no field “series”."),
    ],
)
def test_a_wrong_cell_is_named_by_file_and_line_and_nothing_is_loaded(
    garage: Path, old: str, new: str, problem: str
) -> None:
    (garage / "demo" / "car.csv").write_text(CARS.replace(old, new), encoding="utf-8")
    with pytest.raises(PackInvalid) as refusal:
        load_demo(garage)
    assert str(refusal.value.problems[0]).startswith(problem)
    assert cars() == []


def test_a_step_that_breaks_a_rule_of_the_stage_is_refused(garage: Path) -> None:
    (garage / "demo" / "car.history.csv").write_text(HISTORY.replace("price,olga", ",olga"), encoding="utf-8")
    with pytest.raises(PackInvalid, match=r"demo/car.history.csv:3: reason"):
        load_demo(garage)


OWNERS = "  - {code: owners, kind: dated_link, target: car, label: {ru: Прежние, en: Earlier}}\nlayout:"
WITH_OWNERS = """key,day,time,owner,make,model,owners
x5,-40,10:30,olga,BMW,X5,
q7,-20,11:00,pavel,Audi,Q7,x5|-30|-25
"""


def test_links_have_periods_of_day_numbers(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, types_car=edited("types/car.yaml", "layout:", OWNERS))
    (folder / "demo").mkdir()
    (folder / "demo" / "people.yaml").write_text(PEOPLE, encoding="utf-8")
    (folder / "demo" / "car.csv").write_text(WITH_OWNERS, encoding="utf-8")
    apply(plan(folder), actor_id=None)
    load_demo(folder)
    page = list_records(system_actor(), current_generation().types["car"], ListQuery())
    (period,) = next(record for record in page.items if record.title == "Audi Q7").values["owners"]
    assert (period.since, period.until) == (today() - timedelta(days=30), today() - timedelta(days=25))


PHOTOS = "  - {code: photos, kind: files, label: {ru: Фото, en: Photos}}\nlayout:"
WITH_PHOTOS = """key,day,time,owner,make,model,color,photos
x5,-40,10:30,olga,BMW,X5,,Отчёт.pdf|report.pdf;Слева.jpg|drawn:car/x5/left
"""
TALK = """key,day,time,actor,text,files
x5,-39,11:00,pavel,Смотрите отчёт,Отчёт.pdf|report.pdf
x5,-39,11:20,olga,Спасибо,
"""


@pytest.fixture
def album(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The pack with a photographed car of which people speak, applied."""
    monkeypatch.setattr(settings, "TRASSA_FILES", tmp_path / "store")
    folder = write_pack(tmp_path, types_car=edited("types/car.yaml", "layout:", PHOTOS))
    (folder / "demo" / "files").mkdir(parents=True)
    (folder / "demo" / "files" / "report.pdf").write_bytes(PDF)
    for name, text in (("people.yaml", PEOPLE), ("car.csv", WITH_PHOTOS), ("car.comments.csv", TALK)):
        (folder / "demo" / name).write_text(text, encoding="utf-8")
    apply(plan(folder), actor_id=None)
    return folder


def test_records_and_comments_have_files_of_the_pack_and_drawn_ones(album: Path) -> None:
    load_demo(album)
    spec = current_generation().types["car"]
    [car] = list_records(system_actor(), spec, ListQuery()).items
    photos = get_record(system_actor(), spec, car.id).values["photos"]
    assert [(each.name, each.type) for each in photos] == [
        ("Отчёт.pdf", "application/pdf"),
        ("Слева.jpg", "image/jpeg"),
    ]
    thanks, look = list_comments(car.id)
    assert (thanks.text, [file.name for file in look.files]) == ("Спасибо", ["Отчёт.pdf"])
    assert look.created_at.date() == today() - timedelta(days=39)


def test_a_file_that_is_not_there_is_named(album: Path) -> None:
    (album / "demo" / "files" / "report.pdf").unlink()
    with pytest.raises(PackInvalid, match=r"demo/car.csv:2: There is no file “report.pdf”"):
        load_demo(album)

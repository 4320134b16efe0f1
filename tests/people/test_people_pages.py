"""The pages of people and departments."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.factories.people import PASSWORD, make_department, make_person, make_role

from trassa.journal import Stream, list_entries
from trassa.people.models import Department, Person
from trassa.people.queries import find_person_by_login, get_profile, roles_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(db: None) -> Person:
    return make_person("boss", name="Васильев Олег", is_administrator=True)


@pytest.fixture
def page(client: Client, boss: Person, settings: object) -> Client:
    """A browser of an administrator, with all pages of the house."""
    settings.ROOT_URLCONF = "trassa.config.urls"  # type: ignore[attr-defined]
    client.force_login(boss)
    return client


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_the_list_finds_by_parts_of_the_name_and_leaves_out_who_is_dismissed(page: Client) -> None:
    anna, gone = make_person("anna", name="Белова Анна"), make_person("gone", name="Белов Пётр")
    page.post(f"/people/{gone.id}/dismiss")
    shown = text_of(page.get("/people/?q=бело"))
    assert "Белова Анна" in shown
    assert "Белов Пётр" not in shown
    assert "Белов Пётр" in text_of(page.get("/people/?show=dismissed"))
    assert "Никого не нашлось" in text_of(page.get("/people/?q=абракадабра"))
    assert anna.name in text_of(page.get("/people/?q=ANNA"))


def test_a_person_comes_with_department_and_roles(page: Client) -> None:
    sales, seller = make_department("sales"), make_role("seller")
    sent = {"login": "Anna", "name": "Белова Анна", "department": sales.id, "roles": ["seller"]}
    response = page.post("/people/new", sent)
    anna = find_person_by_login("anna")
    assert anna is not None
    assert response["Location"] == f"/people/{anna.id}/"
    assert (anna.department_id, roles_of(anna.id)) == (sales.id, [seller])


def test_a_wrong_form_keeps_what_was_typed(page: Client) -> None:
    response = page.post("/people/new", {"login": "не латиница", "name": "Белова", "email": "нет"})
    assert response.status_code == 422
    shown = text_of(response)
    assert 'value="не латиница"' in shown
    assert "Логин состоит" in shown
    assert not Person.objects.filter(name="Белова").exists()


def test_changing_a_person_changes_data_and_roles_together(page: Client, boss: Person) -> None:
    make_role("seller")
    anna = make_person("anna", name="Белова Анна")
    page.post(f"/people/{anna.id}/", {"login": "anna", "name": "Орлова Анна", "roles": "seller"})
    profile = get_profile(anna.id)
    assert (profile.person.name, profile.role_codes) == ("Орлова Анна", ["seller"])
    assert {entry.actor_id for entry in list_entries(Stream("person", anna.id), limit=2)} == {boss.id}


def test_the_last_administrator_cannot_give_the_office_up(page: Client, boss: Person) -> None:
    response = page.post(f"/people/{boss.id}/", {"login": "boss", "name": "Васильев Олег"})
    assert response.status_code == 422
    assert "последний администратор" in text_of(response)


def test_a_new_password_is_shown_once_and_works(page: Client) -> None:
    anna = make_person("anna", password=PASSWORD)
    shown = text_of(page.post(f"/people/{anna.id}/password"))
    password = shown.split('<code id="password">')[1].split("<")[0]
    assert len(password) == 14
    assert Client().post("/sign-in", {"login": "anna", "password": password}).status_code == 302
    assert Client().post("/sign-in", {"login": "anna", "password": PASSWORD}).status_code == 422
    assert all(password not in str(entry.changes) for entry in list_entries(Stream("person", anna.id)))


def test_a_dismissed_person_can_be_taken_back(page: Client) -> None:
    anna = make_person("anna")
    assert "Уволить" in text_of(page.get(f"/people/{anna.id}/dismiss", headers={"HX-Request": "true"}))
    page.post(f"/people/{anna.id}/dismiss")
    assert not get_profile(anna.id).person.is_active
    page.post(f"/people/{anna.id}/readmit")
    assert get_profile(anna.id).person.is_active


CSV = """логин;ФИО;Почта;Отдел;Роли
anna;Белова Анна;anna@example.com;Компания / Продажи;seller
boris;Панин Борис;не почта;;
anna;Другая Анна;;;
vera;Седова Вера;;Склад;кладовщик
"""


def test_people_from_a_file_are_looked_at_first_then_added(page: Client) -> None:
    company = make_department("company", name="Компания")
    make_department("sales", company, name="Продажи")
    make_role("seller")
    file = SimpleUploadedFile("people.csv", CSV.encode("cp1251"))
    shown = text_of(page.post("/people/import", {"file": file}))
    assert "Добавить 1 человека" in shown
    for words in ("не адрес", "Такой логин уже занят", "Нет отдела «Склад»", "Нет роли «кладовщик»"):
        assert words in shown
    assert find_person_by_login("anna") is None
    page.post("/people/import", {"text": CSV, "agreed": "1"})
    anna = find_person_by_login("anna")
    assert anna is not None
    assert (anna.department.name, [role.code for role in roles_of(anna.id)]) == ("Продажи", ["seller"])
    assert find_person_by_login("boris") is None
    assert find_person_by_login("vera") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Файл пуст"),
        ("почта\na@b.ru", "не хватает столбца"),
        ("login,name\n" + "a,b\n" * 501, "не больше 500"),
    ],
)
def test_a_file_that_cannot_be_used_is_explained(page: Client, text: str, words: str) -> None:
    response = page.post("/people/import", {"text": text})
    assert response.status_code == 422
    assert words in text_of(response)


def test_departments_are_a_tree_that_can_be_changed(page: Client, boss: Person) -> None:
    page.post("/departments/new", {"code": "company", "name": "Компания"})
    company = Department.objects.get(code="company")
    page.post("/departments/new?parent=company", {"code": "sales", "name": "Сбыт", "parent": company.id})
    page.post("/departments/sales/", {"name": "Продажи", "parent": company.id, "head": boss.id})
    sales = Department.objects.get(code="sales")
    assert (sales.name, sales.parent_id, sales.head_id) == ("Продажи", company.id, boss.id)
    shown = text_of(page.get("/departments/"))
    assert shown.index("Компания") < shown.index("Продажи")
    response = page.post("/departments/company/", {"name": "Компания", "parent": sales.id})
    assert response.status_code == 422


def test_a_department_with_people_is_not_retired(page: Client) -> None:
    make_person(department=make_department("sales"))
    response = page.post("/departments/sales/retire")
    assert response.status_code == 422
    assert Department.objects.get(code="sales").retired_at is None


def test_a_calendar_is_made_changed_and_shown_as_a_year(page: Client) -> None:
    week = {f"day{number}": "9:00-18:00" for number in range(1, 6)}
    sent = {
        "code": "office",
        "name": "Офис",
        "zone": "Europe/Moscow",
        "kind": "week",
        "has_holidays": "1",
    } | week
    assert page.post("/calendars/new", sent)["Location"] == "/calendars/office/"
    shown = text_of(page.get("/calendars/office/?year=2026"))
    assert "9\u00a0января\u00a02026, пятница · выходной · Выходной (перенесено с 03.01.2026)" in shown
    assert 'value="09:00–18:00"' in shown
    assert (
        page.post(
            "/calendars/office/days/2026-06-11", {"hours": "09:00-17:00", "note": "Короткий"}
        ).status_code
        == 204
    )
    assert "09:00–17:00 · Короткий" in text_of(page.get("/calendars/office/?year=2026"))
    assert page.post("/calendars/office/days/2026-06-11", {"usual": "1"}).status_code == 204
    assert "Короткий" not in text_of(page.get("/calendars/office/?year=2026"))


def test_shifts_are_lines_and_mistakes_are_told(page: Client) -> None:
    sent = {
        "code": "shifts",
        "name": "2/2",
        "zone": "Europe/Samara",
        "kind": "shifts",
        "starts_on": "2026-05-01",
    }
    page.post("/calendars/new", sent | {"shifts": "08:00–20:00\n08:00–20:00\n—\n—"})
    assert "смены: рабочих дней 2 из 4" in text_of(page.get("/calendars/"))
    response = page.post("/calendars/new", sent | {"code": "bad", "zone": "Марс", "shifts": "—"})
    assert response.status_code == 422
    assert "Такого часового пояса нет" in text_of(response)


def test_colleagues_see_that_somebody_is_away_but_not_why(client: Client, settings: object) -> None:
    settings.ROOT_URLCONF = "trassa.config.urls"  # type: ignore[attr-defined]
    anna, boris = make_person("anna", name="Белова Анна"), make_person("boris", name="Борисов Пётр")
    client.force_login(anna)
    sent = {
        "since": "2090-06-05",
        "until": "2090-06-09",
        "kind": "sick",
        "substitute": boris.id,
        "note": "Операция",
    }
    assert client.post(f"/people/{anna.id}/absences/new", sent).status_code == 204
    assert "Болезнь" in text_of(client.get("/absences/?month=2090-06"))
    client.force_login(boris)
    shown = text_of(client.get("/absences/?month=2090-06"))
    assert "замещает Борисов Пётр" in shown
    assert "Болезнь" not in shown
    assert "Операция" not in shown

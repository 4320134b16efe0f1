"""What was taken out of use comes back on a screen, which first says what comes with it."""

from typing import Any

import pytest
from django.test import Client
from tests.factories.people import make_person
from tests.factories.records import create, make_garage

from trassa.access.queries import system_actor
from trassa.designer.queries import find_draft, list_retired_fields
from trassa.people.models import Person
from trassa.records.queries import get_record
from trassa.schema.queries import current_generation
from trassa.solutions.queries import last_edit

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db: None) -> Person:
    return make_person("boss", is_administrator=True)


@pytest.fixture
def browser(admin: Person) -> Client:
    client = Client(headers={"accept-language": "ru"})
    client.force_login(admin)
    return client


def change(browser: Client, type: str, page: str, /, **form: Any) -> Any:
    return browser.post(f"/designer/{type}/{page}/change", form, headers={"HX-Request": "true"})


def apply(browser: Client, code: str) -> None:
    draft = find_draft(code)
    assert draft is not None
    answer = browser.post(f"/designer/{code}/apply", {"revision": draft.revision})
    assert answer.status_code == 302, answer.content.decode()


def text_of(browser: Client, address: str) -> str:
    text: str = browser.get(address).content.decode()
    return text


def test_a_retired_field_comes_back_with_its_values_and_settings(browser: Client, admin: Person) -> None:
    make_garage()
    id = create("car", fields={"make": "Lada", "floor_price": "5"})
    before = current_generation().types["car"].by_code["floor_price"]
    change(browser, "car", "card", edit="remove-field", code="floor_price")
    apply(browser, "car")
    assert "floor_price" not in current_generation().types["car"].by_code
    page = text_of(browser, "/designer/car/card")
    assert "Не используются" in page
    assert "1 запись со значением" in page

    change(browser, "car", "card", edit="restore-field", code="floor_price")
    draft = find_draft("car")
    assert draft is not None
    assert list_retired_fields(draft) == []
    review = text_of(browser, "/designer/car/review")
    assert f"Вернуть: поле «{before.label}», заполнено в 1 записи" in review
    apply(browser, "car")
    after = current_generation().types["car"].by_code["floor_price"]
    assert (after.id, after.restricted, after.kind) == (before.id, before.restricted, before.kind)
    assert get_record(system_actor(), current_generation().types["car"], id).values["floor_price"] == 5


def test_a_field_on_its_way_back_keeps_its_code_and_kind(browser: Client, admin: Person) -> None:
    make_garage()
    change(browser, "car", "card", edit="remove-field", code="price")
    apply(browser, "car")
    change(browser, "car", "card", edit="restore-field", code="price")
    change(browser, "car", "card", edit="field", code="price", label_ru="Другое имя", new_code="x_other")
    draft = find_draft("car")
    assert draft is not None
    assert "price" in draft.design.fields
    assert "x_other" not in draft.design.fields


def test_a_retired_type_comes_back_with_pipelines_and_records(browser: Client, admin: Person) -> None:
    browser.post("/designer/new", {"label": "Осмотр", "plural": "Осмотры", "stages": "1"})
    change(browser, "x_osmotr", "card", edit="add-field", kind="text")
    apply(browser, "x_osmotr")
    id = create("x_osmotr", pipeline="x_osmotr", fields={"x_tekst": "Фары"})
    last = last_edit()
    assert last is not None
    with_record = get_record(system_actor(), current_generation().types["x_osmotr"], id)
    move = browser.post(f"/r/x_osmotr/{with_record.id}/bin", headers={"HX-Request": "true"})
    assert move.status_code == 204
    browser.post(f"/designer/undo/{last.number}")
    assert "x_osmotr" not in current_generation().types

    page = text_of(browser, "/designer")
    assert "Осмотры" in page
    assert "1 запись" in page
    assert browser.post("/designer/x_osmotr/restore").status_code == 302
    review = text_of(browser, "/designer/x_osmotr/review")
    assert "Вернуть: тип «Осмотр», 1 запись" in review
    assert "Вернуть: воронка «Осмотры»" in review
    assert browser.post("/designer/x_osmotr/restore").status_code == 409
    apply(browser, "x_osmotr")
    spec = current_generation().types["x_osmotr"]
    assert [stage.code for stage in spec.pipelines[0].stages] == ["new", "done", "cancelled"]
    binned = get_record(system_actor(), spec, id, binned=True)
    assert binned.values["x_tekst"] == "Фары"


def test_only_what_is_out_of_use_comes_back(browser: Client, admin: Person) -> None:
    make_garage()
    assert browser.post("/designer/car/restore").status_code == 404
    assert change(browser, "car", "card", edit="restore-field", code="make").status_code == 404
    assert "Не используются" not in text_of(browser, "/designer")


def test_the_review_names_settings_of_kinds(browser: Client, admin: Person) -> None:
    make_garage()
    form = {"edit": "field", "code": "year", "label_ru": "Год", "settings": "1", "setting_grouped": "1"}
    change(browser, "car", "card", **form)
    review = text_of(browser, "/designer/car/review")
    assert "settings." not in review
    assert "grouped" not in review


def test_the_review_speaks_in_labels(browser: Client, admin: Person) -> None:
    make_garage()
    deal = current_generation().types["deal"]
    stage = deal.pipelines[0].stages[0]
    change(browser, "deal", "card", edit="field", code="amount", label_ru="Сумма сделки", required="1")
    change(
        browser,
        "deal",
        "stages",
        edit="stage",
        pipeline=deal.pipelines[0].code,
        code=stage.code,
        label_ru=str(stage.label),
        requires=["amount", "client"],
        color=stage.color or "#8b95a3",
    )
    review = text_of(browser, "/designer/deal/review")
    assert "Изменить: поле «Сумма сделки», название «Сумма» → «Сумма сделки»" in review
    steps = review.split('<ul class="steps">')[1].split("</ul>")[0]
    assert "обязательные поля — → [«Сумма сделки», «Клиент»]" in steps
    for code in ("amount", "label.ru", "sales", "requires"):
        assert code not in steps

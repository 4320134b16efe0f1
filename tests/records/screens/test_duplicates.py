"""Possible duplicates on screens: while typing, on creation, on the card, and as a list."""

import pytest
from tests.factories.records import create
from tests.records.screens.conftest import Screens, text_of

EGOROV = {"name": "Егоров Пётр", "phone": "+79215550142"}


@pytest.fixture
def known(seller: Screens) -> int:
    return create("contact", fields=EGOROV)


def test_a_form_names_who_has_the_phone_while_it_is_typed(seller: Screens, known: int) -> None:
    hint = text_of(seller.post("/t/contact/duplicates", {"name": "Егоров", "phone": "8 921 555-01-42"}))
    assert f"/r/contact/{known}/" in hint
    assert "Возможно, дубль" in hint
    assert "Телефон" in hint
    unfinished = seller.post("/t/contact/duplicates", {"name": "Егоров", "phone": "8 921 55"})
    assert (unfinished.status_code, text_of(unfinished).strip()) == (200, "")


def test_a_duplicate_is_created_only_after_it_was_seen(seller: Screens, known: int) -> None:
    form = {"name": "Егоров П.", "phone": "8 921 555-01-42"}
    warned = seller.post("/r/contact/new", form)
    assert warned.status_code == 422
    assert "Всё равно создать" in text_of(warned)
    assert 'value="8 921 555-01-42"' in text_of(warned), "what was typed stays"
    created = seller.post("/r/contact/new", form | {"seen_": str(known)})
    assert created.status_code in (204, 302)


def test_having_seen_one_duplicate_says_nothing_about_another(seller: Screens, known: int) -> None:
    other = create("contact", fields={"name": "Орлов", "phone": "+79210000000"})
    form = {"name": "Егоров П.", "phone": "+79210000000", "seen_": str(known)}
    warned = seller.post("/r/contact/new", form)
    assert warned.status_code == 422
    assert f"/r/contact/{other}/" in text_of(warned)


def test_a_field_that_is_changed_names_who_has_the_value_already(seller: Screens, known: int) -> None:
    other = create("contact", fields={"name": "Орлов"})
    form = text_of(seller.part(f"/r/contact/{other}/fields/phone"))
    assert f'hx-post="/t/contact/duplicates?own={other}"' in form
    assert "/t/contact/duplicates" not in text_of(seller.part(f"/r/contact/{other}/fields/name"))
    hint = text_of(seller.post(f"/t/contact/duplicates?own={other}", {"phone": EGOROV["phone"]}))
    assert f"/r/contact/{known}/" in hint
    own = text_of(seller.post(f"/t/contact/duplicates?own={known}", {"phone": EGOROV["phone"]}))
    assert own.strip() == ""
    saved = text_of(seller.post(f"/r/contact/{other}/fields/phone/save", {"phone": EGOROV["phone"]}))
    assert f'id="alike-{other}"' in saved
    assert f"/r/contact/{known}/" in saved


def test_a_card_names_its_possible_duplicates(seller: Screens, known: int) -> None:
    other = create("contact", fields={"name": "П. Егоров", "phone": "+79215550142"})
    page = text_of(seller.page(f"/r/contact/{known}/"))
    assert "Возможно, дубль" in page
    assert f"/r/contact/{other}/" in page


def test_suspects_are_listed_by_what_they_agree_in(seller: Screens, known: int) -> None:
    assert "Дубли" in text_of(seller.page("/t/contact/"))
    assert "Дублей нет" in text_of(seller.page("/t/contact/suspects"))
    create("contact", fields={"name": "П. Егоров", "phone": "+79215550142"})
    page = text_of(seller.page("/t/contact/suspects"))
    assert "+7 921 555-01-42" in page
    assert "П. Егоров" in page

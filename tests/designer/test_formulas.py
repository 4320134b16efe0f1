"""Fields with a formula in the designer."""

import json

from django.test import Client
from tests.designer.test_designer import admin, apply, begin, browser, change  # noqa: F401

from trassa.designer.queries import find_draft
from trassa.people.models import Person
from trassa.schema.queries import current_generation
from trassa.solutions.types import FieldEntry


def field_of(code: str, field: str) -> FieldEntry:
    draft = find_draft(code)
    assert draft is not None
    return draft.design.field(field)


def test_a_field_is_worked_out_by_what_is_typed(browser: Client, admin: Person) -> None:  # noqa: F811
    code = begin(admin, "text", "money")
    change(browser, code, "card", edit="field", code="x_money", label_ru="Цена", required="1", default="5")
    change(browser, code, "card", edit="add-field", kind="money")
    [added] = [each for each in find_fields(code) if each not in ("x_text", "x_tsena")]
    asked = {"edit": "field", "code": added, "label_ru": "Сбор", "required": "1", "default": "7"}
    answer = change(browser, code, "card", **asked, formula="[Цена] * 5%", keeps_history="1")
    entry = field_of(code, "x_sbor")
    assert (entry.formula, entry.required, entry.default) == ("x_tsena * 0.05", False, None)
    assert entry.keeps_history
    assert 'name="required"' not in answer.content.decode()
    assert 'name="formula_open"' in answer.content.decode()
    apply(browser, code)
    assert current_generation().types[code].by_code["x_sbor"].formula is not None


def find_fields(code: str) -> list[str]:
    draft = find_draft(code)
    assert draft is not None
    return [*draft.design.fields]


def test_what_cannot_be_kept_is_said_while_it_is_typed(browser: Client, admin: Person) -> None:  # noqa: F811
    code = begin(admin, "text", "number")
    body = json.dumps({"text": "ГОД([Изменено])"})
    at = f"/designer/{code}/check?field=x_number"
    kept = browser.post(f"{at}&kept", body, content_type="application/json").json()
    assert len(kept["errors"]) == 1
    assert browser.post(at, body, content_type="application/json").json() == {"errors": []}


def test_a_lookup_may_stay_from_a_signature_on(browser: Client, admin: Person) -> None:  # noqa: F811
    code = begin(admin, "text", "link", "date", "lookup")
    change(browser, code, "card", edit="field", code="x_link", label_ru="Ссылка", target=code)
    change(browser, code, "card", edit="field", code="x_date", label_ru="Подписан")
    asked = {"edit": "field", "code": "x_lookup", "label_ru": "Условие", "shows": "x_ssylka.x_text"}
    answer = change(browser, code, "card", **asked, frozen_when="НЕ(ПУСТО([Подписан]))", keeps_history="1")
    entry = field_of(code, "x_uslovie")
    assert (entry.frozen_when, entry.keeps_history) == ("NOT(ISBLANK(x_podpisan))", True)
    assert 'name="keeps_history" value="1" checked' in answer.content.decode().replace("  ", " ")
    apply(browser, code)
    field = current_generation().types[code].by_code["x_uslovie"]
    assert (field.is_kept_lookup, field.kind) == (True, "text")
    page = browser.get(f"/designer/{code}/card?field=x_uslovie").content.decode()
    assert "НЕ(ПУСТО(Подписан))" in page
    assert 'name="formula"' not in page

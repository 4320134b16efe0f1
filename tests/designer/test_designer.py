"""The designer: a draft is edited, reviewed, applied and taken back; nobody but administrators comes near."""

from typing import Any

import pytest
from django.test import Client
from tests.factories.people import make_person, make_role
from tests.factories.records import create, make_garage

from trassa.access.actions import set_grants
from trassa.access.queries import grants_of_role
from trassa.access.types import GrantSpec, Scope, Verb
from trassa.designer.actions import begin_type, edit_draft
from trassa.designer.codes import propose_code
from trassa.designer.edits.fields import add_field, change_field, remove_field
from trassa.designer.models import Draft
from trassa.designer.queries import find_draft, plan_of
from trassa.journal import Stream, list_entries
from trassa.kernel import Conflict
from trassa.people.models import Person
from trassa.people.queries import get_role
from trassa.schema.queries import current_generation
from trassa.solutions.queries import last_edit
from trassa.solutions.types import Words

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db: None) -> Person:
    make_role("driver", "Водитель")
    return make_person("boss", is_administrator=True)


@pytest.fixture
def browser(admin: Person) -> Client:
    client = Client(headers={"accept-language": "ru"})
    client.force_login(admin)
    return client


def begin(admin: Person, *kinds: str) -> str:
    """The draft of "Тест-драйв" with fields of these kinds; its code."""
    draft = begin_type(
        label="Тест-драйв", plural="Тест-драйвы", icon="car", with_stages=True, actor_id=admin.id
    )
    for kind in kinds:
        edit_draft(draft.code, lambda design, kind=kind: add_field(design, kind, kind)[0], actor_id=admin.id)
    return draft.code


def change(browser: Client, type: str, page: str, /, **form: Any) -> Any:
    return browser.post(f"/designer/{type}/{page}/change", form, headers={"HX-Request": "true"})


def apply(browser: Client, code: str) -> None:
    draft = find_draft(code)
    assert draft is not None
    answer = browser.post(f"/designer/{code}/apply", {"revision": draft.revision})
    assert answer.status_code == 302, answer.content.decode()


def test_every_page_shows_a_new_type(browser: Client, admin: Person) -> None:
    code = begin(admin, "text", "choice", "link", "lookup", "money")
    assert "Тест-драйвы" in browser.get("/designer").content.decode()
    for page in ("card", "stages", "lists", "naming", "rights", "review"):
        assert browser.get(f"/designer/{code}/{page}").status_code == 200
    for field in ("x_text", "x_choice", "x_link", "x_lookup", "x_money"):
        assert 'name="label_ru"' in browser.get(f"/designer/{code}/card?field={field}").content.decode()


def test_codes_are_transliterated_and_follow_the_label_until_applied(browser: Client, admin: Person) -> None:
    code = begin(admin, "text")
    assert code == "x_test_drayv"
    change(browser, code, "card", edit="field", code="x_text", label_ru="Гос. номер щётки")
    draft = find_draft(code)
    assert draft is not None
    assert list(draft.design.fields) == ["x_gos_nomer_schetki"]
    assert draft.design.type.title == "{x_gos_nomer_schetki}"
    assert "x_gos_nomer_schetki" in draft.design.type.layout.list
    apply(browser, code)
    change(browser, code, "card", edit="field", code="x_gos_nomer_schetki", label_ru="Другое")
    draft = find_draft(code)
    assert draft is not None
    assert list(draft.design.fields) == ["x_gos_nomer_schetki"]


def test_a_code_is_never_taken_twice() -> None:
    assert propose_code("Дата", {"x_data"}) == "x_data_2"
    assert propose_code("!!!", ()) == "x_field"


def test_an_applied_type_is_there_with_its_rights_and_goes_again(browser: Client, admin: Person) -> None:
    code = begin(admin, "text")
    change(browser, code, "rights", edit="rights", role="driver", preset="own")
    apply(browser, code)
    assert code in current_generation().types
    assert find_draft(code) is None
    rights = [(each.verb.value, each.scope.value) for each in grants_of_role(get_role("driver").id)]
    assert sorted(rights) == [("create", "own"), ("edit", "own"), ("move", "own"), ("see", "own")]
    last = last_edit()
    assert last is not None
    assert browser.post(f"/designer/undo/{last.number}").status_code == 302
    assert code not in current_generation().types
    assert last_edit() is None


def test_a_link_without_a_target_stands_in_the_way(browser: Client, admin: Person) -> None:
    code = begin(admin, "text", "link")
    page = browser.get(f"/designer/{code}/review").content.decode()
    assert "Применить" not in page
    draft = find_draft(code)
    assert draft is not None
    assert plan_of(draft).obstacles


def test_a_field_that_a_condition_uses_refuses_to_go(browser: Client, admin: Person) -> None:
    code = begin(admin, "text", "number")
    edit_draft(
        code,
        lambda d: change_field(d, "x_text", known=(), label=Words(ru="text"), visible_when="x_number > 1")[0],
        actor_id=admin.id,
    )
    apply(browser, code)
    edit_draft(code, lambda design: remove_field(design, "x_number"), actor_id=admin.id)
    draft = find_draft(code)
    assert draft is not None
    assert any("x_number" in each for each in plan_of(draft).obstacles)


def test_a_retired_field_says_how_many_records_have_it(browser: Client, admin: Person) -> None:
    make_garage()
    create("car", fields={"make": "Lada", "price": "5"})
    change(browser, "car", "card", edit="remove-field", code="price")
    draft = find_draft("car")
    assert draft is not None
    steps = [str(step) for step in plan_of(draft).steps]
    assert any("«Цена»" in step and "1" in step for step in steps), steps


def test_values_that_do_not_fit_another_kind_are_reported(browser: Client, admin: Person) -> None:
    code = begin(admin, "text", "text")
    apply(browser, code)
    create(code, pipeline=code, fields={"x_text_2": "много"})
    change(browser, code, "card", edit="field", code="x_text_2", label_ru="text", kind="phone")
    page = browser.get(f"/designer/{code}/review").content.decode()
    assert "много" in page
    assert "Применить" not in page


def test_steps_back_lead_to_what_was_there(browser: Client, admin: Person) -> None:
    code = begin(admin, "text", "number")
    browser.post(f"/designer/{code}/back")
    draft = find_draft(code)
    assert draft is not None
    assert list(draft.design.fields) == ["x_text"]


def test_a_draft_that_changed_after_the_review_is_not_applied(browser: Client, admin: Person) -> None:
    code = begin(admin, "text")
    assert browser.post(f"/designer/{code}/apply", {"revision": 1}).status_code == 409
    other = make_person("second", is_administrator=True)
    with pytest.raises(Conflict):
        edit_draft(code, lambda design: design.with_type(icon="car2"), revision=1, actor_id=other.id)


def test_every_edit_is_in_the_journal(browser: Client, admin: Person) -> None:
    code = begin(admin, "text")
    id = Draft.objects.get(code=code).pk
    browser.post(f"/designer/{code}/drop")
    assert find_draft(code) is None
    kinds = [entry.kind for entry in list_entries(Stream("draft", id))]
    assert sorted(kinds) == ["changed", "created", "removed"]


def test_own_changes_leave_as_a_pack(browser: Client, admin: Person) -> None:
    apply(browser, begin(admin, "text"))
    answer = browser.get("/designer/export")
    assert answer.headers["Content-Type"] == "application/zip"
    assert b"types/x_test_drayv.yaml" in answer.content


def test_nobody_else_finds_it(admin: Person) -> None:
    client = Client()
    client.force_login(make_person("seller"))
    assert client.get("/designer").status_code == 404
    assert client.post("/designer/car/drop").status_code == 404


def frame(browser: Client, code: str, **query: Any) -> str:
    answer = browser.get(f"/designer/{code}/frame", query)
    assert answer.status_code == 200
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    return answer.content.decode()


def test_the_preview_shows_a_real_record_under_the_draft_and_writes_nothing(
    browser: Client, admin: Person
) -> None:
    make_garage()
    lada = create("car", fields={"make": "Lada", "price": "5"})
    other = create("car", fields={"make": "Volvo"})
    number = current_generation().number
    change(browser, "car", "card", edit="field", code="make", label_ru="Производитель")
    change(browser, "car", "card", edit="add-field", kind="phone")
    card = frame(browser, "car", record=lada)
    assert "Производитель" in card
    assert "Lada" in card
    assert "Телефон" in card
    assert "Volvo" in frame(browser, "car", record=other)
    assert "Volvo" in frame(browser, "car", look="list")
    assert current_generation().number == number
    assert "x_telefon" not in current_generation().types["car"].by_code


def test_expressions_are_completed_and_checked_with_what_the_draft_has(
    browser: Client, admin: Person
) -> None:
    code = begin(admin, "text")
    edit_draft(code, lambda design: add_field(design, "number", "Пробег")[0], actor_id=admin.id)
    answer = browser.post(f"/designer/{code}/completions", {"text": "про", "caret": "3"})
    assert "Пробег" in answer.content.decode()
    for text, faults in (("Пробег > 5", 0), ("Пробег", 1), ("Нет такого", 1)):
        body = {"text": text}
        checked = browser.post(f"/designer/{code}/check", body, content_type="application/json")
        assert len(checked.json()["errors"]) == faults, text
    default = browser.post(
        f"/designer/{code}/check?field=x_probeg", {"text": "2 * 2"}, content_type="application/json"
    )
    assert default.json() == {"errors": []}


def test_values_that_do_not_fit_are_left_empty_in_favour_of_history(browser: Client, admin: Person) -> None:
    code = begin(admin, "text", "text")
    apply(browser, code)
    id = create(code, pipeline=code, fields={"x_text_2": "много"})
    fits = create(code, pipeline=code, fields={"x_text_2": "8 915 000-00-00"})
    change(browser, code, "card", edit="field", code="x_text_2", label_ru="text", kind="phone")
    assert "--take" not in browser.get(f"/designer/{code}/review").content.decode()
    browser.post(f"/designer/{code}/unfit", {"field": "x_text_2", "choice": "empty"})
    page = browser.get(f"/designer/{code}/review").content.decode()
    assert f"/r/{code}/{id}/" in page
    assert "Применить" in page
    apply(browser, code)
    spec = current_generation().types[code]
    column = spec.by_code["x_text_2"].column
    values = dict(spec.model._default_manager.values_list("id", column))
    assert values == {id: None, fits: "+79150000000"}
    told = [entry.changes for entry in list_entries(Stream("record", id))]
    assert any(["много", None] in [list(pair) for pair in changes.values()] for changes in told), told


def test_a_kind_can_be_kept_where_values_do_not_fit(browser: Client, admin: Person) -> None:
    code = begin(admin, "text", "text")
    apply(browser, code)
    create(code, pipeline=code, fields={"x_text_2": "много"})
    change(browser, code, "card", edit="field", code="x_text_2", label_ru="text", kind="phone")
    browser.post(f"/designer/{code}/unfit", {"field": "x_text_2", "choice": "keep"})
    draft = find_draft(code)
    assert draft is not None
    assert draft.design.field("x_text_2").kind == "text"


def test_a_preset_of_rights_leaves_finer_rights_alone(browser: Client, admin: Person) -> None:
    code = begin(admin, "text", "money")
    apply(browser, code)
    spec = current_generation().types[code]
    role = get_role("driver")
    finer = GrantSpec(Verb.SEE, Scope.ALL, spec.id, field_id=spec.by_code["x_money"].id)
    set_grants(role, [GrantSpec(Verb.SEE, Scope.DEPARTMENT, spec.id), finer], actor_id=None)
    page = browser.get(f"/designer/{code}/rights").content.decode()
    assert "Сейчас: видеть (записи своего отдела)" in page
    change(browser, code, "rights", edit="rights", role="driver", preset="read")
    apply(browser, code)
    assert set(grants_of_role(role.id)) == {GrantSpec(Verb.SEE, Scope.ALL, spec.id), finer}


def test_the_preview_of_a_new_type_shows_an_example(browser: Client, admin: Person) -> None:
    code = begin(admin, "text", "link")
    assert "Скажите, на какой тип ведёт ссылка." in frame(browser, code)
    edit_draft(code, lambda design: remove_field(design, "x_link"), actor_id=admin.id)
    card = frame(browser, code)
    assert "Тест-драйв" in card
    assert "Новый" in card
    assert "Новый" in frame(browser, code, look="board")
    assert code not in current_generation().types


def test_the_preview_shows_what_a_conversion_leaves(browser: Client, admin: Person) -> None:
    code = begin(admin, "text", "text")
    apply(browser, code)
    id = create(code, pipeline=code, fields={"x_text_2": "8 915 000-00-00", "x_text": "Иван"})
    change(browser, code, "card", edit="field", code="x_text_2", label_ru="text", kind="phone")
    assert "+7 915 000-00-00" in frame(browser, code, record=id).replace("\xa0", " ")


def test_nothing_in_the_preview_leads_away_or_does_anything(browser: Client, admin: Person) -> None:
    make_garage()
    lada = create("car", fields={"make": "Lada"})
    for look in ("card", "list"):
        content = frame(browser, "car", look=look, record=lada)
        assert "<script" not in content
        assert "hx-get" not in content
        assert "hx-post" not in content
        assert 'href="/r/' not in content


def test_english_administrators_name_sections_in_english(browser: Client, admin: Person) -> None:
    code = begin(admin, "text")
    browser.post("/settings/language", {"language": "en"})
    assert 'id="section-main-0" name="label_en"' in browser.get(f"/designer/{code}/card").content.decode()
    names = {"label_en": "Terms", "label_ru": "Условия"}
    change(browser, code, "card", edit="section", tab="main", section="0", **names)
    page = browser.get(f"/designer/{code}/card").content.decode()
    assert 'name="label_en" value="Terms"' in page
    assert 'value="Условия"' in page

"""Stages of a draft: checklists, deadlines, conditions, and names in both languages."""

from typing import Any

import pytest
from django.test import Client
from tests.designer.test_designer import apply, begin, change
from tests.factories.people import make_person

from trassa.designer.actions import edit_draft
from trassa.designer.edits.fields import add_field, remove_field
from trassa.designer.queries import find_draft
from trassa.people.models import Person
from trassa.schema.queries import current_generation
from trassa.solutions.types import StageEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db: None) -> Person:
    return make_person("boss", is_administrator=True)


@pytest.fixture
def browser(admin: Person) -> Client:
    client = Client(headers={"accept-language": "ru"})
    client.force_login(admin)
    return client


def save_stage(browser: Client, type: str, **form: Any) -> Any:
    usual = {"edit": "stage", "pipeline": type, "code": "new", "label_ru": "Новый", "color": "#8b95a3"}
    return change(browser, type, "stages", **usual, meaning="open", **form)


def stage_of(type: str) -> StageEntry:
    draft = find_draft(type)
    assert draft is not None
    return draft.design.pipelines[0].stages[0]


def test_a_checklist_and_a_deadline_are_designed_and_applied(browser: Client, admin: Person) -> None:
    code = begin(admin, "text", "date")
    answer = save_stage(
        browser,
        code,
        label_en="New",
        item_code=["", ""],
        item_label=["Позвонить", ""],
        item_label_en=["Call", ""],
        item_required="0",
        after="2",
        after_unit="working days",
        warning="4",
        warning_unit="working hours",
        escalation="",
        escalation_unit="hours",
    )
    assert answer.status_code == 200, answer.content.decode()
    assert "2 рабочих дня" in answer.content.decode()
    apply(browser, code)
    stage = current_generation().pipelines[code].stages[0]
    assert [(str(item.label.en), item.required) for item in stage.checklist] == [("Call", True)]
    assert stage.deadline is not None
    assert (str(stage.deadline.after), str(stage.deadline.warning)) == ("2 working days", "4 working hours")
    assert stage.deadline.escalation is None


def test_a_deadline_without_time_and_date_is_none_and_a_date_that_goes_takes_it_along(
    browser: Client, admin: Person
) -> None:
    code = begin(admin, "text", "date")
    save_stage(browser, code, after="", warning="1", warning_unit="hours")
    assert stage_of(code).deadline is None
    save_stage(browser, code, deadline_field="x_date")
    deadline = stage_of(code).deadline
    assert deadline is not None
    assert deadline.field == "x_date"
    edit_draft(code, lambda design: remove_field(design, "x_date"), actor_id=admin.id)
    assert stage_of(code).deadline is None


def test_an_amount_that_is_no_number_is_refused(browser: Client, admin: Person) -> None:
    code = begin(admin, "text")
    assert save_stage(browser, code, after="много", after_unit="hours").status_code == 422
    assert save_stage(browser, code, after="2", after_unit="weeks").status_code == 422


def test_a_condition_is_kept_by_codes_and_shown_with_names(browser: Client, admin: Person) -> None:
    code = begin(admin, "text")
    edit_draft(code, lambda design: add_field(design, "number", "Пробег")[0], actor_id=admin.id)
    shown = save_stage(
        browser,
        code,
        condition_code="",
        condition_formula="Пробег > 5",
        condition_label="Мало проехал",
        condition_label_en="",
    )
    [condition] = stage_of(code).enter_when
    assert condition.condition == "x_probeg > 5"
    assert "Пробег &gt; 5" in shown.content.decode()
    change(browser, code, "card", edit="field", code="x_probeg", label_ru="Одометр")
    assert stage_of(code).enter_when[0].condition == "x_odometr > 5"


def test_options_and_reasons_have_names_in_both_languages(browser: Client, admin: Person) -> None:
    code = begin(admin, "text", "choice")
    change(
        browser,
        code,
        "card",
        edit="field",
        code="x_choice",
        label_ru="choice",
        option_code=["", ""],
        option_label=["Красный", ""],
        option_label_en=["Red", ""],
        option_color=["#dc2626", "#8b95a3"],
    )
    change(
        browser,
        code,
        "stages",
        edit="reasons",
        pipeline=code,
        reason_code="",
        reason_label="Дорого",
        reason_label_en="Too dear",
    )
    draft = find_draft(code)
    assert draft is not None
    [option] = draft.design.field("x_choice").options
    assert (option.code, option.label.ru, option.label.en) == ("x_krasnyy", "Красный", "Red")
    [reason] = draft.design.pipelines[0].reasons
    assert (reason.label.ru, reason.label.en) == ("Дорого", "Too dear")

"""«Why» is answered in the words people use, naming the role that permits or what is missing."""

from django.utils import translation
from tests.factories.access import make_actor, make_field, make_pipeline, make_type, may

from trassa.access.explanations import Case, RoleGrant, explain
from trassa.access.types import Explanation, GrantSpec, Row, Scope, Verb
from trassa.schema.types import FieldSpec

SALES = make_pipeline(10, [11, 12], label="Продажи")
PRICE = make_field(2, code="price", restricted=True)
NOTE = make_field(1, code="note")
DEAL = make_type(1, fields=[NOTE, PRICE], pipelines=[SALES])


def ask(
    verb: Verb, row: Row, *grants: GrantSpec, field: FieldSpec | None = None, department: str = ""
) -> Explanation:
    """Ask about Anna, a seller with these grants, of department 5."""
    actor = make_actor(grants, department_id=5, branch_ids=[5, 6])
    held = [RoleGrant("Продавец", grant) for grant in grants]
    return explain(Case(actor, row, DEAL, department, True, held), verb, field)


def test_the_permitting_role_is_named_with_its_place() -> None:
    row = Row(1, owner_id=1, pipeline_id=10, stage_id=11)
    answer = ask(Verb.SEE, row, may(Verb.SEE, Scope.OWN, type=1, pipeline=10, stage=11))
    assert answer == Explanation(
        True,
        (
            "Роль «Продавец» разрешает видеть свои записи: тип «Сделка», воронка «Продажи», "
            "стадия «Стадия 11».",
        ),
    )


def test_a_foreign_record_is_explained_by_its_owner() -> None:
    answer = ask(Verb.SEE, Row(1, owner_id=2), may(Verb.SEE, Scope.OWN))
    assert answer == Explanation(
        False,
        (
            "Роль «Продавец» разрешает видеть свои записи: любого типа. "
            "Белова Анна не отвечает за запись и не участвует в ней.",
        ),
    )


def test_a_record_of_another_department_and_stage_is_explained_by_both() -> None:
    row = Row(1, department_id=7, pipeline_id=10, stage_id=12)
    grant = may(Verb.SEE, Scope.BRANCH, type=1, pipeline=10, stage=11)
    answer = ask(Verb.SEE, row, grant, department="Мастерская")
    assert not answer.allowed
    assert "Запись находится на другой стадии." in answer.lines[0]
    assert "Запись принадлежит отделу «Мастерская»." in answer.lines[0]


def test_a_missing_verb_is_said_plainly() -> None:
    answer = ask(Verb.DELETE, Row(1, owner_id=1), may(Verb.SEE, Scope.OWN))
    assert answer == Explanation(
        False, ("Белова Анна: ни одна роль не разрешает удалять записи типа «Сделка».",)
    )


def test_a_verb_without_seeing_says_that_seeing_is_missing() -> None:
    answer = ask(Verb.EDIT, Row(1, owner_id=1), may(Verb.EDIT))
    assert not answer.allowed
    assert answer.lines == (
        "Роль «Продавец» разрешает изменять все записи: любого типа.",
        "С записью, которой не видно, нельзя ничего сделать:",
        "Белова Анна: ни одна роль не разрешает видеть записи типа «Сделка».",
    )


def test_a_restricted_field_names_the_role_that_opens_it() -> None:
    row = Row(1)
    closed = ask(Verb.SEE, row, may(Verb.SEE), field=PRICE)
    assert not closed.allowed
    assert closed.lines[-1] == "Поле «Price» закрыто, и ни одна роль не разрешает его видеть."
    opened = ask(Verb.SEE, row, may(Verb.SEE), may(Verb.SEE, type=1, field=2), field=PRICE)
    assert opened.allowed
    assert opened.lines[-1] == "Роль «Продавец» разрешает видеть закрытое поле «Price»."
    unedited = ask(Verb.EDIT, row, may(Verb.SEE), may(Verb.EDIT), may(Verb.SEE, type=1, field=2), field=PRICE)
    assert not unedited.allowed
    assert unedited.lines[-1] == "Поле «Price» закрыто, и ни одна роль не разрешает его изменять."


def test_an_open_field_follows_the_record() -> None:
    answer = ask(Verb.SEE, Row(1), may(Verb.SEE), field=NOTE)
    assert answer.allowed
    assert answer.lines[-1] == "Поле «Note» открыто всем, кто видит запись."


def test_nobody_without_roles_may_anything() -> None:
    answer = explain(Case(make_actor(), Row(1), DEAL, "", False, []), Verb.SEE)
    assert answer == Explanation(False, ("Белова Анна: роли не назначены.",))


def test_english_is_complete_too() -> None:
    with translation.override("en"):
        answer = ask(Verb.SEE, Row(1), may(Verb.SEE, Scope.ALL, type=1))
    assert answer.lines == ("The role “Продавец” permits to see all records: type “Deal”.",)

"""Departments form a tree; the branch of one is everything below it."""

import pytest
from tests.factories.people import make_calendar, make_department, make_person, make_role

from trassa.journal import Stream, list_entries
from trassa.journal.models import OutboxMessage
from trassa.kernel import Forbidden, Invalid
from trassa.people.actions import change_department, change_role, create_department, create_role
from trassa.people.events import WORKING_TIME_CHANGED
from trassa.people.queries import department_names, department_tree, existing_department_ids, rights_revision

pytestmark = pytest.mark.django_db


def test_the_tree_gives_every_department_with_everything_below_it() -> None:
    company = make_department()
    sales = make_department(parent=company)
    used = make_department(parent=sales)
    works = make_department()
    assert department_tree() == {
        company.id: {company.id, sales.id, used.id},
        sales.id: {sales.id, used.id},
        used.id: {used.id},
        works.id: {works.id},
    }


def test_a_department_cannot_be_put_below_itself() -> None:
    company = make_department()
    sales = make_department(parent=company)
    for parent in (sales, company):
        with pytest.raises(Invalid) as refusal:
            change_department(company, actor_id=None, parent=parent)
        assert refusal.value.errors[0].code == "loop"


def test_moving_a_department_changes_rights_and_is_in_history() -> None:
    sales, works, head = make_department(), make_department(), make_person()
    before = rights_revision()
    change_department(sales, actor_id=None, parent=works, head=head)
    assert department_tree()[works.id] == {works.id, sales.id}
    assert rights_revision() != before
    changes = list_entries(Stream("department", sales.id))[0].changes
    assert changes == {"parent": (None, works.id), "head": (None, head.id)}


def test_names_are_read_for_those_that_exist() -> None:
    sales = make_department(name="Отдел продаж")
    assert department_names([sales.id, 999_999]) == {sales.id: "Отдел продаж"}
    assert existing_department_ids([sales.id, 999_999]) == {sales.id}


def test_codes_are_unique_and_plain() -> None:
    make_department("sales")
    make_role("seller")
    for refused in ("sales", "Продажи", "9x", ""):
        with pytest.raises(Invalid):
            create_department(code=refused, name="x", actor_id=None)
    for refused in ("seller", "big boss"):
        with pytest.raises(Invalid):
            create_role(code=refused, label={"ru": "x"}, actor_id=None)


def test_only_administrators_set_things_up() -> None:
    anna = make_person()
    sales, seller = make_department(), make_role()
    with pytest.raises(Forbidden):
        create_department(code="x", name="x", actor_id=anna.id)
    with pytest.raises(Forbidden):
        change_department(sales, actor_id=anna.id, name="x")
    with pytest.raises(Forbidden):
        create_role(code="x", label={}, actor_id=anna.id)
    with pytest.raises(Forbidden):
        change_role(seller, label={"ru": "x"}, actor_id=anna.id)


def test_renaming_a_role_is_in_history() -> None:
    role = make_role("seller", "Продавец")
    change_role(role, label={"ru": "Менеджер", "en": "Manager"}, actor_id=None)
    entry = list_entries(Stream("role", role.id))[0]
    assert entry.changes["label"][1] == {"ru": "Менеджер", "en": "Manager"}


def test_moving_a_department_is_told_to_who_counts_working_time_only_when_its_calendar_changes() -> None:
    company, works = make_department(), make_department(calendar=make_calendar())
    sales = make_department(parent=company)
    used = make_department(parent=sales)
    OutboxMessage.objects.all().delete()

    def count_news() -> int:
        return OutboxMessage.objects.filter(event=WORKING_TIME_CHANGED).count()

    change_department(sales, parent=make_department(), actor_id=None)
    assert count_news() == 0
    change_department(sales, parent=works, actor_id=None)
    assert count_news() == 1
    change_department(used, calendar=works.calendar, actor_id=None)
    assert count_news() == 1, "it worked by this calendar before"
    change_department(sales, parent=company, actor_id=None)
    assert count_news() == 2

"""The preview in a role: what somebody with this role alone would see and may do under the draft."""

from typing import Any

import pytest
from django.test import Client
from tests.factories.people import make_department, make_person, make_role
from tests.factories.records import create, make_garage

from trassa.access.actions import set_grants
from trassa.access.queries import actor_of
from trassa.access.types import GrantSpec, Scope, Verb
from trassa.people.actions import assign_roles
from trassa.people.models import Person
from trassa.schema.queries import current_generation

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db: None) -> Person:
    make_garage()
    return make_person("boss", is_administrator=True)


@pytest.fixture
def browser(admin: Person) -> Client:
    client = Client(headers={"accept-language": "ru"})
    client.force_login(admin)
    return client


@pytest.fixture
def seller(admin: Person) -> Person:
    """Sees and changes own deals."""
    role = make_role("seller", "Продавец")
    deal = current_generation().types["deal"]
    own = [GrantSpec(verb, Scope.OWN, deal.id) for verb in (Verb.SEE, Verb.EDIT)]
    set_grants(role, own, actor_id=None)
    person = make_person("ivan", department=make_department("sales"))
    assign_roles(person, [role], actor_id=None)
    return person


def change(browser: Client, page: str, /, **form: Any) -> None:
    answer = browser.post(f"/designer/deal/{page}/change", form, headers={"HX-Request": "true"})
    assert answer.status_code == 200, answer.content.decode()


def frame(browser: Client, **query: Any) -> str:
    answer = browser.get("/designer/deal/frame", {"role": "seller", **query})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_role_with_own_records_sees_those_of_its_people_alone(browser: Client, seller: Person) -> None:
    mine = create("deal", pipeline="sales", owner=seller.id, fields={"amount": "1111"})
    other = create("deal", pipeline="sales", fields={"amount": "2222"})
    for look in ("list", "board"):
        page = frame(browser, look=look)
        assert f'data-id="{mine}"' in page
        assert f'data-id="{other}"' not in page
    assert "В роли «Продавец», как это видит" in frame(browser)


def test_a_record_out_of_reach_is_not_shown_in_the_role(browser: Client, seller: Person) -> None:
    other = create("deal", pipeline="sales", fields={"amount": "2222"})
    assert "В этой роли здесь ничего не видно" in frame(browser, record=other)


def test_rights_of_the_draft_count_before_they_are_applied(browser: Client, seller: Person) -> None:
    other = create("deal", pipeline="sales", fields={"amount": "2222"})
    change(browser, "rights", edit="rights", role="seller", preset="read")
    page = frame(browser, record=other).replace("\xa0", " ")
    assert "2 222" in page
    assert "видеть (все записи)" in page
    assert not actor_of(seller).reach(Verb.SEE, current_generation().types["deal"]).everything


def test_a_field_of_the_draft_that_the_role_is_not_given_is_masked_and_named(
    browser: Client, seller: Person
) -> None:
    mine = create("deal", pipeline="sales", owner=seller.id, fields={"amount": "1111"})
    change(browser, "card", edit="field", code="amount", label_ru="Сумма", restricted="1")
    page = frame(browser, record=mine).replace("\xa0", " ")
    assert "Не показано: Сумма" in page
    assert "1 111" not in page
    assert "1 111" in browser.get("/designer/deal/frame", {"record": mine}).content.decode().replace(
        "\xa0", " "
    )


def test_nobody_in_the_role_is_said(browser: Client, seller: Person) -> None:
    make_role("guest", "Гость")
    assert "В этой роли здесь ничего не видно" in frame(browser, role="guest")
    change(browser, "rights", edit="rights", role="guest", preset="read")
    create("deal", pipeline="sales", fields={"amount": "2222"})
    assert "её пока ни у кого нет" in frame(browser, role="guest")


def test_the_page_offers_the_roles(browser: Client, seller: Person) -> None:
    page = browser.get("/designer/deal/preview?role=seller").content.decode()
    assert '<option value="seller" selected>Продавец</option>' in page
    assert "role=seller" in page

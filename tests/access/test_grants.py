"""Grants in the database: set as a whole, completed, journalled, compiled once per rights revision."""

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries
from tests.factories.people import make_department, make_person, make_role
from tests.factories.schema import field, make_type, pipeline

from trassa.access.actions import set_grants
from trassa.access.models import Grant
from trassa.access.queries import actor_of, grants_of_role, system_actor, why
from trassa.access.types import GrantSpec, Row, Scope, Verb
from trassa.journal import Stream, list_entries
from trassa.kernel import Forbidden, Invalid, NotFound
from trassa.people.actions import assign_roles, change_department, change_person, dismiss_person
from trassa.people.queries import get_person, rights_revision, session_person
from trassa.schema.types import TypeSpec

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(db: None) -> TypeSpec:
    """A deal with one pipeline and a restricted price."""
    return make_type(
        "deal",
        fields=[field("note"), field("price", "money", restricted=True)],
        pipelines=[pipeline("sales")],
    )


def test_setting_grants_replaces_them_and_is_in_history(deal: TypeSpec) -> None:
    role = make_role("seller")
    see, edit = GrantSpec(Verb.SEE, Scope.OWN, deal.id), GrantSpec(Verb.EDIT, Scope.OWN, deal.id)
    set_grants(role, [see, edit, see], actor_id=None)
    kept_id = Grant.objects.get(verb="see").id
    set_grants(role, [see], actor_id=None)
    assert grants_of_role(role.id) == [see]
    assert Grant.objects.get().id == kept_id
    entry = list_entries(Stream("role", role.id))[0]
    own = {"scope": "own", "type": deal.id}
    assert entry.kind == "grants_set"
    assert entry.changes["grants"] == (
        [{"verb": "edit", **own}, {"verb": "see", **own}],
        [{"verb": "see", **own}],
    )


def test_setting_the_same_grants_again_changes_nothing(deal: TypeSpec) -> None:
    role = make_role()
    set_grants(role, [GrantSpec(Verb.SEE)], actor_id=None)
    revision = rights_revision()
    set_grants(role, [GrantSpec(Verb.SEE)], actor_id=None)
    assert rights_revision() == revision


def test_a_place_is_completed_by_what_it_implies(deal: TypeSpec) -> None:
    role = make_role()
    sales, price = deal.pipelines[0], deal.by_code["price"]
    stage = sales.stages[0]
    grants = [GrantSpec(Verb.MOVE, stage_id=stage.id), GrantSpec(Verb.SEE, field_id=price.id)]
    set_grants(role, grants, actor_id=None)
    assert set(grants_of_role(role.id)) == {
        GrantSpec(Verb.MOVE, Scope.ALL, deal.id, sales.id, stage.id),
        GrantSpec(Verb.SEE, Scope.ALL, deal.id, field_id=price.id),
    }


def test_places_that_do_not_belong_together_are_refused(deal: TypeSpec) -> None:
    role = make_role()
    car = make_type("car", fields=[field("vin")])
    price, sales = deal.by_code["price"], deal.pipelines[0]
    for wrong in (
        GrantSpec(Verb.SEE, type_id=999_999),
        GrantSpec(Verb.SEE, type_id=car.id, pipeline_id=sales.id),
        GrantSpec(Verb.SEE, stage_id=999_999),
        GrantSpec(Verb.SEE, type_id=car.id, field_id=price.id),
        GrantSpec(Verb.SEE, Scope.OWN, deal.id, field_id=price.id),
        GrantSpec(Verb.DELETE, field_id=price.id),
        GrantSpec(Verb.SEE, type_id=deal.id, pipeline_id=sales.id, field_id=price.id),
    ):
        with pytest.raises(Invalid):
            set_grants(role, [wrong], actor_id=None)


def test_the_database_refuses_field_grants_with_a_scope(deal: TypeSpec) -> None:
    role = make_role()
    place = {"type_id": deal.id, "field_id": deal.by_code["price"].id}
    for verb, scope in (("see", "own"), ("delete", "all")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Grant.objects.create(role_id=role.id, verb=verb, scope=scope, **place)


def test_the_database_keeps_a_grant_once_even_with_empty_places() -> None:
    role = make_role()
    Grant.objects.create(role_id=role.id, verb="see", scope="all")
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(role_id=role.id, verb="see", scope="all")


def test_only_administrators_set_grants_and_only_of_existing_roles() -> None:
    role, anna = make_role(), make_person()
    with pytest.raises(Forbidden):
        set_grants(role, [GrantSpec(Verb.SEE)], actor_id=anna.id)
    role.id = 999_999
    with pytest.raises(NotFound):
        set_grants(role, [GrantSpec(Verb.SEE)], actor_id=None)


def test_an_actor_is_compiled_by_three_queries_and_then_known(
    deal: TypeSpec, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    role = make_role()
    set_grants(role, [GrantSpec(Verb.SEE, Scope.BRANCH, deal.id)], actor_id=None)
    person = get_person(make_person(roles=[role], department=make_department()).id)
    with django_assert_num_queries(3):
        actor = actor_of(person)
    with django_assert_num_queries(0):
        assert actor_of(person) is actor
        assert actor.may(Verb.SEE, Row(deal.id, department_id=person.department_id))
        assert actor.topics([deal]) == {f"t{deal.id}.d{person.department_id}"}


def test_an_administrator_is_compiled_by_asking_for_roles_alone(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    root = get_person(make_person(is_administrator=True).id)
    with django_assert_num_queries(1):
        assert actor_of(root).everything


def test_a_change_of_rights_is_felt_by_the_next_request(deal: TypeSpec) -> None:
    role, company = make_role(), make_department()
    sales = make_department(parent=company)
    person = make_person(department=company)
    row = Row(deal.id, department_id=sales.id)

    def sees() -> bool:
        fresh = session_person(person.id)
        assert fresh is not None
        return actor_of(fresh).may(Verb.SEE, row)

    assert not sees()
    set_grants(role, [GrantSpec(Verb.SEE, Scope.BRANCH)], actor_id=None)
    assert not sees()
    assign_roles(person, [role], actor_id=None)
    assert sees()
    change_department(sales, actor_id=None, parent=None)
    assert not sees()
    change_person(person, actor_id=None, department=sales)
    assert sees()
    set_grants(role, [], actor_id=None)
    assert not sees()


def test_a_dismissed_person_has_no_rights_left(deal: TypeSpec) -> None:
    root, other = make_person(is_administrator=True), make_person(is_administrator=True)
    dismiss_person(root, actor_id=other.id)
    assert not actor_of(get_person(root.id)).may(Verb.SEE, Row(deal.id))


def test_a_rolled_back_change_leaves_no_rights_behind(deal: TypeSpec) -> None:
    role = make_role()
    person = make_person(roles=[role])
    for grants, expected in (([GrantSpec(Verb.SEE)], True), ([], False)):
        savepoint = transaction.savepoint()
        set_grants(role, [*grants, GrantSpec(Verb.CREATE)], actor_id=None)
        assert actor_of(get_person(person.id)).may(Verb.SEE, Row(deal.id)) is expected
        transaction.savepoint_rollback(savepoint)
    assert not actor_of(get_person(person.id)).may(Verb.CREATE, Row(deal.id))


def test_why_asks_for_roles_grants_and_the_department_only(
    deal: TypeSpec, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    role, works = make_role("seller", "Продавец"), make_department(name="Мастерская")
    sales = make_department()
    set_grants(role, [GrantSpec(Verb.SEE, Scope.DEPARTMENT, deal.id)], actor_id=None)
    actor = actor_of(get_person(make_person(roles=[role], department=sales).id))
    with django_assert_num_queries(3):
        explanation = why(actor, Verb.SEE, Row(deal.id, department_id=works.id), deal)
    assert not explanation.allowed
    assert "Продавец" in explanation.lines[0]
    assert "Мастерская" in explanation.lines[0]


def test_why_the_system_and_administrators_may(
    deal: TypeSpec, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    root = get_person(make_person(is_administrator=True, name="Главный").id)
    with django_assert_num_queries(1):
        assert why(system_actor(), Verb.DELETE, Row(deal.id), deal).allowed
        explanation = why(actor_of(root), Verb.DELETE, Row(deal.id), deal, deal.by_code["price"])
    assert explanation.allowed
    assert "Главный" in explanation.lines[0]

"""Persons come, change, go and come back."""

import pytest
from tests.factories.people import PASSWORD, make_department, make_person, make_role

from trassa.journal import Stream, list_entries
from trassa.kernel import Conflict, Forbidden, Invalid
from trassa.people.actions import (
    assign_roles,
    change_person,
    change_preferences,
    dismiss_person,
    issue_token,
    readmit_person,
    set_password,
)
from trassa.people.models import Person, Session
from trassa.people.queries import (
    authenticate_token,
    departments_of,
    find_person_by_login,
    get_person,
    names_of,
    rights_revision,
    roles_of,
    session_person,
)

pytestmark = pytest.mark.django_db


def test_a_login_is_unique_and_found_whatever_its_case() -> None:
    person = make_person("Anna.Belova")
    assert person.login == "anna.belova"
    assert find_person_by_login(" ANNA.belova ") == person
    with pytest.raises(Invalid) as refusal:
        make_person("ANNA.BELOVA")
    assert [(error.field, error.code) for error in refusal.value.errors] == [("login", "taken")]


def test_creating_a_person_names_every_wrong_field_at_once() -> None:
    with pytest.raises(Invalid) as refusal:
        make_person("анна", name=" ", email="nowhere", language="de", theme="pink")
    fields = [error.field for error in refusal.value.errors]
    assert fields == ["login", "name", "email", "language", "theme"]


def test_a_new_person_is_in_history_without_the_password() -> None:
    sales = make_department("sales")
    seller = make_role("seller")
    person = make_person("anna", password=PASSWORD, department=sales, roles=[seller])
    [entry] = list_entries(Stream("person", person.id))
    assert entry.kind == "created"
    assert entry.changes["department"] == (None, sales.id)
    assert entry.changes["roles"] == (None, ["seller"])
    assert "password" not in entry.changes


def test_a_weak_password_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        make_person("anna", password="12345678")
    assert {error.field for error in refusal.value.errors} == {"password"}


def test_changing_a_person_writes_only_what_differs() -> None:
    person = make_person("anna", name="Белова Анна")
    changed = change_person(person, actor_id=None, name="Белова Анна", phone="+7 900 000-00-00")
    assert changed.phone == "+7 900 000-00-00"
    newest, _created = list_entries(Stream("person", person.id))
    assert newest.changes == {"phone": ("", "+7 900 000-00-00")}
    change_person(person, actor_id=None, name="Белова Анна")
    assert len(list_entries(Stream("person", person.id))) == 2


def test_changing_the_department_changes_the_rights_revision_and_changing_the_theme_does_not() -> None:
    person = make_person()
    department = make_department()
    before = rights_revision()
    change_person(person, actor_id=None, department=department)
    moved = rights_revision()
    assert moved != before
    change_preferences(person, actor_id=person.id, theme="dark", language="en")
    assert rights_revision() == moved
    assert get_person(person.id).theme == "dark"


def test_nobody_but_an_administrator_changes_others() -> None:
    anna, boris = make_person(), make_person()
    root = make_person(is_administrator=True)
    with pytest.raises(Forbidden):
        change_person(boris, actor_id=anna.id, name="Борис")
    with pytest.raises(Forbidden):
        change_preferences(boris, actor_id=anna.id, theme="dark")
    with pytest.raises(Forbidden):
        set_password(boris, PASSWORD, actor_id=anna.id)
    assert change_person(boris, actor_id=root.id, name="Борис").name == "Борис"


def test_a_dismissed_person_loses_sessions_and_tokens_at_once() -> None:
    person = make_person()
    token = issue_token(person, "1C", ["read"], actor_id=None)
    Session.objects.create(
        session_key="a" * 32, session_data="", expire_date="2100-01-01T00:00Z", person=person
    )
    dismiss_person(person, actor_id=None)
    assert session_person(person.id) is None
    assert authenticate_token(token) is None
    assert not Session.objects.filter(person=person).exists()
    assert departments_of([person.id]) == {}
    assert names_of([person.id]) == {person.id: person.name}


def test_a_readmitted_person_does_not_get_the_old_token_back() -> None:
    person = make_person()
    token = issue_token(person, "1C", ["read"], actor_id=None)
    dismiss_person(person, actor_id=None)
    readmit_person(person, actor_id=None)
    assert session_person(person.id) == person
    assert authenticate_token(token) is None
    kinds = [entry.kind for entry in list_entries(Stream("person", person.id))]
    assert kinds == ["readmitted", "dismissed", "created"]


def test_the_last_administrator_stays() -> None:
    first = make_person(is_administrator=True)
    second = make_person(is_administrator=True)
    dismiss_person(first, actor_id=second.id)
    with pytest.raises(Conflict):
        dismiss_person(second, actor_id=second.id)
    with pytest.raises(Conflict):
        change_person(second, actor_id=second.id, is_administrator=False)


def test_dismissing_an_ordinary_person_works_when_there_is_one_administrator() -> None:
    root, anna = make_person(is_administrator=True), make_person()
    assert not dismiss_person(anna, actor_id=root.id).is_active


def test_assigning_roles_replaces_them_and_changes_the_rights_revision() -> None:
    seller, buyer, lawyer = make_role("seller"), make_role("buyer"), make_role("lawyer")
    person = make_person(roles=[seller, buyer])
    before = rights_revision()
    assign_roles(person, [buyer, lawyer], actor_id=None)
    assert roles_of(person.id) == [buyer, lawyer]
    changed = rights_revision()
    assert changed != before
    assert list_entries(Stream("person", person.id))[0].changes == {
        "roles": (["buyer", "seller"], ["buyer", "lawyer"])
    }
    assign_roles(person, [lawyer, buyer], actor_id=None)
    assert rights_revision() == changed


@pytest.mark.usefixtures("full_password_cost")
def test_setting_a_password_ends_the_sessions_and_stores_argon2() -> None:
    person = make_person()
    Session.objects.create(
        session_key="a" * 32, session_data="", expire_date="2100-01-01T00:00Z", person=person
    )
    set_password(person, PASSWORD, actor_id=person.id)
    stored = Person.objects.get(id=person.id)
    assert stored.check_password(PASSWORD)
    assert stored.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert not Session.objects.exists()
    assert list_entries(Stream("person", person.id))[0].kind == "password_set"

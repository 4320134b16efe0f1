"""Every page needs a person, and costs two queries to know who that is."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories.people import PASSWORD, make_department, make_person, make_role

from trassa.people.actions import dismiss_person, issue_token
from trassa.people.models import Person

pytestmark = pytest.mark.django_db


def test_a_page_sends_strangers_to_sign_in_and_remembers_where_they_were(client: Client) -> None:
    response = client.get("/deals?page=2")
    assert response.status_code == 302
    assert response["Location"] == "/sign-in?next=%2Fdeals%3Fpage%3D2"
    assert client.get("/")["Location"] == "/sign-in"
    assert client.post("/deals")["Location"] == "/sign-in"


def test_htmx_is_told_to_leave_the_page(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/deals?page=2#top"}
    response = client.get("/deals", headers=headers)
    assert response.status_code == 401
    assert response["HX-Redirect"] == "/sign-in?next=%2Fdeals%3Fpage%3D2"


def test_a_page_marked_open_is_open(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert client.get("/open").content == b"welcome"


def test_the_api_answers_for_itself(client: Client) -> None:
    response = client.get("/api/v1/me")
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"


def test_knowing_the_person_and_their_rights_revision_takes_two_queries(
    signed_in: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    signed_in.get("/deals")  # what a process learns once
    with django_assert_num_queries(2):
        assert signed_in.get("/deals").status_code == 200


def test_pages_speak_the_persons_language(signed_in: Client, anna: Person) -> None:
    assert signed_in.get("/deals").content == b"ru"
    response = signed_in.post("/settings/language", {"language": "en", "next": "/deals"})
    assert (response.status_code, response["Location"]) == (302, "/deals")
    assert signed_in.get("/deals").content == b"en"
    anna.refresh_from_db()
    assert anna.language == "en"


def test_the_theme_is_kept_and_htmx_shows_the_page_again(signed_in: Client, anna: Person) -> None:
    response = signed_in.post("/settings/theme", {"theme": "dark"}, headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Refresh"]) == (204, "true")
    anna.refresh_from_db()
    assert anna.theme == "dark"
    assert signed_in.get("/settings/theme").status_code == 405


def test_the_list_of_people_comes_by_name_in_pages(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sales = make_department("sales", name="Продажи")
    roles = [make_role("seller"), make_role("buyer")]
    anna = make_person("anna", name="Белова Анна", department=sales, roles=roles, email="anna@example.com")
    gone = make_person("gone", name="Ушедший")
    dismiss_person(gone, actor_id=None)
    make_person("boris", name="Белова Анна")
    headers = {"Authorization": f"Bearer {issue_token(anna, 'x', ['read'], actor_id=None)}"}
    client.get("/api/v1/me", headers=headers)
    with django_assert_num_queries(2):
        first = client.get("/api/v1/people?limit=1", headers=headers).json()
    assert first["items"] == [
        {
            "id": anna.id,
            "login": "anna",
            "name": "Белова Анна",
            "email": "anna@example.com",
            "department": {"id": sales.id, "code": "sales", "name": "Продажи"},
            "roles": ["buyer", "seller"],
            "is_active": True,
        }
    ]
    rest = client.get("/api/v1/people", {"cursor": first["next"]}, headers=headers).json()
    assert [(person["login"], person["is_active"]) for person in rest["items"]] == [
        ("boris", True),
        ("gone", False),
    ]
    assert rest["next"] is None
    active = client.get("/api/v1/people?is_active=true", headers=headers).json()
    assert [person["login"] for person in active["items"]] == ["anna", "boris"]


def test_me_is_whoever_asks(client: Client, signed_in: Client, anna: Person) -> None:
    by_session = signed_in.get("/api/v1/me").json()
    assert (by_session["login"], by_session["scopes"]) == ("anna", ["admin", "read", "write"])
    token = issue_token(anna, "x", ["read"], actor_id=None)
    by_token = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).json()
    assert (by_token["id"], by_token["scopes"]) == (anna.id, ["read"])
    assert (by_token["language"], by_token["theme"], by_token["is_administrator"]) == ("ru", "auto", False)


def test_the_token_of_a_dismissed_person_opens_nothing(client: Client) -> None:
    person = make_person(password=PASSWORD)
    headers = {"Authorization": f"Bearer {issue_token(person, 'x', ['read'], actor_id=None)}"}
    assert client.get("/api/v1/me", headers=headers).status_code == 200
    dismiss_person(person, actor_id=None)
    assert client.get("/api/v1/me", headers=headers).status_code == 401

"""API tokens: shown once, stored as a digest, good until revoked or expired."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.factories.people import make_person

from trassa.journal import Stream, list_entries
from trassa.kernel import Forbidden, Invalid, frozen
from trassa.people.actions import issue_token, note_token_use, revoke_token
from trassa.people.models import ApiToken
from trassa.people.queries import authenticate_token, list_tokens, rights_revision

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)


def test_the_text_is_never_stored() -> None:
    person = make_person()
    text = issue_token(person, "1C", ["write", "read"], actor_id=person.id)
    assert re.fullmatch(r"trs_[0-9A-Za-z]{43}", text)
    [token] = list_tokens(person.id)
    assert len(token.digest) == 32
    assert token.prefix == text[:8]
    assert token.scopes == ["read", "write"]
    [entry] = list_entries(Stream("token", token.id))
    assert text not in str(entry)


def test_a_token_is_recognised_with_person_scopes_and_revision_in_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    person = make_person()
    text = issue_token(person, "1C", ["read"], actor_id=None)
    with django_assert_num_queries(1):
        bearer = authenticate_token(text)
    assert bearer is not None
    assert bearer.person == person
    assert bearer.scopes == {"read"}
    assert bearer.revision == bearer.person.rights_revision == rights_revision()


def test_what_is_not_a_good_token_is_nobody() -> None:
    person = make_person()
    text = issue_token(person, "1C", ["read"], actor_id=None)
    assert authenticate_token("trs_" + "0" * 43) is None
    assert authenticate_token(text[4:]) is None
    assert authenticate_token("") is None
    revoke_token(list_tokens(person.id)[0], actor_id=person.id)
    assert authenticate_token(text) is None
    assert list_tokens(person.id) == []


def test_a_token_expires() -> None:
    person = make_person()
    with frozen(NOON):
        text = issue_token(person, "1C", ["read"], actor_id=None, expires_at=NOON + timedelta(days=1))
        assert authenticate_token(text) is not None
    with frozen(NOON + timedelta(days=1)):
        assert authenticate_token(text) is None


def test_use_is_written_at_most_once_a_minute(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    text = issue_token(make_person(), "1C", ["read"], actor_id=None)
    for seconds, statements in ((0, 1), (30, 0), (59, 0), (60, 1)):
        with frozen(NOON + timedelta(seconds=seconds)):
            bearer = authenticate_token(text)
            assert bearer is not None
            with django_assert_num_queries(statements):
                note_token_use(bearer)
    assert ApiToken.objects.get().last_used_at == NOON + timedelta(seconds=60)


def test_a_token_reaches_no_further_than_its_person() -> None:
    anna, boris = make_person(), make_person()
    root = make_person(is_administrator=True)
    with pytest.raises(Forbidden):
        issue_token(boris, "x", ["read"], actor_id=anna.id)
    with pytest.raises(Forbidden):
        issue_token(anna, "x", ["admin"], actor_id=root.id)
    assert issue_token(root, "x", ["admin"], actor_id=root.id)
    for scopes in ([], ["everything"]):
        with pytest.raises(Invalid):
            issue_token(anna, "x", scopes, actor_id=anna.id)
    with pytest.raises(Forbidden):
        revoke_token(list_tokens(root.id)[0], actor_id=anna.id)

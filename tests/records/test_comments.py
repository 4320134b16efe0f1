"""Comments: written by whoever sees the record, changed by their author, erased for good after a while."""

from datetime import timedelta

import pytest
from tests.databases import Lay
from tests.factories.records import CAUSE, allow, create, make_actor, make_garage, restart_numbers, write

from trassa.access.queries import Actor
from trassa.access.types import Verb
from trassa.journal import Stream, list_entries, verify
from trassa.kernel import Forbidden, Invalid, NotFound, frozen, now
from trassa.records.actions.comments import (
    add_comment,
    delete_comment,
    edit_comment,
    erase_deleted_comments,
    pin_comment,
    restore_comment,
)
from trassa.records.models import Comment
from trassa.records.queries import get_record, list_history
from trassa.records.queries.comments import list_comments, pinned_comments
from trassa.records.screens.comments import Reader
from trassa.records.screens.histories import make_events
from trassa.records.types import Change, Write
from trassa.schema.queries import current_generation
from trassa.schema.types import Names, TypeSpec

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _garage(lay: Lay) -> None:
    lay(make_garage)


@pytest.fixture
def seller(_garage: None, db: None) -> Actor:
    restart_numbers()
    return make_actor(*allow("car", Verb.SEE, Verb.CREATE, Verb.EDIT))


@pytest.fixture
def reader(seller: Actor) -> Actor:
    """Somebody who may only look."""
    return make_actor(*allow("car", Verb.SEE))


@pytest.fixture
def car(seller: Actor) -> int:
    return create("car", actor=seller, fields={"make": "Lada"})


def spec() -> TypeSpec:
    return current_generation().types["car"]


def say(actor: Actor, car: int, text: str) -> int:
    return add_comment(actor, spec(), car, text, cause=CAUSE).id


def texts(car: int) -> list[str]:
    return [line.text for line in list_comments(car)]


def kinds(car: int) -> list[str]:
    return [entry.kind for entry in list_entries(Stream("record", car))]


def test_who_sees_a_record_writes_about_it(seller: Actor, reader: Actor, car: int) -> None:
    say(seller, car, "Первый")
    say(reader, car, "  Второй\r\nстрока\x00  ")
    assert texts(car) == ["  Второй\nстрока", "Первый"]
    with pytest.raises(NotFound):
        say(make_actor(), car, "Чужой")


def test_a_comment_leaves_the_record_and_its_version_alone(seller: Actor, car: int) -> None:
    before = get_record(seller, spec(), car)
    say(seller, car, "Да")
    assert get_record(seller, spec(), car) == before


@pytest.mark.parametrize(
    ("text", "code"), [("", "required"), (" \n\t ", "required"), ("я" * 10_001, "too_long")]
)
def test_nothing_and_too_much_are_refused(seller: Actor, car: int, text: str, code: str) -> None:
    with pytest.raises(Invalid) as error:
        say(seller, car, text)
    assert error.value.errors[0].code == code


def test_only_its_author_changes_a_comment_and_history_keeps_both_texts(
    seller: Actor, reader: Actor, car: int
) -> None:
    id = say(reader, car, "Было")
    with pytest.raises(Forbidden):
        edit_comment(seller, spec(), car, id, "Стало", cause=CAUSE)
    edit_comment(reader, spec(), car, id, "Стало", cause=CAUSE)
    edit_comment(reader, spec(), car, id, "Стало", cause=CAUSE)
    assert texts(car) == ["Стало"]
    assert kinds(car) == ["comment_edited", "commented", "created"]
    changes = dict(list_history(seller, spec(), car)[0].changes)
    assert changes == {f"comment:{id}": ("Было", "Стало")}


def test_a_deleted_comment_is_gone_for_readers_and_can_come_back(
    seller: Actor, reader: Actor, car: int
) -> None:
    id = say(reader, car, "Тайна")
    with pytest.raises(Forbidden):
        delete_comment(seller, spec(), car, id, cause=CAUSE)
    delete_comment(make_actor(*allow("car")), spec(), car, id, cause=CAUSE)
    assert texts(car) == []
    assert "Тайна" not in str(list_history(seller, spec(), car))
    with pytest.raises(NotFound):
        edit_comment(reader, spec(), car, id, "Снова", cause=CAUSE)
    restore_comment(reader, spec(), car, id, cause=CAUSE)
    assert texts(car) == ["Тайна"]


def test_a_comment_deleted_long_ago_is_erased_and_the_chain_stays_whole(seller: Actor, car: int) -> None:
    id = say(seller, car, "Тайна")
    edit_comment(seller, spec(), car, id, "Тайна вторая", cause=CAUSE)
    delete_comment(seller, spec(), car, id, cause=CAUSE)
    with frozen(now() + timedelta(days=29)):
        assert erase_deleted_comments() == 0
    with frozen(now() + timedelta(days=31)):
        assert erase_deleted_comments() == 1
        assert erase_deleted_comments() == 0
    assert Comment.objects.get(id=id).text == ""
    assert "Тайна" not in str(list_entries(Stream("record", car)))
    assert not verify(stream=Stream("record", car)).problems
    with pytest.raises(NotFound):
        restore_comment(seller, spec(), car, id, cause=CAUSE)


def test_who_may_edit_the_record_pins_a_comment(seller: Actor, reader: Actor, car: int) -> None:
    id = say(reader, car, "Важно")
    with pytest.raises(Forbidden):
        pin_comment(reader, spec(), car, id, pinned=True, cause=CAUSE)
    pin_comment(seller, spec(), car, id, pinned=True, cause=CAUSE)
    assert [line.id for line in pinned_comments(car)] == [id]
    pin_comment(seller, spec(), car, id, pinned=False, cause=CAUSE)
    assert pinned_comments(car) == []


def test_comments_outlive_the_bin_but_nobody_writes_there(seller: Actor, car: int) -> None:
    say(seller, car, "Да")
    write(Write(Change.BIN, "car", id=car))
    with pytest.raises(NotFound):
        say(seller, car, "Нет")
    write(Write(Change.RESTORE, "car", id=car))
    assert texts(car) == ["Да"]


def test_the_timeline_shows_comments_changes_or_both(seller: Actor, car: int) -> None:
    say(seller, car, "Да")
    write(Write(Change.EDIT, "car", id=car, fields={"model": "Niva"}), actor=seller)

    def shown(part: str) -> list[str]:
        return [entry.kind for entry in list_history(seller, spec(), car, show=part)]  # type: ignore[arg-type]

    assert shown("all") == ["changed", "commented", "created"]
    assert shown("comments") == ["commented"]
    assert shown("changes") == ["changed", "created"]


def test_texts_are_escaped_and_their_links_lead_out_safely(seller: Actor, car: int) -> None:
    say(seller, car, "<script>alert(1)</script> https://auto.example/a?b=1&c=2 javascript:alert(1)")
    entries = list_history(seller, spec(), car, show="comments")
    [event] = make_events(spec(), entries, Names(), reader=Reader(seller.id))
    assert event.comment is not None
    assert "<script>" not in event.comment.html
    assert 'href="https://auto.example/a?b=1&amp;c=2" rel="nofollow"' in event.comment.html
    assert "javascript:alert(1)</a>" not in event.comment.html
    assert event.comment.may_edit
    [other] = make_events(spec(), entries, Names(), reader=Reader(0))
    assert other.comment is not None
    assert not other.comment.may_edit

"""Files that comments carry: seen with the record, changed by the author, gone and back with the comment."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from tests.databases import Lay
from tests.factories.files import add_documents, make_picture, upload
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
    restore_comment,
)
from trassa.records.actions.contents import collect_files
from trassa.records.actions.merging import Merging, merge_records
from trassa.records.actions.record_files import (
    attach_files,
    move_file,
    remove_file,
    rename_file,
    restore_file,
)
from trassa.records.actions.unmerging import unmerge_records
from trassa.records.models import File
from trassa.records.queries import get_record, list_history, search
from trassa.records.queries.comments import list_comments
from trassa.records.queries.files import get_file, list_record_files
from trassa.records.types import Attached, Change, Write
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _garage(lay: Lay) -> None:
    def build() -> None:
        make_garage()
        add_documents()

    lay(build)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "TRASSA_FILES", tmp_path / "files")


@pytest.fixture
def seller(_garage: None, db: None) -> Actor:
    restart_numbers()
    return make_actor(*allow("car"))


@pytest.fixture
def reader(seller: Actor) -> Actor:
    """Somebody who may only look, and therefore comment."""
    return make_actor(*allow("car", Verb.SEE))


@pytest.fixture
def car(seller: Actor) -> int:
    return create("car", actor=seller, fields={"make": "Lada"})


def spec() -> TypeSpec:
    return current_generation().types["car"]


def say(actor: Actor, car: int, text: str, *files: int) -> int:
    return add_comment(actor, spec(), car, text, files=files, cause=CAUSE).id


def files_of(car: int) -> list[list[str]]:
    """Names of files, comment by comment, the newest first."""
    return [[file.name for file in line.files] for line in list_comments(car)]


def found(actor: Actor, words: str) -> list[int]:
    return [hit.id for hit in search(actor, words)]


def test_a_comment_carries_files_that_whoever_sees_the_record_may_open(
    seller: Actor, reader: Actor, car: int
) -> None:
    photo = upload(reader, "скол.png", make_picture())
    say(reader, car, "Скол на двери", photo.id, upload(reader, "смета.pdf").id)
    assert files_of(car) == [["скол.png", "смета.pdf"]]
    assert get_file(seller, photo.id).comment_id == list_comments(car)[0].id
    with pytest.raises(NotFound):
        get_file(make_actor(), photo.id)


def test_a_file_needs_no_words_beside_it(seller: Actor, car: int) -> None:
    id = say(seller, car, " ", upload(seller).id)
    delete_comment(seller, spec(), car, id, cause=CAUSE)
    restore_comment(seller, spec(), car, id, cause=CAUSE)
    assert [(line.text, len(line.files)) for line in list_comments(car)] == [("", 1)]
    with pytest.raises(Invalid):
        edit_comment(seller, spec(), car, id, files=[], cause=CAUSE)
    assert files_of(car) == [["паспорт.pdf"]]


def test_only_own_uploads_come_into_a_comment(seller: Actor, reader: Actor, car: int) -> None:
    foreign = upload(seller)
    attached = upload(reader)
    say(reader, car, "Есть", attached.id)
    beside = upload(seller, "beside.pdf")
    attach_files(seller, "car", car, [Attached(beside.id)], cause=CAUSE)
    for id in (foreign.id, attached.id, beside.id, 10**12):
        with pytest.raises(Invalid) as error:
            say(reader, car, "Нет", id)
        assert error.value.errors[0].field == "files"
    assert len(list_comments(car)) == 1


def test_the_author_changes_the_files_and_history_keeps_both(seller: Actor, car: int) -> None:
    old, new = upload(seller, "старый.pdf"), upload(seller, "новый.pdf")
    id = say(seller, car, "Файл", old.id)
    edit_comment(seller, spec(), car, id, files=[new.id], cause=CAUSE)
    assert files_of(car) == [["новый.pdf"]]
    [(key, (before, after))] = list_history(seller, spec(), car)[0].changes
    assert key == f"comment_files:{id}"
    assert ([each["name"] for each in before], [each["name"] for each in after]) == (
        ["старый.pdf"],
        ["новый.pdf"],
    )
    with pytest.raises(NotFound):
        get_file(seller, old.id)
    with pytest.raises(Forbidden):
        edit_comment(make_actor(*allow("car")), spec(), car, id, files=[], cause=CAUSE)


def test_words_can_change_while_files_stay(seller: Actor, car: int) -> None:
    id = say(seller, car, "Было", upload(seller).id)
    edit_comment(seller, spec(), car, id, "Стало", cause=CAUSE)
    edit_comment(seller, spec(), car, id, "", cause=CAUSE)
    assert (list_comments(car)[0].text, files_of(car)) == ("", [["паспорт.pdf"]])


def test_files_go_and_come_back_with_their_comment(seller: Actor, car: int) -> None:
    dropped, kept = upload(seller, "лишний.pdf"), upload(seller, "нужный.pdf")
    id = say(seller, car, "Два", dropped.id, kept.id)
    edit_comment(seller, spec(), car, id, files=[kept.id], cause=CAUSE)
    delete_comment(seller, spec(), car, id, cause=CAUSE)
    with pytest.raises(NotFound):
        get_file(seller, kept.id)
    assert found(seller, "нужный") == []
    restore_comment(seller, spec(), car, id, cause=CAUSE)
    assert files_of(car) == [["нужный.pdf"]]
    assert found(seller, "нужный") == [car]


def test_what_was_deleted_long_ago_is_erased_with_its_names(seller: Actor, car: int) -> None:
    id = say(seller, car, "", upload(seller, "тайна.pdf").id)
    delete_comment(seller, spec(), car, id, cause=CAUSE)
    with frozen(now() + timedelta(days=settings.TRASSA_REMOVED_DAYS, hours=2)):
        collect_files()
        assert erase_deleted_comments() == 1
        assert erase_deleted_comments() == 0
        collect_files()
    assert not File.objects.filter(comment=id).exists()
    assert "тайна" not in str(list_entries(Stream("record", car)))
    assert verify().is_clean
    with pytest.raises(NotFound):
        restore_comment(seller, spec(), car, id, cause=CAUSE)


def test_files_of_comments_stay_apart_from_those_of_the_record(seller: Actor, car: int) -> None:
    id = upload(seller).id
    say(seller, car, "Файл", id)
    version = get_record(seller, spec(), car).version
    assert list_record_files(seller, spec(), [car]) == []
    for change in (
        lambda: remove_file(seller, id, cause=CAUSE),
        lambda: rename_file(seller, id, name="x", cause=CAUSE),
        lambda: move_file(seller, id, "documents", cause=CAUSE),
    ):
        with pytest.raises(Forbidden):
            change()
    with pytest.raises(Invalid):
        attach_files(seller, "car", car, [Attached(id)], place="documents", cause=CAUSE)
    with pytest.raises(NotFound):
        restore_file(seller, id, cause=CAUSE)
    assert get_record(seller, spec(), car).version == version


def test_search_finds_a_record_by_the_names_of_files_in_comments(seller: Actor, car: int) -> None:
    assert found(seller, "экспертиза") == []
    say(seller, car, "Вот", upload(seller, "экспертиза.pdf").id)
    assert found(seller, "экспертиза") == [car]
    write(Write(Change.EDIT, "car", id=car, fields={"make": "Нива"}), actor=seller)
    assert found(seller, "экспертиза") == [car]


def test_a_merge_and_its_end_take_files_along(seller: Actor, car: int) -> None:
    other = create("car", actor=seller, fields={"make": "Волга"})
    id = upload(seller, "письмо.pdf").id
    say(seller, other, "Файл", id)
    merge_records(Merging("car", car, other), actor=seller, cause=CAUSE)
    assert files_of(car) == [["письмо.pdf"]]
    assert get_file(seller, id).record_id == car
    assert found(seller, "письмо") == [car]
    unmerge_records("car", car, other, actor=seller, cause=CAUSE)
    assert (files_of(car), files_of(other)) == ([], [["письмо.pdf"]])
    assert get_file(seller, id).record_id == other
    assert found(seller, "письмо") == [other]

"""Uploads: kept once, seen by their uploader, gone when nobody needs them."""

import hashlib
import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from tests.factories.files import PDF, make_picture, upload
from tests.factories.people import make_person

from trassa.access.queries import Actor, actor_of
from trassa.kernel import Invalid, NotFound, Unavailable, frozen, now
from trassa.people.queries import get_person
from trassa.records.actions.contents import collect_files
from trassa.records.actions.files import discard_upload, keep_content, store_upload
from trassa.records.contents.inspection import Found
from trassa.records.contents.store import current_store
from trassa.records.contents.types import TEXT
from trassa.records.models import Content, File
from trassa.records.queries.files import get_file, open_content

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=25)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of contents."""
    monkeypatch.setattr(settings, "TRASSA_FILES", tmp_path / "files")
    return tmp_path / "files"


@pytest.fixture
def actor() -> Actor:
    return actor_of(get_person(make_person("seller").id))


@pytest.fixture
def colleague() -> Actor:
    return actor_of(get_person(make_person("colleague").id))


def contents_in(folder: Path) -> list[str]:
    return [path.name for path in folder.glob("??/??/*")]


def test_an_upload_comes_back_as_it_was_sent(actor: Actor) -> None:
    sent = upload(actor, "Паспорт.pdf")
    file, stream = open_content(actor, sent.id)
    with stream:
        assert stream.read() == PDF
    assert (file.name, file.size, file.type) == ("Паспорт.pdf", len(PDF), "application/pdf")


def test_the_same_content_is_kept_once(actor: Actor, folder: Path) -> None:
    first, second = upload(actor, "a.pdf"), upload(actor, "b.pdf")
    assert first.id != second.id
    assert contents_in(folder) == [hashlib.sha256(PDF).hexdigest()]
    assert Content.objects.count() == 1


def test_texts_are_what_their_names_say_even_when_they_are_equal(actor: Actor) -> None:
    assert upload(actor, "a.txt", b"a;b").type == "text/plain"
    assert upload(actor, "a.csv", b"a;b").type == "text/csv"


def test_only_the_uploader_sees_an_upload(actor: Actor, colleague: Actor) -> None:
    sent = upload(actor)
    with pytest.raises(NotFound):
        get_file(colleague, sent.id)
    with pytest.raises(NotFound):
        discard_upload(colleague, sent.id)
    assert get_file(actor, sent.id).id == sent.id


def test_a_file_that_is_too_large_is_refused_and_leaves_nothing(actor: Actor, folder: Path) -> None:
    with pytest.raises(Invalid) as refusal:
        store_upload(io.BytesIO(b"x" * 1001), "a.txt", actor=actor, limit=1000)
    assert refusal.value.errors[0].code == "too_large"
    assert list(folder.glob("incoming/*")) == []
    assert contents_in(folder) == []


def test_a_refused_file_leaves_nothing(actor: Actor, folder: Path) -> None:
    with pytest.raises(Invalid):
        upload(actor, "setup.pdf", b"\x7fELF" + b"\0" * 100)
    assert list(folder.glob("incoming/*")) == []
    assert contents_in(folder) == []


def test_a_forgotten_upload_goes_after_a_day(actor: Actor, folder: Path) -> None:
    sent = upload(actor)
    with frozen(now() + timedelta(hours=23)):
        assert collect_files() == (0, 0)
    with frozen(now() + LATER):
        with pytest.raises(NotFound):
            get_file(actor, sent.id)
        assert collect_files() == (1, 1)
        assert collect_files() == (0, 0)
    assert contents_in(folder) == []
    assert not Content.objects.exists()


def test_a_content_that_another_file_needs_stays(actor: Actor, folder: Path) -> None:
    upload(actor, "a.pdf")
    kept = store_upload(io.BytesIO(PDF), "b.pdf", actor=actor, keep=timedelta(days=7))
    with frozen(now() + LATER):
        assert collect_files() == (1, 0)
        _file, stream = open_content(actor, kept.id)
        stream.close()


def test_contents_that_a_crash_left_behind_are_collected(actor: Actor, folder: Path) -> None:
    draft = current_store().receive([b"left behind"], limit=100)
    with transaction.atomic():
        keep_content(draft, Found(TEXT))
        transaction.set_rollback(True)
    assert contents_in(folder) == [draft.hash]
    assert collect_files() == (0, 1)
    assert contents_in(folder) == []


def test_a_row_that_a_crash_left_without_content_is_filled_by_the_next_upload(
    actor: Actor, folder: Path
) -> None:
    first = upload(actor)
    current_store().remove(first.hash)
    with pytest.raises(Unavailable):
        open_content(actor, first.id)
    upload(actor, "again.pdf")
    _file, stream = open_content(actor, first.id)
    with stream:
        assert stream.read() == PDF


def test_discarding_an_upload_drops_its_row_at_once(actor: Actor) -> None:
    sent = upload(actor)
    discard_upload(actor, sent.id)
    assert not File.objects.exists()


def test_a_verified_picture_knows_its_size(actor: Actor) -> None:
    sent = upload(actor, "a.png", make_picture(size=(40, 30)))
    assert (sent.width, sent.height) == (40, 30)


def test_contents_are_readable_by_their_owner_alone(actor: Actor, folder: Path) -> None:
    upload(actor)
    assert folder.stat().st_mode & 0o077 == 0

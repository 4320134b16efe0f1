"""Small pictures of contents: upright, without metadata, and harmless when they fail."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from PIL import Image
from tests.databases import Lay
from tests.factories.files import PDF, make_picture, upload
from tests.factories.records import CAUSE, allow, create, make_actor, make_garage, restart_numbers

from trassa.access.queries import Actor
from trassa.kernel import NotFound
from trassa.records.actions.contents import collect_files
from trassa.records.actions.previews import preview_content
from trassa.records.actions.record_files import attach_files
from trassa.records.events import RECORDS_TOUCHED, announce_to_browsers, draw_contents
from trassa.records.models import Content, File
from trassa.records.queries.files import get_file, open_picture
from trassa.records.types import Attached, StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _garage(lay: Lay) -> None:
    lay(make_garage)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "TRASSA_FILES", tmp_path / "files")


@pytest.fixture
def seller(_garage: None, db: None) -> Actor:
    restart_numbers()
    return make_actor(*allow("car"))


def picture_of(actor: Actor, file: StoredFile, *, large: bool = False) -> Image.Image:
    assert preview_content(file.hash) or get_file(actor, file.id).preview == "made"
    _file, _hash, stream = open_picture(actor, file.id, large=large)
    with stream:
        return Image.open(io.BytesIO(stream.read()))


def test_a_picture_becomes_small(seller: Actor) -> None:
    file = upload(seller, "a.png", make_picture(size=(2000, 1000)))
    assert picture_of(seller, file).size == (320, 160)
    assert picture_of(seller, file, large=True).size == (1600, 800)


def test_the_first_page_of_a_pdf_is_drawn(seller: Actor) -> None:
    assert picture_of(seller, upload(seller, "a.pdf", PDF), large=True).size == (1143, 1600)


def test_a_picture_stands_upright_and_tells_no_place(seller: Actor) -> None:
    content, exif = io.BytesIO(), Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera"
    Image.new("RGB", (400, 200), "red").save(content, "JPEG", exif=exif)
    drawn = picture_of(seller, upload(seller, "a.jpg", content.getvalue()))
    assert drawn.size == (160, 320)
    assert not drawn.getexif()


def test_what_cannot_be_drawn_stays_a_file_without_a_picture(seller: Actor) -> None:
    broken = make_picture("JPEG", (300, 300))[:400]
    for name, content in (("a.jpg", broken), ("a.pdf", b"%PDF-1.7 nothing more")):
        file = upload(seller, name, content)
        assert not preview_content(file.hash)
        assert get_file(seller, file.id).preview in ("failed", "none")
        with pytest.raises(NotFound):
            open_picture(seller, file.id, large=False)


def test_a_picture_of_too_many_pixels_is_neither_shown_nor_drawn(seller: Actor) -> None:
    content = io.BytesIO()
    Image.new("1", (20_000, 10_000)).save(content, "PNG")
    file = upload(seller, "bomb.png", content.getvalue())
    assert (file.width, get_file(seller, file.id).preview) == (None, "none")


def test_drawing_twice_changes_nothing(seller: Actor) -> None:
    file = upload(seller, "a.png", make_picture())
    assert preview_content(file.hash)
    assert not preview_content(file.hash)


def test_pictures_go_with_their_content(seller: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    file = upload(seller, "a.png", make_picture(color="green"))
    preview_content(file.hash)
    assert collect_files() == (0, 0)
    monkeypatch.setattr("trassa.records.actions.contents.GRACE", timedelta(hours=-1))
    File.objects.all().delete()
    collect_files()
    collect_files()
    assert not Content.objects.exists()


def test_a_new_content_asks_for_its_picture_once(seller: Actor) -> None:
    dispatch = draw_contents([{"hash": "aa"}, {"hash": "aa"}, {"hash": "bb"}])
    assert [job.args["hash"] for job in dispatch.jobs] == ["aa", "bb"]


def test_open_cards_hear_of_new_pictures(seller: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, Any]] = []
    car = create("car", actor=seller, fields={"make": "Lada"})
    file = upload(seller, "a.png", make_picture(color="white"))
    attach_files(seller, "car", car, [Attached(file.id)], cause=CAUSE)
    monkeypatch.setattr("trassa.records.actions.touching.publish", lambda *what: told.append(what))
    preview_content(file.hash)
    [(event, payload)] = told
    assert event == RECORDS_TOUCHED
    assert {(notice.id, notice.version) for notice in announce_to_browsers([payload]).notices} == {
        (car, None)
    }

"""Contents in the store against the rows that know them: missing, damaged, left over, and what mends them."""

import io
from pathlib import Path

import pytest
from django.conf import settings
from tests.databases import Lay
from tests.factories.files import PDF, make_picture, upload
from tests.factories.records import CAUSE, allow, create, make_actor, make_garage, restart_numbers

from trassa.access.queries import Actor
from trassa.records.actions.previews import preview_content
from trassa.records.actions.record_files import attach_files
from trassa.records.actions.repairing import redraw_lost_pictures
from trassa.records.contents.store import current_store
from trassa.records.models import Content
from trassa.records.queries.contents import inspect_store, lost_files
from trassa.records.queries.files import open_picture
from trassa.records.types import Attached

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _garage(lay: Lay) -> None:
    lay(make_garage)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "TRASSA_FILES", tmp_path / "files")
    return tmp_path / "files"


@pytest.fixture
def seller(_garage: None, db: None) -> Actor:
    restart_numbers()
    return make_actor(*allow("car"))


def place_of(folder: Path, hash: str) -> Path:
    return folder / hash[:2] / hash[2:4] / hash


def test_a_sound_store_has_no_findings(seller: Actor) -> None:
    upload(seller, "a.pdf")
    report = inspect_store(read=True)
    assert (report.contents, report.size) == (1, len(PDF))
    assert (report.missing, report.damaged, report.orphaned) == ([], [], [])


def test_a_missing_content_is_found_with_the_files_that_need_it(seller: Actor, folder: Path) -> None:
    car = create("car", actor=seller, fields={"make": "Lada"})
    file = upload(seller, "Паспорт.pdf")
    attach_files(seller, "car", car, [Attached(file.id)], cause=CAUSE)
    place_of(folder, file.hash).unlink()
    report = inspect_store()
    assert report.missing == [file.hash]
    [lost] = lost_files(report.lost, limit=5)
    assert (lost.name, lost.record_id, lost.title) == ("Паспорт.pdf", car, "Lada")


def test_damage_that_keeps_the_length_is_found_by_reading(seller: Actor, folder: Path) -> None:
    place = place_of(folder, upload(seller, "a.pdf").hash)
    place.write_bytes(b"x" * len(PDF))
    assert inspect_store().damaged == []
    assert inspect_store(read=True).damaged == [place.name]
    place.write_bytes(b"x")
    assert inspect_store().damaged == [place.name]


def test_attaching_the_same_file_once_more_heals_its_content(seller: Actor, folder: Path) -> None:
    file = upload(seller, "a.pdf")
    place_of(folder, file.hash).write_bytes(b"x")
    upload(seller, "b.pdf")
    assert inspect_store(read=True).lost == []


def test_a_content_without_a_row_is_left_over(seller: Actor) -> None:
    store = current_store()
    draft = store.receive([b"nobody's"], limit=100)
    store.keep(draft)
    assert inspect_store().orphaned == [draft.hash]


def test_lost_small_pictures_are_drawn_again(seller: Actor, folder: Path) -> None:
    file = upload(seller, "a.png", make_picture(size=(2000, 1000)))
    preview_content(file.hash)
    row = Content.objects.get(hash=file.hash)
    place_of(folder, str(row.thumbnail_id)).unlink()
    place_of(folder, str(row.large_id)).write_bytes(b"x")
    assert len(inspect_store().lost) == 2
    assert redraw_lost_pictures(inspect_store()) == 1
    assert inspect_store(read=True).lost == []
    _file, _hash, stream = open_picture(seller, file.id, large=False)
    assert io.BytesIO(stream.read()).getvalue().startswith(b"RIFF")
    stream.close()

"""The page of the bin."""

import pytest
from tests.factories.records import CAUSE, create, write
from tests.records.screens.conftest import Screens, news_of, text_of

from trassa.access.queries import system_actor
from trassa.records.actions.merging import Merging, merge_records
from trassa.records.types import Change, Write


def binned(type: str = "contact", **fields: str) -> int:
    id = create(type, fields=fields)
    write(Write(Change.BIN, type, id=id))
    return id


def test_an_empty_bin_says_what_it_is_for(admin: Screens) -> None:
    assert "Корзина пуста" in text_of(admin.page("/t/contact/bin/"))


def test_the_navigation_leads_to_the_bin_of_whoever_may_restore(admin: Screens) -> None:
    assert "/bin/" in admin.page("/t/contact/").content.decode()
    assert admin.page("/bin/").headers["Location"].endswith("/bin/")


def test_rows_say_what_it_was_and_restore_it_with_an_undo(admin: Screens) -> None:
    id = binned(name="Егоров Пётр")
    assert "Егоров Пётр" in text_of(admin.page("/t/contact/bin/"))
    assert "Егоров Пётр" not in text_of(admin.page("/t/contact/bin/?q=орлов"))
    answer = admin.post("/t/contact/bin/restore", {"bulk_ids": str(id)})
    toast = news_of(answer)["toast"]
    assert toast["text"] == "Изменено: 1"
    assert "Егоров Пётр" not in text_of(admin.page("/t/contact/bin/"))
    admin.post(toast["undo"], {})
    assert "Егоров Пётр" in text_of(admin.page("/t/contact/bin/"))


def test_everything_found_is_restored_in_one_go(admin: Screens) -> None:
    binned(name="Егоров Пётр")
    binned(name="Орлов Роман")
    admin.post("/t/contact/bin/restore?q=егоров", {"bulk_all": "1"})
    page = text_of(admin.page("/t/contact/bin/"))
    assert "Орлов Роман" in page
    assert "Егоров Пётр" not in page


def test_what_was_merged_away_leads_to_its_merge(admin: Screens) -> None:
    into, source = (create("contact", fields={"name": name}) for name in ("Егоров Пётр", "Егоров"))
    merge_records(Merging("contact", into, source), actor=system_actor(), cause=CAUSE)
    page = admin.page("/t/contact/bin/")
    assert "Влилась в «Егоров Пётр»" in text_of(page)
    assert f"/r/contact/{into}/?merged={source}" in page.content.decode()
    assert f'data-id="{source}"' not in page.content.decode()


def test_a_long_bin_goes_on_with_the_next_page(admin: Screens) -> None:
    for each in range(55):
        binned(name=f"Егоров {each}")
    page = admin.page("/t/contact/bin/").content.decode()
    assert page.count("data-item") >= 50
    assert "after=" in page


@pytest.mark.parametrize("place", ["x", "WyJiaW4iLCJ4IiwxXQ"])
def test_a_place_that_was_never_given_out_is_refused(admin: Screens, place: str) -> None:
    assert admin.page(f"/t/contact/bin/?after={place}").status_code == 422

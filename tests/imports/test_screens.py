"""Screens of imports, without a browser: what they answer, and what they keep."""

import io
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from openpyxl import Workbook
from tests.factories.imports import ASK, FILL, begun, finished, records
from tests.factories.imports import saved as saved_book
from tests.factories.records import create, edit
from tests.factories.team import Team

from trassa.access.queries import actor_of
from trassa.imports.actions.runs import change_run
from trassa.imports.actions.working import work
from trassa.imports.queries.runs import get_run, list_runs
from trassa.imports.types import ImportRun, Options, State
from trassa.people.models import Person

pytestmark = pytest.mark.django_db
TARGETS = ["make", "vin", "price"]
VIN = "XTA210990Y2766389"
LINES = f"Марка;VIN;Цена\nLada;{VIN};5\nУАЗ;;дорого\nKia;;7\n"


@pytest.fixture
def browser(team: Team) -> Client:
    return signed_in(team.head)


def signed_in(person: Person) -> Client:
    """Somebody who reads English."""
    client = Client()
    client.force_login(person)
    client.post("/settings/language", {"language": "en"})
    return client


@pytest.fixture
def run(team: Team) -> ImportRun:
    return begun("car", LINES, actor=actor_of(team.head))


def send(client: Client, text: str, name: str = "cars.csv", **form: str) -> Any:
    file = io.BytesIO(text.encode())
    file.name = name
    return client.post("/imports/new", {"type": "car", **form, "file": file})


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def saved(team: Team, run: ImportRun) -> ImportRun:
    return get_run(actor_of(team.head), run.id)


def test_a_sent_file_leads_to_its_columns(browser: Client, team: Team) -> None:
    response = send(browser, LINES)
    [run] = list_runs(actor_of(team.head))
    assert (response.status_code, response.headers["Location"]) == (302, f"/imports/{run.id}")
    shown = page(browser, f"/imports/{run.id}")
    assert "Lada · УАЗ · Kia" in shown
    assert "1 line has faults" in shown


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("", "cars.csv", "empty"),
        ("<html><table></table></html>", "cars.csv", "inside it is HTML"),
        ("%PDF-1.7 \n", "cars.xlsx", "inside it is PDF"),
    ],
)
def test_what_is_no_table_is_refused_with_advice(browser: Client, text: str, name: str, words: str) -> None:
    response = send(browser, text, name)
    assert response.status_code == 422
    assert words in response.content.decode()


def test_a_form_without_a_file_or_a_type_says_what_is_missing(browser: Client) -> None:
    assert "Choose a file." in browser.post("/imports/new", {"type": "car"}).content.decode()
    assert "Say what the file holds." in send(browser, LINES, type="").content.decode()


def test_what_is_chosen_is_kept_and_a_new_key_comes_with_its_column(
    browser: Client, team: Team, run: ImportRun
) -> None:
    form = {"target-0": "make", "target-1": "", "target-2": "price", "duplicates": "fill", "robots": "all"}
    browser.post(f"/imports/{run.id}/setup", form)
    kept = saved(team, run)
    assert [column.target for column in kept.columns] == ["make", "", "price"]
    assert (kept.options.duplicates, kept.options.robots, kept.options.keys) == ("fill", "all", ())
    browser.post(f"/imports/{run.id}/setup", {**form, "target-1": "vin"})
    assert saved(team, run).options.keys == ("vin",)
    browser.post(f"/imports/{run.id}/setup", {**form, "target-1": "vin", "offered": "vin"})
    assert saved(team, run).options.keys == (), "its tick was taken away"


def test_two_columns_for_one_field_are_refused_and_nothing_chosen_is_lost(
    browser: Client, team: Team, run: ImportRun
) -> None:
    form = {"target-0": "make", "target-1": "make", "target-2": "", "duplicates": "skip"}
    response = browser.post(f"/imports/{run.id}/setup", form)
    assert response.status_code == 422
    shown = response.content.decode()
    assert "Two columns fill the same" in shown
    assert shown.count('<option value="make" selected>') == 2
    assert [column.target for column in saved(team, run).columns] == ["make", "vin", "price"]


def test_required_fields_that_nothing_fills_are_named_and_may_be_the_same_everywhere(
    browser: Client, team: Team, run: ImportRun
) -> None:
    form = {"target-0": "", "target-1": "vin", "target-2": "price", "duplicates": "skip"}
    browser.post(f"/imports/{run.id}/setup", form)
    shown = page(browser, f"/imports/{run.id}")
    assert "Nothing fills what is required" in shown
    assert 'name="constant-make"' in shown
    browser.post(f"/imports/{run.id}/setup", {**form, "constant-make": "Lada"})
    assert saved(team, run).options.constants == {"make": "Lada"}
    assert "Nothing fills what is required" not in page(browser, f"/imports/{run.id}")


def test_a_constant_that_cannot_be_read_says_so_beside_it(browser: Client, run: ImportRun) -> None:
    form = {"target-2": "", "duplicates": "skip", "constant-price": "дорого"}
    response = browser.post(f"/imports/{run.id}/setup", form)
    assert response.status_code == 422
    assert 'value="дорого"' in response.content.decode()
    assert 'aria-invalid="true"' in response.content.decode()


def test_another_line_of_headings_proposes_the_columns_anew(
    browser: Client, team: Team, run: ImportRun
) -> None:
    browser.post(f"/imports/{run.id}/place", {"line": "2"})
    assert [column.heading for column in saved(team, run).columns] == ["Lada", VIN, "5"]
    refused = browser.post(f"/imports/{run.id}/place", {"line": "99"})
    assert refused.status_code == 422
    assert "There are no headings in line 99" in refused.content.decode()


def test_on_another_sheet_the_headings_are_looked_for(browser: Client, team: Team) -> None:
    book = Workbook()
    stock = book.create_sheet("Склад")
    for row in (["Склад на 1 марта"], ["Марка", "Цена"], ["Kia", 5]):
        stock.append(row)
    assert book.active is not None
    book.active.append(["Читай второй лист"])
    run = begun("car", saved_book(book), actor=actor_of(team.head))
    shown = browser.post(
        f"/imports/{run.id}/place", {"sheet": "Склад", "line": "1"}, headers={"HX-Request": "true"}
    )
    assert [column.target for column in saved(team, run).columns] == ["make", "price"]
    assert '<details class="box" open>' in shown.content.decode()


def test_an_import_is_tried_started_and_reported(browser: Client, team: Team, run: ImportRun) -> None:
    create("car", fields={"make": "Lada", "vin": VIN})
    browser.post(f"/imports/{run.id}/check")
    assert "Trying the file" in page(browser, f"/imports/{run.id}")
    work(run.id)
    assert "Will be created" in page(browser, f"/imports/{run.id}")
    assert "Fills the field" in page(browser, f"/imports/{run.id}?setup")
    browser.post(f"/imports/{run.id}/start")
    assert "hx-trigger" in page(browser, f"/imports/{run.id}")
    work(run.id)
    shown = page(browser, f"/imports/{run.id}")
    assert "УАЗ · дорого" in shown
    assert f"/imports/{run.id}/errors.xlsx" in shown
    assert "created 1 · duplicates 1 · rejected 1" in page(browser, "/imports")
    assert "Kia" in page(browser, f"/imports/{run.id}?fate=created")


def test_a_stopped_import_can_go_on(browser: Client, team: Team, run: ImportRun) -> None:
    browser.post(f"/imports/{run.id}/start")
    browser.post(f"/imports/{run.id}/cancel")
    assert "Go on with the import" in page(browser, f"/imports/{run.id}")
    browser.post(f"/imports/{run.id}/start")
    assert saved(team, run).state is State.IMPORTING


def test_starting_keeps_what_stands_in_the_form(browser: Client, team: Team, run: ImportRun) -> None:
    browser.post(f"/imports/{run.id}/start", {"target-2": "", "duplicates": "overwrite", "keys": "vin"})
    kept = saved(team, run)
    assert (kept.state, kept.options.duplicates, kept.columns[2].target) == (State.IMPORTING, "overwrite", "")


def test_a_file_without_known_columns_says_so_and_does_not_start(
    browser: Client, team: Team, run: ImportRun
) -> None:
    form = {"target-0": "", "target-1": "", "target-2": "", "duplicates": "skip"}
    response = browser.post(f"/imports/{run.id}/start", form)
    assert response.status_code == 422
    assert "No column of the file is known" in response.content.decode()
    assert saved(team, run).state is State.NEW


def test_the_list_of_a_type_leads_to_its_import(browser: Client) -> None:
    assert 'href="/imports/new?type=car"' in page(browser, "/t/car/")


def test_a_person_who_creates_nothing_is_told_so(team: Team) -> None:
    client = signed_in(team.newcomer)
    assert "There is nothing to import into" in page(client, "/imports")
    assert 'href="/imports"' not in page(client, "/imports")


def test_the_lines_of_a_long_report_come_page_by_page(browser: Client, team: Team) -> None:
    lines = "Марка\n" + "".join(f"Kia {number}\n" for number in range(60))
    run = finished(begun("car", lines, actor=actor_of(team.head)), actor_of(team.head))
    shown = page(browser, f"/imports/{run.id}?fate=created")
    assert f"/imports/{run.id}/rows?fate=created&amp;after=51" in shown
    assert "Kia 59" in page(browser, f"/imports/{run.id}/rows?fate=created&after=51")


def test_a_mended_file_has_the_columns_and_options_of_the_one_it_came_from(
    browser: Client, team: Team
) -> None:
    who = actor_of(team.head)
    run = begun("car", "Что это;Код;Почём\nKia;;дорого\nУАЗ;;5\n", actor=who)
    columns = [replace(each, target=target) for each, target in zip(run.columns, TARGETS, strict=True)]
    change_run(run.id, columns=columns, options=Options(FILL, ("vin",), constants={"model": "Х"}), actor=who)
    finished(run, who)
    text = browser.get(f"/imports/{run.id}/errors.csv").getvalue().decode("utf-8-sig")
    mended = io.BytesIO(text.replace("дорого", "7").encode())
    mended.name = "cars.rejected.csv"
    response = browser.post(f"/imports/{run.id}/mended", {"file": mended})
    again = list_runs(who)[0]
    assert response.headers["Location"] == f"/imports/{again.id}"
    assert [column.target for column in again.columns] == [*TARGETS, ""]
    assert (again.options.duplicates, again.options.constants) == (FILL, {"model": "Х"})
    assert finished(again, who).counts.created == 1


def test_a_mended_file_that_is_none_is_refused_on_the_report(
    browser: Client, team: Team, run: ImportRun
) -> None:
    finished(run, actor_of(team.head))
    file = io.BytesIO(b"%PDF-1.7 ")
    file.name = "cars.xlsx"
    response = browser.post(f"/imports/{run.id}/mended", {"file": file})
    assert response.status_code == 422
    assert "inside it is PDF" in response.content.decode()


@pytest.fixture
def asking(team: Team) -> ImportRun:
    """An import that waits for decisions about its lines 2 and 3."""
    who = actor_of(team.head)
    create("car", fields={"make": "Lada", "vin": VIN, "price": "4"})
    lines = f"Марка;Модель;VIN;Цена\nLada;Веста;{VIN};5\nЛада;Гранта;{VIN};6\nKia;;;7\n"
    return finished(begun("car", lines, actor=who, duplicates=ASK, keys=("vin",)), who)


def test_a_line_stands_beside_the_record_that_it_may_mean(browser: Client, asking: ImportRun) -> None:
    assert "wait for your decision: 2" in page(browser, f"/imports/{asking.id}")
    shown = page(browser, f"/imports/{asking.id}/duplicates")
    assert "Line 2 of the file" in shown
    assert re.search(r"5\s₽</td><td class=\"wraps differs\">4\s₽", shown)


def test_lines_are_settled_one_by_one(browser: Client, team: Team, asking: ImportRun) -> None:
    address = f"/imports/{asking.id}/decide"
    first = browser.post(address, {"line": "2", "how": "fill"}, headers={"HX-Request": "true"})
    assert "the record was changed" in first.headers["HX-Trigger"]
    assert "Line 3 of the file" in first.content.decode()
    browser.post(address, {"line": "3", "how": "skip"})
    counts = saved(team, asking).counts
    assert (counts.created, counts.updated, counts.duplicates, counts.undecided) == (1, 1, 1, 0)
    assert records()[0].values["price"] == Decimal(4)
    assert browser.get(f"/imports/{asking.id}/duplicates").status_code == 302


def test_all_lines_that_are_left_are_settled_at_once(browser: Client, team: Team, asking: ImportRun) -> None:
    browser.post(f"/imports/{asking.id}/decide", {"how": "overwrite"})
    assert "Writing what was decided" in page(browser, f"/imports/{asking.id}")
    work(asking.id)
    assert saved(team, asking).counts.updated == 2
    assert records()[0].values["price"] == Decimal(6)


def test_what_was_changed_since_is_named_when_an_import_is_taken_back(team: Team, asking: ImportRun) -> None:
    administrator = signed_in(team.administrator)
    administrator.post(f"/imports/{asking.id}/decide", {"how": "overwrite"})
    work(asking.id)
    car = records()[0]
    edit("car", car.id, version=car.version, price="9")
    administrator.post(f"/imports/{asking.id}/undo")
    assert "Taking the import back" in page(administrator, f"/imports/{asking.id}")
    work(asking.id)
    shown = page(administrator, f"/imports/{asking.id}")
    assert "Left as they are" in shown
    assert "Changed since: Цена" in shown or "Changed since: Price" in shown


HUGE = "9" * 18


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("place", {"encoding": "rot13"}),
        ("place", {"delimiter": "xx"}),
        ("place", {"line": HUGE}),
        ("place", {"line": "0", "sheet": "../../etc"}),
        ("setup", {"target-0": "moon", "duplicates": "skip"}),
        ("setup", {"target-0": "id", "key-0": "password", "duplicates": "burn", "robots": "<b>"}),
        ("setup", {"keys": ["moon", "__class__"], "duplicates": "skip"}),
        ("setup", {"constant-moon": "1", "add": "__class__", "duplicates": "skip"}),
        ("setup", {"constant-price": "9" * 5000, "duplicates": "skip"}),
        ("setup", {"constant-make": "a\x00b", "duplicates": "skip"}),
        ("decide", {"how": "burn"}),
        ("decide", {"how": "skip", "line": HUGE, "record": HUGE}),
        ("decide", {"how": "fill", "line": "2", "record": "1"}),
        ("mended", {"file": "no file"}),
    ],
)
def test_strange_input_is_refused_or_ignored(
    browser: Client, run: ImportRun, asking: ImportRun, address: str, form: dict[str, str | list[str]]
) -> None:
    target = asking if address in ("decide", "mended") else run
    response = browser.post(f"/imports/{target.id}/{address}", form)
    assert response.status_code in (302, 404, 409, 422)
    assert "Something broke" not in response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/imports?before=" + HUGE,
        "/imports?before=-1",
        "/imports/{id}?fate=burn",
        "/imports/{id}/rows?fate=created&after=" + "9" * 40,
        "/imports/{id}/rows?fate=%00",
        "/imports/{id}/duplicates?x",
    ],
)
def test_strange_addresses_are_shown_as_if_they_were_plain(
    browser: Client, asking: ImportRun, address: str
) -> None:
    assert browser.get(address.format(id=asking.id)).status_code == 200


def test_there_is_no_other_format_of_rejected_lines(browser: Client, run: ImportRun) -> None:
    assert browser.get(f"/imports/{run.id}/errors.exe").status_code == 404

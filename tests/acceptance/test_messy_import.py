"""A spreadsheet of 5 000 cars as it comes out of an old program, imported by hand: no line is lost."""

import re
from collections import Counter
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page
from tests.acceptance.conftest import OpenWindow
from tests.browser.site import Site

from trassa.access.queries import system_actor
from trassa.packs.auto.spreadsheets import LINES, Meaning, messy_lines, write_messy_cars
from trassa.records.queries import count_records
from trassa.records.types import ListQuery
from trassa.schema.queries import current_generation

#: Milliseconds for 5 000 lines on a busy machine.
PATIENCE = 180_000
#: Columns of the file of rejected lines.
MAKE, MODEL, VIN, MILEAGE, PRICE, DAY, PHONE = 0, 1, 3, 4, 6, 7, 8
_DIGITS = re.compile(r"\D")


@pytest.fixture
def spreadsheet(tmp_path: Path) -> Path:
    path = tmp_path / "cars.xlsx"
    write_messy_cars(path)
    return path


def cars(site: Site) -> int:
    """How many cars there are."""
    return site.database.run(
        lambda: count_records(system_actor(), current_generation().types["car"], ListQuery())
    )


def send(page: Page, path: Path) -> None:
    """Choose a file on the page for sending one, and wait for its columns."""
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Дальше").click()
    page.locator("#setup").wait_for()


def fill(page: Page, column: str, field: str) -> None:
    """Say what a column fills; the preview follows."""
    with page.expect_response("**/setup"):
        page.get_by_label(column, exact=True).select_option(label=field)
    page.locator("#preview th", has_text=field.rstrip(" *")).first.wait_for()


def counts(page: Page) -> dict[str, int]:
    """What the report says became of the lines."""
    page.locator(".tallies").wait_for(timeout=PATIENCE)
    found = {}
    for tally in page.locator(".tally").all():
        number, label = tally.inner_text().split("\n")
        found[label] = int(_DIGITS.sub("", number))
    return found


def start(page: Page) -> dict[str, int]:
    page.get_by_role("button", name="Начать импорт").click()
    page.locator(".chip", has_text="готово").wait_for(timeout=PATIENCE)
    return counts(page)


def test_a_messy_spreadsheet_comes_in_is_mended_and_taken_back(
    site: Site, window: OpenWindow, spreadsheet: Path, tmp_path: Path
) -> None:
    meant = Counter(line.meaning for line in messy_lines())
    assert meant.total() == LINES
    before = cars(site)

    page = window("admin", "/t/car/")
    page.get_by_role("link", name="Импорт").last.click()
    send(page, spreadsheet)
    fill(page, "Год", "Год выпуска")
    fill(page, "Состояние Пробег, км", "Пробег, км")

    page.get_by_role("button", name="Проверить без записи").click()
    page.locator(".chip", has_text="проверен").wait_for(timeout=PATIENCE)
    assert counts(page) == {
        "Будет создано": meant[Meaning.CREATED],
        "Дубли": meant[Meaning.DUPLICATE],
        "Будет отклонено": meant[Meaning.REJECTED],
    }
    assert cars(site) == before

    became = start(page)
    assert became == {
        "Создано": meant[Meaning.CREATED],
        "Дубли": meant[Meaning.DUPLICATE],
        "Отклонено": meant[Meaning.REJECTED],
    }
    assert sum(became.values()) == LINES
    assert cars(site) == before + meant[Meaning.CREATED]
    report = page.url

    with page.expect_download() as download:
        page.get_by_role("link", name="XLSX").click()
    rejected = tmp_path / "cars.rejected.xlsx"
    download.value.save_as(rejected)
    lines, good = mend(rejected)
    assert lines == meant[Meaning.REJECTED]

    page.locator("#mended").set_input_files(rejected)
    page.locator("#setup").wait_for()
    assert page.get_by_label("Год", exact=True).input_value() == "year"
    again = start(page)
    assert again == {"Создано": good, "Отклонено": lines - good}
    assert cars(site) == before + meant[Meaning.CREATED] + good

    for address in (page.url, report):
        page.goto(address)
        page.get_by_role("button", name="Отменить импорт").click()
        page.locator("#confirm").get_by_role("button", name="Отменить импорт").click()
        page.get_by_text("Импорт отменён.").wait_for(timeout=PATIENCE)
    assert cars(site) == before


def mend(path: Path) -> tuple[int, int]:
    """Repair in place what somebody can who knows the cars; says how many lines there are, and are cars."""
    book = load_workbook(path)
    sheet = book.active
    assert sheet is not None
    heads, *lines = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    mended = Workbook()
    target = mended.active
    assert target is not None
    target.append(heads)
    good = 0
    for number, line in enumerate(lines):
        is_car = bool(line[MODEL]) and line[MAKE] != "Марка"
        if is_car:
            good += 1
            repair(line, number)
        target.append(line)
    mended.save(path)
    return len(lines), good


def repair(line: list[str], number: int) -> None:
    """Give a car whatever it lacks; owners whom nobody knows are left out."""
    line[MAKE] = line[MAKE] or "Lada"
    if len(re.sub(r"[\s-]", "", line[VIN])) != 17:
        line[VIN] = f"X9F{number:014}"
    if not any(map(str.isdigit, line[MILEAGE])):
        line[MILEAGE] = "1000"
    if not any(map(str.isdigit, line[PRICE])):
        line[PRICE] = "500 000 ₽"
    if line[DAY] in ("весной", "31.02.2024"):
        line[DAY] = "01.03.2024"
    if "Марин" in line[PHONE] or "000-00-00" in line[PHONE]:
        line[PHONE] = ""

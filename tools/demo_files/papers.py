"""Papers of the demo company as PDF, printed by the system's Chromium: reports on cars, and contracts."""

import re
import shutil
import sys
from html import escape
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from tables import Company, Row

_STYLE = """body { font: 11pt/1.5 Arial, sans-serif; margin: 2cm } h1 { font-size: 16pt }
td { padding: 2pt 16pt 2pt 0 } td:first-child { color: #666 } .sign { margin-top: 2cm; color: #666 }"""
_COLORS = {
    "black": "чёрный",
    "white": "белый",
    "grey": "серый",
    "blue": "синий",
    "silver": "серебристый",
    "brown": "коричневый",
    "green": "зелёный",
    "red": "красный",
}


def report_name(car: str) -> str:
    """The file with the background report of a car."""
    return f"report-{car}.pdf"


def scan_name(contract: Row) -> str:
    """The file with the signed copy of a contract."""
    return f"contract-{contract['car']}.pdf"


def print_papers(company: Company, packs: Path) -> None:
    """Write all papers that rows name into their packs; what else lies in those folders goes."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.exit("The papers need Chromium: apt-get install chromium")
    reports = {report_name(row["key"]): _report(row) for row in company.cars.rows if row["papers"]}
    scans = {scan_name(row): _contract(company, row) for row in company.contracts.rows if row["scans"]}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for pack, papers in (("auto", reports), ("consignment", scans)):
            _print(browser.new_page(), papers, packs / pack / "demo" / "files")
        browser.close()


def _print(page: Page, papers: dict[str, str], folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, text in papers.items():
        page.set_content(text)
        (folder / name).write_bytes(_undated(page.pdf(format="A4")))


def _report(car: Row) -> str:
    checks = ("Ограничения и залоги", "Розыск", "Участие в такси", "Расчёт ремонтных работ")
    owners = ("Владельцев по ПТС", car["owners_count"])
    return _page(
        "Отчёт о проверке автомобиля", [*_lines_of(car), owners, *((each, "сведений нет") for each in checks)]
    )


def _contract(company: Company, contract: Row) -> str:
    client = company.contacts.get(contract["client"])
    amount = f"{int(contract['amount']):,}".replace(",", " ")
    lines = [
        ("Клиент", f"{client['name']} {client['patronymic']}".strip()),
        *_lines_of(company.cars.get(contract["car"])),
        ("Сумма", f"{amount} ₽"),
    ]
    signed = '<p class="sign">Подписи сторон: ____________________ &nbsp; ____________________</p>'
    return _page(f"Договор № {contract['register_number']}", lines, signed)


def _undated(content: bytes) -> bytes:
    """The same bytes on every day: moments are overwritten, lengths stay."""
    return re.sub(rb"\(D:\d{14}", b"(D:20260101000000", content)


def _lines_of(car: Row) -> list[tuple[str, str]]:
    return [
        ("Автомобиль", f"{car['make']} {car['model']}, {car['year']}"),
        ("VIN", car["vin"]),
        ("Госномер", car["plate"] or "—"),
        ("Цвет", _COLORS.get(car["color"], car["color"])),
        ("Пробег", f"{car['mileage']} км"),
    ]


def _page(title: str, lines: list[tuple[str, str]], foot: str = "") -> str:
    rows = "".join(f"<tr><td>{escape(label)}</td><td>{escape(text)}</td></tr>" for label, text in lines)
    return (
        f'<!doctype html><html lang="ru"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style><h1>{escape(title)}</h1><table>{rows}</table>{foot}"
    )

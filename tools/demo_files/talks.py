"""What colleagues say about open deals, with files now and then, and the files of what is on offer."""

import random
from pathlib import Path

import yaml
from papers import report_name, scan_name
from tables import Company, Row

SEED = 20260323
#: The newest contracts have scans.
SCANS = 6
#: Share of the deals that moved in these last days of which people speak.
_SHARE = 0.45
_DAYS = 30
_dice = random.Random(f"{SEED}/talks")
#: Stage of a deal → conversations.
_TALKS: dict[str, list[str]] = yaml.safe_load(
    Path(__file__).with_name("talks.yaml").read_text(encoding="utf-8")
)


def photograph_cars(company: Company) -> None:
    """Every car that is on offer has a picture or two on its card."""
    history = company.card_history
    sold = {row["key"] for row in history.rows if row["status"] == "sold"}
    for table in (company.cards, history):
        taken = [row for row in table.rows if row["photos_on"] and row["key"] not in sold]
        table.fill("photos", [(row, _photos(company.cards.get(row["key"])["car"])) for row in taken])


def price_cards(company: Company) -> None:
    """A car is offered for what it costs on the day when it is listed; of the sold ones too."""
    changes = [row for row in company.car_history.rows if row["price"]]
    for table in (company.cards, company.card_history):
        listed = [row for row in table.rows if row["listed_on"]]
        table.fill("price", [(row, _price_on(company, changes, row)) for row in listed])


def _price_on(company: Company, changes: list[Row], row: Row) -> str:
    car = company.cards.get(row["key"])["car"]
    prices = [each["price"] for each in changes if each["key"] == car and int(each["day"]) <= int(row["day"])]
    return [company.cars.get(car)["price"], *prices][-1]


def scan_contracts(company: Company) -> None:
    """The newest contracts were scanned when they were signed."""
    signed = [row for row in company.contracts.rows if row["kind"] != "booking"]
    newest = sorted(signed, key=lambda row: (int(row["day"]), row["key"]))[-SCANS:]
    scans = [(row, f"Договор {row['register_number']}.pdf|{scan_name(row)}") for row in newest]
    company.contracts.fill("scans", scans)


def talk(company: Company) -> None:
    """Conversations about deals that are open today, and the reports that they speak of."""
    steps = [row for row in company.deal_history.rows if row["stage"]]
    last = {row["key"]: row for row in sorted(steps, key=lambda row: (int(row["day"]), row["time"]))}
    for deal in company.deals.rows:
        step = last.get(deal["key"])
        choice = _TALKS.get(step["stage"]) if step is not None else None
        if step is not None and choice and int(step["day"]) >= -_DAYS and _dice.random() < _SHARE:
            company.deal_comments += _conversation(deal, step, _dice.choice(choice))
    reported = {line["files"].partition("|")[2] for line in company.deal_comments}
    named = [(row, report_name(row["key"])) for row in company.cars.rows]
    papers = [(row, f"Отчёт о проверке.pdf|{name}|report") for row, name in named if name in reported]
    company.cars.fill("papers", papers)


def _conversation(deal: Row, step: Row, words: str) -> list[Row]:
    """Line after line, some minutes apart, as long as the day lasts."""
    hour, minute = (int(part) for part in step["time"].split(":"))
    moment, said = hour * 60 + minute, []
    for line in words.split(" || "):
        moment = min(moment + _dice.randint(4, 25), 23 * 60 + 59)
        who, _colon, text = line.partition(": ")
        text, _at, wanted = text.partition(" @")
        actor = deal["owner"] if who == "owner" else "director" if who == deal["owner"] else who
        time = f"{moment // 60:02}:{moment % 60:02}"
        files = _attached(deal["car"], wanted)
        said.append(Row(key=deal["key"], day=step["day"], time=time, actor=actor, text=text, files=files))
    return said


def _attached(car: str, wanted: str) -> str:
    match wanted:
        case "photo":
            return f"Фото {car[-3:]}.jpg|drawn:car/{car}/{_dice.choice(('left', 'right'))}"
        case "report":
            return f"Отчёт о проверке.pdf|{report_name(car)}"
    return ""


def _photos(car: str) -> str:
    sides = {"left": "Слева", "right": "Справа"} if _dice.random() < 0.3 else {"left": "Слева"}
    return ";".join(f"{name}.jpg|drawn:car/{car}/{side}" for side, name in sides.items())

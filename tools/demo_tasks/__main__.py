"""Gives the demo company tasks: always the same for the same records and SEED.

    .venv/bin/python tools/demo_tasks

Reads the packs' CSV files and writes `deal.tasks.csv`: what waits for everybody about open deals, some of it
late, and what they did in the last days.
"""

import csv
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

DEMO = Path(__file__).parents[2] / "src" / "trassa" / "packs" / "consignment" / "demo"
SEED = 31
COLUMNS = (
    *("key", "day", "time", "actor", "title", "kind", "who", "due", "text", "checklist", "observers"),
    *("important", "done", "outcome", "result"),
)
SHOWING = "Вымыть машину;Проверить топливо и давление;Подготовить договор и комплект ключей"
SHOOTING = "Экстерьер: 12 ракурсов;Салон и панель приборов;Дефекты крупно;Отобрать и выложить"
CONTRACT = "Паспортные данные;Полномочия;Сумма и график;Обременения"


@dataclass(frozen=True)
class Work:
    """What is to be done about a deal on a stage; `who` is "" for its owner."""

    kind: str
    title: str
    #: How many of these.
    count: int
    #: Outcome and result.
    ends: Sequence[tuple[str, str]]
    who: str = ""
    text: str = ""
    checklist: str = ""


CALLS = (
    ("reached", "Думает до выходных."),
    ("not_reached", "Не взял трубку."),
    ("reached", "Едет на показ."),
)
SHOT = (("done", "Выложено."),)
READY = (("done", "Готово."),)
AGREED = (("approved", ""),)
#: By pipeline and stage.
WORK: Mapping[tuple[str, str], Work] = {
    ("sales", "new"): Work(
        "call", "Связаться с клиентом", 5, CALLS, "role:seller", "Взять может любой продавец."
    ),
    ("sales", "negotiation"): Work(
        "call", "Перезвонить: решил ли клиент", 22, CALLS, text="Спросить про трейд-ин и кредит."
    ),
    ("sales", "showing"): Work(
        "meeting", "Показ автомобиля", 16, (("held", "Машина понравилась."),), checklist=SHOWING
    ),
    ("sales", "booking"): Work(
        "todo",
        "Подготовить документы к сделке",
        9,
        (("done", "Передано юристу."),),
        checklist="Договор;Акт;Счёт",
    ),
    ("sales", "contract"): Work("approval", "Проверить договор", 7, AGREED, "lawyer", "", CONTRACT),
    ("consignment", "contract"): Work("approval", "Проверить договор", 6, AGREED, "lawyer", "", CONTRACT),
    ("buyout", "contract"): Work("approval", "Проверить договор", 4, AGREED, "lawyer", "", CONTRACT),
    ("buyout", "price"): Work("approval", "Согласовать цену выкупа", 7, (("approved", "Согласен."),), "head"),
    ("buyout", "diagnostics"): Work(
        "meeting", "Осмотр автомобиля", 9, (("held", "Окрашено крыло."),), text="Взять толщиномер и сканер."
    ),
    ("buyout", "detailing_done"): Work("todo", "Фотосессия", 7, SHOT, "photographer", "", SHOOTING),
    ("consignment", "detailing_done"): Work("todo", "Фотосессия", 5, SHOT, "photographer", "", SHOOTING),
    ("buyout", "done"): Work("todo", "Детейлинг", 6, READY, "detailer", "", "Мойка;Полировка;Химчистка"),
    ("consignment", "signed"): Work("todo", "Детейлинг", 5, READY, "detailer", "", "Мойка;Полировка"),
}
COMING = (("reached", "Приедет в субботу к двенадцати."), ("not_reached", "Не взял трубку."))
PAID = "Сумма по договору;Плательщик — сам клиент"
CLEAR = "Залоги и ограничения;История ДТП;Владелец и доверенность"
CHECKED = (("done", "Чисто."), ("done", "Одно ДТП в 2021 году, остальное чисто."))
#: What the office does about the same deals.
OFFICE: Mapping[tuple[str, str], Work] = {
    ("sales", "new"): Work("call", "Уточнить, когда клиент приедет в салон", 4, COMING, "reception"),
    ("sales", "booking"): Work(
        "todo", "Проверить поступление брони", 6, (("done", "Деньги пришли."),), "accountant", "", PAID
    ),
    ("sales", "contract"): Work(
        "todo", "Выставить счёт и проверить оплату", 5, (("done", "Оплачено."),), "accountant", "", PAID
    ),
    ("buyout", "diagnostics"): Work(
        "todo", "Проверить ограничения и историю", 7, CHECKED, "security", "", CLEAR
    ),
    ("consignment", "diagnostics"): Work(
        "todo", "Проверить ограничения и историю", 4, CHECKED, "security", "", CLEAR
    ),
}
#: Days from now when it is due: late, today, soon.
DUE = (-2, -1, -1, 0, 0, 1, 1, 2, 3)


def read(name: str) -> list[dict[str, str]]:
    with (DEMO / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def make_tasks(works: Mapping[tuple[str, str], Work]) -> Iterator[dict[str, object]]:
    dice = random.Random(SEED)
    stages = {row["key"]: row["stage"] for row in read("deal.history.csv") if row["stage"]}
    since = {row["key"]: int(row["day"]) for row in read("deal.history.csv") if row["stage"]}
    deals = sorted(read("deal.csv"), key=lambda row: (-since.get(row["key"], int(row["day"])), row["key"]))
    left = {place: work.count for place, work in works.items()}
    for deal in deals:
        place = deal["pipeline"], stages.get(deal["key"], "new")
        if left.get(place, 0) <= 0:
            continue
        left[place] -= 1
        yield one_task(dice, deal, works[place], since.get(deal["key"], int(deal["day"])))


def one_task(dice: random.Random, deal: dict[str, str], work: Work, since: int) -> dict[str, object]:
    who = work.who
    is_done = dice.random() < 0.5 and since < 0
    day = min(max(since, -12), -1) if is_done else min(max(since, -4), -1)
    due = dice.choice(DUE) if not is_done else dice.randint(day, -1)
    row = {
        "key": deal["key"],
        "day": max(day, since),
        "time": f"{dice.randint(19, 20)}:{dice.choice((5, 15, 25, 40, 50)):02d}",
        "actor": deal["owner"],
        "title": work.title,
        "kind": work.kind,
        "who": who or deal["owner"],
        "due": f"{due} {dice.randint(10, 18)}:{dice.choice((0, 30)):02d}",
        "text": work.text,
        "checklist": work.checklist,
        "observers": deal["owner"] if who and not who.startswith("role:") and who != deal["owner"] else "",
        "important": "yes" if not is_done and dice.random() < 0.15 else "",
    }
    if is_done:
        outcome, result = dice.choice(work.ends)
        row |= {
            "done": f"{max(due, day + 1 if day < -1 else -1)} 20:55",
            "outcome": outcome,
            "result": result,
        }
    return row


def main() -> None:
    rows = sorted(
        [*make_tasks(WORK), *make_tasks(OFFICE)], key=lambda row: (row["day"], row["time"], row["key"])
    )
    with (DEMO / "deal.tasks.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"deal.tasks.csv: {len(rows)}")


if __name__ == "__main__":
    main()

"""What all parts of the story share: the dice, the clock, and the tables that it is written into.

The company works in half-days: everything that a person does in one bears the same time, so that it
can be loaded as one batch.
"""

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

SEED = 20260323
FIRST_DAY = -364
#: Who works with clients, by login.
PEOPLE = ("head", "seller1", "seller2", "buyer")

Row = dict[str, object]
dice = random.Random(SEED)


@dataclass(slots=True)
class Table:
    """Rows of one CSV file."""

    rows: list[Row] = field(default_factory=list)

    def add(self, key: str, day: int, time: str, **values: object) -> Row:
        """A row; empty values are left out."""
        row: Row = {"key": key, "day": day, "time": time}
        row |= {name: value for name, value in values.items() if value not in (None, "")}
        self.rows.append(row)
        return row

    def write(self, path: Path) -> None:
        columns = list(dict.fromkeys(name for row in self.rows for name in row))
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(sorted(self.rows, key=lambda row: (row["day"], row["time"], row["key"])))


sites, companies, contacts, cars, inquiries, deals = (Table() for _table in range(6))
car_history, deal_history = Table(), Table()
channels, diagnostics, detailing, works, contracts, cards = (Table() for _table in range(6))
diagnostics_history, detailing_history, work_history, card_history = (Table() for _table in range(4))


def work_day(day: int, who: str) -> int:
    """When this person does it: in the last month at once, before that every fifth day."""
    if day >= -30:
        return min(day, 0)
    return min(day + (PEOPLE.index(who) - day) % 5, -1)


def morning(day: int, who: str) -> str:
    return _clock(day, who, "morning", (9, 12))


def afternoon(day: int, who: str) -> str:
    return _clock(day, who, "afternoon", (14, 18))


def _clock(day: int, who: str, part: str, hours: tuple[int, int]) -> str:
    moment = random.Random(f"{SEED}/{day}/{who}/{part}")
    return f"{moment.randint(*hours):02}:{moment.randint(0, 59):02}"


def chance(share: float) -> bool:
    return dice.random() < share


def pick(weights: dict[str, int]) -> str:
    """One of the keys, as often as its weight says."""
    return dice.choices(list(weights), list(weights.values()))[0]


def signs(length: int, pool: Sequence[str] = "0123456789") -> str:
    return "".join(dice.choice(pool) for _index in range(length))


def rounded(amount: float) -> int:
    """An amount as people name it: tens of thousands."""
    return int(round(amount / 10_000) * 10_000)

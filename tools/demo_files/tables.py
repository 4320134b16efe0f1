"""The demo company's CSV files, read, changed and written again."""

import csv
from collections.abc import Iterable
from pathlib import Path

Row = dict[str, str]
_COMMENT_COLUMNS = ("key", "day", "time", "actor", "text", "files")


class Table:
    """Rows of one file by their keys; a history has several rows of one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open(encoding="utf-8", newline="") as file:
            self.rows: list[Row] = list(csv.DictReader(file))

    def get(self, key: str) -> Row:
        return next(row for row in self.rows if row["key"] == key)

    def fill(self, column: str, values: Iterable[tuple[Row, str]]) -> None:
        """Make these the only values of a column."""
        for row in self.rows:
            row[column] = ""
        for row, value in values:
            row[column] = value

    def write(self) -> None:
        write_rows(self._path, list(self.rows[0]), self.rows)


class Company:
    """The files that get something."""

    def __init__(self, packs: Path) -> None:
        deals = packs / "consignment" / "demo"
        self.cars = Table(packs / "auto" / "demo" / "car.csv")
        self.car_history = Table(deals / "car.history.csv")
        self.contacts = Table(packs / "auto" / "demo" / "contact.csv")
        self.contracts = Table(deals / "contract.csv")
        self.cards = Table(deals / "catalogue_card.csv")
        self.card_history = Table(deals / "catalogue_card.history.csv")
        self.deals = Table(deals / "deal.csv")
        self.deal_history = Table(deals / "deal.history.csv")
        self.deal_comments: list[Row] = []
        self._comments = deals / "deal.comments.csv"

    def write(self) -> None:
        for table in (self.cars, self.contracts, self.cards, self.card_history):
            table.write()
        rows = sorted(self.deal_comments, key=lambda row: (int(row["day"]), row["time"], row["key"]))
        write_rows(self._comments, _COMMENT_COLUMNS, rows)


def write_rows(path: Path, columns: Iterable[str], rows: Iterable[Row]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(columns), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)

"""Writes the demo company's CSV files into the packs: the same files for the same SEED.

    .venv/bin/python tools/make_demo_data.py

The CSV files are the source that `trassa` loads; this script only saved typing them. It plays a year of
the company (day 0 is the day of loading, earlier days are negative): owners bring cars, some are
bought or taken on commission, buyers come and go. A file `<type>.csv` holds what records are created
with; `<type>.history.csv` what happened to them later. See docs/decisions/0015-configuration-as-files.md.
"""

import csv
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from demo_vocabulary import (
    CITIES,
    COMMENTS,
    COMPANY_NAMES,
    DEFECTS,
    FATHERS,
    FEMALE_NAMES,
    MALE_NAMES,
    MODELS,
    QUESTIONS,
    STREETS,
    SURNAMES,
    Model,
)

SEED = 20260323
PACKS = Path(__file__).parent.parent / "src" / "trassa" / "packs"
FIRST_DAY = -364
STOCK_AT_START = 70
CARS = 300
CONTACTS = 600
#: Open and closed deals per pipeline.
OPEN_DEALS = {"sales": 128, "buyout": 46, "consignment": 31}
CLOSED_DEALS = {"sales": 392, "buyout": 114, "consignment": 89}
PEOPLE = ("head", "seller1", "seller2", "buyer")
SITES = ("lesnaya", "rublevka", "tver", "murmansk")

Row = dict[str, object]
random_ = random.Random(SEED)


@dataclass(slots=True)
class Table:
    """Rows of one CSV file; rows may bring more columns than the first ones."""

    columns: list[str]
    rows: list[Row] = field(default_factory=list)

    def add(self, **values: object) -> Row:
        row = {key: value for key, value in values.items() if value not in (None, "")}
        self.rows.append(row)
        return row

    def write(self, path: Path) -> None:
        columns = list(dict.fromkeys([*self.columns, *(key for row in self.rows for key in row)]))
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(sorted(self.rows, key=lambda row: (row["day"], row["time"], row["key"])))


@dataclass(slots=True)
class Car:
    key: str
    model: Model
    year: int
    price: int
    created: int
    #: The day it came into stock, the day it was sold; None when it never was.
    received: int | None = None
    sold: int | None = None
    booked: bool = False
    #: Days on which the price fell: the price from that day on.
    prices: list[tuple[int, int]] = field(default_factory=list)

    def price_on(self, day: int) -> int:
        return next((price for since, price in reversed(self.prices) if since <= day), self.price)


def table() -> Table:
    return Table(["key", "day", "time"])


tables = {name: table() for name in ("site", "company", "contact", "car", "inquiry", "deal")}
history = {name: table() for name in ("car", "deal")}


def work_day(day: int, who: str) -> int:
    """The day on which this person does it: in the last month any day, earlier every third one, so that
    a day's work makes a batch."""
    if day >= -30:
        return min(day, 0)
    return min(day + (PEOPLE.index(who) - day) % 3, -1)


def clock(day: int, who: str, *, late: bool) -> str:
    """One moment for everything that a person does in half a day."""
    moment = random.Random(f"{SEED}/{day}/{who}/{late}")
    hour, minute = (moment.randint(14, 18), moment.randint(0, 59)) if late else (moment.randint(9, 12), moment.randint(0, 59))
    return f"{hour:02}:{minute:02}"


def rounded(amount: float) -> int:
    return int(round(amount / 10_000) * 10_000)


def fill(length: int, pool: Sequence[str] = "0123456789") -> str:
    return "".join(random_.choice(pool) for _index in range(length))


def patronymic(female: bool) -> str:
    name, ending = random_.choice(FATHERS).split(":")
    stem = {"Павел": "Павл", "Пётр": "Петр"}.get(name, name)
    stem = stem.removesuffix("ий") if ending == "ьев" else stem.removesuffix("й").removesuffix("ь")
    return stem + ending + ("на" if female else "ич")


def person_name() -> str:
    female = random_.random() < 0.34
    surname = random_.choice(SURNAMES) + ("а" if female else "")
    return f"{surname} {random_.choice(FEMALE_NAMES if female else MALE_NAMES)} {patronymic(female)}"


def phone() -> str:
    return f"+79{random_.choice(('03', '05', '09', '10', '11', '15', '16', '17', '21', '25', '26', '29', '65', '85'))}555{fill(4)}"


def inn() -> str:
    digits = [7, 7, *(random_.randint(0, 9) for _index in range(7))]
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    return "".join(map(str, digits)) + str(sum(w * d for w, d in zip(weights, digits, strict=True)) % 11 % 10)


def vin(model: Model, year: int) -> str:
    """A VIN with a right check digit in the ninth place."""
    values = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    text = f"{model.wmi}{model.vds}0{'HJKLMNPRS'[year - 2017]}{random_.choice('ABDLKC0')}{fill(6)}"
    assert len(text) == 17, text
    total = sum(w * (values[c] if c in values else int(c)) for w, c in zip(weights, text, strict=True))
    return text[:8] + ("X" if total % 11 == 10 else str(total % 11)) + text[9:]


def make_sites() -> None:
    for key, name, kind, city, address, capacity in (
        ("lesnaya", "Москва, Лесная", "showroom", "Москва", "ул. Лесная, 5", 60),
        ("rublevka", "Москва, Рублёвка", "showroom", "Москва", "Рублёвское ш., 62", 40),
        ("tver", "Тверь", "yard", "Тверь", "Московское ш., 18", 45),
        ("murmansk", "Мурманск", "yard", "Мурманск", "Кольский пр-т, 130", 30),
    ):
        tables["site"].add(key=key, day=FIRST_DAY, time="08:30", owner="head", name=name, kind=kind, city=city,
                           address=address, phone=f"+7495555{fill(4)}", manager=random_.choice(("seller1", "seller2", "head")),
                           capacity=capacity, hours="ежедневно с 9:00 до 21:00")


def make_companies() -> None:
    kinds = ["client"] * 22 + ["supplier"] * 5 + ["bank"] * 4 + ["leasing"] * 3 + ["insurer"] * 3 + ["contractor"] * 3
    for index, (name, kind) in enumerate(zip(COMPANY_NAMES, kinds, strict=True)):
        form = "АО" if kind in {"bank", "insurer"} else "ООО"
        number = inn()
        tables["company"].add(
            key=f"company{index + 1:02}", day=FIRST_DAY, time="08:30", owner="head", name=f"{form} «{name.replace('_', ' ')}»",
            kind=kind, inn=number, kpp=f"{number[:4]}01001", ogrn=f"1{fill(12)}",
            legal_address=f"г. Москва, ул. {random_.choice(STREETS)}, д. {random_.randint(1, 90)}",
            director=person_name(), phone=f"+7499555{fill(4)}", email=f"info{index + 1}@company.example",
        )


def make_contact(day: int, time: str, owner: str, kind: str, source: str) -> str:
    """A new client, or one who has been here before when there are enough."""
    contacts = tables["contact"].rows
    known = [row for row in contacts if (row["day"], row["time"]) < (day, time)]
    if len(contacts) >= CONTACTS or (len(known) > 20 and random_.random() < 0.22):
        return str(random_.choice(known)["key"])
    key = f"contact{len(contacts) + 1:03}"
    company = f"company{random_.randint(1, 22):02}" if random_.random() < 0.1 else None
    tables["contact"].add(
        key=key, day=day, time=time, owner=owner, name=person_name(), phone=phone(),
        phone_extra=phone() if random_.random() < 0.12 else None,
        email=f"client{len(contacts) + 1:03}@mail.example" if random_.random() < 0.45 else None,
        kind=kind, source=source.rstrip("_123") if source not in {"website"} else "referral",
        preferred_channels=";".join(sorted(random_.sample(("call", "whatsapp", "telegram", "email"), random_.choice((1, 1, 2))))),
        city=random_.choice(CITIES), company=company, position=random_.choice(("Директор", "Закупки", "Водитель")) if company else None,
        consent="yes" if random_.random() < 0.8 else None,
        passport=f"{fill(2)} {fill(2)} {fill(6)}" if random_.random() < 0.25 else None,
        comment=random_.choice(COMMENTS) if random_.random() < 0.15 else None,
    )
    return key


def make_car(day: int, time: str, owner: str, client: str | None, **values: object) -> Car:
    model = random_.choices(MODELS, [model.weight for model in MODELS])[0]
    year = random_.choices(range(2018, 2026), (2, 3, 4, 6, 6, 6, 5, 2))[0]
    age = 2026 - year
    price = rounded(model.price * 1000 * (0.93 - 0.075 * age) * random_.uniform(0.95, 1.05))
    car = Car(f"car{len(tables['car'].rows) + 1:03}", model, year, price, day)
    mileage = max(300, round(age * random_.uniform(7_000, 24_000) - 6_000, -2))
    letters = "АВЕКМНОРСТУХ"
    tables["car"].add(
        key=car.key, day=day, time=time, owner=owner, vin=vin(model, year),
        plate=f"{fill(1, letters)}{fill(3)}{fill(2, letters)}{random_.choice(('77', '97', '199', '777', '797', '69', '51', '178'))}",
        make=model.make, model=model.name, trim=random_.choice(model.trims), year=year, mileage=int(mileage), body=model.body,
        engine=model.engine, volume=model.volume, power=model.power, gearbox=model.gearbox, drive=model.drive,
        color=random_.choices(("black", "white", "grey", "silver", "blue", "red", "green", "brown"), (9, 6, 6, 2, 3, 1, 1, 1))[0],
        owners_count=random_.choices((1, 2, 3, 4), (5, 4, 2, 1))[0],
        title_document=random_.choices(("original", "duplicate", "electronic"), (6, 1, 5))[0], keys=random_.choice((1, 2, 2, 2)),
        client=client, report_on=day, **values,
    )
    return car


def make_stock_at_start() -> list[Car]:
    """Cars that were there before the year began."""
    cars = []
    for index in range(STOCK_AT_START):
        received = FIRST_DAY - random_.randint(2, 60)
        site = random_.choices(SITES, (6, 4, 3, 2))[0]
        car = make_car(FIRST_DAY, "08:45", PEOPLE[1 + index % 2], None, status="free", logistics="showroom", site=site,
                       received_on=received)
        tables["car"].rows[-1]["price"] = car.price
        car.received = received
        cars.append(car)
    return cars


@dataclass(slots=True)
class Deal:
    """A deal while it is being told: creation, then steps on ever later days."""

    key: str
    pipeline: str
    owner: str
    client: str
    day: int

    def step(self, day: int, stage: str | None = None, **values: object) -> int:
        day = work_day(max(day, min(self.day + 1, 0)), self.owner)
        self.day = day
        history["deal"].add(key=self.key, day=day, time=clock(day, self.owner, late=True), actor=self.owner, stage=stage, **values)
        return day


def open_deal(day: int, pipeline: str, owner: str, car: Car | None, **values: object) -> tuple[Deal, Car]:
    """Creates the client, the car when it is a new one, often the inquiry, and the deal."""
    day = work_day(day, owner)
    time = clock(day, owner, late=False)
    source = random_.choices(
        ("instagram_1", "instagram_2", "instagram_3", "whatsapp_1", "whatsapp_2", "whatsapp_3", "email", "phone", "youtube",
         "avito", "auto_ru", "website", "visit", "referral"), (9, 7, 5, 10, 8, 7, 3, 10, 5, 12, 13, 4, 5, 4))[0]
    client = make_contact(day, time, owner, "buyer" if pipeline == "sales" else "car_owner", source)
    if car is None:
        car = make_car(day, time, owner, client, status="evaluation", logistics="with_owner")
    intent = {"sales": "buy", "buyout": "sell", "consignment": "consign"}[pipeline]
    inquiry = None
    if random_.random() < 0.4 and source not in {"visit", "referral"}:
        inquiry = make_inquiry(day, time, owner, source, intent, "qualified", client, car)
    key = f"deal{len(tables['deal'].rows) + 1:03}"
    tables["deal"].add(key=key, day=day, time=time, pipeline=pipeline, owner=owner, client=client, car=car.key, inquiry=inquiry,
                       source=source, next_contact_on=day + random_.choice((0, 1, 1, 2)),
                       comment=random_.choice(COMMENTS) if random_.random() < 0.2 else None, **values)
    return Deal(key, pipeline, owner, client, day), car


def make_inquiry(day: int, time: str, owner: str, source: str, intent: str, status: str, client: str | None = None,
                 car: Car | None = None) -> str:
    key = f"inquiry{len(tables['inquiry'].rows) + 1:03}"
    minutes = random_.randint(2, 50)
    hour, minute = map(int, time.split(":"))
    asked = f"{hour - 1:02}:{minute:02}"
    answered = f"{hour - 1 + (minute + minutes) // 60:02}:{(minute + minutes) % 60:02}"
    titles = {"buy": "Интересует", "sell": "Продаёт", "consign": "Сдаёт на комиссию"}
    subject = f"{titles[intent]} {car.model.make} {car.model.name}" if car else "Вопрос из сообщений"
    tables["inquiry"].add(
        key=key, day=day, time=time, owner=owner, subject=subject, contact=client, phone=None if client else phone(), source=source,
        intent=intent, status=status, car=car.key if car else None, received_at=f"{day} {asked}",
        answered_at=f"{day} {answered}" if status != "new" else None, message=random_.choice(QUESTIONS[intent]),
    )
    return key


def make_loose_inquiries() -> None:
    """Inquiries that led nowhere, and those of today."""
    for status, count, first, last in (("rejected", 90, FIRST_DAY, -3), ("in_progress", 16, -4, 0), ("new", 9, 0, 0)):
        for _index in range(count):
            owner = random_.choice(("seller1", "seller2", "head"))
            day = work_day(random_.randint(first, last), owner)
            make_inquiry(day, clock(day, owner, late=False), owner, random_.choice(("instagram_1", "whatsapp_2", "avito", "auto_ru", "email")),
                         "other", status)


def car_step(car: Car, day: int, who: str, **values: object) -> None:
    history["car"].add(key=car.key, day=day, time=clock(day, who, late=True), actor=who, **values)


class Purchase:
    """The ways of a car into stock: buy-out and consignment."""

    stages = {"buyout": ("diagnostics", "price", "contract", "done", "detailing_done"),
              "consignment": ("diagnostics", "terms", "contract", "signed", "detailing_done")}
    reasons = {"buyout": ("price", "price", "condition", "restrictions", "sold_himself", "competitor", "no_answer", "changed_mind"),
               "consignment": ("price", "price", "commission", "condition", "restrictions", "sold_himself", "competitor", "no_answer")}

    def __init__(self) -> None:
        self.contracts = {"buyout": 0, "consignment": 0}

    def tell(self, pipeline: str, first_day: int, reach: int, last_day: int, car: Car | None, *, lost: bool) -> Car:
        """A deal that passes `reach` stages until `last_day` and then is lost when `lost`."""
        owner = "buyer" if random_.random() < 0.8 else "head"
        deal, car = open_deal(first_day, pipeline, owner, car)
        ask = rounded(car.price * random_.uniform(0.9, 1.04))
        tables["deal"].rows[-1] |= {"client_estimate": ask, "amount": ask}
        span = max(last_day - deal.day, 0)
        for index in range(reach):
            day = deal.day + (span * (index + 1) // max(reach + lost, 1) - (deal.day - first_day) if span else 0)
            self.pass_stage(deal, car, pipeline, index, max(min(day, last_day), deal.day), ask)
        if lost:
            deal.step(last_day, "lost", reason=random_.choice(self.reasons[pipeline]))
            if car.received is None:
                car_step(car, deal.day, owner, status="declined")
        return car

    def pass_stage(self, deal: Deal, car: Car, pipeline: str, index: int, day: int, ask: int) -> None:
        stage = self.stages[pipeline][index]
        ours = rounded(ask * random_.uniform(0.86, 0.97))
        match index:
            case 0:
                visit = max(day, deal.day) + random_.choice((0, 1, 1, 2))
                deal.step(day, stage, visit_at=f"{visit} {random_.randint(10, 19)}:{random_.choice(('00', '30'))}",
                          visit_address=f"ул. {random_.choice(STREETS)}, {random_.randint(1, 80)}",
                          appraiser=random_.choice(("buyer", "buyer", "seller1", "seller2", "photographer")), next_contact_on=visit)
            case 1:
                deal.step(day, stage, condition=random_.choices(("excellent", "good", "fair", "poor"), (3, 6, 3, 1))[0],
                          defects=random_.choice(DEFECTS), our_estimate=ours, next_contact_on=max(day, deal.day) + random_.choice((1, 2)))
            case 2:
                terms: Row = {"commission": random_.choice(("3", "3.5", "4", "4", "5"))} if pipeline == "consignment" else {
                    "floor_price": rounded(ours * 0.97), "security_note": "Проверка пройдена, ограничений нет." if random_.random() < 0.6 else None}
                deal.step(day, stage, amount=ours, next_contact_on=max(day, deal.day) + 1, **terms)
            case 3:
                self.contracts[pipeline] += 1
                prefix = "ВК" if pipeline == "buyout" else "КМ"
                done = deal.step(day, stage, contract_number=f"{prefix}-{self.contracts[pipeline]:04}", next_contact_on="-",
                                 payment_method=random_.choice(("transfer", "cash")) if pipeline == "buyout" else None,
                                 contract_on=max(work_day(day, deal.owner), deal.day))
                receive(car, done, deal.owner)
            case _:
                works = random_.sample(("wash", "cleaning", "polish", "ceramic", "film", "dent_removal"), random_.choice((2, 2, 3)))
                ready = deal.step(day, stage, detailing_works=";".join(sorted(works)), detailing_cost=random_.randint(12, 110) * 1000,
                                  photos_ready="yes")
                car_step(car, ready, deal.owner, logistics="showroom")


def receive(car: Car, day: int, who: str) -> None:
    """The car comes into stock: it gets a price, a site and a seller."""
    car.received = day
    far = random_.random() < 0.2
    site = random_.choice(("tver", "murmansk")) if far else random_.choices(("lesnaya", "rublevka"), (3, 2))[0]
    car_step(car, day, who, status="free", logistics="transit" if far else random_.choice(("detailing", "preparation")), site=site,
             price=car.price, received_on=day, owner=random_.choice(("seller1", "seller2", "seller1", "seller2", "head")))


def make_purchases(stock: list[Car]) -> list[Car]:
    """All buy-out and consignment deals; returns the cars that came into stock."""
    purchase = Purchase()
    budget = CARS - STOCK_AT_START
    plans = [(pipeline, "open") for pipeline in ("buyout", "consignment") for _i in range(OPEN_DEALS[pipeline])]
    closed = [(pipeline, "closed") for pipeline in ("buyout", "consignment") for _i in range(CLOSED_DEALS[pipeline])]
    random_.shuffle(closed)
    received, declined = [], []
    won = budget - len(plans) - 22
    for index, (pipeline, state) in enumerate([*closed, *plans]):
        if state == "open":
            reach = random_.choices((0, 1, 2, 3), (3, 4, 2, 2))[0]
            first = -random_.randint(0, 3) - reach * random_.randint(2, 6)
            purchase.tell(pipeline, first, reach, -random_.choice((0, 0, 1, 1, 2, 3, 4, 6)), None, lost=False)
        elif index < won:
            reach = 5 if random_.random() < 0.8 else 4
            first = random_.randint(FIRST_DAY, -32)
            car = purchase.tell(pipeline, first, reach, first + random_.randint(14, 30), None, lost=False)
            received.append(car)
        else:
            first = random_.randint(FIRST_DAY, -18)
            reach = random_.choices((0, 1, 2, 3), (4, 3, 4, 1))[0]
            fresh = len(declined) < 22
            again = None if fresh else random_.choice([car for car in declined if car.created < -40])
            if again is not None:
                first = random_.randint(again.created + 1, -14)
            car = purchase.tell(pipeline, first, reach, first + random_.randint(3, 16), again, lost=True)
            if fresh:
                declined.append(car)
    return received


class Sale:
    """A car's way to a buyer."""

    stages = ("negotiation", "showing", "booking", "contract", "done")
    reasons = ("price", "price", "bought_elsewhere", "bought_elsewhere", "sold_to_another", "credit_refused", "condition",
               "no_answer", "no_answer", "postponed")

    def __init__(self) -> None:
        self.contracts = 0

    def tell(self, car: Car, first_day: int, reach: int, last_day: int, *, lost: bool) -> None:
        owner = random_.choices(("seller1", "seller2", "head"), (9, 8, 3))[0]
        deal, _car = open_deal(first_day, "sales", owner, car, amount=car.price_on(first_day))
        price = rounded(car.price_on(first_day) * random_.uniform(0.96, 1))
        span = max(last_day - deal.day, 0)
        for index in range(reach):
            day = min(first_day + span * (index + 1) // max(reach + lost, 1), last_day)
            self.pass_stage(deal, car, index, max(day, deal.day), price)
        if lost:
            deal.step(last_day, "lost", reason=random_.choice(self.reasons), next_contact_on="-")

    def pass_stage(self, deal: Deal, car: Car, index: int, day: int, price: int) -> None:
        stage = self.stages[index]
        soon = max(day, deal.day) + random_.choice((1, 1, 2, 3))
        match index:
            case 0 | 1:
                deal.step(day, stage, next_contact_on=soon)
            case 2:
                booked = deal.step(day, stage, amount=price, prepayment=random_.choice((30_000, 50_000, 100_000)), next_contact_on=soon)
                car.booked = True
                car_step(car, booked, deal.owner, status="booked", booked_until=booked + 5)
            case 3:
                deal.step(day, stage, payment_method=random_.choices(("cash", "transfer", "credit", "leasing", "trade_in"), (3, 5, 4, 1, 2))[0],
                          next_contact_on=soon)
            case _:
                self.contracts += 1
                on = max(work_day(day, deal.owner), deal.day)
                sold = deal.step(day, stage, contract_number=f"ПР-{self.contracts:04}", contract_on=on, paid_on=on, next_contact_on="-")
                car_step(car, sold, deal.owner, status="sold", logistics="handed_over", sold_on=sold, booked_until="-")


def make_sales(stock: list[Car]) -> None:
    sale = Sale()
    won = 112
    for car in random_.sample([car for car in stock if (car.received or 0) < -24], won):
        since = max(car.received or 0, FIRST_DAY) + 2
        sold = random_.randint(min(since + 14, -3), min(since + 110, -2))
        car.sold = sold
        cut_prices(car, since, sold - 12)
        sale.tell(car, max(sold - random_.randint(12, 24), since), 5, sold, lost=False)
    for car in stock:
        if car.sold is None:
            cut_prices(car, max(car.received or 0, FIRST_DAY), -8)
    lost = CLOSED_DEALS["sales"] - won
    for car in random_.choices([car for car in stock if (car.received or 0) < -20], k=lost):
        since = max(car.received or 0, FIRST_DAY) + 2
        until = car.sold if car.sold is not None else -1
        first = random_.randint(since, max(since, until - 6))
        sale.tell(car, first, random_.choices((0, 1, 2), (4, 4, 3))[0], min(first + random_.randint(2, 12), -1), lost=True)
    make_open_sales(sale, [car for car in stock if car.sold is None])


def make_open_sales(sale: Sale, unsold: list[Car]) -> None:
    """Today's board: most deals at its beginning, one booking a car."""
    random_.shuffle(unsold)
    bookable = [car for car in unsold if (car.received or 0) < -14]
    for index in range(OPEN_DEALS["sales"]):
        reach = 4 if index < 9 else 3 if index < 22 else random_.choices((0, 1, 2), (4, 5, 4))[0]
        car = bookable[index] if reach >= 3 else random_.choice(unsold[22:])
        last = -random_.choice((0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 6, 9))
        first = max(last - reach * random_.randint(1, 4) - random_.randint(0, 1), (car.received or 0) + 1)
        sale.tell(car, min(first, last), reach, last, lost=False)


def cut_prices(car: Car, since: int, until: int) -> None:
    """Every two months in stock the price falls a little."""
    day, price = since + 60, car.price
    while day < until:
        who = random_.choice(("seller1", "seller2"))
        price = rounded(price * random_.uniform(0.95, 0.98))
        on = work_day(day, who)
        car_step(car, on, who, price=price)
        car.prices.append((on, price))
        day += 60


def pledge_some(stock: Iterable[Car]) -> None:
    for car in [car for car in stock if car.sold is None and not car.booked and (car.received or 0) < -60][-5:]:
        car_step(car, -40, "head", status="pledged", restrictions="Залог банка, снятие по запросу")


def main() -> None:
    make_sites()
    make_companies()
    stock = make_stock_at_start()
    stock += make_purchases(stock)
    make_sales(stock)
    pledge_some(stock)
    make_loose_inquiries()
    while len(tables["contact"].rows) < CONTACTS:
        who = random_.choice(PEOPLE)
        day = work_day(random_.randint(FIRST_DAY, -1), who)
        make_contact(day, clock(day, who, late=False), who, random_.choice(("buyer", "partner")), "referral")
    for name, rows in tables.items():
        pack = "consignment" if name == "deal" else "auto"
        rows.write(PACKS / pack / "demo" / f"{name}.csv")
        print(f"{name}: {len(rows.rows)}")
    for name, rows in history.items():
        rows.write(PACKS / ("consignment") / "demo" / f"{name}.history.csv")
        print(f"{name} history: {len(rows.rows)}")
    moments = {(row["day"], row["time"]) for rows in (*tables.values(), *history.values()) for row in rows.rows}
    print(f"moments: {len(moments)}")


if __name__ == "__main__":
    main()

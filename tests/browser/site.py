"""The whole of Trassa on a real port, with a database of its own: pages, events, relay and jobs."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import URLError

from django.db import connections
from psycopg.conninfo import make_conninfo
from pytest_django import DjangoDbBlocker
from tests.databases import new_database
from tests.factories.people import PASSWORD, make_department, make_person, make_role
from tests.factories.records import CAUSE, allow, create, make_garage, write

from trassa.access.actions import set_grants
from trassa.access.types import Scope, Verb
from trassa.people.actions import assign_roles
from trassa.records.types import Change, Write
from trassa.schema.actions import PipelineDraft, SchemaChange, StageDraft, changing_schema
from trassa.schema.queries import reset_generation_cache
from trassa.schema.types import CardSection, CardTab, EntryCondition, Label, Layouts, one_tab

T = TypeVar("T")

PATIENCE_SECONDS = 60
LAYOUTS = Layouts(
    card=one_tab(
        CardSection(Label("Условия", "Terms"), ("amount", "source", "visit_on", "owner")),
        CardSection(Label("Кто и что", "Who and what"), ("client", "car", "other_cars")),
    ),
    list_columns=("title", "number", "stage", "client", "source", "amount", "owner", "created_at"),
    board_subtitle=("source", "visit_on"),
    board_sum="amount",
)


class OtherDatabase:
    """Lets Django in this process work on another database of the same server.

    In a thread of its own: Playwright keeps an event loop running in the thread of the tests.
    """

    def __init__(self, name: str, blocker: DjangoDbBlocker) -> None:
        self.name = name
        self._blocker = blocker
        self._thread = ThreadPoolExecutor(max_workers=1)

    def run(self, work: Callable[[], T]) -> T:
        """Do it there and give what it gives."""
        return self._thread.submit(self._run, work).result()

    def _run(self, work: Callable[[], T]) -> T:
        settings = connections["default"].settings_dict
        usual = settings["NAME"]
        reset_generation_cache()
        settings["NAME"] = self.name
        try:
            with self._blocker.unblock():
                return work()
        finally:
            connections.close_all()
            reset_generation_cache()
            settings["NAME"] = usual


@dataclass
class Site:
    """Where it runs, and how tests put deals into it."""

    url: str
    database: OtherDatabase
    people: dict[str, int]

    def deal(
        self, client: str, *, car: str = "", owner: str = "seller", amount: str = "5800000", **more: str
    ) -> int:
        """A new deal in the stage "new"; without a car it cannot go to "showing"."""

        def make() -> int:
            linked = create("contact", fields={"name": client})
            fields: dict[str, Any] = {"client": linked, "amount": amount, **more}
            if car:
                fields["car"] = create("car", fields={"make": car})
            return create("deal", pipeline="sales", owner=self.people[owner], fields=fields)

        return self.database.run(make)

    def deals(self, client: str, count: int) -> None:
        """So many new deals of one client, the seller's."""

        def make() -> None:
            fields = {"client": create("contact", fields={"name": client}), "amount": "5800000"}
            deal = Write(Change.CREATE, "deal", pipeline="sales", owner=self.people["seller"], fields=fields)
            for start in range(0, count, 500):
                write(*[deal] * min(500, count - start))

        self.database.run(make)

    def order(self, name: str) -> int:
        """A new order; its card has tabs."""
        return self.database.run(lambda: create("supply", owner=self.people["seller"], fields={"name": name}))

    def check(self, name: str, **fields: Any) -> int:
        """A new inspection; conditions look at what is broken."""
        owner = self.people["seller"]
        return self.database.run(lambda: create("check", owner=owner, fields={"name": name, **fields}))


def conninfo(database: str) -> str:
    settings = connections["default"].settings_dict
    given = {
        "host": settings["HOST"],
        "port": settings["PORT"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
    }
    return make_conninfo(dbname=database, **{key: str(value) for key, value in given.items() if value})


def make_orders(change: SchemaChange) -> None:
    """A type whose card has tabs, and whose second stage needs a field of the second tab."""
    change.create_type(
        "supply", label=Label("Заказ"), plural=Label("Заказы"), title_template="{name}", position=9
    )
    for code, kind, label in (
        ("name", "text", "Название"),
        ("price", "money", "Цена"),
        ("note", "text", "Заметка"),
    ):
        change.add_field("supply", code, kind, label=Label(label))
    stages = (
        StageDraft("new", Label("Новый")),
        StageDraft("done", Label("Готов"), meaning="won", required_fields=("price",)),
    )
    change.save_pipeline("supply", PipelineDraft("orders", Label("Заказы"), stages=stages))
    tabs = (
        CardTab("what", Label("Что"), (CardSection(Label("Товар"), ("name", "owner"), columns=1),)),
        CardTab("money", Label("Деньги"), (CardSection(Label(""), ("price",)),)),
        CardTab("notes", Label("Заметки о заказе"), (CardSection(Label(""), ("note",)),)),
    )
    change.save_layouts("supply", Layouts(card=tabs, list_columns=("title", "price")))


def make_checks(change: SchemaChange) -> None:
    """A type with conditions: a reason is asked for while something is broken, a stage wants a price."""
    change.create_type(
        "check", label=Label("Осмотр"), plural=Label("Осмотры"), title_template="{name}", position=10
    )
    for code, kind, label in (
        ("name", "text", "Название"),
        ("broken", "boolean", "Есть поломки"),
        ("fault", "text", "Что сломано"),
        ("price", "money", "Цена ремонта"),
        ("fee", "money", "Сбор"),
    ):
        change.add_field("check", code, kind, label=Label(label))
    broken, priced = change.read_condition("check", "broken"), change.read_condition("check", "price > 0")
    fee = change.read_default("check", "fee", "price * 10%")
    change.change_field("check", "fault", visible_when=broken, required_when=broken)
    change.change_field("check", "fee", default_formula=fee)
    entry = (EntryCondition("priced", priced, Label("Цена должна быть больше нуля")),)
    stages = (StageDraft("new", Label("Новый")), StageDraft("done", Label("Готов"), enter_when=entry))
    change.save_pipeline("check", PipelineDraft("checks", Label("Осмотры"), stages=stages))
    repair = change.read_condition("check", "broken")
    tabs = one_tab(
        CardSection(Label("Главное"), ("name", "broken", "fault")),
        CardSection(Label("Ремонт"), ("price", "fee"), visible_when=repair),
    )
    change.save_layouts("check", Layouts(card=tabs, list_columns=("title", "broken")))


def make_company() -> dict[str, int]:
    """Types, a seller with their own deals, their head with all of them."""
    make_garage()
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.save_layouts("deal", LAYOUTS)
        make_orders(change)
        make_checks(change)
    sales = make_department("sales")
    seller_role, head_role = make_role("seller"), make_role("head")
    shared = allow("contact", *Verb) + allow("car", *Verb) + allow("supply", *Verb) + allow("check", *Verb)
    set_grants(seller_role, [*allow("deal", *Verb, scope=Scope.OWN), *shared], actor_id=None)
    set_grants(head_role, [*allow("deal", *Verb), *shared], actor_id=None)
    people = {
        "seller": make_person("seller", name="Белова Анна", department=sales, password=PASSWORD),
        "head": make_person("head", name="Орлов Роман", department=sales, password=PASSWORD),
        "admin": make_person("admin", name="Васильев Олег", is_administrator=True, password=PASSWORD),
    }
    assign_roles(people["seller"], [seller_role], actor_id=None)
    assign_roles(people["head"], [head_role], actor_id=None)
    return {login: person.id for login, person in people.items()}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_site(
    data: Path, blocker: DjangoDbBlocker, company: Callable[[], dict[str, int]] = make_company
) -> Iterator[Site]:
    """Everything that `trassa up` runs, until the tests are through; `company` gives ids by logins."""
    name = f"{connections['default'].settings_dict['NAME']}_{company.__name__}"
    with new_database(conninfo("postgres"), name):
        database = OtherDatabase(name, blocker)
        people = database.run(company)
        port = free_port()
        environment = {
            **os.environ,
            "DATABASE_URL": conninfo(name),
            "TRASSA_DATA": str(data),
            "TRASSA_PORT": str(port),
            "TRASSA_WEB_PROCESSES": "1",
        }
        program = [str(Path(sys.executable).with_name("trassa")), "up"]
        with (data / "trassa.log").open("w") as log:
            process = subprocess.Popen(program, env=environment, stdout=log, stderr=log)
            try:
                site = Site(f"http://127.0.0.1:{port}", database, people)
                wait_for(site, process, data / "trassa.log")
                yield site
            finally:
                process.terminate()
                process.wait(timeout=30)


def wait_for(site: Site, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until the sign-in page answers."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{site.url}/sign-in", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"Trassa does not answer:\n{log.read_text()}")

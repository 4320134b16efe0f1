"""A small car business for tests of records: contacts, cars and deals with two pipelines."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.people import make_person, make_role

from trassa.access.actions import set_grants
from trassa.access.queries import Actor, actor_of, system_actor
from trassa.access.types import GrantSpec, Scope, Verb
from trassa.people.actions import assign_roles
from trassa.people.models import Person
from trassa.people.queries import get_person
from trassa.records.actions.write import write_records
from trassa.records.types import Change, Outcome, Write
from trassa.schema.actions import (
    OptionDraft,
    PipelineDraft,
    ReasonDraft,
    SchemaChange,
    StageDraft,
    changing_schema,
)
from trassa.schema.queries import current_generation
from trassa.schema.types import Label, Layouts

CAUSE: Mapping[str, Any] = {"kind": "test"}


def make_garage() -> None:
    """Create the types `contact`, `car` and `deal`; deals run through `sales` and `buyout`."""
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        make_contacts(change)
        make_cars(change)
        make_deals(change)


def restart_numbers() -> None:
    """Give the next record of each type the number 1 again: PostgreSQL never takes a number back itself."""
    restarts = [f"ALTER SEQUENCE rn_{spec.id} RESTART" for spec in current_generation().types.values()]
    with connection.cursor() as cursor:
        cursor.execute("; ".join(restarts))


def make_contacts(change: SchemaChange) -> None:
    change.create_type(
        "contact",
        label=Label("Клиент", "Contact"),
        plural=Label("Клиенты", "Contacts"),
        title_template="{name}",
    )
    change.add_field("contact", "name", "text", label=Label("Имя", "Name"), required=True)
    change.add_field("contact", "phone", "phone", label=Label("Телефон", "Phone"))
    change.add_field("contact", "inn", "inn", label=Label("ИНН", "INN"), unique=True)


def make_cars(change: SchemaChange) -> None:
    change.create_type(
        "car",
        label=Label("Автомобиль", "Car"),
        plural=Label("Автомобили", "Cars"),
        title_template="{make} {model}, {year}",
    )
    change.add_field("car", "vin", "vin", label=Label("VIN", "VIN"), unique=True)
    change.add_field("car", "make", "text", label=Label("Марка", "Make"), required=True)
    change.add_field("car", "model", "text", label=Label("Модель", "Model"))
    change.add_field("car", "year", "number", label=Label("Год", "Year"), settings={"grouped": False})
    change.add_field("car", "price", "money", label=Label("Цена", "Price"), sortable=True)
    change.add_field(
        "car", "floor_price", "money", label=Label("Минимальная цена", "Floor price"), restricted=True
    )
    change.add_field(
        "car", "note", "text", label=Label("Заметка службы безопасности", "Security note"), restricted=True
    )


def make_deals(change: SchemaChange) -> None:
    change.create_type(
        "deal",
        label=Label("Сделка", "Deal"),
        plural=Label("Сделки", "Deals"),
        title_template="{car} — {client}",
        number_prefix="С-",
    )
    change.add_field("deal", "client", "link", label=Label("Клиент", "Client"), target="contact")
    change.add_field(
        "deal",
        "car",
        "link",
        label=Label("Автомобиль", "Car"),
        target="car",
        settings={"occupies": True},
    )
    change.add_field("deal", "other_cars", "links", label=Label("Другие авто", "Other cars"), target="car")
    change.add_field("deal", "amount", "money", label=Label("Сумма", "Amount"), sortable=True)
    change.add_field("deal", "visit_on", "date", label=Label("Выезд", "Visit"))
    change.add_field(
        "deal",
        "appraiser",
        "person",
        label=Label("Оценщик", "Appraiser"),
        settings={"participant": True},
    )
    change.add_field(
        "deal",
        "source",
        "choice",
        label=Label("Источник", "Source"),
        options=[
            OptionDraft("avito", Label("Авито", "Avito")),
            OptionDraft("phone", Label("Звонок", "Call")),
        ],
        default="phone",
    )
    change.save_pipeline("deal", sales_pipeline())
    change.save_pipeline("deal", buyout_pipeline())
    change.save_layouts("deal", Layouts(board_subtitle=("client",), board_sum="amount"))


def sales_pipeline() -> PipelineDraft:
    """New → showing → won, or lost with a reason; showing needs a car, won an amount."""
    return PipelineDraft(
        "sales",
        Label("Продажа", "Sales"),
        stages=(
            StageDraft("new", Label("Новая", "New"), next_stages=("showing", "lost")),
            StageDraft("showing", Label("Показ", "Showing"), required_fields=("car",)),
            StageDraft("won", Label("Выдан", "Won"), meaning="won", required_fields=("amount",)),
            StageDraft("lost", Label("Отказ", "Lost"), meaning="lost", reason_required=True),
        ),
        reasons=(ReasonDraft("price", Label("Дорого", "Too expensive")),),
    )


def buyout_pipeline() -> PipelineDraft:
    return PipelineDraft(
        "buyout",
        Label("Выкуп", "Buy-out"),
        stages=(
            StageDraft("request", Label("Новая заявка", "Request")),
            StageDraft("done", Label("Сделка состоялась", "Done"), meaning="won"),
        ),
        position=1,
    )


def add_formula(type: str, code: str, text: str, kind: str = "money", **details: Any) -> None:
    """Add a field to a type that is worked out by a formula."""
    frozen = details.pop("frozen_when", None)
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field(type, code, kind, label=Label(code.title()), **details)
        given: dict[str, Any] = {"formula": change.read_formula(type, code, text)}
        if frozen is not None:
            given["frozen_when"] = change.read_condition(type, frozen)
        change.change_field(type, code, **given)


def make_actor(*grants: GrantSpec, department: Any = None, login: str = "") -> Actor:
    """Somebody who may exactly this."""
    person: Person = make_person(login, department=department)
    role = make_role()
    set_grants(role, grants, actor_id=None)
    assign_roles(person, [role], actor_id=None)
    return actor_of(get_person(person.id))


def allow(type: str, *verbs: Verb, scope: Scope = Scope.ALL, pipeline: str = "") -> list[GrantSpec]:
    """Grants of these verbs (all of them when none is named) on one type, or one of its pipelines."""
    generation = current_generation()
    pipeline_id = generation.pipelines[pipeline].id if pipeline else None
    type_id = generation.types[type].id
    return [GrantSpec(verb, scope, type_id=type_id, pipeline_id=pipeline_id) for verb in verbs or Verb]


def allow_field(type: str, code: str, *verbs: Verb) -> list[GrantSpec]:
    """Grants on one restricted field."""
    spec = current_generation().types[type]
    return [
        GrantSpec(verb, Scope.ALL, type_id=spec.id, field_id=spec.by_code[code].id)
        for verb in verbs or (Verb.SEE, Verb.EDIT)
    ]


def write(*writes: Write, actor: Actor | None = None, **given: Any) -> list[Outcome]:
    """Write as the system unless somebody else is named."""
    return write_records(writes, actor=actor or system_actor(), cause=CAUSE, **given)


def create(type: str, *, actor: Actor | None = None, **given: Any) -> int:
    """Create one record and give its id; `fields` and places as in Write."""
    [outcome] = write(Write(Change.CREATE, type, **given), actor=actor)
    assert outcome.id is not None
    return outcome.id


def edit(type: str, id: int, *, actor: Actor | None = None, version: int | None = None, **fields: Any) -> int:
    """Change fields of one record and give its new version."""
    [outcome] = write(Write(Change.EDIT, type, id=id, version=version, fields=fields), actor=actor)
    assert outcome.version is not None
    return outcome.version


def move(type: str, id: int, stage: str, *, actor: Actor | None = None, **given: Any) -> Outcome:
    """Move one record to a stage."""
    [outcome] = write(Write(Change.MOVE, type, id=id, stage=stage, **given), actor=actor)
    return outcome


def statements_of_moving(stage: str, deals: Sequence[int], actor: Actor) -> int:
    """How many statements it takes to move deals together to a stage."""
    reason = "price" if stage == "lost" else None
    writes = [Write(Change.MOVE, "deal", id=id, stage=stage, reason=reason) for id in deals]
    with CaptureQueriesContext(connection) as captured:
        write_records(writes, actor=actor, cause=CAUSE)
    return len(captured)

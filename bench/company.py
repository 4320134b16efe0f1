"""A company of 250 people with deals by the million, made with SQL in the tables of the real packs.

History is not generated: it has its own tables, read by record, and writes are measured with it.
"""

from dataclasses import dataclass

from django.db import connection, transaction

from trassa.people.actions import assign_roles, create_department, create_person
from trassa.people.queries import find_department, find_role
from trassa.records.actions.renewing import renew_search
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec
from trassa.solutions.actions import apply_with_required

PASSWORD = "bench-password"
SELLERS = 240
TEAMS = 10
#: Of these teams the head of the measured branch sees everything.
TEAMS_OF_HEAD = 4

MAKES = ("BMW X5", "Audi Q7", "Porsche Cayenne", "Toyota Camry", "Kia Sportage", "Chery Tiggo", "Lada Vesta")
SURNAMES = ("Иванов", "Егоров", "Маркова", "Круглов", "Орлов", "Седова", "Климов", "Фомина", "Панин", "Гусев")
NAMES = ("Пётр", "Ирина", "Сергей", "Анна", "Олег", "Мария", "Лев", "Вера", "Глеб", "Нина")


@dataclass(frozen=True, slots=True)
class Size:
    """How many records there are of each kind."""

    deals: int

    @property
    def contacts(self) -> int:
        return max(1000, self.deals // 10)

    @property
    def cars(self) -> int:
        return max(500, self.deals // 20)


def found_company() -> None:
    """Install the packs and hire everybody; passwords only for those who are measured."""
    apply_with_required("consignment", actor_id=None)
    top = find_department("sales") or create_department(code="sales", name="Продажи", actor_id=None)
    branch = create_department(code="branch", name="Филиал", parent=top, actor_id=None)
    teams = [
        create_department(
            code=f"team{number}",
            name=f"Группа {number}",
            parent=branch if number < TEAMS_OF_HEAD else top,
            actor_id=None,
        )
        for number in range(TEAMS)
    ]
    hire("director", "director", top)
    hire("head", "sales_head", branch)
    hire("seller", "seller", teams[0])
    renew_search()
    with transaction.atomic():
        for number in range(1, SELLERS):
            create_person(
                login=f"seller{number}",
                name=f"Продавец {number}",
                department=teams[number % TEAMS],
                actor_id=None,
            )


def hire(login: str, role: str, department: object) -> None:
    """Somebody who signs in during the measurements."""
    person = create_person(
        login=login, name=login.title(), department=department, password=PASSWORD, actor_id=None
    )
    assign_roles(person, [find_role(role)], actor_id=None)


def grow(size: Size, before: Size | None = None) -> None:
    """Add records until the company has this size."""
    old = before or Size(0)
    generation = current_generation()
    contacts, cars, deals = (generation.types[code] for code in ("contact", "car", "deal"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'; SET LOCAL synchronous_commit = off")
        add_contacts(contacts, size.contacts - (old.contacts if before else 0))
        add_cars(cars, size.cars - (old.cars if before else 0))
        add_deals(deals, contacts, cars, size.deals - old.deals)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def fresh(cursor: object, count: int, number_sequence: str, columns: str) -> None:
    """A temporary table with ids, record numbers and the given computed columns of `count` new records."""
    cursor.execute("DROP TABLE IF EXISTS fresh")  # type: ignore[attr-defined]
    cursor.execute(  # type: ignore[attr-defined]
        "CREATE TEMP TABLE fresh AS SELECT nextval('records_id_seq') AS id,"
        f" nextval('{number_sequence}') AS number, g, {columns} FROM generate_series(1::bigint, {count}) AS g"
    )


def store(cursor: object, spec: TypeSpec, columns: dict[str, str]) -> None:
    """Put the rows of `fresh` into anchors, the type's table and search documents."""
    run = cursor.execute  # type: ignore[attr-defined]
    run(f"INSERT INTO records_record (id, type_id, title) SELECT id, {spec.id}, title FROM fresh")
    names = ", ".join(["id", "number", "title", *columns])
    values = ", ".join(["id", "number", "title", *columns.values()])
    run(f"INSERT INTO {spec.table} ({names}) SELECT {values} FROM fresh")
    marks = f"'''=t{spec.id}'''"
    if "owner_id" in columns:
        of = f"''=t{spec.id}"
        marks += f" || ' {of}o' || owner_id || ''' {of}d' || department_id || ''''"
    place = ("pipeline_id", "stage_id")
    run(
        f"INSERT INTO records_search (record_id, field_id, type_id, {', '.join(place)}, words)"
        f" SELECT id, 0, {spec.id}, {', '.join(columns.get(name, 'NULL') for name in place)},"
        f" to_tsvector('russian', title || ' ' || number) || ({marks})::tsvector FROM fresh"
    )


def add_contacts(spec: TypeSpec, count: int) -> None:
    with connection.cursor() as cursor:
        words = f"{pick(SURNAMES, 'g')} || g % 97 || ' ' || {pick(NAMES, 'g / 7')}"
        fresh(cursor, count, spec.number_sequence, f"{words} AS title")
        store(cursor, spec, {spec.by_code["name"].column: "title"})


def add_cars(spec: TypeSpec, count: int) -> None:
    with connection.cursor() as cursor:
        fresh(
            cursor,
            count,
            spec.number_sequence,
            f"{pick(MAKES, 'g')} || ', ' || 2010 + g % 15 AS title,"
            " 'WBA' || upper(substr(md5(g::text), 1, 7))"
            " || lpad((currval('records_id_seq') % 10000000)::text, 7, '0') AS vin",
        )
        make, model, vin = (spec.by_code[code] for code in ("make", "model", "vin"))
        words = {make.column: "split_part(title, ' ', 1)", model.column: "split_part(title, ' ', 2)"}
        store(cursor, spec, words | {vin.column: "vin"})
        cursor.execute(
            "INSERT INTO records_key (record_id, field_id, type_id, value)"
            f" SELECT id, {vin.id}, {spec.id}, vin FROM fresh"
        )


def pick(words: tuple[str, ...], number: str) -> str:
    """SQL that chooses one of the words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return f"(ARRAY[{listed}])[1 + ({number}) % {len(words)}]"


def add_deals(spec: TypeSpec, contacts: TypeSpec, cars: TypeSpec, count: int) -> None:
    """Deals over all pipelines and stages, spread over the sellers, newest last."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE IF NOT EXISTS staff AS SELECT row_number() OVER (ORDER BY id) - 1 AS n, id,"
            " department_id FROM people_person WHERE login LIKE 'seller%'"
        )
        cursor.execute(
            "DROP TABLE IF EXISTS places; CREATE TEMP TABLE places (n int, stage bigint, pipeline bigint)"
        )
        places = [(stage.id, pipeline.id) for pipeline in spec.pipelines for stage in pipeline.stages]
        cursor.executemany(
            "INSERT INTO places VALUES (%s, %s, %s)", [(n, *place) for n, place in enumerate(places)]
        )
        for kind, table in (("contacts", contacts.table), ("cars", cars.table)):
            cursor.execute(f"DROP TABLE IF EXISTS linked_{kind}")
            cursor.execute(
                f"CREATE TEMP TABLE linked_{kind} AS"
                f" SELECT row_number() OVER (ORDER BY id) - 1 AS n, id, title FROM {table}"
            )
        cursor.execute("SELECT count(*) FROM linked_contacts")
        clients = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM linked_cars")
        stock = cursor.fetchone()[0]
        cursor.execute("DROP TABLE IF EXISTS fresh")
        cursor.execute(
            f"""
            CREATE TEMP TABLE fresh AS
            SELECT nextval('records_id_seq') AS id, nextval('{spec.number_sequence}') AS number, g,
                   c.title || ' — ' || p.title AS title, s.id AS owner_id, s.department_id,
                   places.stage AS stage_id, places.pipeline AS pipeline_id,
                   p.id AS client, c.id AS car, (1 + g * 7919 % 9000) * 1000 AS amount,
                   now() - ({count} - g) * interval '15 seconds' AS moment
            FROM generate_series(1::bigint, {count}) AS g
            JOIN staff s ON s.n = g * 2654435761 % {SELLERS}
            JOIN places ON places.n = g * 40503 / 7 % {len(places)}
            JOIN linked_contacts p ON p.n = g * 104729 % {clients}
            JOIN linked_cars c ON c.n = g * 15485863 % {stock}
            ORDER BY g
            """
        )
        columns = {name: name for name in ("owner_id", "department_id", "pipeline_id", "stage_id")}
        columns |= dict.fromkeys(("stage_entered_at", "created_at", "updated_at"), "moment")
        columns |= {spec.by_code[code].column: code for code in ("client", "car", "amount")}
        store(cursor, spec, columns)

"""Makes the views `data.*` and `data_full.*` and the roles that may read them, where they changed.

Roles belong to the whole server, so their names carry the database's: `trassa_data_<database>`. Where
Trassa's own role may not create roles, the views are made without them and the administrator grants.
"""

import hashlib

from django.db import connection

from trassa.schema.actions.locks import execute, with_retries
from trassa.schema.metadata import Metadata
from trassa.schema.tables.actual import existing_views
from trassa.schema.tables.views import SCHEMAS, view_digests, view_statements

_LONGEST_NAME = 63


def build_views(metadata: Metadata) -> None:
    """Bring the views of both schemas in line with the metadata; untouched ones stay as they are."""
    for schema in SCHEMAS:
        wanted = view_statements(metadata, schema)
        digests = view_digests(wanted)
        present = existing_views(schema)
        stale = [name for name, digest in present.items() if digests.get(name) != digest]
        missing = [code for code, digest in digests.items() if present.get(code) != digest]
        if not stale and not missing:
            continue
        statements = [f'DROP VIEW {schema}."{name}"' for name in stale]
        for code in missing:
            statements += view_ddl(schema, code, wanted[code], digests[code])
        run(schema_ddl(schema) + statements)


def view_ddl(schema: str, code: str, select: str, digest: str) -> list[str]:
    """Statements that make one view and let its role read it."""
    role = data_role(schema)
    grants = (
        [f'GRANT SELECT ON {schema}."{code}" TO "{role}"'] if role_exists(role) or may_create_roles() else []
    )
    return [
        f'CREATE VIEW {schema}."{code}" AS {select}',
        f"COMMENT ON VIEW {schema}.\"{code}\" IS '{digest}'",
        *grants,
    ]


def schema_ddl(schema: str) -> list[str]:
    """Statements that make the schema and its role where they are missing."""
    role = data_role(schema)
    statements = [f"CREATE SCHEMA IF NOT EXISTS {schema}"]
    if not role_exists(role) and may_create_roles():
        statements.append(f'CREATE ROLE "{role}" NOLOGIN')
    if role_exists(role) or may_create_roles():
        statements.append(f'GRANT USAGE ON SCHEMA {schema} TO "{role}"')
    return statements


def data_role(schema: str) -> str:
    """The role that may read a schema of views: `trassa_data_<database>`, `trassa_data_full_<database>`."""
    database = str(connection.settings_dict["NAME"])
    name = f"trassa_{schema}_{database}"
    if len(name.encode()) > _LONGEST_NAME:
        name = f"trassa_{schema}_{hashlib.sha256(database.encode()).hexdigest()[:16]}"
    return name.replace('"', "_")


def role_exists(role: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [role])
        return bool(cursor.fetchone()[0])


def may_create_roles() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


def run(statements: list[str]) -> None:
    """Run DDL as one unit; views in use by a report are waited for, briefly and repeatedly."""

    def attempt() -> None:
        for statement in statements:
            execute(statement)

    with_retries(attempt)

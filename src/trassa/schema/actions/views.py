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
        role = grantee(schema)
        statements = [f'DROP VIEW {schema}."{name}"' for name in stale]
        for code in missing:
            statements += view_ddl(f'{schema}."{code}"', wanted[code], digests[code], role)
        run(schema_ddl(schema, role) + statements)


def grant_views() -> None:
    """Let this database's roles read the views: after a restore, as roles are no part of a dump."""
    for schema in SCHEMAS:
        role = grantee(schema)
        if role and existing_views(schema):
            grant = f'GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO "{role}"'
            run([*schema_ddl(schema, role), grant])


def view_ddl(view: str, select: str, digest: str, role: str) -> list[str]:
    """Statements that make one view and let its role, if there is one, read it."""
    grants = [f'GRANT SELECT ON {view} TO "{role}"'] if role else []
    return [f"CREATE VIEW {view} AS {select}", f"COMMENT ON VIEW {view} IS '{digest}'", *grants]


def schema_ddl(schema: str, role: str) -> list[str]:
    """Statements that make the schema and its role where they are missing."""
    statements = [f"CREATE SCHEMA IF NOT EXISTS {schema}"]
    if role and not role_exists(role):
        statements.append(f'CREATE ROLE "{role}" NOLOGIN')
    if role:
        statements.append(f'GRANT USAGE ON SCHEMA {schema} TO "{role}"')
    return statements


def grantee(schema: str) -> str:
    """The role to grant a schema's views to, or "" when it is missing and may not be created."""
    role = data_role(schema)
    return role if role_exists(role) or may_create_roles() else ""


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

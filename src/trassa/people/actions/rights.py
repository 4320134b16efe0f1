"""The rights revision moves on."""

from django.db import connection

_BUMP = """
    INSERT INTO people_rightsrevision (id, number) VALUES (1, nextval('people_rights_revision'))
    ON CONFLICT (id) DO UPDATE SET number = excluded.number
"""


def bump_rights_revision() -> None:
    """Make every process compile rights anew; call it inside the transaction that changes them."""
    with connection.cursor() as cursor:
        cursor.execute(_BUMP)

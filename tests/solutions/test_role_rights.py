"""What was changed in the matrix of a role stays when the next version of its pack is applied."""

from pathlib import Path

import pytest
from tests.factories.packs import edited, write_pack

from trassa.access.actions import set_grants
from trassa.access.matrix import chosen_grants
from trassa.access.queries import grants_of_role
from trassa.access.types import Scope, Verb
from trassa.people.queries import get_role
from trassa.schema.queries import current_generation
from trassa.solutions.actions import apply
from trassa.solutions.queries import plan

pytestmark = pytest.mark.django_db


def test_changes_made_here_and_changes_of_the_pack_come_together(tmp_path: Path) -> None:
    apply(plan(write_pack(tmp_path)), actor_id=None)
    role, car = get_role("mechanic"), current_generation().types["car"]
    cells = {f"t{car.id}.see": "own+branch", f"t{car.id}.create": "own"}
    set_grants(role, chosen_grants(grants_of_role(role.id), cells, current_generation()), actor_id=None)
    newer = edited(
        "roles/mechanic.yaml",
        "- {type: car, verbs: [see, edit], scope: department}",
        "- {type: car, verbs: [see, export], scope: department}",
    )
    version = edited("pack.yaml", "1.0.0", "1.1.0")
    apply(plan(write_pack(tmp_path, roles_mechanic=newer, pack=version)), actor_id=None)
    whole = {(grant.verb, grant.scope) for grant in grants_of_role(role.id) if grant.stage_id is None}
    assert whole == {
        (Verb.SEE, Scope.OWN),
        (Verb.SEE, Scope.BRANCH),
        (Verb.CREATE, Scope.OWN),
        (Verb.EXPORT, Scope.DEPARTMENT),
    }

"""The packs in the box go out of use and come back, one behind the other."""

import pytest

from trassa.schema.queries import current_generation
from trassa.solutions.actions import apply_with_required, roll_back
from trassa.solutions.errors import PackConflict
from trassa.solutions.queries import NOTHING, installed_configuration, plan_rollback


@pytest.mark.django_db
def test_both_packs_go_out_of_use_and_come_back_unchanged() -> None:
    apply_with_required("consignment", actor_id=None)
    before = installed_configuration()
    with pytest.raises(PackConflict, match="consignment"):
        plan_rollback("auto", to=NOTHING)
    for code in ("consignment", "auto"):
        roll_back(plan_rollback(code, to=NOTHING), actor_id=None)
    assert not current_generation().types
    apply_with_required("consignment", actor_id=None)
    assert installed_configuration() == before

"""The packs in the box, applied to a new installation."""

import pytest

from trassa.schema.queries import current_generation
from trassa.solutions.actions import apply_with_required


@pytest.mark.django_db
def test_both_packs_apply_and_a_second_apply_is_empty() -> None:
    assert all(not made.is_empty for made in apply_with_required("consignment", actor_id=None))
    number = current_generation().number
    assert all(made.is_empty for made in apply_with_required("consignment", actor_id=None))
    assert current_generation().number == number

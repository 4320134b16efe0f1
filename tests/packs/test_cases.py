"""The cases that the packs in the box bring along hold, and everything else that a pack owes."""

import pytest

from trassa.solutions.actions import try_pack


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["auto", "consignment"])
def test_the_cases_of_a_pack_hold(code: str) -> None:
    failed = [f"{trial.name}: {'; '.join(trial.problems)}" for trial in try_pack(code) if not trial.passed]
    assert not failed

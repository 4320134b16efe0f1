"""Guessing is limited in memory."""

from trassa.people.attempts import Attempts


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_the_window_slides() -> None:
    clock = Clock()
    attempts = Attempts(2, 60, clock=clock)
    assert attempts.take("anna") == 0
    clock.seconds = 30
    assert attempts.take("anna") == 0
    assert attempts.take("anna") == 30
    assert attempts.take("boris") == 0
    clock.seconds = 60
    assert attempts.take("anna") == 0
    assert attempts.take("anna") == 30


def test_refused_attempts_do_not_prolong_the_wait() -> None:
    clock = Clock()
    attempts = Attempts(1, 60, clock=clock)
    attempts.take("anna")
    for clock.seconds in (10, 20, 59):
        assert attempts.take("anna") > 0
    clock.seconds = 60
    assert attempts.take("anna") == 0


def test_an_honest_attempt_is_given_back() -> None:
    attempts = Attempts(1, 60, clock=Clock())
    attempts.take("office")
    attempts.give_back("office")
    assert attempts.take("office") == 0
    attempts.forget("office")
    assert attempts.take("office") == 0


def test_memory_is_bounded() -> None:
    attempts = Attempts(1, 60, capacity=100, clock=Clock())
    for number in range(1_000):
        attempts.take(str(number))
    assert len(attempts._taken) == 100

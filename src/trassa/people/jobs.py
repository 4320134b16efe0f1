"""Background work of this room. Every job can run twice."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from trassa.people.actions.handovers import carry_out


@app.task(name="people.hand_over", retry=RetryStrategy(max_attempts=5, exponential_wait=3))
def hand_over(id: int) -> None:
    """Hand much work over in one transaction, or give it back."""
    carry_out(id)

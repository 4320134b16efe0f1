"""What other rooms tell this one: what to do when a timer's time has come."""

from collections.abc import Callable, Sequence

from trassa.automation.types import DueTimer
from trassa.kernel import Registry

#: Called with timers of one purpose, in the transaction that removes them: what it writes and their removal
#: are one, so each has its effect once. It may refuse by raising; then each is tried alone, and again later.
#: It never waits for the network: what must, it leaves to the outbox.
TimerHandler = Callable[[Sequence[DueTimer]], None]

timer_handlers: Registry[TimerHandler] = Registry(
    "automation.timer_handlers",
    description="What happens when timers of a purpose are due: called with many at once, inside the "
    "transaction that removes them.",
)

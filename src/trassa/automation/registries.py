"""What other rooms tell this one: what to do when timers are due, and kinds of triggers and steps."""

from collections.abc import Callable, Sequence

from django.utils.functional import Promise

from trassa.automation.types import DueTimer, StageNews, StepKind, TriggerKind
from trassa.kernel import Registry

#: Called with timers of one purpose, in the transaction that removes them: what it writes and their removal
#: are one, so each has its effect once. It may refuse by raising; then each is tried alone, and again later.
#: It never waits for the network: what must, it leaves to the outbox.
TimerHandler = Callable[[Sequence[DueTimer]], None]

#: Called with the news of many records at once, in the transaction that tells of them.
DeadlineReaction = Callable[[Sequence[StageNews]], None]

deadline_reactions: Registry[DeadlineReaction] = Registry(
    "automation.deadline_reactions",
    description="What follows when stages are soon due, overdue or long overdue: called with many records at "
    "once, inside the transaction that tells of them.",
)

timer_handlers: Registry[TimerHandler] = Registry(
    "automation.timer_handlers",
    description="What happens when timers of a purpose are due: called with many at once, inside the "
    "transaction that removes them.",
)

timer_labels: Registry[Promise] = Registry(
    "automation.timer_labels",
    description="What timers of a purpose are for, in words for administrators.",
)

trigger_kinds: Registry[TriggerKind] = Registry(
    "automation.trigger_kinds",
    description="Events that rules may answer to, by the word that stands in `event`. A room that adds one "
    "tells of it with `fire`.",
)

step_kinds: Registry[StepKind] = Registry(
    "automation.step_kinds",
    description="Steps that rules, buttons and processes are made of, by the word that stands in files.",
)

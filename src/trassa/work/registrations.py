"""What this room enters into the registries of lower rooms."""

from django.utils.translation import gettext_lazy

from trassa.api import routers
from trassa.automation.registries import step_kinds, timer_handlers, timer_labels
from trassa.kernel import sealed_stores
from trassa.people.registries import (
    HandoverSource,
    HomeBlocks,
    handover_sources,
    home_blocks,
    open_work,
    person_warnings,
)
from trassa.records.registries import (
    FileHolder,
    RecordReference,
    WriteFollower,
    card_sections,
    card_tools,
    file_holders,
    own_topics,
    record_references,
    write_followers,
)
from trassa.schema.registries import dependants
from trassa.ui import (
    TopItem,
    address_of,
    commands,
    counters,
    create_menu,
    navigation,
    shell_addresses,
    top_items,
)
from trassa.work import letters, notice_kinds, notice_steps, rule_steps
from trassa.work.actions.calming import PURPOSE as CALMING
from trassa.work.actions.calming import serve_calming
from trassa.work.actions.deliveries import PURPOSE as DELIVERY
from trassa.work.actions.deliveries import serve_timers
from trassa.work.actions.escalations import ESCALATION
from trassa.work.actions.following import follow_dates, read_followers
from trassa.work.actions.handing_seats import count_seats, pass_seats_on, return_seats
from trassa.work.actions.handovers import count_open_tasks, pass_tasks_on, return_tasks
from trassa.work.actions.heads import call_in_heads
from trassa.work.actions.holding import SNOOZE, bring_back
from trassa.work.actions.merges import move_tasks, move_tasks_back
from trassa.work.actions.notices import move_notices, move_notices_back
from trassa.work.actions.overdue import PURPOSE as OVERDUE
from trassa.work.actions.overdue import tell_overdue
from trassa.work.actions.pushes import reseal_push_key, send_push
from trassa.work.actions.reminders import PURPOSE as REMINDER
from trassa.work.actions.reminders import move_reminders, move_reminders_back, serve_reminders
from trassa.work.actions.repeating import serve_repetitions
from trassa.work.actions.series import REPETITION
from trassa.work.actions.templates import list_broken_templates
from trassa.work.api.calendars import router as calendars_router
from trassa.work.api.channels import router as channels_router
from trassa.work.api.notices import router as notices_router
from trassa.work.api.reminders import router as reminders_router
from trassa.work.api.tasks import router
from trassa.work.api.templates import router as templates_router
from trassa.work.navigation import card_part, count_waiting, list_creatable, list_places
from trassa.work.notice_types import EMAIL, PUSH, Channel
from trassa.work.queries.channels import closed_channels_of
from trassa.work.queries.files import HOLDERS, existing_tasks, sees_files_of
from trassa.work.queries.notices import count_notices_about, own_notice_topic
from trassa.work.queries.parts import own_task_topics
from trassa.work.queries.pushes import reached_by_push
from trassa.work.queries.reminders import count_reminders
from trassa.work.queries.tasks import count_record_tasks, open_tasks_of
from trassa.work.registries import channels
from trassa.work.screens.reminders import list_pages, remind_me
from trassa.work.views.home import further_blocks, usual_blocks

PUSHES = Channel(
    gettext_lazy("Message of the browser"), "device-desktop", send_push, lambda: True, reached_by_push
)


def register() -> None:
    """Called once, when Django is ready."""
    timer_handlers.register(SNOOZE, bring_back)
    timer_handlers.register(REPETITION, serve_repetitions)
    timer_handlers.register(ESCALATION, call_in_heads)
    timer_handlers.register(OVERDUE, tell_overdue)
    timer_handlers.register(CALMING, serve_calming)
    timer_labels.register(SNOOZE, gettext_lazy("Tasks that were put off"))
    timer_labels.register(REPETITION, gettext_lazy("Tasks that come again"))
    timer_labels.register(OVERDUE, gettext_lazy("Tasks that become overdue"))
    timer_labels.register(CALMING, gettext_lazy("The calm beginning of a demo company"))
    timer_labels.register(ESCALATION, gettext_lazy("Late tasks that heads are told of"))
    rule_steps.register()
    record_references.register("work.tasks", RecordReference(move_tasks, move_tasks_back, count_record_tasks))
    write_followers.register("work.due_dates", WriteFollower(follow_dates, read_followers))
    for code in HOLDERS:
        file_holders.register(code, FileHolder(sees_files_of, existing_tasks))
    open_work.register("work.tasks", open_tasks_of)
    navigation.register("work", list_places)
    create_menu.register("work", list_creatable)
    counters.register("work", count_waiting)
    shell_addresses.register("manifest", lambda request: address_of("work:manifest"))
    shell_addresses.register("worker", lambda request: address_of("work:push_worker"))
    card_sections.register("work.tasks", card_part)
    own_topics.register("work.tasks", own_task_topics)
    routers.register("work", router)
    routers.register("work.calendars", calendars_router)
    routers.register("work.templates", templates_router)
    dependants.register("work.templates", list_broken_templates)
    handover_sources.register("tasks", HandoverSource(count_open_tasks, pass_tasks_on, return_tasks))
    handover_sources.register("seats", HandoverSource(count_seats, pass_seats_on, return_seats))
    home_blocks.register("work", HomeBlocks(usual_blocks, further_blocks))
    register_notices()


def register_notices() -> None:
    """What tells people of things."""
    notice_kinds.register()
    channels.register(EMAIL, letters.CHANNEL)
    person_warnings.register("work.channels", closed_channels_of)
    channels.register(PUSH, PUSHES)
    sealed_stores.register("work.push_key", reseal_push_key)
    timer_handlers.register(DELIVERY, serve_timers)
    timer_handlers.register(REMINDER, serve_reminders)
    timer_labels.register(DELIVERY, gettext_lazy("Notices that wait to be sent"))
    timer_labels.register(REMINDER, gettext_lazy("Reminders"))
    record_references.register(
        "work.reminders", RecordReference(move_reminders, move_reminders_back, count_reminders)
    )
    card_tools.register("work.reminders", remind_me)
    commands.register("work.notices", list_pages)
    step_kinds.register("notify", notice_steps.KIND)
    record_references.register(
        "work.notices", RecordReference(move_notices, move_notices_back, count_notices_about)
    )
    own_topics.register("work.notices", own_notice_topic)
    top_items.register("work.notices", TopItem("work/bell.html"))
    routers.register("work.notices", notices_router)
    routers.register("work.channels", channels_router)
    routers.register("work.reminders", reminders_router)

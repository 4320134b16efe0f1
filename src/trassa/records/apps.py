"""Registration of the room `records`."""

from django.apps import AppConfig
from django.utils.module_loading import import_string

from trassa.api import routers
from trassa.journal import Subscriber, subscribers
from trassa.people.events import WORKING_TIME_CHANGED
from trassa.records import events
from trassa.schema.events import SCHEMA_CHANGED


class RecordsConfig(AppConfig):
    name = "trassa.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        subscribers.register(
            "records.notices", Subscriber(events.RECORDS_CHANGED, events.announce_to_browsers)
        )
        subscribers.register(
            "records.titles", Subscriber(events.RECORDS_CHANGED, events.refresh_linked_titles)
        )
        subscribers.register("records.exports", Subscriber(events.EXPORT_ASKED, events.run_exports))
        subscribers.register("records.bulk", Subscriber(events.BULK_ORDERED, events.work_in_bulk))
        subscribers.register(
            "records.touches", Subscriber(events.RECORDS_TOUCHED, events.announce_to_browsers)
        )
        subscribers.register("records.previews", Subscriber(events.CONTENT_STORED, events.draw_contents))

        subscribers.register("records.merges", Subscriber(events.RECORDS_MERGED, events.follow_merges))
        subscribers.register("records.search", Subscriber(SCHEMA_CHANGED, events.renew_search))
        subscribers.register("records.deadlines", Subscriber(SCHEMA_CHANGED, events.renew_deadlines))
        subscribers.register("records.recounts", Subscriber(events.RECOUNT_DUE, events.count_formulas))
        subscribers.register("records.formulas", Subscriber(SCHEMA_CHANGED, events.renew_formulas))
        subscribers.register(
            "records.working_time", Subscriber(WORKING_TIME_CHANGED, events.follow_working_time)
        )
        routers.register("records", import_string("trassa.records.api.routes.router"))
        import_string("trassa.records.navigation.register")()

"""Addresses of the room `records`; mounted at the root."""

from django.urls import path

from trassa.records.views import (
    bins,
    boards,
    cards,
    creation,
    fields,
    homes,
    lists,
    moves,
    saved_filters,
    searches,
    tickets,
)

app_name = "records"
urlpatterns = [
    path("", homes.home, name="home"),
    path("p/<slug:pipeline>/", boards.board, name="board"),
    path("p/<slug:pipeline>/sums", boards.board_sums_part, name="board_sums"),
    path("p/<slug:pipeline>/changes", boards.board_changes, name="board_changes"),
    path("p/<slug:pipeline>/people", boards.board_people, name="board_people"),
    path("p/<slug:pipeline>/<slug:stage>/cards", boards.stage_cards_part, name="stage_cards"),
    path("p/<slug:pipeline>/<slug:stage>/new", creation.quick_create, name="quick_create"),
    path("t/<slug:type>/", lists.records_list, name="list"),
    path("t/<slug:type>/rows", lists.rows, name="rows"),
    path("t/<slug:type>/changes", lists.list_changes, name="list_changes"),
    path("t/<slug:type>/totals", lists.list_totals, name="list_totals"),
    path("t/<slug:type>/people", lists.list_people, name="list_people"),
    path("t/<slug:type>/filters", lists.filters, name="filters"),
    path("t/<slug:type>/options", searches.options, name="options"),
    path("t/<slug:type>/saved", saved_filters.menu, name="saved_filters"),
    path("t/<slug:type>/saved/new", saved_filters.save, name="save_filter"),
    path("t/<slug:type>/saved/change", saved_filters.change, name="change_filter"),
    path("filters/<int:id>/", saved_filters.open_filter, name="open_filter"),
    path("filters/<int:id>/rename", saved_filters.rename, name="rename_filter"),
    path("filters/<int:id>/remove", saved_filters.remove, name="remove_filter"),
    path("filters/<int:id>/restore", saved_filters.restore, name="restore_filter"),
    path("r/<slug:type>/new", creation.create, name="create"),
    path("r/<slug:type>/<int:id>/", cards.card, name="card"),
    path("r/<slug:type>/<int:id>/history", cards.history, name="history"),
    path("r/<slug:type>/<int:id>/move", moves.move, name="move"),
    path("r/<slug:type>/<int:id>/bin", bins.bin_record, name="bin"),
    path("r/<slug:type>/<int:id>/restore", bins.restore_record, name="restore"),
    path("r/<slug:type>/<int:id>/fields/<slug:code>", fields.field_form, name="field_form"),
    path("r/<slug:type>/<int:id>/fields/<slug:code>/value", fields.field_value, name="field_value"),
    path("r/<slug:type>/<int:id>/fields/<slug:code>/save", fields.save_field, name="save_field"),
    path("search", searches.results, name="search"),
    path("search/answers", searches.answers, name="answers"),
    path("events-ticket", tickets.ticket, name="ticket"),
]

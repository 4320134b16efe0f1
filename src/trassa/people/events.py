"""What this room tells the world through the outbox."""

#: Working time is another one: a calendar, who has which, or an absence changed.
#: Payload: `{"people": [ids] or null}`; null means that it may concern everybody.
WORKING_TIME_CHANGED = "people.working_time_changed"

"""What waits for people: tasks, notices, the inbox, the calendar, handing work over."""

"""Every write of this room. `write.write_records` is the one path; the other modules are its phases."""

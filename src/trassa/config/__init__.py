"""The top room: settings, the address space, process entry points and the command line."""

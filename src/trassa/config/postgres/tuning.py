"""The embedded server's postgresql.conf: for one machine that also runs Trassa, on a solid-state disk.

`local.conf` in the cluster's folder, if present, is read last and wins.
"""

import os
from pathlib import Path

MEGABYTE = 1024 * 1024


def configuration(sockets: Path, *, durable: bool) -> str:
    """Text of the file. Not durable is for tests: a crash of the machine loses the cluster."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // MEGABYTE
    values = {
        "listen_addresses": "''",
        "unix_socket_directories": f"'{sockets}'",
        "unix_socket_permissions": "0700",
        "max_connections": "150",
        "shared_buffers": f"{min(max(memory // 16, 128), 1024)}MB",
        "effective_cache_size": f"{max(memory // 2, 256)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{min(max(memory // 32, 64), 512)}MB",
        "random_page_cost": "1.1",
        "jit": "off",
        "wal_compression": "on",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        # Index-only scans of boards need a fresh visibility map.
        "autovacuum_naptime": "20s",
        "autovacuum_vacuum_scale_factor": "0.05",
        "autovacuum_vacuum_insert_scale_factor": "0.05",
        "autovacuum_analyze_scale_factor": "0.02",
        "idle_in_transaction_session_timeout": "10min",
        "log_min_duration_statement": "2s",
        "log_line_prefix": "'%m [%p] '",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
    }
    if not durable:
        # Vacuum locks tables for moments that nobody chose, which no test should depend on.
        values |= {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}
    lines = [f"{name} = {value}" for name, value in values.items()]
    return "\n".join(["# Written at every start; put changes into local.conf.", *lines, ""])

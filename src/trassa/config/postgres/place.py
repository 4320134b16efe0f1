"""The embedded server's folders inside the data folder, and how to reach its socket.

The server listens on a socket only, in a folder that nobody but its owner (and root) can enter; so there
is no password, and two data folders never collide over a port.
"""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import make_conninfo

#: The address of a Unix socket is limited to 108 bytes, 104 on macOS; the file name takes 14 of them.
LONGEST_SOCKET_FOLDER = 88


@dataclass(frozen=True)
class EmbeddedPlace:
    """Paths of one embedded server."""

    #: The data folder of Trassa, absolute.
    data: Path

    @property
    def root(self) -> Path:
        """Everything of the server; only its system user may enter."""
        return self.data / "postgres"

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.root / "cluster"

    @property
    def log(self) -> Path:
        """What the server writes."""
        return self.root / "postgres.log"

    @property
    def sockets(self) -> Path:
        """Folder of the socket: inside the data folder unless its path is too long for a socket."""
        inside = self.root / "socket"
        if len(str(inside).encode()) <= LONGEST_SOCKET_FOLDER:
            return inside
        digest = hashlib.sha256(str(self.data).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"trassa-{digest}"

    def conninfo(self, dbname: str = "trassa") -> str:
        """How to reach a database of the server in psycopg's form."""
        return make_conninfo(host=str(self.sockets), user="trassa", dbname=dbname)

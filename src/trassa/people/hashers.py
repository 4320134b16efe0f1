"""How passwords are kept: Argon2id at the cost OWASP recommends for servers with little memory.

Django's own parameters take 100 MiB and eight threads for every sign-in, too much for a small machine
on a Monday morning.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """19 MiB, two passes, one thread."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1

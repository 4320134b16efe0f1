"""The API toolkit: problems, paging, tokens, idempotency, rate limits. It knows no feature.

Rooms write ninja operations, register their router in `routers` and their way of recognising tokens
in `authenticators`; `config.urls` calls `mount()`. Import from this package root only.
"""

from trassa.api.callers import ALL_SCOPES, SAFE_METHODS, ApiRequest, Authenticator, Caller, authenticators
from trassa.api.cursors import Cursor
from trassa.api.idempotency import forget_old_keys, idempotent
from trassa.api.mounting import PREFIX, mount, routers
from trassa.api.numbers import MAX_ID, WholeNumber
from trassa.api.parameters import free_parameters
from trassa.api.problems import field_error_json, not_found, problem, problem_json, problem_of
from trassa.api.rates import buckets
from trassa.api.responses import dump_json, json_response, refuse_unstorable_text
from trassa.api.uploads import read_upload, upload_body

__all__ = [
    "ALL_SCOPES",
    "MAX_ID",
    "PREFIX",
    "SAFE_METHODS",
    "ApiRequest",
    "Authenticator",
    "Caller",
    "Cursor",
    "WholeNumber",
    "authenticators",
    "buckets",
    "dump_json",
    "field_error_json",
    "forget_old_keys",
    "free_parameters",
    "idempotent",
    "json_response",
    "mount",
    "not_found",
    "problem",
    "problem_json",
    "problem_of",
    "read_upload",
    "refuse_unstorable_text",
    "routers",
    "upload_body",
]

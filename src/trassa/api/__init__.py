"""The API toolkit: problems, paging, tokens, idempotency, rate limits. It knows no feature."""

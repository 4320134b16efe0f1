"""Measures what docs/performance.md promises, on generated data of any size, as users reach it: over HTTP."""

"""Spreadsheets into records through the batch write path."""

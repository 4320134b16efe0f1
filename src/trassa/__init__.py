"""Trassa: a self-hosted CRM and business-process platform for companies that trade in cars."""

__version__ = "0.1.0"

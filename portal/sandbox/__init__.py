"""Runs authors' code apart from the portal, within limits. Knows no Redis, database, job or catalog."""

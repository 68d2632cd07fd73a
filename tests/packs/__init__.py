"""Packs of reports."""

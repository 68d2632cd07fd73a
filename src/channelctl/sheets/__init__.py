"""Sheets in and out: reading files, telling what they are, mapping headings, templates and rejected rows."""

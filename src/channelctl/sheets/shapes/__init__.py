"""Sheets whose rows are no single lines: periods or products across, running totals, dates without a year."""

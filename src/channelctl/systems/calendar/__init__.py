"""The calendar system."""

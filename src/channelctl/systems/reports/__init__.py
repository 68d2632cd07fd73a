"""The reports system."""

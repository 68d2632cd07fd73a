"""The org system."""

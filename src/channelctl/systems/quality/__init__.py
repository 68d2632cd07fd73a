"""The quality system."""

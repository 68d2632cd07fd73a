"""The customers system."""

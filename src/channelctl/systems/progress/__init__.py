"""The progress system."""

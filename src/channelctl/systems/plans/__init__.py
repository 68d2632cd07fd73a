"""The plans system."""

"""The prices system."""

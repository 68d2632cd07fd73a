"""The catalog system."""

"""The commands that belong to no one system."""

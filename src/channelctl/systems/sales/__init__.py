"""The sales system."""

"""The credit system."""

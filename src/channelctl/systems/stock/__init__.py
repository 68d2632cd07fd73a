"""The stock system."""

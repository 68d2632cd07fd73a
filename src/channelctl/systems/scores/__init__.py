"""The scores system."""

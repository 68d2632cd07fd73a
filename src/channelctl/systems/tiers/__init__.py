"""The tiers system."""

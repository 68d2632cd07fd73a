"""The rebates system."""

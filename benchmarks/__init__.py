"""Side-by-side measurements: each module prints ratios of medians against a floor in the same run."""

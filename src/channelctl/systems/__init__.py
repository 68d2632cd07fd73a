"""The systems, each after those it builds on. This line is all there is to registering one."""

SYSTEMS = ("org", "catalog", "customers", "sales", "tiers", "plans", "scores")

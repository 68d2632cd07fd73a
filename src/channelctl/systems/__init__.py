"""The systems, each after those it builds on. This line is all there is to registering one."""

SYSTEMS = (
    "org",
    "calendar",
    "catalog",
    "customers",
    "sales",
    "stock",
    "prices",
    "tiers",
    "plans",
    "scores",
    "rebates",
    "credit",
    "progress",
    "quality",
)

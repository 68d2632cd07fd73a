"""channelctl: sales sheets in, tiers and office scores out."""

__version__ = "0.1.0"

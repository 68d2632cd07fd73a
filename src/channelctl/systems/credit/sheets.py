"""Sheets of receivables, payments and credit."""

from channelctl.records import Kind

KINDS: tuple[Kind, ...] = ()

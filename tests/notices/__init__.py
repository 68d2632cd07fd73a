"""Notices, sent to servers on this machine only."""

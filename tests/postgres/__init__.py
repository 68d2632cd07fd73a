"""What only a server can show: many at once, faults of connections, logins."""

"""What a heading that nobody knows may mean: suggested with its reasons, asked on a terminal, never taken unasked."""

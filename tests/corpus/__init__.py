"""A corpus of made sheets, each with what is to become of it: seeded, by theme, no file of it kept."""

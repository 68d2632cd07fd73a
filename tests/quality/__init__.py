"""How old data are, and what is amiss with them."""

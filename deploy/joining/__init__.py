"""How a phone finds the way in: addresses, names, invites, and what shows them."""

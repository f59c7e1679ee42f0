"""What a stick installed: its signature, its place on the machine, and taking it away again."""

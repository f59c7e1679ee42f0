"""How the parts become one system on a machine."""

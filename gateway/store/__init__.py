"""All SQL of the gateway, and its files."""

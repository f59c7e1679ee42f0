"""All SQL of the gateway, its files, and the signals to whoever waits for a commit."""

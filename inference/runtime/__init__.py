"""The model process: the only part of the running system that imports torch."""

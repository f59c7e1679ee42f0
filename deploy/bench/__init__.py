"""Benches of the whole way; what they print stands in docs/performance.md."""

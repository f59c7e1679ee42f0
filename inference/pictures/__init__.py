"""Untrusted bytes to upright RGB pictures, in a disposable process."""

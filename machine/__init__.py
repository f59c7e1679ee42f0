"""The machine that EdgeRad runs on, as every process meets it: settings, data folder, faults.

The lowest room: `bot`, `gateway` and `deploy` stand on it, and it knows none of them.
"""

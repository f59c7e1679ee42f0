"""The ward's state as the bot tells it."""

from typing import Any

BOARD: dict[str, Any] = {
    "waiting": 4,
    "waiting_since": 1_790_000_000,
    "reading": 1,
    "reading_since": 1_790_000_000,
    "urgent": 2,
    "unknown": 1,
    "urgent_cases": [
        {"code": "C-0041", "urgency": "critical"},
        {"code": "C-0044", "urgency": "urgent"},
        {"code": "C-0040", "urgency": "not_stated"},
    ],
    "ringing": 1,
    "ringing_since": 1_790_000_000,
    "answered": 12,
    "failed": 1,
    "wait_p50_s": 190,
    "engine": {"state": "ready", "model": "medgemma-4b-it", "tier": "4-bit", "practice": False},
}

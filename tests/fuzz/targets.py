"""All targets, by name."""

from tests.fuzz import pictures, requests, streams
from tests.fuzz.target import Target

TARGETS: dict[str, Target] = {
    target.name: target for target in (*requests.TARGETS, *streams.TARGETS, *pictures.TARGETS)
}

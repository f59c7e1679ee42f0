"""What the bot's store signals after a commit, so that no loop need poll for work."""

from enum import StrEnum


class Topic(StrEnum):
    """Of which work there may be more."""

    INBOX = "inbox"  # updates to handle
    READINGS = "readings"  # readings to make
    CANCELS = "cancels"  # readings that were taken back
    ALARMS = "alarms"  # alarms that ring, or ring sooner
    OUTBOX = "outbox"  # messages to deliver
    ACCESS = "access"  # people of whom the gateway is to be told
    DELETIONS = "deletions"  # cases to delete

-- An edit finds the event of the edit before it without reading all of a chat's.
CREATE INDEX events_of_message ON events (message_id) WHERE message_id IS NOT NULL;

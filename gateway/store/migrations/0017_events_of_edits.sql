-- Only the events of edits are looked for by their message: no other message pays for an index.
DROP INDEX events_of_message;
CREATE INDEX edits_of_message ON events (message_id) WHERE kind = 'edited';

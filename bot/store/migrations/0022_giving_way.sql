-- Messages that leave their place to another one, such as "received" to the answer.
ALTER TABLE outbox ADD COLUMN gives_way_to TEXT;

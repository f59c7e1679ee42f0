-- Questions that are answered by a reply in words, with an example of one.
ALTER TABLE outbox ADD COLUMN asks TEXT CHECK (asks IN ('case', 'search', 'forget', 'picture'));
ALTER TABLE outbox ADD COLUMN example TEXT;

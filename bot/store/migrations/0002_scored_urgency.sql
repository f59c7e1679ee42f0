-- How urgent the picture looked to the model before it wrote a word; `urgency` is the graver of
-- this and the text's own where either is an alarm. Null for readings made before this release.
ALTER TABLE readings ADD COLUMN scored_urgency TEXT;
ALTER TABLE readings ADD COLUMN scored_margin REAL;

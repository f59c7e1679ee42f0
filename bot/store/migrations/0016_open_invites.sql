-- An open invite is listed and cancelled by a number that says nothing of its code: 18 digits at most.
ALTER TABLE invites ADD COLUMN invite_id INTEGER;
ALTER TABLE invites ADD COLUMN cancelled_at REAL;
UPDATE invites SET invite_id = abs(random() / 16);
CREATE UNIQUE INDEX invites_by_id ON invites (invite_id);
-- Invites of those who may use the bot no more.
UPDATE invites SET cancelled_at = 0 WHERE used_by IS NULL
    AND created_by IN (SELECT user_id FROM people WHERE revoked_at IS NOT NULL);

-- A case whose withdrawal is undone is read after all, where that had cancelled its reading.
DROP TRIGGER readings_legal_transition;
CREATE TRIGGER readings_legal_transition BEFORE UPDATE OF status ON readings
WHEN OLD.status <> NEW.status AND (OLD.status || '>' || NEW.status) NOT IN (
    'waiting>reading', 'waiting>cancelled',
    'reading>answered', 'reading>waiting', 'reading>failed', 'reading>cancelled',
    'failed>waiting', 'answered>waiting', 'cancelled>waiting'
)
BEGIN
    SELECT RAISE(ABORT, 'illegal transition of a reading');
END;

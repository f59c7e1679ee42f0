-- The film in a photo, made straight: what is read in the picture's place.
ALTER TABLE pictures ADD COLUMN read_name TEXT;
CREATE UNIQUE INDEX pictures_by_read_name ON pictures (read_name) WHERE read_name IS NOT NULL;

CREATE VIEW picture_files (case_id, name) AS
SELECT case_id, name FROM pictures
UNION ALL
SELECT case_id, read_name FROM pictures WHERE read_name IS NOT NULL;

-- Where the sender set the corners of the film in a photo: JSON, four [x, y] as fractions.
ALTER TABLE messages ADD COLUMN film_corners TEXT;

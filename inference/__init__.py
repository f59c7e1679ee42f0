"""A picture and a question in, a reading out: the model and everything that surrounds it."""

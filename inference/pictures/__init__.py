"""Untrusted bytes to upright RGB pictures, in a disposable process.

The only place where a picture from outside is decoded. Importing it costs no decoder: those are
loaded in the process that `PictureProcess` starts.
"""

from inference.pictures.picture import PhotoSize, Picture, PictureNote, ViewPosition
from inference.pictures.process import PictureProcess

__all__ = ["PhotoSize", "Picture", "PictureNote", "PictureProcess", "ViewPosition"]

"""Untrusted bytes to upright RGB pictures, in a disposable process.

The only place where a picture from outside is decoded. Importing it costs no decoder: those are
loaded in the process that `PictureProcess` starts.
"""

from pictures.picture import Measures, PhotoFault, Picture, PictureNote, Rendition, ViewPosition
from pictures.process import PictureProcess

__all__ = [
    "Measures",
    "PhotoFault",
    "Picture",
    "PictureNote",
    "PictureProcess",
    "Rendition",
    "ViewPosition",
]

"""Forms as they come in: a file too large for memory waits on the disk, unreadable.

Knows multipart forms. Must not know what they say.
"""

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from typing_extensions import override

from storage.spool import Spool


async def read_form(
    request: Request, *, max_files: int, max_fields: int, max_part_bytes: int = 1 << 20
) -> FormData:
    """Read a form, multipart or not.

    Args:
        request: Its body is read.
        max_files: How many files it may have.
        max_fields: How many other fields.
        max_part_bytes: How long one of these may be.

    Returns:
        The form; to be closed by the caller.

    Raises:
        HTTPException: If it is damaged or too much; 400.
    """
    limits = {"max_files": max_files, "max_fields": max_fields, "max_part_size": max_part_bytes}
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await request.form(**limits)
    try:
        return await _Parser(request.headers, request.stream(), **limits).parse()
    except MultiPartException as error:
        raise HTTPException(400, error.message) from error


class _Parser(MultiPartParser):
    """Starlette's own, with another temporary file."""

    @override
    async def parse(self) -> FormData:
        form = await super().parse()
        kept = {id(item.file) for _, item in self.items if isinstance(item, UploadFile)}
        for file in self._files_to_close_on_error:
            if id(file) not in kept:  # begun, and cut off before its end
                file.close()
        return form

    @override
    def on_headers_finished(self) -> None:
        super().on_headers_finished()
        upload = self._current_part.file
        if upload is not None:
            upload.file.close()
            spool = Spool(max_size=self.spool_max_size)
            upload.file = spool  # type: ignore[assignment]  # starlette's own, likewise
            self._files_to_close_on_error[-1] = spool

"""Forms as they come in: a file too large for memory waits on the disk, unreadable.

Knows multipart forms (RFC 7578). Must not know what they say.
"""

from collections.abc import Callable
from typing import TypeVar

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from storage.spool import spooled_file

MEMORY_BYTES = 1 << 20
"""What of each file is held in memory."""

T = TypeVar("T")


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
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data":
        return await request.form(max_fields=max_fields, max_part_size=max_part_bytes)
    if not options.get(b"boundary"):
        raise HTTPException(400, "Missing boundary in multipart.")
    parts = _Parts(max_files=max_files, max_fields=max_fields, max_part_bytes=max_part_bytes)
    try:
        parser = MultipartParser(
            options[b"boundary"],
            {
                "on_part_begin": parts.begin,
                "on_header_field": parts.add_header_name,
                "on_header_value": parts.add_header_value,
                "on_header_end": parts.end_header,
                "on_headers_finished": parts.end_headers,
                "on_part_data": parts.add_data,
                "on_part_end": parts.end,
            },
        )
        async for piece in request.stream():
            parser.write(piece)
            await parts.write()
        parser.finalize()
        return await parts.finished()
    except BaseException as error:
        parts.close()
        if isinstance(error, FormParserError):
            raise HTTPException(400, "Invalid multipart data.") from error
        raise


class _Parts:
    """A form's parts, filled by python-multipart's callbacks, which cannot wait for a disk."""

    def __init__(self, *, max_files: int, max_fields: int, max_part_bytes: int) -> None:
        self._max_files = max_files
        self._max_fields = max_fields
        self._max_part_bytes = max_part_bytes
        self._header_name = bytearray()
        self._header_value = bytearray()
        self._disposition = b""
        self._name = ""
        self._text = bytearray()
        self._upload: UploadFile | None = None
        self._fields = 0
        self._uploads: list[UploadFile] = []
        self._unwritten: list[tuple[UploadFile, bytes]] = []
        self._items: list[tuple[str, str | UploadFile]] = []

    def begin(self) -> None:
        self._disposition = b""
        self._text.clear()
        self._upload = None

    def add_header_name(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def add_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def end_header(self) -> None:
        if self._header_name.lower() == b"content-disposition":
            self._disposition = bytes(self._header_value)
        self._header_name.clear()
        self._header_value.clear()

    def end_headers(self) -> None:
        _, options = parse_options_header(self._disposition)
        if b"name" not in options:
            raise HTTPException(400, "A part of the form has no name.")
        self._name = _decoded(options[b"name"])
        if b"filename" not in options:
            self._fields += 1
            if self._fields > self._max_fields:
                raise HTTPException(400, f"Too many fields. At most {self._max_fields}.")
            return
        if len(self._uploads) == self._max_files:
            raise HTTPException(400, f"Too many files. At most {self._max_files}.")
        self._upload = UploadFile(
            spooled_file(MEMORY_BYTES), size=0, filename=_decoded(options[b"filename"])
        )
        self._uploads.append(self._upload)

    def add_data(self, data: bytes, start: int, end: int) -> None:
        if self._upload is not None:
            self._unwritten.append((self._upload, data[start:end]))
        elif len(self._text) + end - start > self._max_part_bytes:
            raise HTTPException(400, "A field of the form is too long.")
        else:
            self._text += data[start:end]

    def end(self) -> None:
        self._items.append((self._name, self._upload or _decoded(self._text)))

    async def write(self) -> None:
        """Write what came of files."""
        for upload, data in self._unwritten:
            upload.size = (upload.size or 0) + len(data)
            await _on_file(upload, upload.file.write, data)
        self._unwritten.clear()

    async def finished(self) -> FormData:
        """The form, without files that were begun and cut off before their end."""
        whole = [item for _, item in self._items]
        for upload in self._uploads:
            if upload in whole:
                await _on_file(upload, upload.file.seek, 0)
            else:
                upload.file.close()
        return FormData(self._items)

    def close(self) -> None:
        for upload in self._uploads:
            upload.file.close()


async def _on_file(upload: UploadFile, work: Callable[[T], object], value: T) -> None:
    """Do something with a file: in a thread if it is on the disk."""
    if (upload.size or 0) <= MEMORY_BYTES:
        work(value)
    else:
        await run_in_threadpool(work, value)


def _decoded(text: bytes | bytearray) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode("latin-1")

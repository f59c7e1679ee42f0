"""Forms as they come in: a file too large for memory waits on the disk, unreadable.

Knows multipart forms (RFC 7578). Must not know what they say.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from typing_extensions import override

from storage.spool import spooled_file

MEMORY_BYTES = 1 << 20
"""What of each file is held in memory."""

URL_ENCODED_MAX_BYTES = 4 << 20
"""Of a form that is not multipart: it holds no file."""

NOT_UTF8 = "strings must be encoded in UTF-8"

T = TypeVar("T")
P = ParamSpec("P")


async def read_form(
    request: Request,
    *,
    max_files: int,
    max_fields: int,
    max_part_bytes: int = 1 << 20,
    only_utf8: bool = False,
) -> FormData:
    """Read a form, multipart or not.

    Args:
        request: Its body is read.
        max_files: How many files it may have.
        max_fields: How many other fields.
        max_part_bytes: How long one of these may be.
        only_utf8: Whether other bytes are refused; else they are read as what they may be.

    Returns:
        The form; to be closed by the caller.

    Raises:
        HTTPException: If it is damaged or too much; 400.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind == b"application/x-www-form-urlencoded":
        return await _url_encoded(request, max_fields=max_fields, only_utf8=only_utf8)
    if kind != b"multipart/form-data":
        return FormData()
    if not options.get(b"boundary"):
        raise HTTPException(400, "Missing boundary in multipart.")
    parts = _Parts(
        max_files=max_files,
        max_fields=max_fields,
        max_part_bytes=max_part_bytes,
        only_utf8=only_utf8,
    )
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


async def _url_encoded(request: Request, *, max_fields: int, only_utf8: bool) -> FormData:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > URL_ENCODED_MAX_BYTES:
            raise HTTPException(400, "The form is too long.")
    errors = "strict" if only_utf8 else "replace"
    try:
        fields = parse_qsl(
            body.decode(errors=errors),
            keep_blank_values=True,
            errors=errors,
            max_num_fields=max_fields,
        )
    except UnicodeDecodeError as error:
        raise HTTPException(400, NOT_UTF8) from error
    except ValueError as error:
        raise HTTPException(400, f"Too many fields. At most {max_fields}.") from error
    return FormData(dict(fields))


class _SpooledUpload(UploadFile):
    """An upload that needs a thread only once it is on the disk."""

    def __init__(self, filename: str) -> None:
        super().__init__(spooled_file(MEMORY_BYTES), size=0, filename=filename)

    @override
    async def write(self, data: bytes) -> None:
        self.size = (self.size or 0) + len(data)
        await self._do(self.file.write, data)

    @override
    async def read(self, size: int = -1) -> bytes:
        return await self._do(self.file.read, size)

    @override
    async def seek(self, offset: int) -> None:
        await self._do(self.file.seek, offset)

    @override
    async def close(self) -> None:
        await self._do(self.file.close)

    async def _do(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        if (self.size or 0) <= MEMORY_BYTES:
            return work(*args, **named)
        return await run_in_threadpool(work, *args, **named)


class _Parts:
    """A form's parts, filled by python-multipart's callbacks, which cannot wait for a disk."""

    def __init__(
        self, *, max_files: int, max_fields: int, max_part_bytes: int, only_utf8: bool
    ) -> None:
        self._max_files = max_files
        self._max_fields = max_fields
        self._max_part_bytes = max_part_bytes
        self._only_utf8 = only_utf8
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
        self._name = self._decoded(options[b"name"])
        if b"filename" not in options:
            self._fields += 1
            if self._fields > self._max_fields:
                raise HTTPException(400, f"Too many fields. At most {self._max_fields}.")
            return
        if len(self._uploads) == self._max_files:
            raise HTTPException(400, f"Too many files. At most {self._max_files}.")
        self._upload = _SpooledUpload(self._decoded(options[b"filename"]))
        self._uploads.append(self._upload)

    def add_data(self, data: bytes, start: int, end: int) -> None:
        if self._upload is not None:
            self._unwritten.append((self._upload, data[start:end]))
        elif len(self._text) + end - start > self._max_part_bytes:
            raise HTTPException(400, "A field of the form is too long.")
        else:
            self._text += data[start:end]

    def end(self) -> None:
        self._items.append((self._name, self._upload or self._decoded(self._text)))

    async def write(self) -> None:
        """Write what came of files."""
        for upload, data in self._unwritten:
            await upload.write(data)
        self._unwritten.clear()

    async def finished(self) -> FormData:
        """The form, without files that were begun and cut off before their end."""
        whole = [item for _, item in self._items]
        for upload in self._uploads:
            if upload in whole:
                await upload.seek(0)
            else:
                upload.file.close()
        return FormData(self._items)

    def close(self) -> None:
        for upload in self._uploads:
            upload.file.close()

    def _decoded(self, text: bytes | bytearray) -> str:
        try:
            return text.decode()
        except UnicodeDecodeError as error:
            if self._only_utf8:
                raise HTTPException(400, NOT_UTF8) from error
            return text.decode("latin-1")

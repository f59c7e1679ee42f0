"""A method's parameters, in whatever encoding a client library chose.

Query, form, multipart and JSON may all come in one request; a value may be JSON or a string with
JSON in it. Knows encodings; must not know methods. Source: Bot API, section "Making requests", and
the clients' own sources.
"""

import contextlib
import json
from collections.abc import AsyncIterator, Collection, Mapping
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from gateway.errors import BadRequest
from gateway.forms import NOT_UTF8, read_form
from gateway.schemas.entities import cleaned

_ATTACH = "attach://"
_TRUE = frozenset({"true", "1", "yes", "t", "y"})
_MULTIPART_FIELDS_MAX = 100
_MULTIPART_FILES_MAX = 20


class Parameters:
    """The parameters of one call.

    Args:
        values: By name, as they came; later encodings have won over earlier ones.
        files: The uploaded files, by their part's name.
        declared: The names that the method may ask for.
    """

    def __init__(
        self,
        values: Mapping[str, object],
        files: Mapping[str, UploadFile],
        declared: Collection[str],
    ) -> None:
        self._values = values
        self._files = files
        self._declared = declared

    def reading(self, declared: Collection[str]) -> "Parameters":
        """The same, for a method that may ask for other names."""
        return Parameters(self._values, self._files, declared)

    def has(self, name: str) -> bool:
        """Whether a parameter is given at all."""
        return self._value(name) is not None

    def text(self, name: str) -> str:
        """A string, empty if it is not given."""
        return cleaned(self.raw(name))

    def raw(self, name: str) -> str:
        """A string as it came, with whatever may be in it; empty if it is not given."""
        value = self._value(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int | None = None) -> int | None:
        """An integer.

        Args:
            default: If it is not given.

        Raises:
            BadRequest: If it is something else.
        """
        value = self._value(name)
        if value is None or value == "":
            return default
        number = as_integer(value)
        if number is None:
            raise BadRequest(f"invalid {name} specified")
        return number

    def flag(self, name: str) -> bool:
        """A boolean, False if it is not given."""
        return str(self._value(name)).lower() in _TRUE

    def data(self, name: str) -> object:
        """A value of any JSON type, None if it is not given.

        Raises:
            BadRequest: If it is a string without JSON in it.
        """
        value = self._value(name)
        if not isinstance(value, str) or not value.strip():
            return None if value == "" else value
        try:
            return _parsed(value)
        except UnicodeError as error:
            raise BadRequest(NOT_UTF8) from error
        except (ValueError, RecursionError) as error:
            raise BadRequest(f"can't parse {name} JSON object") from error

    def record(self, name: str) -> dict[str, object]:
        """A JSON object, empty if it is not given.

        Raises:
            BadRequest: If it is something else.
        """
        value = self.data(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise BadRequest(f"object expected as {name}")
        return value

    def records(self, name: str) -> list[dict[str, object]]:
        """A JSON array of objects, empty if it is not given.

        Raises:
            BadRequest: If it is something else.
        """
        value = self.items(name)
        objects = [item for item in value if isinstance(item, dict)]
        if len(objects) != len(value):
            raise BadRequest(f"expected an Array of Objects as {name}")
        return objects

    def items(self, name: str) -> list[object]:
        """A JSON array, empty if it is not given.

        Raises:
            BadRequest: If it is something else.
        """
        value = self.data(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise BadRequest(f"expected an Array as {name}")
        return value

    def integers(self, name: str) -> list[int]:
        """A JSON array of integers.

        Raises:
            BadRequest: If it is something else.
        """
        items = self.items(name)
        numbers = [number for item in items if (number := as_integer(item)) is not None]
        if len(numbers) != len(items):
            raise BadRequest(f"expected an Array of Integers as {name}")
        return numbers

    def has_file(self, name: str) -> bool:
        """Whether a file is uploaded under this name, or another one is named."""
        return name in self._files or self.has(name)

    def upload_or_id(self, name: str) -> UploadFile | str:
        """A file: uploaded under its own name, attached under any name, or the id of a known one.

        Returns:
            The upload, else the text that stands in its place.

        Raises:
            BadRequest: If there is none.
        """
        reference = self.text(name)
        given = self._files.get(name)
        return given if given is not None else self.attached(reference, name)

    def attached(self, reference: str, what: str) -> UploadFile | str:
        """Follow an `attach://` reference.

        Args:
            reference: Such a reference, or a file id, which is returned as it is.
            what: What it is for.

        Raises:
            BadRequest: If it leads nowhere.
        """
        if not reference:
            raise BadRequest(f"there is no {what} in the request")
        if not reference.startswith(_ATTACH):
            return reference
        upload = self._files.get(reference.removeprefix(_ATTACH))
        if upload is None:
            raise BadRequest(f"there is no file attached for the {what}")
        return upload

    def upload(self, name: str) -> UploadFile | None:
        """A file that is uploaded under its own name, or attached under any; None if there is none.

        Args:
            name: Of a parameter where no id of a known file can stand.
        """
        return self._files.get(name) or self.attached_upload(self.text(name))

    def attached_upload(self, reference: str) -> UploadFile | None:
        """The file that an `attach://` reference leads to; None if it is none, or leads nowhere."""
        attached = reference.startswith(_ATTACH)
        return self._files.get(reference.removeprefix(_ATTACH)) if attached else None

    def _value(self, name: str) -> object:
        if name not in self._declared:
            raise LookupError(f"the method does not declare that it reads {name}")
        return self._values.get(name)


@contextlib.asynccontextmanager
async def read_parameters(request: Request, declared: Collection[str]) -> AsyncIterator[Parameters]:
    """Read a request's parameters; their files live as long as the block.

    Args:
        request: Its body is read.
        declared: The names that the method may ask for.

    Raises:
        BadRequest: If the body is damaged.
    """
    values: dict[str, object] = dict(_query(request))
    if _is_json(request):
        yield Parameters(values | await _json(request), {}, declared)
        return
    try:
        form = await read_form(
            request,
            max_files=_MULTIPART_FILES_MAX,
            max_fields=_MULTIPART_FIELDS_MAX,
            only_utf8=True,
        )
    except HTTPException as error:
        words = NOT_UTF8 if error.detail == NOT_UTF8 else "can't parse the request's form"
        raise BadRequest(words) from error
    values |= {key: value for key, value in form.items() if isinstance(value, str)}
    files = {key: value for key, value in form.items() if isinstance(value, UploadFile)}
    try:
        yield Parameters(values, files, declared)
    finally:
        await form.close()


def as_integer(value: object) -> int | None:
    """A number that the database can hold, None for anything else."""
    with contextlib.suppress(ValueError):
        if isinstance(value, (str, int)) and abs(number := int(value)) < 1 << 62:
            return number
    return None


def _is_json(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0]
    return kind.strip().lower() == "application/json"


def _query(request: Request) -> list[tuple[str, str]]:
    query = request.scope["query_string"].decode("latin-1")
    try:
        return parse_qsl(query, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise BadRequest(NOT_UTF8) from error


async def _json(request: Request) -> dict[str, object]:
    body = await request.body()
    try:
        value = _parsed(body.decode("utf-8-sig") or "{}")
    except UnicodeError as error:
        raise BadRequest(NOT_UTF8) from error
    except (ValueError, RecursionError) as error:
        raise BadRequest("can't parse JSON of the request") from error
    if not isinstance(value, dict):
        raise BadRequest("JSON of the request must be an object")
    return value


def _parsed(text: str) -> object:
    """Parse JSON; half a pair of surrogates in it is a `UnicodeError`."""
    value = json.loads(text)
    if "\\u" in text:
        json.dumps(value, ensure_ascii=False).encode()
    return value

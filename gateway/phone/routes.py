"""The phone chat over HTTP, as the design's table has it.

Knows requests and answers. What a message is and who may see it is decided below.
"""

import asyncio
import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import asdict
from pathlib import Path

from starlette.datastructures import FormData
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from gateway.downloads import Download
from gateway.errors import (
    BadRequest,
    Forbidden,
    GatewayError,
    Locked,
    NotFound,
    SignedInHere,
    TooLarge,
    TooManyRequests,
    Unauthorized,
    Unavailable,
)
from gateway.phone import pins, requests, sessions, uploads, view
from gateway.phone.before_sending import BeforeSending
from gateway.phone.held import HeldFiles, size_bytes
from gateway.phone.rates import Rates
from gateway.phone.samples import Samples
from gateway.phone.sessions import Sessions
from gateway.phone.stream import board_stream, stream
from gateway.phone.turns import Turns
from gateway.schemas.objects import JsonObject
from gateway.schemas.records import ChatId, FileId, Message, MessageId, Person, StoredFile
from gateway.store import joining
from gateway.store.files import FileStore
from gateway.store.media import MediaStore
from gateway.store.messages import Found
from gateway.store.sessions import Session
from gateway.store.store import ChatStore
from machine.sizes import size_words
from pictures.photo_limits import PHOTO_LIMITS

_HERE = Path(__file__).parent
_MESSAGE_ID_END = 1 << 53
_HISTORY_DEFAULT = 100
_HISTORY_MAX = 200

Endpoint = Callable[[Request], Awaitable[Response]]


class PhoneChat:
    """The phone chat's endpoints.

    Args:
        store: What is stored.
        files: The bytes of pictures and documents.
        media: Takes pictures and documents in.
        samples: The films to try.
        clock: Seconds, by which all that phones do is capped.
        max_upload_bytes: Of one message, as the page tells people.
    """

    def __init__(
        self,
        *,
        store: ChatStore,
        files: FileStore,
        media: MediaStore,
        samples: Samples,
        clock: Callable[[], float],
        max_upload_bytes: int,
    ) -> None:
        self._store = store
        self._files = files
        self._media = media
        self._samples = samples
        self._rates = Rates(clock, max_upload_bytes)
        self._sessions = Sessions(store, self._rates)
        self._turns = Turns()
        self._held = HeldFiles(clock, max_upload_bytes)
        self._before_sending = BeforeSending(
            sessions=self._sessions,
            rates=self._rates,
            files=files,
            media=media,
            held=self._held,
            max_upload_bytes=max_upload_bytes,
        )
        self._max_upload_bytes = max_upload_bytes
        self._templates = Jinja2Templates(directory=_HERE / "templates")
        self._templates.env.globals["photo_limits"] = dict(PHOTO_LIMITS)

    def routes(self) -> list[Route | Mount]:
        """All routes of the phone chat."""
        endpoints: list[tuple[str, str, Endpoint]] = [
            ("GET", "/", self.page),
            ("GET", "/join", self.join_page),
            ("POST", "/join", self.join),
            ("POST", "/leave", self.leave),
            ("POST", "/unlock", self.unlock),
            ("PUT", "/chat/pin", self.set_pin),
            ("PUT", "/chat/language", self.choose_language),
            ("GET", "/chat/sessions", self.list_sessions),
            ("DELETE", "/chat/sessions/{session_id}", self.end_session),
            ("GET", "/chat/messages", self.history),
            ("PUT", "/chat/messages/{client_id}", self.send),
            ("DELETE", "/chat/messages/{message_id}", self.take_back),
            ("POST", "/chat/look", self._before_sending.look),
            ("PUT", "/chat/held/{name}", self._before_sending.hold),
            ("DELETE", "/chat/held/{name}", self._before_sending.let_go),
            ("GET", "/chat/events", self.events),
            ("GET", "/chat/files/{file_id}", self.file),
            ("GET", "/chat/messages/{message_id}/picture", self.picture_beside),
            ("POST", "/chat/callbacks", self.press),
            ("GET", "/board", self.board_page),
            ("GET", "/board/events", self.board_events),
            ("GET", "/samples", self.list_samples),
            ("GET", "/samples/{name}", self.sample),
        ]
        static = StaticFiles(directory=_HERE / "static")
        return [
            *(
                Route(path, self._answering(endpoint), methods=[method])
                for method, path, endpoint in endpoints
            ),
            Mount("/static", GZipMiddleware(static)),
        ]

    async def page(self, request: Request) -> Response:
        """The chat, the page that asks for its PIN, or the page to join it."""
        session = await self._sessions.find(request)
        if session is None:
            return self._joining_page(request)
        if session.has_pin:
            self._rates.write(session)
        may_enter = await self._store.sessions.enter(session)
        return self._page(request, "chat.html" if may_enter else "pin.html")

    async def join_page(self, request: Request) -> Response:
        """The page to join; the code is in the fragment, which only the page's script sees."""
        session = await self._sessions.find(request)
        return self._joining_page(request, session.person.name if session else None)

    async def join(self, request: Request) -> Response:
        """Make a new identity for a phone once the bot has said yes to its code.

        Raises:
            SignedInHere: It has one: nobody becomes somebody else by opening a link.
        """
        self._rates.join(request.client.host if request.client else "")
        if await self._sessions.find(request) is not None:
            raise SignedInHere
        body = await requests.read_json(request)
        code = requests.invite_code(body.get("code"))
        name = requests.person_name(body.get("name"))
        language_code = requests.language_code(request.headers.get("accept-language"))
        secret = sessions.joining_secret(request)
        token = sessions.joining_token(secret, code, name)
        known_by = sessions.known_by(request, token)
        asked = await self._store.joining.ask(name, language_code, known_by, code)
        person = await self._store.joining.verdict(asked, joining.VERDICT_S)
        if not person.is_member:
            later = _refusal(Unavailable())
            sessions.set_joining(later, request, secret)
            return later
        response = JSONResponse({"me": {"name": person.name}})
        sessions.set_session(response, request, token)
        return response

    async def leave(self, request: Request) -> Response:
        """End a phone's session."""
        session = await self._sessions.find(request)
        if session is not None:
            await self._store.sessions.end(session.token_sha256)
            await self._held.drop(session)
        response = JSONResponse({})
        sessions.clear_session(response, request)
        return response

    async def unlock(self, request: Request) -> Response:
        """Open a locked chat with its PIN, or its page again with the pass that the PIN gave."""
        session = await self._sessions.of(request)
        body = await requests.read_json(request)
        if "pass" in body:
            if await self._store.sessions.try_pass(session, sessions.hash_of(str(body["pass"]))):
                return JSONResponse({})
            raise Locked
        given = sessions.new_token()
        return await self._try_pin(session, body.get("pin"), given) or JSONResponse({"pass": given})

    async def set_pin(self, request: Request) -> Response:
        """Lock the chat by a PIN, by another one, or, without one, no longer."""
        session = await self._sessions.open_of(request)
        body = await requests.read_json(request)
        chosen = None if body.get("pin") is None else pins.new_pin(body["pin"])
        given = sessions.new_token()
        refusal = await self._try_pin(session, body.get("current"), given)
        if refusal is not None:
            return refusal
        if chosen is None:
            await self._store.sessions.remove_pin(session)
            return JSONResponse({})
        salt = pins.new_salt()
        digest = await pins.digest(chosen, salt)
        await self._store.sessions.put_pin(session, salt, digest, sessions.hash_of(given))
        return JSONResponse({"pass": given})

    async def choose_language(self, request: Request) -> Response:
        """Note the language that was chosen on the page; the bot writes in it too."""
        session = await self._sessions.open_of(request)
        body = await requests.read_json(request)
        code = requests.language_code(str(body.get("language_code")))
        if code is None:
            raise BadRequest
        if code != session.person.language_code:
            await self._store.sessions.choose_language(session, code)
        return JSONResponse({})

    async def list_sessions(self, request: Request) -> Response:
        """Where a person is signed in, and how many pages show their chat now."""
        session = await self._sessions.open_of(request)
        found = await self._store.sessions.of_same_person(session)
        pages = self._store.signals.pages_of(session.person.chat_id)
        return JSONResponse({"sessions": found, "open_pages": pages})

    async def end_session(self, request: Request) -> Response:
        """End one of one's own sessions."""
        session = await self._sessions.open_of(request)
        session_id = requests.number(request.path_params["session_id"])
        await self._store.sessions.end_of_same_person(session, session_id or 0)
        return JSONResponse({})

    async def history(self, request: Request) -> Response:
        """The messages of one's own chat, or of a group; who asks for them looks at the page."""
        session = await self._sessions.open_of(request)
        await self._store.sessions.stay_open(session)
        person = session.person
        after, before, limit = (
            requests.number(request.query_params.get(key)) for key in ("after", "before", "limit")
        )
        limit = min(limit or _HISTORY_DEFAULT, _HISTORY_MAX)
        chat = await self._group(person, request.query_params.get("chat")) or person
        around = {
            "me": {"name": person.name, "language_code": person.language_code},
            "pin": session.has_pin,
            "bot": await self._bot_for(person),
            "chats": await self._chats_of(person),
            "keyboard": await self._keyboard_in(chat, person),
            "pinned": await self._pinned_in(chat),
            "samples": bool(self._samples),
            "board": self._store.board.seen_by(person) is not None,
            "alarms": self._store.ringing.seen_by(person),
        }
        async with self._turns.of(session):
            if after is not None:
                found = await self._store.messages_after(chat, after, limit)
            else:
                found = await self._store.newest_messages(chat, limit, before)
            return await asyncio.to_thread(_page_of, found, person, around)

    async def send(self, request: Request) -> Response:
        """Send a message; the same client id again answers what it sent the first time."""
        session = await self._sessions.open_of(request)
        client_id = requests.client_id(request.path_params["client_id"])
        sent = await self._store.sent_before(session.person, client_id)
        if sent:
            return _sent(sent, session.person)
        announced_bytes = requests.announced_bytes(request)
        self._files.require_room(announced_bytes or self._max_upload_bytes)
        with self._rates.upload(session, announced_bytes) as full_in_s:
            return await self._take(request, session, client_id, full_in_s)

    async def _take(
        self, request: Request, session: Session, client_id: str, full_in_s: int
    ) -> Response:
        person = session.person
        async with (
            _closing(await uploads.read_form(request)) as form,
            self._held.taken(session, uploads.held_names(form)) as held,
        ):
            self._files.require_room(sum(map(size_bytes, held.values())))
            upload = uploads.parse(form, held)
            group = await self._group(person, upload.chat)
            drafts, files = await uploads.make_drafts(upload, person.user_id, self._media)
        try:
            sent, new = await self._store.receive(
                session, client_id, drafts, files, group=group, full_in_s=full_in_s
            )
        except GatewayError:
            await self._media.discard(files)
            raise
        if not new:  # the same message came in twice at once
            await self._media.discard(files)
        return _sent(sent, person)

    async def take_back(self, request: Request) -> Response:
        """Delete one's own message for everyone, as long as the bot cannot have read it."""
        session = await self._sessions.open_of(request)
        message_id = requests.number(request.path_params["message_id"]) or 0
        gone = await self._store.taking_back.take_back(session, MessageId(message_id))
        await self._media.discard(gone.files)
        return JSONResponse({"message_ids": gone.message_ids})

    async def keep_held_short(self) -> None:
        """Forget what is held too long, until it is cancelled."""
        await self._held.keep_short()

    async def events(self, request: Request) -> Response:
        """What happens in the person's chats, as it happens."""
        session = await self._sessions.open_of(request)
        last_event_id = requests.number(request.headers.get("last-event-id"))
        return _event_stream(stream(self._store, session, last_event_id, self._turns))

    async def board_page(self, request: Request) -> Response:
        """The board for supervisors alone; it has nothing of a patient, so it asks for no PIN."""
        session = await self._sessions.find(request)
        if session is None:
            return self._joining_page(request)
        may_look = self._store.board.seen_by(session.person) is not None
        return self._page(request, "board.html", 200 if may_look else 403, may_look=may_look)

    async def board_events(self, request: Request) -> Response:
        """The ward's state, as it changes."""
        session = await self._sessions.of(request)
        return _event_stream(board_stream(self._store, session))

    async def file(self, request: Request) -> Response:
        """A picture or document of one's own chat; anybody else's is not there."""
        session = await self._sessions.open_of(request)
        file_id = FileId(request.path_params["file_id"])
        return await self._download(
            session, await self._store.files.seen_by(session.person, file_id)
        )

    async def picture_beside(self, request: Request) -> Response:
        """The small picture that the bot put beside a button of one's own chat or group."""
        session = await self._sessions.open_of(request)
        message_id = requests.number(request.path_params["message_id"]) or 0
        data = request.query_params.get("data", "")
        chat = await self._group(session.person, request.query_params.get("chat"))
        found = await self._store.picture_beside(
            chat or session.person, MessageId(message_id), data
        )
        return await self._download(session, found)

    async def _download(self, session: Session, found: StoredFile | None) -> Response:
        if found is None:
            raise NotFound("This file is no longer there.")
        with ExitStack() as stack:
            stack.enter_context(self._rates.download(session))
            pieces = await self._files.read(found.path)
            held = stack.pop_all()
        if isinstance(found.media, tuple):
            return Download(pieces, found.size_bytes, "image/jpeg", held=held)
        kind, name = "application/octet-stream", found.media.file_name  # never shown, so never run
        return Download(pieces, found.size_bytes, kind, name=name, held=held)

    async def press(self, request: Request) -> Response:
        """Press an inline button."""
        session = await self._sessions.open_of(request)
        body = await requests.read_json(request)
        message_id, data = body.get("message_id"), body.get("data")
        if type(message_id) is not int or not isinstance(data, str):
            raise BadRequest
        if not 0 < message_id < _MESSAGE_ID_END:
            raise NotFound("This button is no longer there.")
        group = await self._group(session.person, str(body.get("chat_id") or ""))
        await self._store.press(session, MessageId(message_id), data, group)
        return JSONResponse({})

    async def list_samples(self, request: Request) -> Response:
        """The films to try."""
        return JSONResponse(self._samples.listed(request.query_params.get("language", "")))

    async def sample(self, request: Request) -> Response:
        """One of the films to try."""
        path = self._samples.path(request.path_params["name"])
        if path is None:
            raise NotFound
        return FileResponse(path)

    async def _try_pin(self, session: Session, typed: object, given: str) -> Response | None:
        """Try a PIN on a session, for a pass; None if it was right, or there is none."""
        if not session.has_pin:
            return None
        self._rates.pin(session)
        digest = await pins.digest(typed, await self._store.sessions.salt(session))
        verdict = await self._store.sessions.try_pin(session, digest, sessions.hash_of(given))
        if verdict.is_right:
            return None
        if not verdict.tries_left:
            raise Unauthorized
        words = "This is not the PIN." if not verdict.wait_s else "Wait before the next try."
        left = {"wait_s": verdict.wait_s, "tries_left": verdict.tries_left}
        return JSONResponse({"error": words, **left}, Forbidden.status)

    async def _group(self, person: Person, chat_id: str | None) -> Person | None:
        """The group that a request is about, None if it is about the person's own chat."""
        if chat_id in {None, "", str(person.chat_id)}:
            return None
        number = requests.number(str(chat_id).removeprefix("-"))
        found = await self._store.groups.of(person, ChatId(-(number or 0)))
        if found is None:
            raise NotFound("You are not in this group.")
        return found

    async def _bot_for(self, person: Person) -> JsonObject:
        commands = await self._store.commands.offered_to(person)
        return {"name": self._store.bot.name, "commands": [asdict(each) for each in commands]}

    async def _chats_of(self, person: Person) -> list[JsonObject]:
        groups = await self._store.groups.of_person(person)
        return [view.group(group) | {"newest_id": newest_id} for group, newest_id in groups]

    async def _pinned_in(self, chat: Person) -> JsonObject | None:
        found = await self._store.pinned.newest(chat.chat_id)
        return None if found is None else view.pinned(found)

    async def _keyboard_in(self, chat: Person, viewer: Person) -> JsonObject | None:
        found = await self._store.keyboard_in(chat, viewer)
        if found is None or found.keyboard is None or found.keyboard.removes:
            return None
        return view.keyboard(found.keyboard) | {"message_id": found.message_id}

    def _joining_page(self, request: Request, signed_in: str | None = None) -> Response:
        page = self._page(request, "join.html", signed_in=signed_in)
        sessions.set_joining(page, request, sessions.joining_secret(request))
        return page

    def _page(self, request: Request, name: str, status: int = 200, **more: object) -> Response:
        context = {"max_upload_bytes": self._max_upload_bytes, **more}
        return self._templates.TemplateResponse(request, name, context, status)

    def _answering(self, endpoint: Endpoint) -> Endpoint:
        """Answer a refusal in words."""

        @functools.wraps(endpoint)
        async def answering(request: Request) -> Response:
            try:
                return await endpoint(request)
            except TooLarge as error:
                most = size_words(self._max_upload_bytes)
                words = f"This is too large: {most} is the most that can be sent at once."
                return JSONResponse({"error": words}, error.status)
            except GatewayError as error:
                return _refusal(error)

        return answering


def _refusal(error: GatewayError) -> Response:
    headers = {}
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.retry_after_s)
    return JSONResponse({"error": str(error)}, error.status, headers=headers)


def _page_of(found: Sequence[Found], person: Person, around: JsonObject) -> Response:
    """A page of history: in a thread, for it is the longer the more people wrote."""
    return JSONResponse(
        {"messages": [view.message(each.message(), person) for each in found], **around}
    )


@asynccontextmanager
async def _closing(form: FormData) -> AsyncIterator[FormData]:
    try:
        yield form
    finally:
        await form.close()


def _event_stream(events: AsyncIterator[str]) -> Response:
    headers = {"X-Accel-Buffering": "no"}
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


def _sent(messages: list[Message], person: Person) -> Response:
    """The message, and all parts where it is an album."""
    seen = [view.message(each, person) for each in messages]
    return JSONResponse(seen[0] | {"messages": seen})

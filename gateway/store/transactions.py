"""Methods of a store that are one transaction each.

They are written with the transaction as their first parameter, which callers leave out. The body
runs in the database's thread: it must not touch what belongs to the event loop.
"""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from storage.database import Database, Transaction

P = ParamSpec("P")
T = TypeVar("T")


class DatabaseStore:
    """A store that keeps what it knows in an open database."""

    def __init__(self, database: Database) -> None:
        self.database = database


S = TypeVar("S", bound=DatabaseStore)
Body = Callable[Concatenate[S, Transaction, P], T]
Method = Callable[Concatenate[S, P], Coroutine[Any, Any, T]]


def reading(body: Body[S, P, T]) -> Method[S, P, T]:
    """Run a method's body on one snapshot of what is committed, beside any writer."""

    @wraps(body)
    async def method(store: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await store.database.read(lambda tx: body(store, tx, *args, **kwargs))

    return method


def writing(body: Body[S, P, T]) -> Method[S, P, T]:
    """Run a method's body as a transaction: all of it is stored, or none where it raises."""

    @wraps(body)
    async def method(store: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await store.database.write(lambda tx: body(store, tx, *args, **kwargs))

    return method

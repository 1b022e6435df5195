"""Everything that can go wrong, as a small tree; each error carries its data and says one sentence.

CsBotError
├── BadInput            something a person wrote is wrong: place and remedy (exit code 2)
│   └── UnknownName     a name that does not exist, with the nearest one that does
├── Conflict            somebody else changed it first
├── NotFound            no such thing
├── Busy                a resource is taken for now: a full lane, a locked database, a port in use
└── ServiceFailed       a service outside (order API, LLM) did not answer properly
    └── EncoderDown     an endpoint that turns text into vectors: its host, HTTP status, reason
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class CsBotError(Exception):
    """Any error this package raises on purpose."""


class BadInput(CsBotError):
    """Input that cannot be used: what is wrong, where, and what to do about it."""

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        super().__init__(what, where, remedy)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{place}{self.what}{remedy}"


class UnknownName(BadInput):
    """A name that does not exist where it stands."""

    def __init__(self, kind: str, name: str, known: Iterable[str], *, where: str = "") -> None:
        self.kind = kind
        self.name = name
        self.known = sorted(known)
        near = get_close_matches(name, self.known, n=1, cutoff=0.5)
        remedy = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(self.known)}"
        super().__init__(f"unknown {kind} {name!r}", where=where, remedy=remedy)


class Conflict(CsBotError):
    """A change that was made to something which has changed meanwhile."""

    def __init__(self, what: str, *, current: object = None) -> None:
        self.what = what
        self.current = current
        super().__init__(what)


class NotFound(CsBotError):
    """Something asked for by id that is not there."""

    def __init__(self, kind: str, name: str) -> None:
        self.kind = kind
        self.name = name
        super().__init__(f"no {kind} {name!r}")


class Busy(CsBotError):
    """A resource that is taken right now; trying again later may work."""

    def __init__(self, what: str, *, remedy: str = "") -> None:
        self.what = what
        self.remedy = remedy
        super().__init__(f"{what}; {remedy}" if remedy else what)


class ServiceFailed(CsBotError):
    """A service outside this process that failed, was late, or made no sense."""

    def __init__(self, service: str, why: str, *, retryable: bool = False) -> None:
        self.service = service
        self.why = why
        self.retryable = retryable
        super().__init__(f"{service}: {why}")


class EncoderDown(ServiceFailed):
    """An embedding endpoint that gave no usable vectors; whoever has other legs goes on with them.

    Holds the host alone: the rest of an address may hold a password.
    """

    def __init__(
        self,
        host: str,
        why: str,
        *,
        status: int | None = None,
        retryable: bool = False,
        retry_after_seconds: float | None = None,
    ) -> None:
        self.host = host
        self.status = status
        self.retry_after_seconds = retry_after_seconds
        """None where it will not pass within seconds."""
        super().__init__(f"embedding endpoint {host}", why, retryable=retryable)

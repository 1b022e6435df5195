"""The state machine of one `csbot.v1` connection: frames in, effects out.

It has no socket, no store and no clock; `now` is monotonic seconds, and the shell in
`connection.py` carries the effects out, in order, one frame at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

from cs_bot.channels.client_frames import (
    Action,
    BadCommand,
    Command,
    Feedback,
    FormSubmit,
    Hello,
    MessageSend,
    NotAFrame,
    Read,
    Signal,
    Sync,
    read_frame,
)
from cs_bot.channels.frames import ErrorCode, Ping, Pong, Typing, TypingData
from cs_bot.channels.limits import Limits, Window
from cs_bot.channels.server_frames import (
    Ack,
    AckData,
    Error,
    ErrorData,
    LimitsData,
    Welcome,
    WelcomeData,
    event_frame,
)
from cs_bot.stores.protocols import Conversation, LogEntry

Resume = Literal["fresh", "replayed", "gap"]
RETRYABLE: frozenset[ErrorCode] = frozenset({"rate_limited", "busy", "form_invalid", "internal"})


class State(Enum):
    """How far a connection has come."""

    AWAITING_HELLO = "awaiting_hello"
    GREETING = "greeting"
    LIVE = "live"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Send:
    """Send this frame; a droppable one may be lost when the peer is slow."""

    frame: Mapping[str, Any]
    droppable: bool = False


@dataclass(frozen=True, slots=True)
class Greet:
    """Find out who this is, then call `greeted` or `refuse`."""

    hello: Hello


@dataclass(frozen=True, slots=True)
class CarryOut:
    """Do what the command says, then call `stored`, `done` or `failed` exactly once."""

    command: MessageSend | Action | FormSubmit | Feedback


@dataclass(frozen=True, slots=True)
class Replay:
    """Read the entries after this number and hand them to `appended`."""

    after_seq: int


@dataclass(frozen=True, slots=True)
class Close:
    """Close the socket; nothing is sent after it."""

    code: int
    reason: str


Effect = Send | Greet | CarryOut | Replay | Close


def resume_of(hello: Hello, conversation: Conversation, limits: Limits) -> Resume:
    """Tell what becomes of the position a client names: never a partial replay."""
    position = hello.data
    if position.after_seq is None:
        return "fresh"
    same = position.conversation_id in (None, conversation.id)
    known = position.after_seq == 0 or position.epoch == conversation.epoch
    missing = conversation.top_seq - position.after_seq
    return "replayed" if same and known and 0 <= missing <= limits.replay else "gap"


class ChatProtocol:
    """One connection. `wake_at` tells when `tick` has to be called next."""

    def __init__(self, limits: Limits, now: float) -> None:
        self.state = State.AWAITING_HELLO
        self.wake_at: float = now + limits.hello_seconds
        self.sent_seq = 0
        """The last durable event this connection was sent."""
        self._limits = limits
        self._pinged = False
        self._commands = Window(limits.commands, limits.window_seconds)
        self._frames = Window(limits.frames, limits.window_seconds)

    def receive(self, raw: str | bytes, now: float) -> list[Effect]:
        """Take one frame from the client."""
        if self.state is State.CLOSING:
            return []
        if isinstance(raw, bytes):
            return self.close(4400, "frames are text")
        if len(raw.encode("utf-8", "replace")) > self._limits.frame_bytes:
            return self.close(1009, f"a frame has at most {self._limits.frame_bytes} bytes")
        if self._frames.admit(now):
            return self.close(4529, "too many frames")
        try:
            frame = read_frame(raw)
        except NotAFrame as error:
            return self.close(4400, str(error))
        except BadCommand as error:
            return self._refused(error, now)
        return self._received(frame, now)

    def greeted(
        self, hello: Hello, visitor_id: str, connection_id: str, conversation: Conversation, ts: int
    ) -> list[Effect]:
        """Welcome the client; missed events follow. `ts` is the time in epoch milliseconds."""
        resume = resume_of(hello, conversation, self._limits)
        self.state = State.LIVE
        after = hello.data.after_seq if resume == "replayed" else None
        self.sent_seq = conversation.top_seq if after is None else after
        data = WelcomeData(
            connection_id=connection_id,
            visitor_id=visitor_id,
            conversation_id=conversation.id,
            epoch=conversation.epoch,
            top_seq=conversation.top_seq,
            resume=resume,
            ping_ms=round(self._limits.ping_seconds * 1000),
            pong_timeout_ms=round(self._limits.pong_seconds * 1000),
            limits=LimitsData(
                rate=f"{self._limits.commands}/{self._limits.window_seconds:g}s",
                frame=self._limits.frame_bytes,
            ),
        )
        welcome = Welcome(type="welcome", re=hello.id, ts=ts, data=data)
        return [Send(welcome.model_dump()), Replay(self.sent_seq)]

    def stored(
        self, command_id: str, seq: int, message_id: str, *, dup: bool, entries: Iterable[LogEntry]
    ) -> list[Effect]:
        """Acknowledge a stored message or action, and send the entries it made."""
        data = AckData(seq=seq, message_id=message_id, dup=dup)
        return [self._ack(command_id, data), *self.appended(entries)]

    def done(self, command_id: str) -> list[Effect]:
        """Acknowledge a command that stores no event."""
        return [self._ack(command_id, AckData())]

    def failed(
        self,
        command_id: str | None,
        code: ErrorCode,
        message: str,
        *,
        retry_after_seconds: float | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> list[Effect]:
        """Say why a command was not carried out; without an id, that something else went wrong."""
        wait = None if retry_after_seconds is None else max(1, round(retry_after_seconds * 1000))
        data = ErrorData(
            code=code,
            message=message,
            retryable=code in RETRYABLE,
            retry_after_ms=wait,
            fields=None if fields is None else dict(fields),
        )
        return [Send(Error(type="error", re=command_id, data=data).model_dump(exclude_none=True))]

    def appended(self, entries: Iterable[LogEntry]) -> list[Effect]:
        """Send the entries that come next; ask for those in between when some are missing."""
        effects: list[Effect] = []
        for entry in entries:
            if self.state is not State.LIVE or entry.seq > self.sent_seq + 1:
                break
            if entry.seq == self.sent_seq + 1:
                self.sent_seq = entry.seq
                effects.append(Send(event_frame(entry)))
        else:
            return effects
        return [*effects, *self.announced(entry.seq)]

    def announced(self, top_seq: int) -> list[Effect]:
        """The log has grown up to this number."""
        behind = self.state is State.LIVE and top_seq > self.sent_seq
        return [Replay(self.sent_seq)] if behind else []

    def typing(self, *, on: bool) -> list[Effect]:
        """The bot starts or ends its work."""
        if self.state is not State.LIVE:
            return []
        signal = Typing(type="typing", data=TypingData(by="bot", on=on))
        return [Send(signal.model_dump(), droppable=True)]

    def tick(self, now: float) -> list[Effect]:
        """Act on time that has passed; harmless when called too early."""
        if self.state is State.CLOSING or now < self.wake_at:
            return []
        if self.state is not State.LIVE:
            return self.close(4508, f"no hello within {self._limits.hello_seconds:g} s")
        if self._pinged:
            return self.close(1011, f"no pong within {self._limits.pong_seconds:g} s")
        self._pinged = True
        self.wake_at = now + self._limits.pong_seconds
        return [Send(Ping(type="ping").model_dump(), droppable=True)]

    def close(self, code: int, reason: str) -> list[Effect]:
        """End the connection; a second end changes nothing."""
        if self.state is State.CLOSING:
            return []
        self.state = State.CLOSING
        return [Close(code, reason)]

    def _refused(self, error: BadCommand, now: float) -> list[Effect]:
        if self.state is not State.LIVE:
            return self.close(4400, "the first frame must be a valid hello")
        self._heard(now)
        wait = self._commands.admit(now)
        if wait:
            return self._too_fast(error.command_id, wait)
        return self.failed(error.command_id, error.code, error.message)

    def _received(self, frame: Command | Signal, now: float) -> list[Effect]:
        if self.state is State.AWAITING_HELLO and isinstance(frame, Hello):
            self.state = State.GREETING
            self._heard(now)
            return [Greet(frame)]
        if self.state is not State.LIVE:
            return self.close(4400, "the first frame must be hello, and welcome comes next")
        if isinstance(frame, Typing):  # has no answer, so it must not put off our next ping
            self._pinged = False
            return []
        self._heard(now)
        if isinstance(frame, Ping):
            return [Send(Pong(type="pong").model_dump(exclude_none=True), droppable=True)]
        return [] if isinstance(frame, Pong) else self._commanded(frame, now)

    def _commanded(self, command: Command, now: float) -> list[Effect]:
        wait = self._commands.admit(now)
        if wait:
            return self._too_fast(command.id, wait)
        match command:
            case Hello():
                return self.failed(command.id, "conflict", "this connection is greeted already")
            case Sync():
                return self._sync(command)
            case Read():
                return self.done(command.id)
            case _:
                return [CarryOut(command)]

    def _sync(self, command: Sync) -> list[Effect]:
        after = min(command.data.after_seq, self.sent_seq)
        if self.sent_seq - after > self._limits.replay:
            gap = f"more than {self._limits.replay} events are missing; read the last page"
            return self.failed(command.id, "conflict", gap)
        self.sent_seq = after
        return [*self.done(command.id), Replay(after)]

    def _too_fast(self, command_id: str | None, wait: float) -> list[Effect]:
        rate = f"at most {self._limits.commands} in {self._limits.window_seconds:g} s"
        return self.failed(command_id, "rate_limited", rate, retry_after_seconds=wait)

    def _heard(self, now: float) -> None:
        self._pinged = False
        self.wake_at = now + self._limits.ping_seconds

    def _ack(self, command_id: str, data: AckData) -> Send:
        return Send(Ack(type="ack", re=command_id, data=data).model_dump(exclude_none=True))

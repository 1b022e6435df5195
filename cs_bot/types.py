"""The values that flow through the house: message -> Turn -> stages -> Reply -> Trace.

All are frozen; nothing here imports a third-party package.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from cs_bot.blocks import Block
from cs_bot.events import DialogueState, Event


@dataclass(frozen=True, slots=True)
class User:
    """The customer. Attributes count as facts only when `verified`."""

    id: str
    verified: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Picked:
    """The customer chose a line of a "did you mean" list; None means none of these."""

    pair_id: str | None


@dataclass(frozen=True, slots=True)
class Pressed:
    """The customer pressed a button; `payload` is what the server stored with it."""

    payload: str


@dataclass(frozen=True, slots=True)
class Submitted:
    """The customer submitted a form, its values already checked against its fields."""

    form_id: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Triggered:
    """Nobody said anything: a reminder of the bot is due, as if this intent were said."""

    intent: str
    entities: Mapping[str, Any] = field(default_factory=dict)


Payload = Picked | Pressed | Submitted | Triggered


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel hands over: one thing a customer said or did."""

    conversation_id: str
    message_id: str
    text: str
    """The utterance, untouched; what a button or list line said when `payload` is set."""
    channel: str
    user: User
    locale: str
    """The language of the customer's screen, `zh` or `en`: the default, not the last word."""
    received_at: datetime
    payload: Payload | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """What the sender's program says beside the words; actions read it."""


NLU_FALLBACK = "nlu_fallback"
"""The intent of a message that is too unsure, where the project says what follows then."""


@dataclass(frozen=True, slots=True)
class Intent:
    """A goal the customer may have; `probability` is calibrated."""

    name: str
    probability: float


@dataclass(frozen=True, slots=True)
class Entity:
    """A value found in the utterance; `start` and `end` count characters of `message.text`."""

    name: str
    value: Any
    start: int
    end: int
    via: str
    role: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the message means to the task bot: intents best first, and entities.

    `background` is the probability that it is no job at all (a question, small talk).
    """

    intents: tuple[Intent, ...] = ()
    entities: tuple[Entity, ...] = ()
    background: float = 1.0
    retrieved: str | None = None
    """The full name of a retrieval intent that was meant: `faq/price`."""
    parts: tuple[Part, ...] = ()
    """What each clause means, where the message may hold more than one wish."""

    def probability(self, intent: str) -> float:
        """Return the probability of one intent, 0 when it was not considered."""
        return next((item.probability for item in self.intents if item.name == intent), 0.0)


@dataclass(frozen=True, slots=True)
class Part:
    """A clause of a message, and what it means by itself."""

    text: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible answer: `score` is a probability of being right, `via` the leg that found it."""

    id: str
    question: str
    score: float
    via: str
    features: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One past turn: what was said and what was answered, as plain text (masked where masked)."""

    text: str
    reply: str
    answered_by: str


@dataclass(frozen=True, slots=True)
class Step:
    """What one stage did with the turn: `answered`, or the reason it abstained."""

    stage: str
    outcome: str
    ms: float
    candidates: tuple[Candidate, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class ModelName:
    """A trained task model: its version in the store, `m7`, and a digest of its weights."""

    id: str
    """Empty where the store could not take it."""
    digest: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One message in its context: the only thing a stage sees."""

    message: Message
    query: str
    """Normalised text: the only text stages match on."""
    locale: str
    """The language to answer in."""
    state: DialogueState
    history: tuple[Exchange, ...]
    release: str | None
    """Id of the knowledge release that answers."""
    reading: Callable[[], Awaitable[Reading]]
    """Reads the message once; later calls return the same reading."""
    steps: tuple[Step, ...] = ()
    """What the stages before this one did."""
    logged_text: str | None = None
    """What the log and the language model may see of the words, where not the words themselves."""
    model: ModelName | None = None
    """The trained model that reads and decides; None where nothing is trained."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that ends the cascade."""

    blocks: tuple[Block, ...]
    score: float = 1.0
    candidates: tuple[Candidate, ...] = ()
    events: tuple[Event, ...] = ()
    ref: str | None = None
    """Id of the pair, task, category or template that answered."""
    suggestions: tuple[Candidate, ...] = ()
    handoff: bool = False
    generated: bool = False
    impersonal: bool = False
    """The same for every customer who asks this: the only replies that may be cached."""
    logged_text: str | None = None
    """What the log may keep of the customer's words, where that is not the words themselves."""
    holds_from: datetime | None = None
    """The question may have had another answer before this moment, where there is one."""
    holds_until: datetime | None = None
    """The question may have another answer from this moment on, where there is one."""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Abstain:
    """No answer from this stage, with the reason and its near misses."""

    reason: str
    candidates: tuple[Candidate, ...] = ()
    logged_text: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trace:
    """What annotation and analytics read: the reply and every step on the way to it."""

    reply: Reply
    answered_by: str
    steps: tuple[Step, ...]
    logged_text: str | None = None
    model: ModelName | None = None
    """The trained model of the turn, which read the message and decided where it came to that."""
    reading: Reading | None = None
    """What the message was read as, where a stage asked; without entities where it is masked."""


class Stage(Protocol):
    """One element of the cascade."""

    name: str
    """Its name in traces, metrics and frames: cache, sensitive, task, kbqa, suggest, chat, ..."""

    async def handle(self, turn: Turn) -> Reply | Abstain:
        """Answer the turn, or say why not."""
        ...


@dataclass(frozen=True, slots=True)
class Wording:
    """A question, its other wordings and its answer in one more language."""

    question: str
    similar: tuple[str, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One more answer of a pair: words, blocks under them, and for whom and when it is meant.

    `text` is Markdown; without it the pair's own answer stands above the blocks. `blocks` are
    `Text` (Markdown), `Buttons`, `Image` and `Card`. A condition that names nothing always holds;
    a named one holds for any of its values. `valid_from` is the first moment at which the answer
    holds, `valid_until` the first at which it does not any more; both have a time zone.
    """

    text: str = ""
    blocks: tuple[Block, ...] = ()
    channels: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    """Values of the attribute `tier` of verified users."""
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class QAPair:
    """One curated unit of knowledge: a canonical question, similar questions, answers."""

    id: str
    question: str
    similar: tuple[str, ...]
    answer: str
    locale: str = "zh"
    translations: Mapping[str, Wording] = field(default_factory=dict)
    category: str = ""
    tags: tuple[str, ...] = ()
    task: str | None = None
    """The task a hit may start instead of answering."""
    answers: tuple[Answer, ...] = ()
    """What is said instead of `answer` where their conditions hold; see `stages/answers.py`."""
    related: tuple[str, ...] = ()
    """Ids of pairs whose questions are offered under the answer."""
    valid_from: datetime | None = None
    """The first moment at which `answer` holds, as with `Answer`."""
    valid_until: datetime | None = None

    def wording(self, locale: str) -> Wording:
        """Return the pair in this language, or in its own where it has no other."""
        own = Wording(self.question, self.similar, self.answer)
        return own if locale == self.locale else self.translations.get(locale, own)

    def questions(self) -> tuple[str, ...]:
        """Return every wording in every language, the canonical question first."""
        others = [w for t in self.translations.values() for w in (t.question, *t.similar)]
        return (self.question, *self.similar, *others)

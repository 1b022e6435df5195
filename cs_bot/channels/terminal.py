"""The conversation behind `cs-bot chat`: reads lines, writes replies, knows no terminal library."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from cs_bot.blocks import Block, Buttons, Card, Form, Suggest, buttons_of, plain_text
from cs_bot.channels.choices import Choice, pick, press, submit
from cs_bot.channels.commands import inbound_of
from cs_bot.channels.exchange import Said, exchange
from cs_bot.channels.forms import form_problems
from cs_bot.channels.turns import Answers
from cs_bot.errors import Busy
from cs_bot.stores.protocols import Conversation, ConversationStore, Inbound, TurnRecord
from cs_bot.types import Step

CHANNEL = "terminal"
TRACE = "/trace"
SHOWN_CANDIDATES = 3

_WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "you": "您> ",
        "hint": "输入问题后按回车；输入序号选择；/trace 查看或隐藏处理过程；Ctrl-D 结束。",
        "trace_on": "之后的每个回答都会列出处理过程。",
        "trace_off": "不再列出处理过程。",
        "optional": "{label}（可不填）: ",
        "required": "{label}: ",
        "left": "已放弃填写，您可以继续提问。",
        "bye": "再见。",
    },
    "en": {
        "you": "You> ",
        "hint": "Ask and press Enter; a number chooses; /trace shows or hides the steps; "
        "Ctrl-D ends.",
        "trace_on": "Every answer will now list its steps.",
        "trace_off": "Steps are hidden.",
        "optional": "{label} (optional): ",
        "required": "{label}: ",
        "left": "The form is left empty; ask something else if you like.",
        "bye": "Goodbye.",
    },
}

ReadLine = Callable[[str], Awaitable[str | None]]
"""Shows a prompt and returns the line without its end, None when there is no more."""
Offer = Callable[[], Choice]


async def chat(
    bot: Answers,
    conversations: ConversationStore,
    *,
    read_line: ReadLine,
    write: Callable[[str], None],
    ids: Callable[[str], str],
    locale: str = "zh",
    trace: bool = False,
) -> None:
    """Talk until the input ends."""
    conversation = await conversations.open(None, channel=CHANNEL, user_id=ids("v"), locale=locale)
    await _Talk(bot, conversations, conversation, read_line, write, ids, locale, trace).run()


@dataclass
class _Talk:
    """One conversation at a terminal."""

    bot: Answers
    conversations: ConversationStore
    conversation: Conversation
    read_line: ReadLine
    write: Callable[[str], None]
    ids: Callable[[str], str]
    locale: str
    trace: bool
    last: Said | None = None

    async def run(self) -> None:
        words = _WORDS[self.locale]
        self.write(words["hint"])
        while (line := await self.read_line(words["you"])) is not None:
            text = line.strip()
            if text == TRACE:
                self.trace = not self.trace
                self.write(words["trace_on" if self.trace else "trace_off"])
            elif text:
                await self._say(self._inbound(text))
        self.write(words["bye"])

    def _inbound(self, text: str) -> Inbound:
        """Return the words, or the choice whose number they are."""
        offers = _offers(self.last.blocks) if self.last else []
        if self.last and text.isascii() and text.isdigit() and 1 <= int(text) <= len(offers):
            choice = offers[int(text) - 1]()
            return inbound_of(self.ids("t"), self.last.message_id, choice, self.locale)
        return Inbound(self.ids("t"), text, self.locale)

    async def _say(self, inbound: Inbound | None) -> None:
        """Say it, show the reply, and go on while the reply is a form."""
        while inbound is not None:
            try:
                done = await exchange(self.bot, self.conversations, self.conversation, inbound)
            except Busy as error:
                self.write(str(error))
                return
            self.last = done.said
            self.write("\n".join(_reply_lines(done.said.blocks)))
            if self.trace:
                self.write("\n".join(_trace_lines(done.record)))
            inbound = await self._filled(done.said)

    async def _filled(self, said: Said) -> Inbound | None:
        """Ask for the fields of an open form; None when there is none or it is given up."""
        form = next((b for b in said.blocks if isinstance(b, Form) and b.state == "open"), None)
        if form is None:
            return None
        values = await self._values(form)
        if values is None:
            self.write(_WORDS[self.locale]["left"])
            return None
        choice = submit(said.blocks, form.form_id, values, self.locale)
        return inbound_of(self.ids("t"), said.message_id, choice, self.locale)

    async def _values(self, form: Form) -> dict[str, str] | None:
        values: dict[str, str] = {}
        for field in form.fields:
            prompt = _WORDS[self.locale]["required" if field.required else "optional"]
            while True:
                line = await self.read_line(prompt.format(label=field.label))
                if line is None or (field.required and not line.strip()):
                    return None
                values[field.name] = line
                problem = form_problems(form, values, self.locale).get(field.name)
                if problem is None:
                    break
                self.write(problem)
        return values


def _offers(blocks: Sequence[Block]) -> list[Offer]:
    """Return what can be chosen, in the order of its numbers."""
    offers: list[Offer] = []
    for block in blocks:
        if isinstance(block, Suggest) and block.chosen is None:
            lines: list[str | None] = [item.item_id for item in block.items]
            lines += [None] if block.none is not None else []
            offers += [partial(pick, blocks, item_id) for item_id in lines]
        elif isinstance(block, Card) or (isinstance(block, Buttons) and block.chosen is None):
            pressable = [button.id for button in buttons_of(block) if button.payload is not None]
            offers += [partial(press, blocks, button_id) for button_id in pressable]
    return offers


def _reply_lines(blocks: Sequence[Block]) -> list[str]:
    """Return the reply, its choices numbered as `_offers` counts them."""
    lines: list[str] = []
    number = 0
    for block in blocks:
        if isinstance(block, Suggest):
            titles = [item.question for item in block.items]
            titles += [] if block.none is None else [block.none]
        elif isinstance(block, Buttons | Card):
            lines += _card_lines(block) if isinstance(block, Card) else []
            titles = [button.title for button in block.buttons if button.payload is not None]
            lines += [f"  {b.title}: {b.url}" for b in block.buttons if b.payload is None]
        else:
            lines.append(plain_text([block]))
            continue
        lines += [f"  {n}. {title}" for n, title in enumerate(titles, number + 1)]
        number += len(titles)
    return lines


def _card_lines(card: Card) -> list[str]:
    return [words for words in (card.title, card.text) if words]


def _trace_lines(record: TurnRecord) -> list[str]:
    return [line for step in record.trace.steps for line in _step_lines(step)]


def _step_lines(step: Step) -> list[str]:
    near = step.candidates[:SHOWN_CANDIDATES]
    return [
        f"    {step.stage:<12} {step.outcome:<16} {step.ms:8.1f} ms",
        *(f"        {c.score:.3f}  {c.id}  {c.question}  ({c.via})" for c in near),
    ]

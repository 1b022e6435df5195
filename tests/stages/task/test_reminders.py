"""Reminders that actions set come due, also after a restart; time is played, all else is real."""

import shutil
from pathlib import Path

import pytest

from cs_bot.app.reminding import Reminders
from cs_bot.blocks import plain_text
from cs_bot.stores.memory import InProcessWakeUps

from .talking import Talk, talk

ACTIONS = """
from datetime import UTC, datetime

from rasa_sdk import Action
from rasa_sdk.events import ReminderCancelled, ReminderScheduled


class Set(Action):
    def name(self):
        return "action_set_reminder"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="I will remind you in 5 minutes.")
        at = datetime(2030, 1, 1, 0, 5, tzinfo=UTC)  # the clock of these tests begins at 0:00
        entities = tracker.latest_message["entities"]
        return [
            ReminderScheduled(
                "EXTERNAL_reminder", at, entities, name="mine", kill_on_user_message=KILL
            )
        ]


class React(Action):
    def name(self):
        return "action_react_to_reminder"

    def run(self, dispatcher, tracker, domain):
        name = next(tracker.get_latest_entity_values("PERSON"), "someone")
        dispatcher.utter_message(text=f"Remember to call {name}!")
        return []


class Forget(Action):
    def name(self):
        return "action_forget_reminders"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="Okay, I will be quiet.")
        return [ReminderCancelled()]
"""


@pytest.fixture
def project(rasa_bots: Path, tmp_path: Path) -> Path:
    """Rasa's reminderbot with code for its actions."""
    copied = tmp_path / "bot"
    shutil.copytree(rasa_bots / "reminderbot", copied)
    (copied / "actions.py").write_text(ACTIONS.replace("KILL", "False"))
    return copied


async def come_due(one: Talk) -> list[str]:
    """Return what the bot says of its own accord by now."""
    reminders = Reminders(
        one.stores.reminders, one.customer.bot, InProcessWakeUps(), clock=one.clock
    )
    conversation_id = one.customer.turns[-1].conversation_id
    before = len(await one.conversations.turns(conversation_id))
    await reminders.run()
    turns = await one.conversations.turns(conversation_id)
    return [plain_text(turn.record.trace.reply.blocks) for turn in turns[before:]]


async def test_rasas_reminderbot_reminds(project: Path, tmp_path: Path) -> None:
    async with talk(project, tmp_path) as one:
        assert await one.says('/ask_remind_call{"PERSON": "Albert"}') == (
            "I will remind you in 5 minutes."
        )
        assert await come_due(one) == []
        one.clock.forward(minutes=5)
        assert await come_due(one) == ["Remember to call Albert!"]
        assert await come_due(one) == []
        assert await one.says("/bye") == "Bye"


async def test_a_reminder_survives_a_restart_of_the_server(project: Path, tmp_path: Path) -> None:
    async with talk(project, tmp_path) as one:
        await one.says('/ask_remind_call{"PERSON": "Lis"}')
    async with talk(project, tmp_path) as again:
        again.customer.turns.extend(one.customer.turns)
        again.clock.forward(minutes=6)
        assert await come_due(again) == ["Remember to call Lis!"]


async def test_a_reminder_that_is_cancelled_is_forgotten(project: Path, tmp_path: Path) -> None:
    async with talk(project, tmp_path) as one:
        await one.says("/ask_remind_call")
        assert await one.says("/ask_forget_reminders") == "Okay, I will be quiet."
        one.clock.forward(minutes=6)
        assert await come_due(one) == []


async def test_a_message_ends_a_reminder_that_does_not_outlive_it(
    project: Path, tmp_path: Path
) -> None:
    (project / "actions.py").write_text(ACTIONS.replace("KILL", "True"))
    async with talk(project, tmp_path) as one:
        await one.says("/ask_remind_call")
        await one.says("/greet")
        one.clock.forward(minutes=6)
        assert await come_due(one) == []


async def test_nothing_is_said_where_no_rule_follows_the_intent(
    project: Path, tmp_path: Path
) -> None:
    code = ACTIONS.replace("KILL", "False").replace('"EXTERNAL_reminder"', '"EXT_reminder"')
    (project / "actions.py").write_text(code)
    async with talk(project, tmp_path) as one:
        await one.says("/ask_remind_call")
        one.clock.forward(minutes=6)
        assert await come_due(one) == [""]


async def test_a_paused_bot_reminds_nobody(project: Path, tmp_path: Path) -> None:
    pausing = "return [ConversationPaused(), ReminderCancelled(name='another')]"
    code = ACTIONS.replace("KILL", "False").replace("return [ReminderCancelled()]", pausing)
    code = code.replace("import ReminderCancelled", "import ConversationPaused, ReminderCancelled")
    (project / "actions.py").write_text(code)
    async with talk(project, tmp_path) as one:
        await one.says("/ask_remind_call")
        await one.says("/ask_forget_reminders")
        one.clock.forward(minutes=6)
        assert await come_due(one) == [""]

"""Rasa's example bots as conversations: what Rasa 3.6 would say is what must be said."""

import shutil
from pathlib import Path

from .talking import Meanings, talk

READ: Meanings = {
    "hello": {"greet": 0.95},
    "bye": {"goodbye": 0.9},
    "mumble": {"affirm": 0.3, "greet": 0.2, "deny": 0.2},
    "or so": {"affirm": 0.3, "deny": 0.25},
}


def copied(bots: Path, name: str, to: Path, actions: str = "") -> Path:
    """Copy a bot, for one writes into it."""
    folder = to / name
    shutil.copytree(bots / name, folder)
    if actions:
        (folder / "actions.py").write_text(actions)
    return folder


async def test_concertbot_asks_to_rephrase_what_is_unsure(rasa_bots: Path, tmp_path: Path) -> None:
    bot = copied(rasa_bots, "concertbot", tmp_path)
    async with talk(bot, tmp_path, meanings=READ) as one:
        assert await one.says("hello") == "Hey there!"
        assert await one.says("mumble") == "Sorry, I didn't get that, can you rephrase?"
        assert await one.says("bye") == "Goodbye :("


async def test_concertbot_goes_on_with_its_story_after_what_is_unsure(
    rasa_bots: Path, tmp_path: Path
) -> None:
    likes = (
        "from rasa_sdk import Action\nfrom rasa_sdk.events import SlotSet\n\n\n"
        "class Likes(Action):\n"
        "    def name(self):\n        return 'action_set_music_preference'\n\n"
        "    def run(self, dispatcher, tracker, domain):\n"
        "        yes = tracker.latest_message['intent']['name'] == 'affirm'\n"
        "        return [SlotSet('likes_music', yes)]\n"
    )
    bot = copied(rasa_bots, "concertbot", tmp_path, likes)
    async with talk(bot, tmp_path, meanings=READ) as one:
        assert (await one.says("/how_to_get_started")).endswith("Do you like music?")
        assert (await one.says("/affirm")).startswith("Awesome!")
        await one.says("/how_to_get_started")
        assert await one.says("/deny") == "Goodbye :("


async def test_rules_asks_in_two_stages(rasa_bots: Path, tmp_path: Path) -> None:
    bot = copied(rasa_bots, "rules", tmp_path)
    async with talk(bot, tmp_path, meanings=READ) as one:
        assert (await one.says("mumble")).startswith('Did you mean "')
        assert await one.says("no") == "Sorry, I did not get that. Could you put it another way?"
        assert (await one.says("or so")).startswith('Did you mean "')
        assert await one.says("/out_of_scope") == "I give up."
        assert (await one.says("mumble")).startswith('Did you mean "')
        assert await one.says("or so") == "I give up."


async def test_rules_greets_at_the_start_of_every_session(rasa_bots: Path, tmp_path: Path) -> None:
    bot = copied(rasa_bots, "rules", tmp_path)
    async with talk(bot, tmp_path, meanings=READ) as one:
        assert await one.says("/greet") == "utter_greet"
        assert (await one.state()).moves
        one.clock.forward(minutes=61)
        assert await one.says("/greet") == "utter_greet"


async def test_rules_explains_in_the_middle_of_its_form(rasa_bots: Path, tmp_path: Path) -> None:
    bot = copied(rasa_bots, "rules", tmp_path)
    async with talk(bot, tmp_path, meanings=READ) as one:
        assert await one.says("/activate_q_form") == "utter_ask_some_slot"
        assert await one.says("/explain") == "utter_explain_some_slot\nutter_ask_some_slot"
        assert await one.says('/inform{"some_slot": "x"}') == "utter_stop"


async def test_moodbot_begins_its_story_anew_after_an_hour(rasa_bots: Path, tmp_path: Path) -> None:
    bot = copied(rasa_bots, "moodbot", tmp_path)
    async with talk(bot, tmp_path) as one:
        greeting = await one.says("/greet")
        one.clock.forward(minutes=61)
        assert await one.says("/mood_great") == "(nobody answers)"  # no answer to a question now
        assert await one.says("/greet") == greeting
        assert await one.says("/mood_unhappy")
        assert (await one.says("/back")).startswith("All right, one step back.")
        assert await one.says("/mood_great") != "(nobody answers)"


async def test_formbot_keeps_its_slots_and_leaves_its_form_in_a_new_session(
    rasa_bots: Path, tmp_path: Path
) -> None:
    bot = copied(rasa_bots, "formbot", tmp_path)
    async with talk(bot, tmp_path) as one:
        assert await one.says('/request_restaurant{"cuisine": "thai"}') == "How many people?"
        assert (await one.says("/back")).startswith("All right, one step back.")
        assert (await one.state()).slots == {}
        await one.says('/request_restaurant{"cuisine": "thai"}')
        one.clock.forward(minutes=61)
        await one.says("/greet")
        state = await one.state()
        assert (state.task, state.slots) == (None, {"cuisine": "thai"})


async def test_responseselectorbot_can_be_restarted(rasa_bots: Path, tmp_path: Path) -> None:
    bot = copied(rasa_bots, "responseselectorbot", tmp_path)
    async with talk(bot, tmp_path) as one:
        await one.says("/greet")
        await one.says("/restart")
        assert (await one.state()).moves == ()
        assert await one.says("/chitchat/ask_name")

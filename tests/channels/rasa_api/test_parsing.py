"""What `/model/parse` says of a project that has retrieval intents."""

from pathlib import Path

from cs_bot.channels.rasa_api.parsing import parsed
from cs_bot.stages.task.project import Choice, Example, Project, Variation
from cs_bot.types import Intent, Reading

FAQ = Project(
    Path(),
    intents=("faq", "greet"),
    examples=(Example("what does it cost", "faq/price"), Example("when", "faq/hours")),
    responses={
        "utter_faq/price": (
            Variation("Ten euros.", choices=(Choice("Order", "/order"),)),
            Variation("It is 10 EUR.", channel="slack"),
        )
    },
)


def test_the_response_that_was_chosen_stands_where_scripts_look_for_it() -> None:
    reading = Reading((Intent("faq", 0.9),), retrieved="faq/price")
    selected = parsed("the price?", None, reading, FAQ)["response_selector"]
    response = {
        "responses": [
            {"text": "Ten euros.", "buttons": [{"title": "Order", "payload": "/order"}]},
            {"text": "It is 10 EUR.", "channel": "slack"},
        ],
        "intent_response_key": "faq/price",
        "utter_action": "utter_faq/price",
    }
    chosen = {"response": response, "ranking": [{"intent_response_key": "faq/price"}]}
    assert selected == {"all_retrieval_intents": ["faq"], "default": chosen, "faq": chosen}


def test_another_intent_chooses_none() -> None:
    told = parsed("hi", None, Reading((Intent("greet", 0.9),)), FAQ)
    assert told["response_selector"] == {"all_retrieval_intents": ["faq"]}


def test_a_project_without_retrieval_intents_has_no_such_part() -> None:
    assert "response_selector" not in parsed("hi", None, Reading(), Project(Path()))

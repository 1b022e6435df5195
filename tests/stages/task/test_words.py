"""How a response is said: language, channel, slots."""

from pathlib import Path

import pytest

from cs_bot.blocks import Button, Buttons, Card, Custom, Image, Text
from cs_bot.stages.task.project import Choice, Variation
from cs_bot.stages.task.words import OWN, Words, blocks_of, filled

WORDS = Words(
    {
        "utter_hello": (
            Variation("您好，{name}"),
            Variation("Hello {name}", needs=(("locale", "en"),)),
            Variation("Hello on the phone", channel="phone"),
        ),
        "utter_ask_form_size": (Variation("Which size for the form?"),),
        "utter_ask_size": (Variation("Which size?"),),
        "utter_ask_colour": (
            Variation("Which colour?", image="/{size}.png", choices=(Choice("Red", "/red"),)),
        ),
        "utter_dice": tuple(Variation(str(number)) for number in range(6)),
    }
)


@pytest.mark.parametrize(
    ("locale", "channel", "said"),
    [
        ("zh", "web", "您好，Li"),
        ("en", "web", "Hello Li"),
        ("fr", "web", "您好，Li"),
        ("zh", "phone", "Hello on the phone"),
    ],
)
def test_the_variation_fits_language_and_channel(locale: str, channel: str, said: str) -> None:
    slots = {"locale": locale, "name": "Li"}

    assert WORDS.say("utter_hello", slots, channel) == (Text(said),)


def test_the_question_of_the_form_comes_before_that_of_the_slot() -> None:
    assert WORDS.question("form", "size", {}) == (Text("Which size for the form?"),)
    assert WORDS.question("other", "size", {}) == (Text("Which size?"),)


def test_a_question_asked_again_may_be_shorter() -> None:
    words = Words(
        {
            "utter_ask_size": (Variation("Which size? You find it on the label."),),
            "utter_ask_again_size": (Variation("Which size?"),),
            "utter_ask_age": (Variation("Which age?"),),
        }
    )

    assert words.question("form", "size", {}, again=True) == (Text("Which size?"),)
    assert words.question("form", "age", {}, again=True) == (Text("Which age?"),)


@pytest.mark.parametrize(
    ("locale", "said"), [("zh", "请告诉我：age"), ("en", "Please tell me: age")]
)
def test_a_slot_without_a_question_is_asked_for_all_the_same(locale: str, said: str) -> None:
    assert WORDS.question("form", "age", {"locale": locale}) == (Text(said),)


def test_pictures_and_buttons_follow_the_text() -> None:
    assert WORDS.say("utter_ask_colour", {"size": 3}) == (
        Text("Which colour?"),
        Image("/3.png"),
        Buttons((Button("b1", "Red", payload="/red"),)),
    )


@pytest.mark.parametrize(
    ("payload", "sent"),
    [
        ('/inform{{"size": "{size}"}}', '/inform{"size": "L"}'),
        ('/inform{"size": {"eu": 42}}', '/inform{"size": {"eu": 42}}'),
    ],
)
def test_a_payload_may_hold_slots(payload: str, sent: str) -> None:
    words = Words({"utter_sizes": (Variation(choices=(Choice("{size}", payload),)),)})

    (row,) = words.say("utter_sizes", {"size": "L"})

    assert row == Buttons((Button("b1", "L", payload=sent),))


def test_a_replayed_turn_chooses_the_same_variation() -> None:
    said = [WORDS.say("utter_dice", {}, seed=f"m_{n}") for n in range(40)]

    assert said == [WORDS.say("utter_dice", {}, seed=f"m_{n}") for n in range(40)]
    assert len(set(said)) == 6


def test_an_unknown_response_says_nothing_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    assert WORDS.say("utter_helo", {}) == ()
    assert "there is no response utter_helo" in caplog.text


@pytest.mark.parametrize(
    "name", ["utter_task_cancelled", "utter_task_failed", "utter_task_given_up"]
)
def test_the_bot_has_words_of_its_own_where_the_project_has_none(name: str) -> None:
    chinese, english = (WORDS.say(name, {"locale": locale}) for locale in ("zh", "en"))

    assert chinese
    assert chinese != english


def test_only_named_places_are_filled() -> None:
    slots = {"order_id": "A1", "tags": ["x", "y"], "none": None}

    assert filled("{order_id} {tags} {none}{unknown} {0} {a b} {", slots) == "A1 x, y  {0} {a b} {"


def test_words_of_an_action_are_said_as_they_are() -> None:
    assert blocks_of(Variation("{order_id}")) == (Text("{order_id}"),)


def test_of_a_condition_on_words_capitals_do_not_matter() -> None:
    words = Words({"utter_hi": (Variation("Dear", needs=(("tier", "Gold"), ("age", 3))),)})

    assert words.say("utter_hi", {"tier": "gold", "age": 3}) == (Text("Dear"),)
    assert words.say("utter_hi", {"tier": "gold", "age": "3"}) == ()


def test_paragraphs_become_texts_of_their_own_except_above_buttons() -> None:
    row = (Choice("Yes", "/yes"),)

    assert blocks_of(Variation("One\n\nTwo\nlines\n")) == (Text("One"), Text("Two\nlines"))
    assert blocks_of(Variation("One\n\nTwo", choices=row))[0] == Text("One\n\nTwo")


def test_json_of_the_projects_own_is_filled_in_and_handed_on() -> None:
    custom = {"type": "rating", "text": "How was {order_id}?", "options": ["{order_id}", 1]}
    words = Words({"utter_rate": (Variation(custom=custom),)})

    assert words.say("utter_rate", {"order_id": "A1"}) == (
        Custom({"type": "rating", "text": "How was A1?", "options": ["A1", 1]}, "How was A1?"),
    )


@pytest.mark.parametrize(
    ("attachment", "shown"),
    [
        ({"type": "image", "payload": {"src": "/a.png"}}, Image("/a.png")),
        (
            {"type": "video", "payload": {"src": "/a.mp4", "title": "See"}},
            Custom(
                {"type": "video", "payload": {"src": "/a.mp4", "title": "See"}}, "See", "attachment"
            ),
        ),
        ("/a.pdf", Custom("/a.pdf", "/a.pdf", "attachment")),
    ],
)
def test_an_attachment_is_a_picture_or_handed_on(attachment: object, shown: object) -> None:
    assert blocks_of(Variation(attachment=attachment)) == (shown,)


def test_elements_become_cards() -> None:
    element = {
        "title": "Shoe",
        "subtitle": "Red",
        "image_url": "/a.png",
        "buttons": [{"title": "Buy", "payload": "/buy"}, {"title": "See", "url": "/shoe"}],
    }

    assert blocks_of(Variation(elements=(element,))) == (
        Card(
            "Shoe",
            "Red",
            "/a.png",
            buttons=(Button("e1b1", "Buy", "/buy"), Button("e1b2", "See", url="/shoe")),
        ),
    )


def test_a_link_says_nothing_to_the_bot() -> None:
    (row,) = blocks_of(Variation(choices=(Choice("Shop", "Shop", "https://example.org"),)))

    assert row == Buttons((Button("b1", "Shop", url="https://example.org"),))


@pytest.mark.parametrize("name", sorted(OWN))
def test_every_response_of_our_own_is_documented_in_both_languages(name: str) -> None:
    page = (Path(__file__).parents[3] / "docs" / "tasks.md").read_text(encoding="utf-8")
    assert f"`{name}`" in page or f"`{name}_" in page
    assert set(OWN[name]) == {"zh", "en"}

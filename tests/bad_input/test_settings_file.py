"""A broken `bot.toml`: what is wrong, on which line, and what to write instead."""

from pathlib import Path

import pytest

from .conftest import Refused, Run


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[server]\nport = = 1\n",
            ": not valid TOML: Invalid value (at line 2, column 8); correct",
        ),
        ("[server]\nprot = 1\n", ":2: unknown setting 'prot'; did you mean 'port'?"),
        ("[sever]\nport = 1\n", ":1: unknown section 'sever'; did you mean 'server'?"),
        (
            '[server]\n\nport = "x"\n',
            ":3: 'port' must be a whole number, not 'x'; correct the value",
        ),
        ("[channels]\nweb = 1\n", ":2: 'web' must be a table; write [channels.web]"),
        (
            '[router]\ncascade = [\n  "kbqa",\n  "sugest",\n]\n',
            ":2: unknown stage 'sugest'; did you mean 'suggest'?",
        ),
        ('[models]\nencoder = "us"\n', ":2: unknown encoder 'us'; did you mean 'use'?"),
        (
            '[store]\n# ours\nurl = "mysql://bot:geheim@db/bot"\n',
            ":3: unknown store 'mysql'; did you mean 'sqlite'?",
        ),
        ('[store]\nurl = "bot.db"\n', ":2: unknown store 'bot.db'; known: postgresql, sqlite"),
        (
            "[stages.kbqa]\nanswer_treshold = 0.5\n",
            ":2: unknown setting 'answer_treshold'; did you mean 'answer_threshold'?",
        ),
        (
            "[stages.kbqa]\nanswer_threshold = 75\n",
            ":2: 'answer_threshold' must be a probability from 0 to 1, not 75; correct the value",
        ),
        (
            "[stages.task]\naction_lanes = 0\n",
            ":2: 'action_lanes' must be 1 or more, not 0; correct the value",
        ),
        (
            "[stages.documents]\nmost = 1\n",
            ":1: [stages.documents] configures a stage that is not in the cascade; add it",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_to_write(
    text: str, said: str, refused: Refused, published_bot: Path
) -> None:
    settings = published_bot / "bot.toml"
    settings.write_text(text, encoding="utf-8")
    sentence = refused("ask", "hi", "--bot", published_bot)
    assert sentence.startswith(f"{settings}{said}")
    assert "geheim" not in sentence


@pytest.mark.parametrize(
    "command", [["serve"], ["chat"], ["knowledge", "releases"], ["migrate"], ["doctor"]]
)
def test_every_command_refuses_before_it_does_anything(
    command: list[str], refused: Refused, bot: Path
) -> None:
    (bot / "bot.toml").write_text("[bott]\n", encoding="utf-8")
    assert "unknown section 'bott'; did you mean 'bot'?" in refused(*command, "--bot", bot)
    assert not (bot / "var").exists()


def test_a_file_in_another_encoding_is_refused(refused: Refused, bot: Path) -> None:
    (bot / "bot.toml").write_bytes('[bot]\nname = { zh = "助手" }\n'.encode("gb18030"))
    assert refused("ask", "hi", "--bot", bot) == (
        f"{bot / 'bot.toml'}: not UTF-8 at byte 21; save it as UTF-8"
    )


def test_a_folder_in_place_of_the_file_is_refused(refused: Refused, bot: Path) -> None:
    (bot / "bot.toml").unlink()
    (bot / "bot.toml").mkdir()
    assert "bot.toml: cannot be read: Is a directory" in refused("ask", "hi", "--bot", bot)


def test_an_empty_file_is_a_bot(run: Run, published_bot: Path) -> None:
    (published_bot / "bot.toml").write_text("", encoding="utf-8")
    ran = run("ask", "如何申请退货？", "--bot", published_bot)
    assert ran.code == 0
    assert "申请售后" in ran.out

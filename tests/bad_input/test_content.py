"""Tasks, small talk and word lists with a mistake in them: file, line and what to write."""

from pathlib import Path

import pytest

from .conftest import Refused, Run

AIML = '<aiml version="1.0">\n<category><pattern>HI</pattern>\n</aiml>\n'


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("dialogs/domain.yml", "", "slots: [\n", "dialogs/domain.yml:2:1: not valid YAML: "),
        (
            "dialogs/rules.yml",
            "action: action_order_status",
            "action: action_order_statu",
            "unknown action 'action_order_statu'; did you mean 'action_order_status'?",
        ),
        (
            "dialogs/actions/order_status.py",
            "",
            "def f(:\n",
            "order_status.py:1: the actions cannot",
        ),
        (
            "dialogs/chat/smalltalk_zh.aiml",
            "",
            AIML,
            "smalltalk_zh.aiml:3: not valid XML: mismatched",
        ),
        ("dialogs/chat/templates.yml", "", "- [\n", "templates.yml:2: not valid YAML: "),
        ("dialogs/chat/texts.toml", "", "[handoff\n", "texts.toml: not valid TOML: "),
        ("knowledge/sensitive/words.csv", "", "word\nx,y,z\n", "words.csv:"),
        ("knowledge/sensitive/categories.toml", "", "x = [\n", "categories.toml: not valid TOML: "),
        ("knowledge/synonyms.txt", "", "退货\n", "synonyms.txt:1: a group has two words or more; "),
    ],
)
def test_the_place_and_the_remedy_are_named(
    file: str, old: str, new: str, said: str, refused: Refused, published_bot: Path
) -> None:
    path = published_bot / file
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1) if old else new, encoding="utf-8")
    sentence = refused("ask", "hi", "--bot", published_bot)
    assert said in sentence
    assert "; " in sentence


@pytest.mark.parametrize(
    "file",
    [
        "dialogs/domain.yml",
        "dialogs/chat/smalltalk_zh.aiml",
        "dialogs/chat/templates.yml",
        "dialogs/chat/texts.toml",
        "knowledge/sensitive/words.csv",
        "knowledge/sensitive/categories.toml",
        "knowledge/synonyms.txt",
    ],
)
@pytest.mark.parametrize("content", ["你好".encode("gb18030"), None], ids=["encoding", "folder"])
def test_what_cannot_be_read_is_named(
    file: str, content: bytes | None, refused: Refused, published_bot: Path
) -> None:
    path = published_bot / file
    path.unlink()
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    sentence = refused("ask", "hi", "--bot", published_bot)
    assert path.name in sentence.partition(": ")[0]
    assert ("not UTF-8" if content else "cannot be read: Is a directory; ") in sentence


def test_a_key_that_means_nothing_here_is_noted_by_the_doctor(
    run: Run, published_bot: Path
) -> None:
    """Not refused: a project may come from a Rasa that knows more than this version."""
    nlu = published_bot / "dialogs/nlu.yml"
    nlu.write_text(nlu.read_text("utf-8").replace("nlu:", "nul:", 1), encoding="utf-8")
    ran = run("doctor", "--bot", published_bot)
    assert ran.code == 0
    assert "note   tasks      dialogs/nlu.yml:3: the key `nul` is not supported" in ran.out

"""`bot.toml`: what is wrong in it is said with its line and the nearest valid name."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from cs_bot.errors import BadInput, UnknownName
from cs_bot.settings import BotSettings, Settings, load, parse


def parsed(text: str) -> Settings:
    return parse(text, Path("bot"))


def refused(text: str) -> str:
    with pytest.raises(BadInput) as caught:
        parsed(text)
    return str(caught.value)


def test_an_empty_file_gives_the_defaults() -> None:
    settings = parsed("")
    assert settings.server.port == 8000
    assert settings.router.cascade[-1] == "handoff"


def test_what_the_file_says_wins() -> None:
    settings = parsed('[server]\nport = 9000\n[channels.web]\norigins = ["https://shop.test"]\n')
    assert settings.server.port == 9000
    assert settings.channels["web"].origins == ("https://shop.test",)


def test_an_unknown_key_is_named_with_its_line_and_the_nearest_valid_name() -> None:
    said = refused('[bot]\nlocale = "zh"\n\n[server]\nprot = 9000\n')
    assert said == "bot.toml:5: unknown setting 'prot'; did you mean 'port'?"


def test_an_unknown_section_is_named_with_its_line() -> None:
    assert refused("[servr]\nport = 1\n") == (
        "bot.toml:1: unknown section 'servr'; did you mean 'server'?"
    )


def test_an_unknown_key_of_a_channel_is_found_in_its_own_table() -> None:
    said = refused('[channels.a]\nkind = "web"\n[channels.b]\nkid = "web"\n')
    assert said.startswith("bot.toml:4: unknown setting 'kid'")


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ('port = "9000"', "a whole number"),
        ("port = true", "a whole number"),
        ("host = 1", "text in quotes"),
    ],
)
def test_a_wrong_type_says_what_is_wanted(line: str, wanted: str) -> None:
    said = refused(f"[server]\n{line}\n")
    assert said.startswith("bot.toml:2: ")
    assert f"must be {wanted}" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[router]\nbudget_seconds = 0\n", "'budget_seconds' must be more than 0, not 0"),
        ("[llm]\ntimeout_seconds = -1\n", "'timeout_seconds' must be more than 0, not -1"),
        ("[llm]\ntemperature = 3\n", "'temperature' must be from 0 to 2, not 3"),
        ("[llm]\nmax_tokens = 0\n", "'max_tokens' must be 1 or more, not 0"),
        ("[models.openai]\ndimensions = -1\n", "'dimensions' must be 0 or more, not -1"),
        ("[models.openai]\ntimeout_seconds = 0\n", "'timeout_seconds' must be more than 0, not 0"),
        (
            '[models.local]\npooling = "max"\n',
            "'pooling' must be 'mean', 'cls' or empty, not 'max'",
        ),
        ('[bot]\nlocale = "fr"\n', "'locale' must be 'zh' or 'en', not 'fr'"),
        ('[channels.a]\nkind = "we"\n', "'kind' must be 'web', the only kind there is, not 'we'"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_with_its_line(text: str, said: str) -> None:
    assert refused(text) == f"bot.toml:2: {said}; correct the value"


@pytest.mark.parametrize("written", ["nan", "inf", "-inf", "1" + "0" * 400])
def test_a_number_without_end_is_no_number_of_seconds(written: str) -> None:
    said = refused(f"[router]\nbudget_seconds = {written}\n")
    assert said.startswith("bot.toml:2: 'budget_seconds' must be a number that is finite, not ")


def test_a_value_where_a_table_stands_says_which_table_to_write() -> None:
    assert refused("[channels]\nweb = 3\n") == (
        "bot.toml:2: 'web' must be a table; write [channels.web]"
    )


def test_a_table_inside_a_section_is_read_with_its_own_lines() -> None:
    text = '[models]\nencoder = "openai"\n\n[models.openai]\n'
    assert parsed(f"{text}dimensions = 256\n").models.openai.dimensions == 256
    said = refused(f'{text}modle = "m1"\n')
    assert said == "bot.toml:5: unknown setting 'modle'; did you mean 'model'?"
    assert refused("[models]\nlocal = 3\n") == (
        "bot.toml:2: 'local' must be a table; write [models.local]"
    )


def test_the_line_of_a_key_can_be_told_later() -> None:
    settings = parsed('[bot]\nlocale = "zh"\n[router]\n\ncascade = [\n  "kbqa",\n]\n')
    assert settings.where("router", "cascade") == "bot.toml:5"


def test_a_list_where_text_stands_is_refused() -> None:
    assert "must be a list" in refused('[router]\ncascade = "kbqa"\n')


def test_broken_toml_says_where() -> None:
    assert "line 2" in refused("[server]\nport = = 1\n")


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cs-bot init DIR"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("files", "locale"),
    [
        ({"domain.yml": ""}, "en"),
        ({"domain.yaml": "", "config.yml": "recipe: x\nlanguage: zh\n"}, "zh"),
        ({"domain/cards.yml": "", "config.yml": 'language: "de"\n'}, "en"),
    ],
)
def test_a_rasa_project_needs_no_file(tmp_path: Path, files: dict[str, str], locale: str) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)

    assert load(tmp_path) == Settings(tmp_path, BotSettings(locale=locale))


def test_a_folder_of_that_name_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "bot.toml").mkdir()
    with pytest.raises(BadInput, match=r"bot.toml: cannot be read: Is a directory; give --bot"):
        load(tmp_path)


def test_a_file_that_is_not_utf8_says_at_which_byte(tmp_path: Path) -> None:
    (tmp_path / "bot.toml").write_bytes('[bot]\nlocale = "中"'.encode("gb18030"))
    with pytest.raises(BadInput, match=r"not UTF-8 at byte 16; save it as UTF-8"):
        load(tmp_path)


@dataclass(frozen=True)
class Thresholds:
    answer: float = 0.8
    margin: float | None = None
    words: tuple[str, ...] = ()


def test_a_stage_reads_its_own_table() -> None:
    table = parsed("[stages.kbqa]\nanswer = 1\n").stages["kbqa"]
    assert table.read(Thresholds) == Thresholds(answer=1.0)


def test_a_stage_names_the_line_of_a_key_it_does_not_know() -> None:
    table = parsed("[stages.kbqa]\n\nanwser = 0.7\n").stages["kbqa"]
    with pytest.raises(UnknownName, match=r"bot.toml:3: .* did you mean 'answer'\?"):
        table.read(Thresholds)

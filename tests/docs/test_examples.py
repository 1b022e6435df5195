"""The examples of the pages in one bot: a plug-in, a task, pairs to import, a call from a shell."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest

import cs_bot
from cs_bot.cli import main
from cs_bot.starter import starter_directory
from cs_bot.testing.served import ServedBot, served

DOCS = Path(cs_bot.__file__).parents[1] / "docs"
TICKET = {"phone": "13800138000", "ticket": "T-7"}


def section(page: str, heading: str) -> str:
    """Return what a page says under a heading."""
    text = (DOCS / page).read_text()
    level = re.search(rf"^(#+) {re.escape(heading)}$", text, re.M)
    assert level is not None, heading
    return re.split(rf"^#{{1,{len(level[1])}}} ", text[level.end() :], maxsplit=1, flags=re.M)[0]


def blocks(text: str, language: str) -> list[str]:
    """Return the code blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


PLUG_IN = section("developers.md", "A stage as a plug-in")
TASK = (DOCS / "tasks.md").read_text().partition("\n## Test cases")[0]


@pytest.fixture(scope="module")
def plug_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plug-in of the page, as a folder that packages are installed in."""
    site = tmp_path_factory.mktemp("site")
    stage, test = blocks(PLUG_IN, "python")
    (site / "cs_bot_hours.py").write_text(stage, encoding="utf-8")
    (site / "test_cs_bot_hours.py").write_text(test, encoding="utf-8")
    project = tomllib.loads(blocks(PLUG_IN, "toml")[0])["project"]
    installed = site / f"cs_bot_hours-{project['version']}.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    )
    points = project["entry-points"]["cs_bot.stages"]
    lines = [f"{name} = {target}" for name, target in points.items()]
    (installed / "entry_points.txt").write_text("\n".join(["[cs_bot.stages]", *lines, ""]))
    return site


class CallService(BaseHTTPRequestHandler):
    """The service that the task of the page calls."""

    def do_POST(self) -> None:
        body = json.dumps(TICKET).encode()
        self.send_response(200 if self.path == "/calls" else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def calls() -> Iterator[str]:
    """The address of a service that books calls."""
    with ThreadingHTTPServer(("127.0.0.1", 0), CallService) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def bot(
    plug_in: Path, calls: str, learnt_starter: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedBot]:
    """A real server of the starter bot with all that the pages add to it."""
    directory = tmp_path_factory.mktemp("bot")
    with served(starter_directory(), directory, learnt=learnt_starter) as bot:
        settings = bot.directory / "bot.toml"
        text = re.sub(r"^\[router\].*?^\]\n", "", settings.read_text(), flags=re.M | re.S)
        settings.write_text(text + "\n" + blocks(PLUG_IN, "toml")[1], encoding="utf-8")
        dialogs = bot.directory / "dialogs"
        (dialogs / "callback.yml").write_text(blocks(TASK, "yaml")[0], encoding="utf-8")
        (dialogs / "actions" / "callback.py").write_text(blocks(TASK, "python")[0])
        bot.environment |= {"PYTHONPATH": str(plug_in), "CALLBACK_URL": calls}
        bot.start()
        yield bot


def said(bot: ServedBot, sender: str, message: str) -> str:
    """Return what the bot says to a message over REST."""
    with httpx.Client(trust_env=False, timeout=30) as client:
        answer = client.post(
            f"{bot.url}/webhooks/rest/webhook", json={"sender": sender, "message": message}
        )
    return "\n".join(item["text"] for item in answer.raise_for_status().json())


def test_the_tests_of_the_plug_in_pass(plug_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(plug_in)
    tests = import_module("test_cs_bot_hours")
    named = [name for name in vars(tests) if name.startswith("test_")]
    assert len(named) == 2
    for name in named:
        getattr(tests, name)()


@pytest.mark.slow
def test_the_plug_in_answers_in_a_real_bot(bot: ServedBot) -> None:
    assert said(bot, "anna", "你们的营业时间？") == "周一至周五 9:00-18:00"


@pytest.mark.slow
def test_the_call_from_a_shell_gives_the_answer_that_is_shown(bot: ServedBot) -> None:
    shown = section("developers.md", "Rasa's REST channel")
    words = shlex.split(blocks(shown, "sh")[0].replace("\\\n", " "))
    address, header, body = words[1], words[words.index("-H") + 1], words[words.index("-d") + 1]
    name, _, value = header.partition(": ")
    with httpx.Client(trust_env=False, timeout=30) as client:
        answer = client.post(
            address.replace("http://127.0.0.1:8000", bot.url),
            content=body.encode(),
            headers={name: value},
        )
    assert answer.json() == json.loads(blocks(shown, "json")[0])


@pytest.mark.slow
def test_the_task_asks_refuses_and_books(bot: ServedBot) -> None:
    assert said(bot, "bo", "能给我回电话吗") == "请留下您的手机号，我们会给您回电话。"
    assert "这不像手机号" in said(bot, "bo", "23800138000")
    assert said(bot, "bo", "13800138000") == "好的，我们会拨打 13800138000，您的回电编号是 T-7。"


@pytest.mark.slow
def test_the_csv_file_of_the_quick_start_is_imported(bot: ServedBot, tmp_path: Path) -> None:
    file = tmp_path / "faq.csv"
    file.write_text(blocks((DOCS / "quickstart.md").read_text(), "csv")[0], encoding="utf-8")
    shown = section("quickstart.md", "Import your own questions and answers")
    expected = next(block for block in blocks(shown, "text") if "added" in block)
    assert (
        command(bot, "knowledge", "import", str(file)).split(" with ")[0]
        == (expected.split(" with ")[0])
    )


def test_both_quick_starts_show_the_same_commands_and_files() -> None:
    english, chinese = ((DOCS / page).read_text() for page in ("quickstart.md", "zh/quickstart.md"))
    for language in ("csv", "json", "toml", "html"):
        assert blocks(chinese, language) == blocks(english, language)


def test_the_jsonl_line_of_the_quick_start_is_the_first_pair_of_the_csv(tmp_path: Path) -> None:
    from cs_bot.stores.qa_files import read_pairs

    read: list[Any] = []
    for language, name in (("csv", "faq.csv"), ("json", "faq.jsonl")):
        file = tmp_path / name
        file.write_text(blocks((DOCS / "quickstart.md").read_text(), language)[0], "utf-8")
        read.append(read_pairs(file)[0])
    assert read[0].question == read[1].question
    assert read[0].translations == read[1].translations
    assert (read[0].similar, read[0].answer) == (read[1].similar, read[1].answer)


def test_the_sensitive_words_of_the_page_can_be_read(tmp_path: Path) -> None:
    from cs_bot.text.lexicon import load_lexicon

    shown = section("developers.md", "Sensitive words")
    (tmp_path / "categories.toml").write_text(blocks(shown, "toml")[0], "utf-8")
    (tmp_path / "words.csv").write_text("word,category,action\n别家,competitors,\n", "utf-8")
    assert [hit.entry.word for hit in load_lexicon(tmp_path).find("别家更便宜")] == ["别家"]


def test_the_template_of_the_page_can_be_read(tmp_path: Path) -> None:
    from cs_bot.stages.chat.template_file import load_templates

    file = tmp_path / "templates.yml"
    file.write_text(blocks(section("developers.md", "Templates"), "yaml")[0], "utf-8")
    assert [template.name for template in load_templates(file)] == ["opening_soon"]


def test_the_declared_apis_of_the_page_can_be_read(tmp_path: Path) -> None:
    from cs_bot.stages.task.rasa.load import load_project

    (example,) = (text for text in blocks(TASK, "yaml") if text.startswith("apis:"))
    slots = ("order_id", "order_state", "amount", "reason", "refund_id")
    said = set(re.findall(r"(?:say: |failed: )(utter_\w+)(?![\w{])", example))
    domain = ["slots:", *(f"  {name}: {{type: any}}" for name in slots), "responses:"]
    domain += [f"  {name}: [{{text: x}}]" for name in said]
    (tmp_path / "domain.yml").write_text("\n".join(domain))
    (tmp_path / "apis.yml").write_text(example)

    assert set(load_project(tmp_path).apis) == {"action_order_status", "action_refund"}


def command(bot: ServedBot, *arguments: str) -> str:
    """Return what a command of the bot's directory prints."""
    ran = subprocess.run(
        [sys.executable, "-m", "cs_bot", *arguments, "--bot", str(bot.directory)],
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout


def test_the_test_cases_of_the_page_pass(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dialogs = tmp_path / "dialogs"
    (dialogs / "actions").mkdir(parents=True)
    (dialogs / "tests").mkdir()
    (tmp_path / "bot.toml").write_text('[models]\nsecond_encoder = ""\n', encoding="utf-8")
    (dialogs / "callback.yml").write_text(blocks(TASK, "yaml")[0], encoding="utf-8")
    (dialogs / "actions" / "callback.py").write_text(blocks(TASK, "python")[0], encoding="utf-8")
    cases = blocks(section("tasks.md", "Test cases"), "yaml")[0]
    (dialogs / "tests" / "callback.yml").write_text(cases, encoding="utf-8")

    assert main(["test", "--bot", str(tmp_path)]) == 0, capsys.readouterr().out
    assert capsys.readouterr().out == "2 of 2 test cases passed\n"

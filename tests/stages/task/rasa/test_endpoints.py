"""`endpoints.yml` tells where the action server is; its secrets stand in the environment."""

from pathlib import Path

import pytest

from cs_bot.errors import BadInput
from cs_bot.stages.task.actions.server import ActionServer
from cs_bot.stages.task.rasa.endpoints import read_action_server

ENVIRONMENT = {"HOST": "shop", "TOKEN": "t 1\n", "EMPTY": ""}


def read(folder: Path, text: str, name: str = "endpoints.yml") -> ActionServer | None:
    (folder / name).write_text(text)
    return read_action_server([folder], ENVIRONMENT)


def test_all_that_rasa_knows_of_an_endpoint_is_read(tmp_path: Path) -> None:
    server = read(
        tmp_path,
        """
action_endpoint:
  url: "http://${HOST}:5055/webhook"
  headers: {Authorization: "Bearer ${TOKEN}", X-Number: 7}
  params: {shop: a}
  token: ${TOKEN}
  token_name: key
  basic_auth: {username: anna, password: "${MISSING:-guest}"}
  cafile: /ca.pem
  selective_domain: true
tracker_store:
  type: sql
""",
    )

    assert server == ActionServer(
        "http://shop:5055/webhook",
        {"Authorization": "Bearer t 1", "X-Number": "7"},
        {"shop": "a", "key": "t 1"},
        ("anna", "guest"),
        "/ca.pem",
    )


@pytest.mark.parametrize("text", ["", "# action_endpoint:\n", "tracker_store: {type: sql}\n"])
def test_a_file_that_names_no_server_means_none(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) is None


def test_the_first_folder_with_a_file_counts(tmp_path: Path) -> None:
    (tmp_path / "dialogs").mkdir()
    read(tmp_path, "action_endpoint: {url: 'http://a/webhook'}", "endpoints.yaml")

    server = read_action_server([tmp_path / "dialogs", tmp_path], {})

    assert server is not None
    assert server.host == "a"


@pytest.mark.parametrize(
    ("text", "line", "what", "remedy"),
    [
        ("action_endpoint:\n  token: a\n", 1, "has no url", "add `url:"),
        ("action_endpoint:\n  url: grpc://a:1\n", 2, "no web address: 'grpc'", "http://HOST"),
        ("action_endpoint:\n  url: http://a:b/\n", 2, "no web address", "http://HOST"),
        ("action_endpoint:\n  url: http://${NO}/\n", 2, "'NO' is not set", "set it before"),
        ("action_endpoint:\n  url: http://${EMPTY}/\n", 2, "'EMPTY' is not set", "set it"),
        (
            "action_endpoint:\n  url: http://a/\n  basic_auth: {username: a}\n",
            3,
            "basic_auth lacks",
            "write both",
        ),
        ("action_endpoint: http://a/\n", 1, "keys were expected", "name: value"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_remedy(
    tmp_path: Path, text: str, line: int, what: str, remedy: str
) -> None:
    with pytest.raises(BadInput) as error:
        read(tmp_path, text)

    assert error.value.where == f"{tmp_path.name}/endpoints.yml:{line}"
    assert what in error.value.what
    assert remedy in error.value.remedy

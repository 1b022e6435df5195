"""Reads `action_endpoint` of `endpoints.yml`, where a Rasa project names its action server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from cs_bot.stages.task.actions.server import ActionServer, is_web_address
from cs_bot.stages.task.environment import expanded
from cs_bot.stages.task.rasa.nodes import Node, read_yaml

_FILES = ("endpoints.yml", "endpoints.yaml")


def read_action_server(
    directories: Iterable[Path], environment: Mapping[str, str]
) -> ActionServer | None:
    """Return the action server of the first `endpoints.yml` there is; raises `BadInput`.

    None where there is no file, or none that names one.
    """
    for directory in directories:
        for name in _FILES:
            path = directory / name
            if path.is_file():
                root = read_yaml(path, shown=f"{directory.name}/{name}")
                node = root.child("action_endpoint")
                return None if node is None else _server(node, environment)
    return None


def _server(node: Node, environment: Mapping[str, str]) -> ActionServer:
    url = _url(node, environment)
    cafile = node.child("cafile")
    return ActionServer(
        url=url,
        headers=_texts(node.child("headers"), environment),
        params={**_texts(node.child("params"), environment), **_token(node, environment)},
        login=_login(node.child("basic_auth"), environment),
        cafile="" if cafile is None else _filled(cafile, environment),
    )


def _url(node: Node, environment: Mapping[str, str]) -> str:
    place = node.child("url")
    if place is None:
        raise node.wrong(
            "the action_endpoint has no url", "add `url: http://HOST:5055/webhook`, or remove it"
        )
    url = _filled(place, environment)
    if not is_web_address(url):
        raise place.wrong(
            f"the url of the action_endpoint is no web address: {url.partition('://')[0]!r}",
            "write http://HOST:5055/webhook",
        )
    return url


def _filled(node: Node, environment: Mapping[str, str]) -> str:
    return expanded(node.text(), node.where, environment)


def _texts(node: Node | None, environment: Mapping[str, str]) -> dict[str, str]:
    if node is None:
        return {}
    return {name: _filled(value, environment) for name, value in node.items()}


def _token(node: Node, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the token as Rasa sends it: a parameter of the address."""
    token, name = node.child("token"), node.child("token_name")
    if token is None or token.value is None:
        return {}
    return {"token" if name is None else name.text(): _filled(token, environment)}


def _login(node: Node | None, environment: Mapping[str, str]) -> tuple[str, str] | None:
    if node is None or node.value is None:
        return None
    name, password = (node.child(key) for key in ("username", "password"))
    if name is None or password is None:
        raise node.wrong("basic_auth lacks username or password", "write both")
    return _filled(name, environment), _filled(password, environment)

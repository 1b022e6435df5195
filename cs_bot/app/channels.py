"""The built-in channels, registered in `pyproject.toml` like any guest."""

from __future__ import annotations

import os

from fastapi import APIRouter

from cs_bot.app.assembly import House
from cs_bot.app.makers import new_id, now
from cs_bot.channels.channel import Channel
from cs_bot.channels.chat import Chat
from cs_bot.channels.rasa_api.conversations import Trackers
from cs_bot.channels.rasa_api.keys import ApiKeys
from cs_bot.channels.rasa_api.routes import rasa_api_routes
from cs_bot.channels.rest import rest_routes
from cs_bot.channels.routes import chat_routes


def web_channel(house: House) -> Channel:
    """Speak `csbot.v1` with the widget and every other SDK."""
    chat = Chat(
        bot=house.settings.bot,
        channels=house.settings.channels,
        public_url=house.settings.server.public_url,
        answers=house.bot,
        conversations=house.stores.conversations,
        secrets=house.stores.secrets,
        wake_ups=house.wake_ups,
        clock=now,
        ids=new_id,
    )
    return Channel(chat_routes(chat), chat.start, chat.drain)


def rest_channel(house: House) -> Channel:
    """Answer Rasa's REST webhook and its HTTP API."""
    routes = APIRouter()
    routes.include_router(
        rest_routes(
            answers=house.bot,
            conversations=house.stores.conversations,
            ids=new_id,
            locale=house.settings.bot.locale,
        )
    )
    routes.include_router(_rasa_api(house))
    return Channel(routes)


def _rasa_api(house: House) -> APIRouter:
    bot = house.settings.bot
    trackers = Trackers(
        house.stores.conversations,
        house.locks,
        house.project,
        now,
        bot.locale,
        announce=house.wake_ups.announce,
        names=bot.name,
    )
    return rasa_api_routes(
        keys=ApiKeys.named(house.settings.api, os.environ),
        trackers=trackers,
        parse=house.parse,
        project=house.project,
        model_id=lambda: _model_id(house),
    )


def _model_id(house: House) -> str:
    name = house.models.name()
    return "" if name is None else name.id

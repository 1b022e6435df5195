"""What many processes share through Redis; `opening.open_redis` is the way in.

Nothing here is the truth: all of it may be lost at any moment without losing a message.
"""

from importlib.util import find_spec

from cs_bot.errors import BadInput

if find_spec("redis") is None:
    raise BadInput(
        "Redis needs the package redis",
        where="[store] redis",
        remedy="pip install 'cs-bot[redis]'",
    )

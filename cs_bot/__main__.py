"""`python -m cs_bot` is `cs-bot`."""

import sys

from cs_bot.cli import main

sys.exit(main())

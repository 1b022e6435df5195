"""Refuses to build a wheel without the web parts, which are built, not committed."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_BUILT = ("widget/v1/csb.js", "console/index.html", "demo/index.html")


class WebPartsHook(BuildHookInterface):  # type: ignore[type-arg]  # generic only in stubs
    """Checks `cs_bot/web/static` before a non-editable build."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Raise when a built file is missing; editable installs may lack them."""
        if version == "editable":
            return
        static = Path(self.root) / "cs_bot" / "web" / "static"
        missing = [name for name in _BUILT if not (static / name).exists()]
        if missing:
            raise RuntimeError(f"{static} lacks {', '.join(missing)}: run `make web` first")

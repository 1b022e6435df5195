"""What a measured figure is held against, and whether it clears that."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """What a figure is held against; nothing where it says neither `most` nor `least`."""

    figure: str
    unit: str
    most: float | None = None
    least: float | None = None

    def met(self, value: float) -> bool:
        """Tell whether the figure clears the bar."""
        return (self.most is None or value <= self.most) and (
            self.least is None or value >= self.least
        )

    def line(self, value: float) -> str:
        """Return a line with the figure, what it should be, and whether it is."""
        verdict = "" if not str(self) else "met" if self.met(value) else "MISSED"
        shown = f"{value:.3f}".rstrip("0").rstrip(".")
        return f"  {self.figure:22} {shown:>9} {self.unit:3} {self!s:15} {verdict}".rstrip()

    def __str__(self) -> str:
        if self.most is not None:
            return f"at most {self.most:g}"
        return f"at least {self.least:g}" if self.least is not None else ""

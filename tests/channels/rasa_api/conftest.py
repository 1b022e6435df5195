"""A project with two forms, and values that these tests share."""

from pathlib import Path

import pytest

from cs_bot.stages.task.project import Project, Slot, Task, TaskForm

BOOK = TaskForm("book_form", ("city", "day"))


@pytest.fixture
def project() -> Project:
    """A bot that books: three slots, a form that a task fills and one that nothing begins."""
    slots = (Slot("city", "text"), Slot("day", "text"), Slot("guests", "float", 1.0))
    return Project(
        Path(),
        intents=("greet", "book", "inform"),
        entities=("city",),
        slots={slot.name: slot for slot in slots},
        forms={"book_form": BOOK, "idle_form": TaskForm("idle_form", ("city",))},
        tasks=(Task("book", ("book",), BOOK, ()),),
    )

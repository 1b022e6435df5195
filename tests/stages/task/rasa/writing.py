"""Writes projects for tests."""

from pathlib import Path

from cs_bot.stages.task.project import Project
from cs_bot.stages.task.rasa.load import load_project


def written(folder: Path, files: dict[str, str]) -> Project:
    """Write files, by their paths in the project, and read the project they make."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load_project(folder)


def remarks(folder: Path, files: dict[str, str]) -> list[str]:
    """Return what is remarked of these files, without the folder's name."""
    project = written(folder, files)
    return [str(remark).removeprefix(f"{folder.name}/") for remark in project.remarks]

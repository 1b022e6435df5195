"""`cs-bot test`: plays test stories and test cases, and says where the bot leaves them."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cs_bot.cli.case_report import case_dict, case_lines
from cs_bot.cli.options import add_bot, add_json, bot_settings
from cs_bot.cli.playing import played_cases, played_stories
from cs_bot.cli.test_files import found_tests

if TYPE_CHECKING:
    from cs_bot.app.cases import PlayedCase
    from cs_bot.stages.task.case import Case
    from cs_bot.stages.task.project import Project
    from cs_bot.stages.task.story import Path as StoryPath
    from cs_bot.stages.task.story_tests import Played


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="test stories or test cases, or folders of them; FILE::NAME is a single one "
        "(default: the bot's folders tests and e2e_tests, and test_*.yml)",
    )
    parser.add_argument("--fail-fast", action="store_true", help="stop at the first that fails")
    add_bot(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Play all tests; returns 1 when one of them failed."""
    from cs_bot.app import dialogs
    from cs_bot.stages.task.dialogue.paths import paths
    from cs_bot.stages.task.rasa.load import load_project

    settings = bot_settings(args)
    project = load_project(dialogs(settings))
    tests = found_tests(settings, project, args.files)
    cases = list(tests.cases.values())
    _refuse_unknown_names(project, cases)
    found = paths(list(tests.stories.values()))
    played = played_stories(settings, project, found, fail_fast=args.fail_fast)
    stop = args.fail_fast and any(not story.passed for story in played)
    acted = [] if stop or not cases else played_cases(settings, cases, fail_fast=args.fail_fast)
    failed = [story for story in played if not story.passed]
    missed = [case for case in acted if not case.passed]
    if args.json:
        print(json.dumps(_report(found, played, cases, acted), ensure_ascii=False))
    else:
        _print(played, acted)
        _print_sum("stories", len(found), played)
        _print_sum("test cases", len(cases), acted)
    return 1 if failed or missed else 0


def _print(stories: Sequence[Played], cases: Sequence[PlayedCase]) -> None:
    for story in stories:
        if not story.passed:
            print(f"{story.path.story.name} ({story.path.story.where})")
            for mismatch in story.mismatches:
                print(f"  {mismatch}")
    for case in cases:
        if not case.passed:
            print("\n".join(case_lines(case)))


def _print_sum(what: str, count: int, played: Sequence[Played | PlayedCase]) -> None:
    if count:
        passed = sum(one.passed for one in played)
        rest = f", {count - len(played)} not played" if len(played) < count else ""
        print(f"{passed} of {count} {what} passed{rest}")


def _report(
    found: Sequence[StoryPath],
    stories: Sequence[Played],
    cases: Sequence[Case],
    acted: Sequence[PlayedCase],
) -> dict[str, Any]:
    return {
        "stories": len(found),
        "passed": sum(story.passed for story in stories),
        "failed": [_as_dict(story) for story in stories if not story.passed],
        "test_cases": {
            "cases": len(cases),
            "passed": sum(case.passed for case in acted),
            "failed": [case_dict(case) for case in acted if not case.passed],
        },
    }


def _as_dict(played: Played) -> dict[str, Any]:
    story = played.path.story
    what = [
        {"where": m.where, "what": m.what, "told": m.told, "got": m.got} for m in played.mismatches
    ]
    return {"story": story.name, "where": story.where, "mismatches": what}


def _refuse_unknown_names(project: Project, cases: Sequence[Case]) -> None:
    from cs_bot.stages.task.rasa.cases import refuse_unknown_names
    from cs_bot.stages.task.words import OWN_RESPONSES

    slots = {*project.slots, "requested_slot", "locale"}
    whole = {name.partition("/")[0] for name in project.responses}
    for case in cases:
        refuse_unknown_names(case, slots, {*project.responses, *whole, *OWN_RESPONSES})

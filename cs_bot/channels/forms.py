"""Checks what a customer wrote into a form against the fields the server stored with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from cs_bot.blocks import Field, Form

MAXLENGTH = 1_000
"""For fields that state none."""

_WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "required": "请填写{label}",
        "too_long": "{label}最多 {most} 个字",
        "kind": "{label}的格式不对，请检查后再提交",
        "option": "请从列出的选项中选择{label}",
        "unknown": "表单里没有这一项",
        "submitted": "已提交：{title}",
    },
    "en": {
        "required": "Please fill in: {label}",
        "too_long": "{label}: at most {most} characters",
        "kind": "{label}: please check the format and submit again",
        "option": "{label}: please choose one of the options",
        "unknown": "The form has no such field",
        "submitted": "Submitted: {title}",
    },
}


def form_problems(form: Form, values: Mapping[str, str], locale: str) -> dict[str, str]:
    """Return what is wrong by field name, in the customer's language; empty when all is well."""
    words = _WORDS[locale]
    known = {field.name for field in form.fields}
    problems = {name: words["unknown"] for name in values if name not in known}
    for field in form.fields:
        problem = _problem(field, values.get(field.name, "").strip())
        if problem:
            most = field.maxlength or MAXLENGTH
            problems[field.name] = words[problem].format(label=field.label, most=most)
    return problems


def submitted_words(form: Form, locale: str) -> str:
    """Return what the log shows for the submission: never a value."""
    return _WORDS[locale]["submitted"].format(title=form.title)


def _problem(field: Field, value: str) -> str | None:
    if not value:
        return "required" if field.required else None
    if len(value) > (field.maxlength or MAXLENGTH):
        return "too_long"
    if field.options and value not in {option.value for option in field.options}:
        return "option"
    fits = _FITS.get(field.kind)
    if fits is not None and not fits(value):
        return "kind"
    if field.pattern is not None and not re.fullmatch(field.pattern, value):
        return "kind"
    return None


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


_FITS: Mapping[str, Callable[[str], object]] = {
    "email": re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+").fullmatch,
    "tel": re.compile(r"\+?[0-9][0-9 ()-]{4,24}").fullmatch,
    "number": re.compile(r"[+-]?[0-9]+(\.[0-9]+)?").fullmatch,
    "date": _is_date,
}

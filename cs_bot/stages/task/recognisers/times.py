"""Dates and times of day: `tomorrow at 5pm`, `下周三下午两点半`, `March 3rd`, `3天后`.

A value is the moment in ISO 8601, at the beginning of what is named: the day, the hour. What has
no date is the next such moment from now on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from cs_bot.stages.task.recognisers.found import Found
from cs_bot.stages.task.recognisers.numbers import HAN_NUMBER, WORD_NUMBER, number_of

Match = re.Match[str]
_WEEK = 7
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HAN_WEEKDAYS = {char: day for day, char in enumerate("一二三四五六")} | {"日": 6, "天": 6}
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
_DAYS = {
    "today": 0,
    "tonight": 0,
    "tomorrow": 1,
    "yesterday": -1,
    "the day after tomorrow": 2,
    "the day before yesterday": -2,
    "今天": 0,
    "今日": 0,
    "今晚": 0,
    "明天": 1,
    "明日": 1,
    "明晚": 1,
    "后天": 2,
    "大后天": 3,
    "昨天": -1,
    "昨日": -1,
    "昨晚": -1,
    "前天": -2,
    "大前天": -3,
    "今早": 0,
    "明早": 1,
}
_EVENINGS = {"tonight": 20, "今晚": 20, "明晚": 20, "昨晚": 20, "今早": 8, "明早": 8}
_PARTS = {
    "凌晨": 0,
    "早上": 8,
    "早晨": 8,
    "上午": 9,
    "中午": 12,
    "下午": 15,
    "傍晚": 18,
    "晚上": 20,
    "morning": 9,
    "noon": 12,
    "afternoon": 15,
    "evening": 18,
    "night": 20,
}
_AFTERNOON = frozenset({"下午", "傍晚", "晚上", "afternoon", "evening", "night"})
_SECONDS = {
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": 86400,
    "week": 604800,
    "秒": 1,
    "分钟": 60,
    "小时": 3600,
    "钟头": 3600,
    "天": 86400,
    "周": 604800,
    "星期": 604800,
}
_SHIFTS = {"next": 1, "last": -1, "this": 0, "下": 1, "上": -1, "这": 0, "本": 0, "": 0}

_COUNT = rf"(?:\d+|{HAN_NUMBER}|半|(?:{WORD_NUMBER})|an?)"
_MONTH = "|".join(rf"{month[:3]}(?:{month[3:]})?" for month in _MONTHS)
_WEEKDAY = "|".join(rf"{day}|{day[:3]}" for day in _WEEKDAYS)
_DATES = (
    r"(?P<iso>(?P<y>\d{4})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})[日号]?)",
    rf"(?P<handate>(?P<hm>\d{{1,2}}|{HAN_NUMBER})月(?P<hd>\d{{1,2}}|{HAN_NUMBER})[日号])",
    rf"(?P<named>(?:\b(?P<n1>{_MONTH})\.?[ ](?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\b"
    rf"|\b(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?[ ](?:of[ ])?(?P<n2>{_MONTH})\b)"
    r"(?:,?[ ](?P<ny>\d{4}))?)",
    rf"(?P<month>\b(?:in[ ](?P<n3>{_MONTH})(?:,?[ ](?P<my3>\d{{4}}))?"
    rf"|(?P<n4>{_MONTH}),?[ ](?P<my4>\d{{4}}))\b)",
    rf"(?P<hanmonth>(?:(?P<hmy>\d{{4}})年)?(?P<hmm>\d{{1,2}}|{HAN_NUMBER})月份?(?![\d日号]))",
    r"(?P<hanweek>(?P<hshift>[上下这本]?)个?(?:周|星期|礼拜)(?P<hday>[一二三四五六日天]))",
    rf"(?P<week>\b(?:(?P<shift>next|last|this)[ ])?(?P<day>{_WEEKDAY})\b)",
    rf"(?P<relative>{'|'.join(sorted(_DAYS, key=len, reverse=True))})",
    r"(?P<unit>\b(?P<ushift>next|last|this)[ ](?P<uname>week|month|year)\b)",
    r"(?P<hanunit>(?P<hushift>[上下本这])个?(?P<huname>月|周|星期)(?![一二三四五六日天]))",
)
_CLOCKS = (
    r"(?P<half>\b(?P<c1>\d{1,2})(?::(?P<min1>\d{2}))?[ ]?(?P<ap>[ap])\.?m\b\.?)",
    r"(?P<colon>(?<![\d:])(?P<c2>[01]?\d|2[0-3])[:：](?P<min2>[0-5]\d)(?![\d:]))",
    rf"(?P<han>(?P<c3>\d{{1,2}}|{HAN_NUMBER})[点时](?!间)钟?"
    rf"(?:(?P<hhalf>半)|(?P<quarter>[一三])刻|(?P<min3>\d{{1,2}}|{HAN_NUMBER})分?)?)",
    r"(?P<midday>\b(?:noon|midnight)\b)",
)
_PART = rf"(?P<part>{'|'.join(_PARTS)})"
_JOIN = r"(?:[ ]?(?:,|at|on|in the|的)[ ]?|[ ])?"
_SPAN = re.compile(
    rf"(?:(?:{'|'.join(_DATES)})(?:{_JOIN}(?:{_PART}))?(?:{_JOIN}(?:{'|'.join(_CLOCKS)}))?)",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    rf"(?:{_PART}[ ]?)?(?:{'|'.join(_CLOCKS)})(?:{_JOIN}(?:{'|'.join(_DATES)}))?", re.IGNORECASE
)
_AWAY = re.compile(
    rf"\bin[ ](?P<in>{_COUNT})[ ](?P<inunit>second|minute|hour|day|week)s?\b"
    rf"|\b(?P<ago>{_COUNT})[ ](?P<agounit>second|minute|hour|day|week)s?[ ]ago\b"
    rf"|(?P<han>{_COUNT})个?(?P<hanunit>秒|分钟|小时|钟头|天|周|星期)(?:之|以)?(?P<way>后|前)",
    re.IGNORECASE,
)


def times(text: str, now: datetime) -> Iterator[Found]:
    """Yield dates and times; the longest of those that overlap."""
    found = [*_found(_AWAY, text, now, _away), *_found(_SPAN, text, now, _moment)]
    found += _found(_CLOCK, text, now, _moment)
    end = -1
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if one.start >= end:
            yield one
            end = one.end


def _found(
    pattern: re.Pattern[str], text: str, now: datetime, read: Callable[[Match, datetime], datetime]
) -> Iterator[Found]:
    for match in pattern.finditer(text):
        try:
            moment = read(match, now)
        except (ValueError, OverflowError):  # the 31st of February names no day
            continue
        yield Found(match.start(), match.end(), moment.isoformat(timespec="milliseconds"))


def _away(match: Match, now: datetime) -> datetime:
    said, unit = next(
        (match[one], match[other])
        for one, other in (("in", "inunit"), ("ago", "agounit"), ("han", "hanunit"))
        if match[one]
    )
    back = bool(match["ago"]) or match["way"] == "前"
    away = timedelta(seconds=_count(said) * _SECONDS[unit.lower()])
    moment = now - away if back else now + away
    whole = unit.lower() in ("day", "week", "天", "周", "星期")
    return _midnight(moment) if whole else moment.replace(microsecond=0)


def _count(said: str) -> float:
    if said in ("半", "a", "an"):
        return 0.5 if said == "半" else 1.0
    return float(number_of(said) or 0)


def _moment(match: Match, now: datetime) -> datetime:
    day = _day(match, now)
    hour, minute = _clock(match)
    if hour is None:
        return _midnight(day or now)
    moment = _midnight(day or now) + timedelta(hours=hour, minutes=minute)
    return moment + timedelta(days=1) if day is None and moment < now else moment


def _clock(match: Match) -> tuple[int | None, int]:
    part = (match["part"] or "").lower()
    if match["midday"]:
        return (12 if match["midday"].lower() == "noon" else 0), 0
    said = match["c1"] or match["c2"] or match["c3"]
    if said is None:
        word = (match["relative"] or "").lower()
        return _PARTS.get(part, _EVENINGS.get(word)), 0
    hour = int(number_of(said) or 0)
    late = part in _AFTERNOON or (match["relative"] or "").lower() in (
        "tonight",
        "今晚",
        "明晚",
        "昨晚",
    )
    if match["ap"]:
        hour = hour % 12 + (12 if match["ap"].lower() == "p" else 0)
    elif late and hour < 12:
        hour += 12
    if match["hhalf"]:
        return hour, 30
    if match["quarter"]:
        return hour, 15 * int(number_of(match["quarter"]) or 0)
    return hour, int(number_of(match["min1"] or match["min2"] or match["min3"] or "0") or 0)


def _day(match: Match, now: datetime) -> datetime | None:
    today = _midnight(now)
    if match["iso"]:
        return today.replace(year=int(match["y"]), month=int(match["m"]), day=int(match["d"]))
    if match["handate"]:
        return _coming(today, int(number_of(match["hm"]) or 0), int(number_of(match["hd"]) or 0))
    if match["named"]:
        month = _month(match["n1"] or match["n2"])
        day = int(match["d1"] or match["d2"])
        if match["ny"]:
            return today.replace(year=int(match["ny"]), month=month, day=day)
        return _coming(today, month, day)
    if match["month"] or match["hanmonth"]:
        return _in_month(match, today)
    if match["hanweek"]:
        return _weekday(today, _HAN_WEEKDAYS[match["hday"]], match["hshift"])
    if match["week"]:
        name = match["day"].lower()[:3]
        day = next(at for at, full in enumerate(_WEEKDAYS) if full.startswith(name))
        return _weekday(today, day, (match["shift"] or "").lower())
    if match["relative"]:
        return today + timedelta(days=_DAYS[match["relative"].lower()])
    if match["unit"] or match["hanunit"]:
        unit = (match["uname"] or match["huname"]).lower()
        return _unit(today, unit, _SHIFTS[(match["ushift"] or match["hushift"]).lower()])
    return None


def _in_month(match: Match, today: datetime) -> datetime:
    """Return the first day of a month; without a year of the coming one, or this one."""
    name = match["n3"] or match["n4"]
    month = _month(name) if name else int(number_of(match["hmm"]) or 0)
    year = match["my3"] or match["my4"] or match["hmy"]
    if year is not None:
        return today.replace(year=int(year), month=month, day=1)
    return _coming(today.replace(day=1), month, 1)


def _unit(today: datetime, unit: str, shift: int) -> datetime:
    if unit in ("week", "周", "星期"):
        return today - timedelta(days=today.weekday()) + timedelta(days=_WEEK * shift)
    if unit == "year":
        return today.replace(year=today.year + shift, month=1, day=1)
    months = today.year * 12 + today.month - 1 + shift
    return today.replace(year=months // 12, month=months % 12 + 1, day=1)


def _weekday(today: datetime, day: int, shift: str) -> datetime:
    """Return a day of this week, the next or the last one; without a word the coming one."""
    if not shift:
        return today + timedelta(days=(day - today.weekday()) % _WEEK)
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(days=day + _WEEK * _SHIFTS[shift])


def _coming(today: datetime, month: int, day: int) -> datetime:
    this_year = today.replace(month=month, day=day)
    return this_year if this_year >= today else this_year.replace(year=today.year + 1)


def _month(name: str) -> int:
    return next(at for at, full in enumerate(_MONTHS, 1) if full.startswith(name.lower()[:3]))


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)

"""What people call our fields: the names of columns and keys, in Chinese and English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from functools import cache, lru_cache

from cs_bot.errors import BadInput, UnknownName

FIELDS = (
    "id",
    "question",
    "similar",
    "answer",
    "category",
    "tags",
    "task",
    "locale",
    "related",
    "valid_from",
    "valid_until",
    "answers",
)
LISTS = frozenset({"similar", "tags", "related"})
_OPTIONAL = frozenset(
    {"id", "category", "task", "locale", "related", "valid_from", "valid_until", "answers"}
)
IN_EACH_LANGUAGE = frozenset({"question", "similar", "answer"})

_ALIASES: Mapping[str, str] = {
    "id": "id 编号 編號 知识编号 问答编号 知识id qa_id",
    "question": "question 问题 問題 标准问 標準問 标准问题 標準問題 标准问法 主问题 问法 提问 问 "
    "standardquestion canonicalquestion",
    "similar": "similar 相似问 相似問 相似问题 相似問題 相似问法 相似說法 相似说法 扩展问 擴展問 "
    "扩展问题 扩展问法 同义问 其他问法 近似问 similarquestion similarquestions alternatequestions",
    "answer": "answer 答案 回答 标准答案 標準答案 标准回答 答复 答覆 回复 回覆 答",
    "category": "category 分类 分類 类别 類別 类目 知识分类 问题分类",
    "tags": "tags tag 标签 標籤",
    "task": "task 任务 任務",
    "locale": "locale 语言 語言 语种 language",
    "related": "related 相关问答 相關問答 相关问题编号 relatedids",
    "valid_from": "valid_from 生效时间 生效時間",
    "valid_until": "valid_until 失效时间 失效時間 到期时间",
    "answers": "answers 更多答案 更多回答",
}
_LANGUAGES = {"英文": "en", "英语": "en", "english": "en", "中文": "zh", "chinese": "zh"}
_REMARK = re.compile(r"\(.*\)$|[*:]+$")
_SPACE = re.compile(r"\s+")


def plain_heading(heading: str) -> str:
    """Return a heading less its width, case, spaces, star and remark in brackets."""
    text = _SPACE.sub("", unicodedata.normalize("NFKC", heading)).casefold()
    return _REMARK.sub("", text.lstrip("*"))


def is_language(name: str) -> bool:
    """Return whether a name looks like the code of a language, such as `en`."""
    return len(name) == 2 and name.isascii() and name.isalpha()


@lru_cache(maxsize=1024)
def field_of(heading: str) -> str:
    """Return our field for a heading, `en.answer` where it names a language, "" for none."""
    name = plain_heading(heading)
    language, dot, rest = name.partition(".")
    if dot and is_language(language):
        field = _field(rest)
        return f"{language}.{field}" if field in IN_EACH_LANGUAGE else ""
    return _field(name) or _spoken_language(name)


def fields_of(
    headings: Sequence[str], mapping: Mapping[str, str] | None, *, where: str
) -> tuple[str, ...]:
    """Return our field for each heading; what `mapping` says, field to heading, goes first."""
    mapped = _mapped(headings, mapping or {}, where)
    said = _own_names(headings, set(mapped.values())) | mapped
    taken = set(said.values())
    found = [said.get(n, field_of(heading)) for n, heading in enumerate(headings)]
    fields = tuple(
        "" if n not in said and field in taken else field for n, field in enumerate(found)
    )
    refuse_doubles(headings, fields, where)
    return fields


def _field(name: str) -> str:
    known = _by_alias()
    found = known.get(name, "")
    if found:
        return found
    numbered = known.get(name.rstrip("0123456789"), "")  # 相似问1, 相似问2, ...
    return numbered if numbered in LISTS else ""


def _spoken_language(name: str) -> str:
    for words, language in _LANGUAGES.items():
        field = _field(name.removeprefix(words)) if name.startswith(words) else ""
        if field in IN_EACH_LANGUAGE:
            return f"{language}.{field}"
    return ""


@cache
def _by_alias() -> Mapping[str, str]:
    return {name: field for field, names in _ALIASES.items() for name in names.split()}


def refuse_unknown_fields(mapping: Mapping[str, str]) -> None:
    """Raise `UnknownName` where something is mapped that is no field of ours."""
    for field in mapping:
        language, dot, rest = field.partition(".")
        known = rest in IN_EACH_LANGUAGE if dot and is_language(language) else field in FIELDS
        if not known:
            raise UnknownName("field", field, (*FIELDS, "en.question", "en.answer"), where="--map")


def _mapped(headings: Sequence[str], mapping: Mapping[str, str], where: str) -> dict[int, str]:
    refuse_unknown_fields(mapping)
    plain = [plain_heading(heading) for heading in headings]
    columns: dict[int, str] = {}
    for field, heading in mapping.items():
        if plain_heading(heading) not in plain:
            raise UnknownName("column", heading, (one for one in headings if one), where=where)
        columns[plain.index(plain_heading(heading))] = field
    return columns


def _own_names(headings: Sequence[str], mapped: Collection[str]) -> dict[int, str]:
    """Return the headings that are names of ours: beside an `id`, a `qa_id` is not the id.

    Questions and answers are no such: a table in two languages may well have both twice.
    """
    plain = enumerate(map(plain_heading, headings))
    return {n: name for n, name in plain if name in _OPTIONAL and name not in mapped}


def refuse_doubles(headings: Sequence[str], fields: Sequence[str], where: str) -> None:
    """Raise `BadInput` where two columns are one field that holds one text."""
    first: dict[str, str] = {}
    for heading, field in zip(headings, fields, strict=True):
        if field in first and field.rpartition(".")[2] not in LISTS:
            raise BadInput(
                f"two columns may be the {field}: {first[field]!r} and {heading!r}",
                where=where,
                remedy=f"say which one with --map {field}={heading}",
            )
        first.setdefault(field, heading) if field else None

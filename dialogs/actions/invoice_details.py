"""Titles, company names, tax numbers and e-mail addresses as customers write them."""

from __future__ import annotations

import re
import unicodedata

_PERSONAL = re.compile(r"个人|私人|自己|personal|private|individual|myself|my own name", re.I)
_COMPANY = re.compile(r"公司|企业|单位|对公|company|business|corporate|firm|employer", re.I)
_NAMED = re.compile(
    r"[\u4e00-\u9fffA-Za-z0-9（）()·&]{2,40}?(?:有限责任公司|股份有限公司|有限公司|集团公司|事务所|合作社)"
    r"|(?:[A-Z][\w&.'-]*[ ]){1,6}(?:Ltd|Limited|Inc|LLC|LLP|Corp|Corporation|Co|GmbH|PLC)\b\.?"
)
_LEAD_IN = re.compile(
    r"^(?:(?:嗯|那|就|请|麻烦|帮我|我们|我|给|为|是|开|写|叫|抬头|发票|公司|单位|企业|名称|名字|名|全称"
    r"|的|[:：,，\s])+(?=[\u4e00-\u9fff]{4,}))"
    r"|^(?:(?:it is|it's|its|we are|we're|the|our|company|business|name|is|called|title|please|use"
    r"|make it out|to)[\s:,]+)+",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?<![0-9A-Za-z@.])[0-9A-Za-z]{18}(?![0-9A-Za-z@])")
_CODE_LIKE = re.compile(
    r"(?<![@.])(?=[0-9A-Za-z -]*[0-9])[0-9A-Za-z][0-9A-Za-z -]{4,38}[0-9A-Za-z](?![@])"
)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}", re.ASCII)
_EMAIL_LIKE = re.compile(r"\S*@\S*|[\w.+-]+", re.ASCII)
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_FEWEST, _MOST = 2, 60


def title_in(text: str) -> str | None:
    """Return `personal` or `company`, None where a text names neither or both."""
    personal, company = bool(_PERSONAL.search(text)), bool(_COMPANY.search(text))
    if company_in(text) or tax_number_in(text):
        return "company"
    return None if personal == company else "personal" if personal else "company"


def company_in(text: str) -> str | None:
    """Return the company that a text names in full."""
    found = _NAMED.search(_without_lead_in(text))
    return found[0].strip() if found else None


def company_said(text: str) -> str | None:
    """Return the company that an answer names, None where it is no name."""
    name = company_in(text) or _without_lead_in(text).strip(" 。.!！,，")
    return name if _FEWEST <= len(name) <= _MOST and re.search(r"[^\W\d_]{2}", name) else None


def _without_lead_in(text: str) -> str:
    return _LEAD_IN.sub("", unicodedata.normalize("NFKC", text).strip())


def tax_number_in(text: str) -> str | None:
    """Return the 18 characters of a unified social credit code."""
    found = _CODE.search(unicodedata.normalize("NFKC", text))
    has_digits = found is not None and sum(char.isdigit() for char in found[0]) >= 8
    return found[0].upper() if found and has_digits else None


def tax_number_said(text: str) -> str | None:
    """Return what an answer gives as a tax number, be it one or not."""
    told = unicodedata.normalize("NFKC", text)
    found = _CODE_LIKE.search(told)
    return tax_number_in(told) or (re.sub(r"[ -]", "", found[0]).upper() if found else None)


def is_tax_number(code: str) -> bool:
    """Tell whether a code is a unified social credit code, its check character included.

    GB 32100-2015: the 17 characters before it, weighted by powers of 3, add up with it modulo 31.
    """
    if len(code) != 18 or any(char not in _ALPHABET for char in code):
        return False
    total = sum(_ALPHABET.index(char) * pow(3, at, 31) for at, char in enumerate(code[:17]))
    return _ALPHABET[-total % 31] == code[17]


def email_in(text: str) -> str | None:
    """Return the e-mail address in a text."""
    found = _EMAIL.search(unicodedata.normalize("NFKC", text))
    return found[0].rstrip(".-") if found else None


def email_said(text: str) -> str | None:
    """Return what an answer gives as an address, be it one or not."""
    told = unicodedata.normalize("NFKC", text).strip()
    found = _EMAIL_LIKE.search(told)
    alone = found is not None and ("@" in found[0] or found[0] == told)
    return email_in(told) or (found[0] if found and alone else None)

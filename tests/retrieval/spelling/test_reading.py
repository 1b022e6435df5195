"""Slips that are read as what was meant, each an example."""

from __future__ import annotations

import pytest

from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.testing.encoder import WordEncoder
from cs_bot.text.normalize import normalized
from cs_bot.text.synonyms import Synonyms
from cs_bot.types import QAPair


def read(snapshot: Snapshot, question: str) -> str:
    return snapshot.read(normalized(question)).text


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("我想退或怎么操作", "我想退货怎么操作"),
        ("如何申情退货呢", "如何申请退货呢"),
        ("克服电话多少", "客服电话多少"),  # a word, but nobody calls it
        ("在哪领优惠卷", "在哪领优惠券"),  # sounds different, looks alike
        ("登陆密码不对", "登录密码不对"),  # a word that means the same
        ("定单在哪看", "订单在哪看"),  # a rare word of the same sound
        ("包果丢了怎么赔偿", "快递丢了怎么赔偿"),  # 包裹 is on the list of synonyms
        ("订单还没到得时候", "订单还没到的时候"),
        ("物牛信息怎么看", "物流信息怎么看"),  # n for l
        ("短信验正码收不到，怎么从置密码", "短信验证码收不到,怎么重置密码"),
    ],
)
def test_characters_are_read_by_their_sound(written: str, meant: str, shop: Snapshot) -> None:
    assert read(shop, written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("tuihuo", "退货"),
        ("tui huo", "退货"),
        ("Zenme tuihuo?", "怎么退货"),
        ("kefu dianhua", "客服电话"),
        ("我要tuihuo", "我要退货"),
        ("我要 tui huo 怎么办", "我要退货怎么办"),
        ("qingwen zenme kai fapiao", "怎么开发票"),
        ("shoubudao yanzhengma", "收不到验证码"),
    ],
)
def test_pinyin_is_read_as_characters(written: str, meant: str, shop: Snapshot) -> None:
    assert read(shop, written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("retrun my oder", "return my order"),
        ("I forgot my pasword", "i forgot my password"),
        ("Were is my parcle?", "were is my parcel"),
        ("verifcation code not recieved", "verification code not received"),
        ("resetpassword please", "reset password"),
        ("我的oder没了", "我的order没了"),
    ],
)
def test_latin_words_are_read_by_their_letters(written: str, meant: str, shop: Snapshot) -> None:
    assert read(shop, written) == meant


def test_what_was_read_as_what_is_told(shop: Snapshot) -> None:
    reading = shop.read(normalized("怎么退或，还有 my oder"))
    assert reading.as_detail() == {"read_as": {"退或": "退货", "oder": "order"}}
    assert shop.read(normalized("怎么退货")).as_detail() == {}


def test_another_base_reads_the_same_letters_as_its_own_words(mobile: Snapshot) -> None:
    assert read(mobile, "信号不好怎么报休") == "信号不好怎么报修"
    assert read(mobile, "chongzhi huafei") == "充值话费"
    assert read(mobile, "my broadban") == "my broadband"


def test_taiwan_wordings_meet_the_mainlands(mobile: Snapshot) -> None:
    assert read(mobile, "服務密碼怎麼重設") == "服务密码怎么重设"
    assert read(mobile, "電子帳單在哪裡下載") == "电子账单在哪里下载"  # OpenCC makes it 帐单


def test_without_spelling_and_where_a_wording_is_equal_nothing_is_read() -> None:
    pairs = [QAPair("typo", "怎么退或", (), "x"), QAPair("return", "退货流程", (), "x")]
    snapshot = Snapshot.build("r1", pairs, WordEncoder())
    assert snapshot.read("怎么退或").changes == ()
    assert snapshot.read("退获流程").text == "退货流程"
    assert snapshot.read("退获流程", slips=False).text == "退获流程"


def test_a_base_of_one_language_reads_the_other_as_it_is() -> None:
    english = Snapshot.build("r1", [QAPair("a", "Return an item", (), "x")], WordEncoder())
    assert english.read("tui huo").changes == ()
    assert english.read("怎么退或").changes == ()
    chinese = Snapshot.build("r1", [QAPair("a", "怎么退货", (), "x")], WordEncoder())
    assert chinese.read("retrun an item").changes == ()


def test_a_word_that_an_edit_took_away_is_no_longer_read() -> None:
    before = Snapshot.build("r1", [QAPair("a", "怎么退货", (), "x")], WordEncoder())
    assert before.read("要退或").text == "要退货"
    after = Snapshot.build("r2", [QAPair("a", "怎么付款", (), "x")], WordEncoder(), before=before)
    assert after.read("要退或").changes == ()
    assert after.read("要付宽").text == "要付款"


def test_synonyms_are_folded_after_reading() -> None:
    synonyms = Synonyms([("账号", "账户")])
    snapshot = Snapshot.build(
        "r1", [QAPair("a", "怎么注销账户", (), "x")], WordEncoder(), synonyms=synonyms
    )
    assert snapshot.read("注消账户").text == "注销账号"

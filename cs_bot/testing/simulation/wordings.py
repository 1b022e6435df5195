"""How simulated customers put things, in Chinese and English.

None of these is an example in the starter's `nlu.yml` or a question of its knowledge base (a test
holds them apart): they judge how it understands what it was not taught.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Words = Mapping[str, Sequence[str]]

OPENINGS: Mapping[str, Words] = {
    "order_status": {
        "zh": (
            "你好，想问下我买的东西现在到哪儿了",
            "我前几天拍的那单怎么还不见动静，帮忙看看",
            "亲，帮我瞅瞅我的包裹走到哪一站了",
            "麻烦查询一下我这单的配送进度",
            "我想了解下我的快件到什么地方了",
        ),
        "en": (
            "Hi, could you tell me where my stuff is right now",
            "I'd like to know how far along my delivery is",
            "my parcel seems to be taking forever, can you check on it",
            "please look into the whereabouts of my package",
            "any news about my delivery?",
        ),
    },
    "refund": {
        "zh": (
            "你好，我买的东西想退掉",
            "这东西我不打算留了，给我办个退货吧",
            "我这单想申请售后退货退款",
            "收到货不满意，想把钱退回来",
            "能帮忙处理一下退货吗，我想把商品寄回去",
        ),
        "en": (
            "Hello, I'd like to send something back and get my money back",
            "I am not keeping what I bought, please arrange a return",
            "could you set up a return for something I purchased",
            "I'm unhappy with my purchase and would like to be refunded",
            "need to give back an item I bought from you",
        ),
    },
    "invoice": {
        "zh": (
            "你好，我这边需要开一张发票",
            "麻烦帮我把发票开一下，要拿去报账",
            "上次买的东西还没开票，给我补一张吧",
            "想请你们出一张电子发票",
            "财务让我找你们要发票",
        ),
        "en": (
            "Hello, I'd need an invoice made out for something I bought",
            "my accountant wants an invoice for my purchase, can you make one",
            "could you draw up an invoice for me",
            "please create an invoice for what I ordered",
            "I require an invoice for my tax records",
        ),
    },
}
WITH_ORDER: Mapping[str, Words] = {
    "order_status": {
        "zh": (
            "帮忙看下{order}走到哪了",
            "{order}这个单子现在啥情况呀",
            "我想知道{order}什么时候送来",
        ),
        "en": (
            "could you see where order {order} has got to",
            "what's going on with {order}, when does it get here",
            "I'm curious where my parcel {order} is",
        ),
    },
    "refund": {
        "zh": (
            "{order}这单的东西我想退回去",
            "想把{order}给退了，麻烦处理",
            "我要退掉{order}里买的商品",
        ),
        "en": (
            "I'd like my money back for order {order}",
            "could you arrange a return for {order}",
            "I want to give back what I got in order {order}",
        ),
    },
    "invoice": {
        "zh": ("{order}这笔给我出张发票", "帮我给{order}补个发票吧", "我需要{order}的电子发票"),
        "en": (
            "could you make out an invoice for {order}",
            "I'd need the invoice of order {order}",
            "please draw up an invoice for my order {order}",
        ),
    },
}
TOO_MUCH: Mapping[str, Words] = {
    "order_status": {
        "zh": (
            "你好我是老顾客了，上周下的单，单号{order}，一直没到，我下周要出差，帮忙看看现在到哪了",
        ),
        "en": (
            "Hi there, I'm a regular customer, I ordered last week, it's {order}, nothing came and"
            " I'm travelling next week, where is it now",
        ),
    },
    "refund": {
        "zh": (
            "我要退货，订单{order}，退{items}，{reason}，麻烦尽快退款",
            "订单{order}里的{items}{reason}，给我退了吧",
        ),
        "en": (
            "I want to return the {items} from order {order}, {reason}, please refund me soon",
            "please take back the {items}, order {order}: {reason}",
        ),
    },
    "invoice": {
        "zh": (
            "给{order}开发票，{title}，发到{email}",
            "我要开票，订单{order}，{title}，邮箱{email}",
        ),
        "en": (
            "I need an invoice for {order}, {title}, send it to {email}",
            "invoice for order {order} please, {title}, my address is {email}",
        ),
    },
}
CARRIED: Mapping[str, Words] = {
    "refund": {
        "zh": ("那这单我想退掉", "这个东西我要退回去", "那帮我把它退了吧"),
        "en": (
            "okay, then I'd like to return it",
            "I want to send that one back",
            "please return this one",
        ),
    },
    "invoice": {
        "zh": ("那顺便给这单开个票", "这单也帮我出张发票吧", "再帮我把它的发票开了"),
        "en": (
            "then make out an invoice for it",
            "I'd also like an invoice for that one",
            "and an invoice for this one please",
        ),
    },
}
ANSWERS: Mapping[str, Words] = {
    "order_id": {
        "zh": ("{order}", "单号{order}", "就是{order}这一单", "喏，{order}", "应该是 {order} 吧"),
        "en": (
            "{order}",
            "that would be {order}",
            "here you go: {order}",
            "I think it's {order}",
            "No. {order}",
        ),
    },
    "refund_items": {
        "zh": ("{items}", "退{items}就行", "我想退的是{items}", "就那个{items}"),
        "en": ("{items}", "just the {items}", "I mean the {items}", "it's about the {items}"),
    },
    "company_name": {
        "zh": ("{company}", "抬头写{company}", "公司全称是{company}"),
        "en": ("{company}", "the company is called {company}", "make it out to {company}"),
    },
    "tax_number": {
        "zh": ("{tax_number}", "税号{tax_number}", "税号是：{tax_number}"),
        "en": ("{tax_number}", "it's {tax_number}", "our number: {tax_number}"),
    },
    "invoice_email": {
        "zh": ("{email}", "发到{email}", "我邮箱{email}"),
        "en": ("{email}", "send it to {email}", "my address is {email}"),
    },
}
TITLES: Mapping[str, Words] = {
    "personal": {
        "zh": ("个人的", "就开我个人", "写个人就好", "个人抬头"),
        "en": ("just personal", "it's a private one", "for me personally", "personal will do"),
    },
    "company": {
        "zh": ("公司的", "开给公司", "单位抬头", "要企业的"),
        "en": (
            "for my company",
            "a business one",
            "make it a company invoice",
            "it's for the firm",
        ),
    },
}
REASONS: Mapping[str, Words] = {
    "faulty": {
        "zh": ("用了一天就坏了", "有质量问题", "到手就是裂的", "质量太差，根本用不了"),
        "en": (
            "it broke after a day",
            "it has a defect",
            "it arrived cracked",
            "it simply doesn't work",
        ),
    },
    "wrong_item": {
        "zh": ("你们发错东西了", "寄错了，不是我买的那款", "发来的是别的型号，发错了"),
        "en": ("you sent me the wrong one", "it's not what I ordered", "I got the wrong model"),
    },
    "not_as_described": {
        "zh": ("跟图片完全不一样", "和页面描述不符", "色差太大了"),
        "en": (
            "it looks different from the photos",
            "it's not as described",
            "it doesn't match the description",
        ),
    },
    "size": {
        "zh": ("尺寸不合适", "大小不对，太小了", "买大了"),
        "en": ("it's too small", "wrong size for me", "it's far too big"),
    },
    "unwanted": {
        "zh": ("不想要了", "不喜欢", "买重复了，用不上"),
        "en": ("I don't want it any more", "I just don't like it", "I don't need it after all"),
    },
}
YES: Words = {
    "zh": (
        "是的，没错",
        "嗯嗯，办吧",
        "可以，提交吧",
        "行，就这样",
        "对，麻烦了",
        "确认提交",
        "没问题，谢谢",
        "好嘞",
        "ok，可以的",
    ),
    "en": (
        "yes, that's right",
        "sure, go for it",
        "looks correct, please proceed",
        "yep, all good",
        "okay do it",
        "that's correct, thanks",
        "yes please go ahead",
        "correct",
    ),
}
NO: Words = {
    "zh": ("先不要提交", "不了，我再想想", "不用了", "还是别办了", "先不退不开了，算了"),
    "en": (
        "no, don't submit it",
        "hold on, not yet",
        "no thanks",
        "I'd rather not",
        "no, leave it",
    ),
}
CANCEL: Words = {
    "zh": ("算了不弄了", "不办了，谢谢", "哎还是算了吧", "取消吧，不需要了", "先这样，不用了"),
    "en": (
        "actually never mind",
        "forget about it please",
        "cancel that please",
        "oh just leave it",
        "stop, no need",
    ),
}
CORRECTIONS: Mapping[str, Words] = {
    "order_id": {
        "zh": ("啊不对，订单应该是{order}", "说错了，是{order}", "抱歉弄错了，我要的是{order}这单"),
        "en": (
            "oh sorry, I meant order {order}",
            "no wait, it's {order}",
            "my mistake, the order is {order}",
        ),
    },
    "refund_items": {
        "zh": ("不对，我要退的是{items}", "弄错了，是{items}"),
        "en": ("no, it's the {items} I want to return", "sorry, I meant the {items}"),
    },
    "refund_reason": {
        "zh": ("原因不对，应该是{reason}", "不是这个原因，{reason}"),
        "en": ("no, the reason is that {reason}", "that's not the reason: {reason}"),
    },
    "invoice_title": {
        "zh": ("抬头不对，{title}", "改一下，{title}"),
        "en": ("no, {title}", "actually, {title}"),
    },
    "company_name": {
        "zh": ("公司名写错了，是{company}", "不对，抬头是{company}"),
        "en": ("no, the company is {company}", "sorry, it should say {company}"),
    },
    "tax_number": {
        "zh": ("税号不对，是{tax_number}", "更正一下税号：{tax_number}"),
        "en": ("no, the tax number is {tax_number}", "sorry, the number is {tax_number}"),
    },
    "invoice_email": {
        "zh": ("邮箱写错了，是{email}", "不对，发到{email}"),
        "en": ("no, send it to {email}", "sorry, the address is {email}"),
    },
}
UNUSABLE: Mapping[str, Words] = {
    "order_id": {
        "zh": ("123", "13912345678", "88888888", "单号我忘了"),
        "en": ("12-3", "13912345678", "99999999", "I can't remember it"),
    },
    "refund_items": {"zh": ("那个贵的", "游泳圈"), "en": ("the expensive one", "the trampoline")},
    "refund_reason": {"zh": ("嗯", "。。。"), "en": ("hm", "...")},
    "invoice_title": {"zh": ("随便", "你看着写"), "en": ("whatever", "you choose")},
    "company_name": {"zh": ("？？", "1"), "en": ("??", "1")},
    "tax_number": {"zh": ("{mistyped}", "91330"), "en": ("{mistyped}", "12345")},
    "invoice_email": {"zh": ("wanglei", "li@"), "en": ("kate at example", "kate@")},
}
DIGRESSIONS: Words = {
    "zh": (
        "对了，你们寄新疆要另外付邮费吗",
        "问一下你们人工客服几点下班",
        "话说优惠券过期了还能用吗",
        "退款大概要等几天才能到卡里",
        "插一句，会员积分怎么攒",
        "可以货到付款吗",
    ),
    "en": (
        "by the way, how much is delivery",
        "quick question, until what time is your support team in",
        "can I use two coupons at once?",
        "how many days does it take until a refund shows up",
        "do you have a physical shop somewhere?",
        "is there a way to pay in instalments?",
    ),
}
HUMAN: Words = {"zh": ("转人工", "我要人工客服"), "en": ("talk to a human", "I want a real person")}
SWITCH_BACK: Mapping[str, Words] = {
    "refund": {
        "zh": ("好，那接着办刚才的退货，订单{order}", "知道了，继续退{order}那单吧"),
        "en": (
            "okay, back to returning order {order}",
            "got it, let's go on with the return of {order}",
        ),
    },
    "invoice": {
        "zh": ("好，那接着开刚才的发票，订单{order}", "知道了，继续给{order}开票吧"),
        "en": (
            "okay, back to the invoice for {order}",
            "got it, let's go on with the invoice for {order}",
        ),
    },
}
EVERY: tuple[Mapping[str, Words] | Words, ...] = (
    *(OPENINGS, WITH_ORDER, TOO_MUCH, CARRIED, ANSWERS, TITLES, REASONS, YES, NO, CANCEL),
    *(CORRECTIONS, UNUSABLE, DIGRESSIONS, SWITCH_BACK, HUMAN),
)

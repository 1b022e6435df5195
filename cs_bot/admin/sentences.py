"""What the operator API says to people, in Chinese and English; knows no HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_SENTENCES: Mapping[str, tuple[str, str]] = {
    "as_is": ("{text}", "{text}"),
    "both": ("{zh}", "{en}"),
    "unauthenticated": ("请先登录。", "Please log in."),
    "wrong_password": ("用户名或密码不正确。", "The name or the password is wrong."),
    "too_many_attempts": (
        "登录失败次数过多，请在 {seconds} 秒后再试。",
        "Too many failed log-ins; try again in {seconds} seconds.",
    ),
    "forbidden": ("您的角色不能执行此操作。", "Your role does not allow this."),
    "no_console_header": (
        "请求缺少 X-CSB-Console: 1 请求头，已拒绝。",
        "The request lacks the header X-CSB-Console: 1 and was refused.",
    ),
    "not_found": ("找不到“{name}”。", "There is no {kind} {name!r}."),
    "no_such_path": ("没有这个接口地址。", "There is nothing at this address."),
    "changed_meanwhile": (
        "其他人已经修改过这条内容，请对照最新版本后再保存。",
        "Somebody else has changed this meanwhile; compare with the newest version, then save.",
    ),
    "id_taken": ("编号“{id}”已被使用，请换一个。", "The id {id!r} is taken; choose another one."),
    "nothing_changed": (
        "没有需要发布的改动。",
        "Nothing has changed since the current release.",
    ),
    "publish_blocked": (
        "有 {count} 处问题需要先处理，然后才能发布。",
        "{count} problems must be put right before this can be published.",
    ),
    "equal_question": (
        "“{text}”与 {other} 的“{question}”实际相同；请改写其中一条，或合并两条问答。",
        "{text!r} equals {question!r} of {other}; reword one of them or merge the two pairs.",
    ),
    "no_such_pair": (
        "没有编号为“{id}”的问答，请先新建或更正编号。",
        "There is no pair {id!r}; correct the id or make the pair first.",
    ),
    "no_words": (
        "问题里没有可以匹配的文字，请写出完整的问题。",
        "The question holds no words to match; write it out.",
    ),
    "no_answer": ("缺少答案，请补充。", "The answer is missing; write one."),
    "no_task": (
        "按钮要开始的任务“{task}”不存在，请改选一个任务，或让按钮说一句话。",
        "A button starts the task {task!r}, which the bot does not have; choose another one, "
        "or let the button say a text.",
    ),
    "model_intent": (
        "模型 {id} 会识别的意图“{name}”已不在项目文件中，不能回退到它。",
        "Model {id} knows the intent {name!r}, which the project's files lack; it cannot answer.",
    ),
    "model_entity": (
        "模型 {id} 会识别的实体“{name}”已不在项目文件中，不能回退到它。",
        "Model {id} knows the entity {name!r}, which the project's files lack; it cannot answer.",
    ),
    "model_action": (
        "模型 {id} 会选择的动作“{name}”已不在项目文件中，不能回退到它。",
        "Model {id} knows the action {name!r}, which the project's files lack; it cannot answer.",
    ),
    "model_encoder": (
        "模型 {id} 是用另一个编码器（{name}）训练的，不能回退到它。",
        "Model {id} was trained with another encoder, {name}; it cannot answer.",
    ),
    "model_damaged": (
        "模型 {id} 的数据已损坏，或来自另一版 cs_bot，不能回退到它。",
        "Model {id} is damaged, or of another release of cs_bot; it cannot answer.",
    ),
    "busy": (
        "服务器正忙，没有做任何改动，请稍后再试。",
        "The server is busy and has changed nothing; try again in a moment.",
    ),
    "internal": (
        "服务器出错，日志编号 {id}。",
        "Something went wrong on the server; the log has it as {id}.",
    ),
    "invalid": ("请检查标出的内容。", "Please check the fields named here."),
    "not_json": ("请求内容不是有效的 JSON。", "The body is not valid JSON."),
    "too_large": ("请求超过 {bytes} 字节，已拒绝。", "The body is larger than {bytes} bytes."),
    "cut_off": ("请求没有传完。", "The request ended before its body was complete."),
    "nul_character": (
        "地址里含有空字符，请删除后重试。",
        "The address holds a NUL character; take it out.",
    ),
    "file_too_large": (
        "文件超过 {megabytes} MB，没有读取；请分成几个文件。",
        "The file is larger than {megabytes} MB and was not read; split it into several files.",
    ),
    "file_empty": ("文件是空的。", "The file is empty."),
    "file_changed": (
        "文件或选项与检查时不同，没有导入；请重新检查。",
        "The file or the options are not those that were checked; nothing was imported. "
        "Check it again.",
    ),
    "drafts_changed": (
        "检查之后，有人修改了这次导入涉及的问答；没有导入，请重新检查。",
        "Pairs that this import would replace were changed after the check; nothing was imported. "
        "Check it again.",
    ),
    "rows_bad": (
        "有 {count} 行不能使用，没有导入；请改正，或选择跳过。",
        "{count} rows cannot be used and nothing was imported; correct them or skip them.",
    ),
    "setup_token": (
        "此设置链接无效、已使用或已过期；重新启动服务会打印新的链接。",
        "This set-up link is wrong, used or expired; starting the server again prints a new one.",
    ),
    "field_missing": ("必填。", "This is required."),
    "field_unknown": ("没有这个字段，请删除。", "There is no such field; take it out."),
    "field_too_long": ("最多 {limit} 个字符。", "At most {limit} characters."),
    "field_too_short": ("至少 {limit} 个字符。", "At least {limit} characters."),
    "field_too_many": ("最多 {limit} 项。", "At most {limit} of them."),
    "field_nul": ("含有不可见的空字符，请删除。", "It holds a NUL character; take it out."),
    "field_own_language": (
        "译文的语言与问答本身的语言相同，请删除或更换。",
        "The translation is in the pair's own language; take it out or change its language.",
    ),
    "field_time": (
        "请写出日期、时间和时区，例如 2026-12-01T00:00:00+08:00。",
        "Write date, time and zone, such as 2026-12-01T00:00:00+08:00.",
    ),
    "field_window": ("结束时间必须晚于开始时间。", "The end must be later than the beginning."),
    "field_web_address": (
        "网址必须以 http:// 或 https:// 开头。",
        "The address must begin with http:// or https://.",
    ),
    "field_link_address": (
        "链接必须以 http://、https://、mailto: 或 tel: 开头。",
        "The link must begin with http://, https://, mailto: or tel:.",
    ),
    "field_button_does": (
        "按钮必须且只能做一件事：说一句话、打开链接或开始任务。",
        "A button does one thing: it says a text, opens a link, or starts a task.",
    ),
    "field_empty_answer": (
        "这条答案是空的：请写文字或添加内容。",
        "This answer is empty: write a text or add something to it.",
    ),
    "field_block_kind": (
        "没有这种内容，只能是 text、image、buttons 或 card。",
        "There is no such content; it is text, image, buttons or card.",
    ),
    "field_pair_id": (
        "编号只能用字母、数字、点、冒号、下划线和连字符，最多 64 个，以字母或数字开头。",
        "An id is at most 64 letters, digits, dots, colons, underscores and hyphens, "
        "a letter or digit first.",
    ),
    "field_not_allowed": ("只能是 {limit}。", "It must be {limit}."),
    "field_least": ("不能小于 {limit}。", "It is at least {limit}."),
    "field_most": ("不能大于 {limit}。", "It is at most {limit}."),
    "field_unusable": ("不能使用（{text}）。", "It cannot be used: {text}."),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing to say, not yet in a language."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    def spoken(self, locale: str) -> str:
        """Return the sentence in Chinese for `zh`, in English for anything else."""
        chinese, english = _SENTENCES[self.key]
        return (chinese if locale == "zh" else english).format(**self.values)


def says(key: str, **values: object) -> Sentence:
    """Return the sentence of this key with its values."""
    return Sentence(key, values)


def spoken_locale(accept_language: str) -> str:
    """Return `zh` where the first language asked for is Chinese, else `en`."""
    return "zh" if accept_language.strip().lower().startswith("zh") else "en"

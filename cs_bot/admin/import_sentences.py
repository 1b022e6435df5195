"""The sentences about files and imports that are said elsewhere, in the words of the console."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    # What is wrong with a field, a cell or a row.
    "is missing or empty": ("是空的", "is missing or empty"),
    "must be {wanted}, not {value}": (
        "应为{wanted}，不能是 {value}",
        "must be {wanted}, not {value}",
    ),
    "text in quotes": ("文字", "text in quotes"),
    "a list of texts": ("文字的列表", "a list of texts"),
    "an object with question and answer": (
        "含有 question 和 answer 的对象",
        "an object with question and answer",
    ),
    "holds the character {code}, which cannot be stored": (
        "含有无法保存的字符 {code}",
        "holds the character {code}, which cannot be stored",
    ),
    "has a text of {n} characters; at most {most} are taken": (
        "其中有一条长 {n} 个字符，最多 {most} 个",
        "has a text of {n} characters; at most {most} are taken",
    ),
    "has {n} characters; at most {most} are taken": (
        "有 {n} 个字符，最多 {most} 个",
        "has {n} characters; at most {most} are taken",
    ),
    "the {wanted} {value} stands on line {line} already": (
        "{wanted}“{value}”在第 {line} 行已经出现过",
        "the {wanted} {value!r} stands on line {line} already",
    ),
    "id": ("编号", "id"),
    "question": ("问题", "question"),
    "answer": ("答案", "answer"),
    "{n} cells under {most} headings": (
        "这一行有 {n} 格，标题只有 {most} 列",
        "{n} cells under {most} headings",
    ),
    "the cell holds the error {value}": (
        "单元格是错误值 {value}",
        "the cell holds the error {value}",
    ),
    "the cell holds a formula without its result": (
        "单元格里是没有计算结果的公式",
        "the cell holds a formula without its result",
    ),
    "is not valid JSON: {error}": ("不是有效的 JSON（{error}）", "is not valid JSON: {error}"),
    "is missing": ("缺失", "is missing"),
    "is empty": ("是空的", "is empty"),
    "has no kind": ("没有写明 kind", "has no kind"),
    "is no field of an answer": ("不是答案的字段", "is no field of an answer"),
    "must be text in quotes": ("应为文字", "must be text in quotes"),
    "must be a list": ("应为列表", "must be a list"),
    "must be an object": ("应为对象", "must be an object"),
    "has the kind {name}; known are {names}": (
        "的 kind 是“{name}”，只能是 {names}",
        "has the kind {name!r}; known are {names}",
    ),
    "has more than {n} characters": ("超过 {n} 个字符", "has more than {n} characters"),
    "has {n} items; at most {most} are taken": (
        "有 {n} 项，最多 {most} 项",
        "has {n} items; at most {most} are taken",
    ),
    "names {n} pairs; at most {most} are taken": (
        "写了 {n} 条问答，最多 {most} 条",
        "names {n} pairs; at most {most} are taken",
    ),
    "not valid JSON: {error}": ("不是有效的 JSON（{error}）", "not valid JSON: {error}"),
    "not a JSON object": ("不是 JSON 对象", "not a JSON object"),
    # What keeps a whole file from being read.
    "the file has more than {n} rows": ("文件超过 {n} 行", "the file has more than {n} rows"),
    "the file has {n} MB; at most {most} MB are taken": (
        "文件有 {n} MB，最多 {most} MB",
        "the file has {n} MB; at most {most} MB are taken",
    ),
    "cannot be read: {error}": ("文件读不出来（{error}）", "cannot be read: {error}"),
    "cannot be written: {error}": ("文件写不出来（{error}）", "cannot be written: {error}"),
    "not UTF-16, though it begins like it: byte {byte}": (
        "文件开头像 UTF-16，第 {byte} 个字节却不是",
        "not UTF-16, though it begins like it: byte {byte}",
    ),
    "not UTF-8: byte {byte} is {value}, and not GB18030: byte {other} is {more}": (
        "既不是 UTF-8（第 {byte} 个字节是 {value}），也不是 GB18030（第 {other} 个字节是 {more}）",
        "not UTF-8: byte {byte} is {value}, and not GB18030: byte {other} is {more}",
    ),
    "not UTF-8: byte {byte} is {value}": (
        "不是 UTF-8：第 {byte} 个字节是 {value}",
        "not UTF-8: byte {byte} is {value}",
    ),
    "not valid CSV: {error}": ("不是有效的 CSV（{error}）", "not valid CSV: {error}"),
    "unknown field {name}": ("没有字段“{name}”", "there is no field {name!r}"),
    "unknown column {name}": ("没有“{name}”这一列", "there is no column {name!r}"),
    "unknown sheet {name}": ("没有工作表“{name}”", "there is no sheet {name!r}"),
    "unknown dialect {name}": ("没有“{name}”这种格式", "there is no form {name!r}"),
    "two columns may be the {field}: {one} and {other}": (
        "“{one}”和“{other}”两列都是“{field}”，只能有一列",
        "two columns are the {field}: {one!r} and {other!r}",
    ),
    "the header lacks {fields}": (
        "还没有指定哪一列是{fields}",
        "no column is the {fields} yet",
    ),
    "not the header of {system}": ("标题行不是 {system} 的", "not the header of {system}"),
    "something follows the list": ("列表后面还有内容", "something follows the list"),
    "there are no pairs": ("文件里没有问答", "there are no pairs in the file"),
    "the sheet {name} is empty": ("工作表“{name}”是空的", "the sheet {name!r} is empty"),
    "all sheets are empty": ("所有工作表都是空的", "all sheets are empty"),
    "the workbook is encrypted, or it is an old .xls": (
        "工作簿有密码，或者是旧的 .xls 格式",
        "the workbook is encrypted, or it is an old .xls",
    ),
    "not a workbook that can be read: {wanted}": (
        "不是可以读取的工作簿（{wanted}）",
        "not a workbook that can be read: {wanted}",
    ),
    "it does not begin like one": ("开头就不像", "it does not begin like one"),
    "the workbook unpacks to {n} MB; at most {most} MB are taken": (
        "工作簿解开后有 {n} MB，最多 {most} MB",
        "the workbook unpacks to {n} MB; at most {most} MB are taken",
    ),
    "XLSX files need openpyxl, which is not installed": (
        "服务器没有安装读写 XLSX 的组件 openpyxl",
        "XLSX files need openpyxl, which is not installed on the server",
    ),
    "row {line} has a text of {n} characters; a cell of a workbook holds {most}": (
        "第 {line} 行有一段 {n} 个字符的文字，工作簿的一格最多 {most} 个",
        "row {line} has a text of {n} characters; a cell of a workbook holds {most}",
    ),
    "{system} reads no JSON": ("{system} 不读 JSON", "{system} reads no JSON"),
    "old .xls files are not written": ("不写旧的 .xls 文件", "old .xls files are not written"),
    # What to do about it.
    "write it": ("请补上", "write it"),
    "correct the value": ("请改正", "correct the value"),
    "take it out": ("请删除这个字符", "take it out"),
    "leave some out": ("请去掉一些", "leave some out"),
    "correct it, or export the pair again": (
        "请改正，或重新导出这条问答",
        "correct it, or export the pair again",
    ),
    "exchange the two times or correct one": (
        "请交换两个时间，或改正其中一个",
        "exchange the two times or correct one",
    ),
    "write one of say, url and task": (
        "请写 say、url、task 中的一个",
        "write one of say, url and task",
    ),
    "write a text or take the answer out": (
        "请写文字，或删除这个答案",
        "write a text or take the answer out",
    ),
    "shorten it": ("请缩短", "shorten it"),
    "give one of the two another id, or remove it": (
        "请给其中一条换个编号，或删除它",
        "give one of the two another id, or remove it",
    ),
    "put both into one row, or remove one": (
        "请合并成一行，或删除其中一行",
        "put both into one row, or remove one",
    ),
    "put text that holds a comma in double quotes": (
        "含有逗号的文字请放在英文双引号里",
        "put text that holds a comma in double quotes",
    ),
    "correct it, or type a value": ("请改正，或直接填写内容", "correct it, or type a value"),
    "open the file in a spreadsheet program and save it, or type a value": (
        "请用表格软件打开并保存一次，或直接填写内容",
        "open the file in a spreadsheet program and save it, or type a value",
    ),
    "correct the line": ("请改正这一行", "correct the line"),
    "correct the line; text with quotes in it stands in double quotes, the quotes in it doubled": (
        "请改正这一行；含有引号的文字要放在英文双引号里，里面的引号写两遍",
        "correct the line; text with quotes in it stands in double quotes, the quotes doubled",
    ),
    'write {{"id": ..., "question": ..., "answer": ...}}': (
        '请写成 {{"question": ..., "answer": ...}}',
        'write {{"question": ..., "answer": ...}}',
    ),
    "correct the list": ("请改正列表", "correct the list"),
    "correct the values": ("请改正", "correct the values"),
    "write one list, or one object a line": (
        "请写成一个列表，或每行一个对象",
        "write one list, or one object a line",
    ),
    "split it into several files": ("请分成几个文件", "split it into several files"),
    "check the path": ("请检查文件", "check the file"),
    "save the file as UTF-8": ("请把文件另存为 UTF-8", "save the file as UTF-8"),
    "did you mean {name}?": ("是否指“{name}”？", "did you mean {name!r}?"),
    "known: {names}": ("可以是：{names}", "known: {names}"),
    "say which one with --map {rest}": ("请在下面只选一列", "choose one of them below"),
    "begin the file with: question,answer,similar; or say which columns are meant {rest}": (
        "请在下面指定哪一列是问题、哪一列是答案",
        "say below which column is the question and which the answer",
    ),
    "begin the file with: {header}; or leave --dialect out": (
        "第一行应为 {header}；或者把格式改为自动识别",
        "begin the file with: {header}; or let the form be found by itself",
    ),
    "write one pair a line": ("请每行写一条问答", "write one pair a line"),
    "name another file, or a sheet with --sheet": (
        "请换一个文件，或选别的工作表",
        "choose another file or another sheet",
    ),
    "name another file": ("请换一个文件", "choose another file"),
    "save it as .xlsx without a password": (
        "请另存为没有密码的 .xlsx",
        "save it as .xlsx without a password",
    ),
    "open it in a spreadsheet program and save it as .xlsx again": (
        "请用表格软件打开，重新另存为 .xlsx",
        "open it in a spreadsheet program and save it as .xlsx again",
    ),
    "save only the sheet with the pairs, or write it as CSV": (
        "请只保存含有问答的工作表，或另存为 CSV",
        "save only the sheet with the pairs, or write it as CSV",
    ),
    "run: pip install {package}": (
        "请改用 CSV，或请管理员安装：pip install {package}",
        "use CSV, or ask who runs the server to install it: pip install {package}",
    ),
    "write .csv or .jsonl instead": ("请改用 CSV 或 JSONL", "use CSV or JSONL instead"),
    "name it .xlsx": ("请用 .xlsx", "name it .xlsx"),
    "name the file .csv or .xlsx": ("请用 .csv 或 .xlsx", "name the file .csv or .xlsx"),
    # Why an import cannot be undone.
    "there is no import to undo": ("没有可以撤销的导入。", "There is no import to undo."),
    "the last import is {last}, not {other}; undo that one first": (
        "{other} 不是最近一次导入，最近一次是 {last}；请先撤销它。",
        "{other} is not the last import, {last} is; undo that one first.",
    ),
    "import {last} of {file} cannot be undone: pairs of it were edited since: {edited}; "
    "correct or archive its pairs one by one instead": (
        "导入 {last}（{file}）不能撤销，其中这些问答后来又被修改过：{edited}。"
        "请逐条修改或归档要收回的问答。",
        "Import {last} of {file} cannot be undone: pairs of it were edited since: {edited}. "
        "Correct or archive its pairs one by one instead.",
    ),
}
"""What is said -> Chinese, English; `{x}` stands for any text."""

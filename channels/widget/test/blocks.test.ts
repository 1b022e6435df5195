import { describe, expect, test } from "vitest";
import { Stage, wordsOf } from "./fakes.js";

const SUGGEST = {
  kind: "suggest",
  items: [
    { item_id: "q1", question: "多久发货?" },
    { item_id: "q2", question: "如何修改地址?" },
  ],
  none: "都不是",
};
const FORM = {
  kind: "form",
  form_id: "f1",
  title: "留言",
  fields: [
    { name: "text", kind: "textarea", label: "内容", required: true, maxlength: 10 },
    { name: "phone", kind: "tel", label: "手机号", required: true, pattern: "1\\d{10}", sensitive: true },
    { name: "mail", kind: "email", label: "邮箱" },
  ],
  submit: "提交留言",
};

describe("text", () => {
  test("plain text stays as it is, Markdown is drawn", async () => {
    const stage = await new Stage().live();
    await stage.answer([{ kind: "text", text: "**a**\n b" }]);
    expect(stage.all(".bubble .plain").pop()?.textContent).toBe("**a**\n b");
    await stage.answer([{ kind: "text", text: "**a**", format: "md" }]);
    expect(stage.one(".bubble .rich strong").textContent).toBe("a");
  });

  test("each message names its language and its sender", async () => {
    const stage = await new Stage("zh").live();
    await stage.answer([{ kind: "text", text: "Good morning" }]);
    const message = stage.all("li.message").pop();
    expect(message?.lang).toBe("en");
    expect(wordsOf(message as Element)).toContain("小助手");
  });

  test("an unknown kind shows its fallback, a notice is a line of its own", async () => {
    const stage = await new Stage().live();
    await stage.answer([{ kind: "hologram", fallback: "see the web page" }]);
    expect(stage.all(".bubble .plain").map(wordsOf)).toContain("see the web page");
    await stage.answer([{ kind: "notice", text: "会话已结束" }]);
    expect(wordsOf(stage.one(".system"))).toBe("会话已结束");
  });

  test("an image comes from http only", async () => {
    const stage = await new Stage().live();
    await stage.answer([{ kind: "image", url: "/size.png", alt: "尺码表" }]);
    expect(stage.one<HTMLImageElement>(".image img").src).toBe("http://bot.test/size.png");
    await stage.answer([{ kind: "image", url: "javascript:alert(1)", alt: "x" }]);
    expect(stage.all(".image img")).toHaveLength(1);
  });
});

describe("did you mean", () => {
  test("a pick is sent, stays marked and closes the list", async () => {
    const stage = await new Stage().live();
    const id = await stage.answer([SUGGEST]);
    expect(stage.all(".row").map(wordsOf)).toEqual(["多久发货?", "如何修改地址?", "都不是"]);
    await stage.click(".row:nth-child(1)");
    expect(stage.sent("action")?.data).toEqual({ message_id: id, item_id: "q1" });

    await stage.update(id, [{ ...SUGGEST, chosen: "q1" }]);
    const [first, second] = stage.all(".row");
    expect(first?.getAttribute("aria-pressed")).toBe("true");
    expect(second?.getAttribute("aria-disabled")).toBe("true");
    second?.click();
    await stage.settle();
    expect(stage.socket.sent.filter(({ type }) => type === "action")).toHaveLength(1);
  });

  test("none of these is null", async () => {
    const stage = await new Stage().live();
    const id = await stage.answer([SUGGEST]);
    await stage.click(".row.none");
    expect(stage.sent("action")?.data).toEqual({ message_id: id, item_id: null });
    expect(stage.one(".row.none").getAttribute("aria-pressed")).toBe("true");
  });

  test("arrow keys walk through the rows and around the ends", async () => {
    const stage = await new Stage().live();
    await stage.answer([SUGGEST]);
    const rows = stage.all<HTMLButtonElement>(".row");
    const walked = (key: string) => {
      const from = stage.root.activeElement;
      from?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
      return rows.indexOf(stage.root.activeElement as HTMLButtonElement);
    };
    rows[0]?.focus();
    expect(["ArrowDown", "ArrowUp", "ArrowUp", "Home", "End"].map(walked)).toEqual([1, 0, 2, 0, 2]);
  });
});

describe("related questions", () => {
  const related = { kind: "suggest", items: SUGGEST.items };

  test("they are picked like any line, and none of them is no line", async () => {
    const stage = await new Stage().live();
    const id = await stage.answer([{ kind: "text", text: "五元。" }, related]);
    expect(stage.all(".row").map(wordsOf)).toEqual(["多久发货?", "如何修改地址?"]);
    expect(stage.one(".suggest").getAttribute("aria-label")).toBe("相关问题");
    await stage.click(".row:nth-child(1)");
    expect(stage.sent("action")?.data).toEqual({ message_id: id, item_id: "q1" });
  });
});

describe("card", () => {
  const card = {
    kind: "card",
    title: "双十一",
    text: "满 200 减 30\n全场包邮",
    image: "https://shop.example/sale.png",
    alt: "海报",
    buttons: [
      { id: "a1", title: "活动规则", url: "https://shop.example/rules" },
      { id: "a2", title: "查物流" },
    ],
    fallback: "双十一\n满 200 减 30",
  };

  test("picture, title, words and buttons are one piece outside the bubble", async () => {
    const stage = await new Stage().live();
    await stage.answer([card]);
    const shown = stage.one(".card");
    expect(shown.closest(".bubble")).toBeNull();
    expect(shown.querySelector("img")?.alt).toBe("海报");
    expect(wordsOf(shown.querySelector(".card-title") as Element)).toBe("双十一");
    expect(shown.querySelector(".plain")?.textContent).toBe("满 200 减 30\n全场包邮");
    expect(shown.querySelector<HTMLAnchorElement>("a.choice")?.href).toBe("https://shop.example/rules");
  });

  test("a button may be pressed again once the first press has arrived", async () => {
    const stage = await new Stage().live();
    const id = await stage.answer([card]);
    await stage.click(".card button.choice");
    expect(stage.sent("action")?.data).toEqual({ message_id: id, button_id: "a2" });
    expect(stage.one(".card button.choice").getAttribute("aria-disabled")).toBe("true");
  });

  test("a title alone is a card; a picture from elsewhere than http is not shown", async () => {
    const stage = await new Stage().live();
    await stage.answer([{ kind: "card", title: "只有标题", image: "data:image/png;base64,x" }]);
    expect(stage.all(".card img")).toHaveLength(0);
    expect(stage.all(".card .choices")).toHaveLength(0);
    expect(wordsOf(stage.one(".card-title"))).toBe("只有标题");
  });
});

describe("buttons", () => {
  const buttons = [
    { id: "b1", title: "查物流", style: "primary" },
    { id: "b2", title: "说明", url: "https://a.example" },
    { id: "b3", title: "坏链接", url: "javascript:alert(1)" },
  ];

  test("a press names the button, and once is once", async () => {
    const stage = await new Stage().live();
    const id = await stage.answer([{ kind: "buttons", buttons, once: true }]);
    const press = stage.all("button.choice").find((button) => wordsOf(button) === "查物流");
    press?.click();
    press?.click();
    await stage.settle();
    expect(stage.sent("action")?.data).toEqual({ message_id: id, button_id: "b1" });
    expect(stage.socket.sent.filter(({ type }) => type === "action")).toHaveLength(1);
  });

  test("only safe addresses become links", async () => {
    const stage = await new Stage().live();
    await stage.answer([{ kind: "buttons", buttons }]);
    expect(stage.all<HTMLAnchorElement>("a.choice").map(({ href }) => href)).toEqual([
      "https://a.example/",
    ]);
  });
});

describe("form", () => {
  const fill = async (stage: Stage, values: Record<string, string>) => {
    for (const [name, value] of Object.entries(values)) {
      stage.one<HTMLInputElement>(`[name=${name}]`).value = value;
    }
    stage.one("form").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await stage.settle();
  };

  test("what is missing is said next to the field, which takes the focus", async () => {
    const stage = await new Stage().live();
    await stage.answer([FORM]);
    await fill(stage, { phone: "123", mail: "nobody" });
    expect(stage.all(".error").map(wordsOf)).toEqual([
      "请填写内容",
      "手机号的格式不对，请检查",
      "邮箱格式不对，例如 name@example.com",
    ]);
    const field = stage.one<HTMLTextAreaElement>("[name=text]");
    const error = field.getAttribute("aria-describedby") ?? "";
    expect(wordsOf(stage.one(`#${error}`))).toBe("请填写内容");
    expect(stage.root.activeElement).toBe(field);
    expect(stage.sent("form.submit")).toBeUndefined();
  });

  test("what the server refuses is said next to the field, and the values stay", async () => {
    const stage = await new Stage().live();
    const id = await stage.answer([FORM]);
    await fill(stage, { text: "坏了", phone: "13800000000" });
    const sent = stage.sent("form.submit");
    const values = { text: "坏了", phone: "13800000000" };
    expect(sent?.data).toEqual({ message_id: id, form_id: "f1", values });

    const data = { code: "form_invalid", retryable: true, fields: { phone: "打不通" } };
    stage.say({ type: "error", re: sent?.id ?? "", data });
    await stage.settle();
    expect(stage.all(".error").map(wordsOf)).toEqual(["打不通"]);
    expect(stage.one<HTMLInputElement>("[name=phone]").value).toBe("13800000000");
  });

  test("sensitive values are in no storage", async () => {
    const stage = await new Stage().live();
    await stage.answer([FORM]);
    await fill(stage, { text: "坏了", phone: "13800000000" });
    expect(JSON.stringify({ ...localStorage })).not.toContain("13800000000");
  });

  test("a submitted form shows that it was", async () => {
    const stage = await new Stage().live();
    const id = await stage.answer([FORM]);
    await stage.update(id, [{ ...FORM, state: "submitted" }]);
    expect(stage.all("form")).toHaveLength(0);
    expect(wordsOf(stage.one(".form.done"))).toContain("已提交");
  });
});

describe("feedback", () => {
  const answer = { answer_id: "a1", source: "kbqa", feedback: true };
  const text = [{ kind: "text", text: "48 小时内" }];

  test("is asked for only where the server says so", async () => {
    const stage = await new Stage().live();
    await stage.answer(text, { answer: { ...answer, feedback: false } });
    expect(stage.all(".feedback")).toHaveLength(0);
  });

  test("a thumb is a pressed button; the same again takes it back", async () => {
    const stage = await new Stage().live();
    await stage.answer(text, { answer });
    await stage.click(".thumb");
    expect(stage.sent("feedback")?.data).toEqual({ answer_id: "a1", value: 1 });
    expect(stage.one(".thumb").getAttribute("aria-pressed")).toBe("true");
    stage.say({ type: "ack", re: stage.sent("feedback")?.id ?? "", data: {} });
    await stage.click(".thumb");
    expect(stage.sent("feedback")?.data).toEqual({ answer_id: "a1", value: 0 });
    expect(stage.one(".thumb").getAttribute("aria-pressed")).toBe("false");
  });
});

import { describe, expect, test } from "vitest";
import { Stage } from "./fakes.js";

const shown = (stage: Stage) => stage.one<HTMLTextAreaElement>("csb-composer textarea").value;

describe("Enter", () => {
  test("sends once and empties the field", async () => {
    const stage = await new Stage().live();
    const event = await stage.type("多久发货");
    expect(stage.socket.sent.filter(({ type }) => type === "message.send")).toHaveLength(1);
    expect(stage.sent("message.send")?.data).toEqual({ text: "多久发货" });
    expect(event.defaultPrevented).toBe(true);
    expect(shown(stage)).toBe("");
  });

  test.each([
    ["while composing (Chrome, Firefox)", { key: "Enter", isComposing: true, keyCode: 229 }],
    ["that ends a composition (Safari)", { key: "Enter", isComposing: false, keyCode: 229 }],
    ["with Shift", { key: "Enter", shiftKey: true }],
  ])("%s sends nothing", async (_, key) => {
    const stage = await new Stage().live();
    const event = await stage.type("duojiu", key);
    expect(stage.sent("message.send")).toBeUndefined();
    expect(event.defaultPrevented).toBe(false);
    expect(shown(stage)).toBe("duojiu");
  });

  test("on white space sends nothing", async () => {
    const stage = await new Stage().live();
    await stage.type("  \n ");
    expect(stage.sent("message.send")).toBeUndefined();
  });
});

test("the counter appears at 90 % and a text over the limit cannot be sent", async () => {
  const stage = await new Stage().live();
  await stage.type("x".repeat(89), { key: "a" });
  expect(stage.all(".counter")).toHaveLength(0);
  await stage.type("x".repeat(101));
  expect(stage.one(".counter").textContent).toContain("101 / 100");
  expect(stage.sent("message.send")).toBeUndefined();
  expect(stage.one<HTMLButtonElement>(".send").disabled).toBe(true);
});

test("Up in an empty field brings back the last text", async () => {
  const stage = await new Stage().live();
  await stage.type("first");
  await stage.type("", { key: "ArrowUp" });
  expect(shown(stage)).toBe("first");
});

test("a draft is kept until it is sent", async () => {
  const stage = await new Stage().live();
  await stage.type("half a sen", { key: "a" });
  expect(localStorage.getItem("csb:web_demo:draft")).toBe("half a sen");
  await stage.type("half a sentence");
  expect(localStorage.getItem("csb:web_demo:draft")).toBeNull();
});

import { expect, test } from "vitest";
import { ulid } from "../src/ids.js";
import { isOlder } from "../src/version.js";
import { said, World } from "./fakes.js";

test("commands name ids only", async () => {
  const world = new World();
  const client = world.client();
  const socket = await world.live(client);
  const sent = [
    client.press("m1", "b1"),
    client.pick("m1", "q_12"),
    client.pick("m1", null),
    client.rate("a_9", -1),
  ];
  for (const id of sent) socket.say({ type: "ack", re: id, data: {} });
  expect(socket.sent.slice(1).map(({ type, data }) => ({ type, data }))).toEqual([
    { type: "action", data: { message_id: "m1", button_id: "b1" } },
    { type: "action", data: { message_id: "m1", item_id: "q_12" } },
    { type: "action", data: { message_id: "m1", item_id: null } },
    { type: "feedback", data: { answer_id: "a_9", value: -1 } },
  ]);
});

test("an update replaces the blocks of its message", async () => {
  const world = new World();
  const client = world.client();
  const socket = await world.live(client);
  socket.say(said(1));
  const before = client.items[0];
  const blocks = [{ kind: "suggest", items: [], chosen: "q_12" }];
  socket.say({ type: "message.update", seq: 2, data: { message_id: "m1", blocks } });
  expect(client.items[0]?.blocks).toEqual(blocks);
  expect(client.items[0]).not.toBe(before);
});

test("a message without blocks is silence: nothing to show and nothing unread", async () => {
  const world = new World();
  const client = world.client();
  const socket = await world.live(client);
  client.on("message", () => expect.unreachable());
  socket.say({ ...said(1), data: { ...said(1).data, blocks: [] } });
  expect(client.items).toEqual([]);
  expect(client.unread).toBe(0);
});

test("typing ends with the answer, or after 6 s", async () => {
  const world = new World();
  const client = world.client();
  const socket = await world.live(client);
  const typing = { type: "typing", data: { by: "bot", on: true } };
  socket.say(typing);
  expect(client.typing).toBe(true);
  await world.clock.pass(6_000);
  expect(client.typing).toBe(false);
  socket.say(typing);
  socket.say(said(1));
  expect(client.typing).toBe(false);
});

test("unread counts messages of others after the last read one, across reloads", async () => {
  const world = new World();
  const client = world.client();
  const socket = await world.live(client);
  socket.say(said(1));
  client.markRead();
  socket.say(said(2));
  socket.say(said(3));
  expect(client.unread).toBe(2);

  const again = world.client();
  world.page = { events: [said(1), said(2), said(3)], top_seq: 3, epoch: "e1" };
  await world.connect(again);
  await world.welcome({ top_seq: 3 });
  expect(again.unread).toBe(2);
  again.markRead();
  expect(again.unread).toBe(0);
});

test("the first answer to a new visitor is unread until it is seen", async () => {
  const world = new World();
  const client = world.client();
  const socket = await world.live(client);
  socket.say(said(1));
  expect(client.unread).toBe(1);
});

test("what a conversation held when it was first seen is not news", async () => {
  const world = new World();
  const client = world.client();
  world.page = { events: [said(1), said(2)], top_seq: 2, epoch: "e1" };
  await world.connect(client);
  await world.welcome({ top_seq: 2 });
  expect(client.unread).toBe(0);
});

test("an error about no command is passed on", async () => {
  const world = new World();
  const client = world.client();
  const heard: string[] = [];
  client.on("trouble", ({ code }) => heard.push(code));
  const socket = await world.live(client);
  socket.say({ type: "error", data: { code: "internal", message: "x", retryable: true } });
  expect(heard).toEqual(["internal"]);
});

test("only news is announced, never history", async () => {
  const world = new World();
  const client = world.client();
  const heard: string[] = [];
  client.on("message", ({ message_id }) => heard.push(message_id));
  world.page = { events: [said(1)], top_seq: 1, epoch: "e1" };
  await world.connect(client);
  await world.welcome({ top_seq: 1 });
  world.socket.say(said(2));
  expect(heard).toEqual(["m2"]);
});

test("frames that are not understood are ignored", async () => {
  const world = new World();
  const client = world.client();
  const socket = await world.live(client);
  socket.onmessage?.({ data: "{" });
  socket.onmessage?.({ data: "[]" });
  socket.say({ type: "weather", data: {} });
  socket.say({ type: "weather", seq: 1, data: {} });
  socket.say(said(2));
  expect(client.items).toHaveLength(1);
});

test("ids are ULIDs: 26 characters, ordered by time", () => {
  const random = new Uint8Array(16).fill(255);
  const ids = [0, 1, 1_795_000_000_000, 1_795_000_000_001].map((time) => ulid(time, random));
  expect(ids[2]).toMatch(/^01[0-9A-HJKMNP-TV-Z]{24}$/);
  expect([...ids].sort()).toEqual(ids);
});

test("versions compare as numbers", () => {
  expect(isOlder("0.9.0", "0.10.0")).toBe(true);
  expect(isOlder("1.0.0", "1.0.0")).toBe(false);
  expect(isOlder("2.0.0", "1.9.9")).toBe(false);
});

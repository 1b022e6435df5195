import { expect, test } from "vitest";
import { said, texts, World } from "./fakes.js";

test("a first visit opens a session, offers csbot.v1 and greets without a position", async () => {
  const world = new World();
  const client = world.client();
  const socket = await world.connect(client);

  expect(world.calls[0]).toMatchObject({ method: "POST", path: "/sessions" });
  expect(world.calls[0]?.body).toEqual({ key: "web_demo", locale: "zh-CN" });
  expect(socket.url).toBe("ws://bot.test/api/v1/chat/ws");
  expect(socket.protocols).toEqual(["csbot.v1"]);
  expect(socket.sent).toHaveLength(1);
  expect(socket.sent[0]?.data).toMatchObject({ token: "t1", key: "web_demo", locale: "zh-CN" });
  expect(socket.sent[0]?.data).not.toHaveProperty("after_seq");
});

test("nothing but hello is sent before welcome", async () => {
  const world = new World();
  const client = world.client();
  client.send("early");
  const socket = await world.connect(client);
  expect(socket.sent.map(({ type }) => type)).toEqual(["hello"]);

  await world.welcome();
  expect(socket.sent.map(({ type }) => type)).toEqual(["hello", "message.send"]);
});

test("a returning visitor keeps the token and reads the last page", async () => {
  const world = new World();
  await world.live(world.client());

  const again = world.client();
  world.page = { events: [said(1), said(2)], top_seq: 2, epoch: "e1" };
  await world.connect(again);
  expect(world.calls.filter(({ path }) => path === "/sessions")[1]?.body).toMatchObject({
    visitor_token: "t1",
  });
  await world.welcome({ top_seq: 2 });

  expect(texts(again)).toEqual(["answer 1", "answer 2"]);
  expect(world.calls[2]?.headers).toEqual({ Authorization: "Bearer t2" });
});

test("a reconnect names its position and applies the replay", async () => {
  const world = new World();
  const client = world.client();
  const first = await world.live(client);
  first.say(said(1));
  first.drop(1006);
  await world.clock.pass(1_000);

  const second = await world.open();
  expect(second.last("hello").data).toMatchObject({
    conversation_id: "c1",
    epoch: "e1",
    after_seq: 1,
  });
  await world.welcome({ resume: "replayed", top_seq: 3 });
  second.say(said(2));
  second.say(said(3));
  expect(texts(client)).toEqual(["answer 1", "answer 2", "answer 3"]);
});

test("after a gap the shown messages give way to the last page, once each", async () => {
  const world = new World();
  const client = world.client();
  const first = await world.live(client);
  first.say(said(1));
  first.drop(1006);
  await world.clock.pass(1_000);
  await world.open();
  world.page = { events: [said(400), said(401)], top_seq: 401, epoch: "e2" };
  const welcomed = world.welcome({ resume: "gap", epoch: "e2", top_seq: 401 });
  world.socket.say(said(402));
  await welcomed;

  expect(texts(client)).toEqual(["answer 400", "answer 401", "answer 402"]);
  expect(world.socket.of("sync")).toEqual([]);
});

test("a page of history that cannot be read leads to a reconnect", async () => {
  const world = new World();
  world.refusals.set("/conversations", 500);
  const client = world.client();
  await world.connect(client);
  await world.welcome({ top_seq: 5 });
  expect(client.status.phase).toBe("waiting");
});

test("history before the shown messages is put in front, with later updates applied", async () => {
  const world = new World();
  const client = world.client();
  const changed = { message_id: "m1", blocks: [{ kind: "text", text: "changed" }] };
  const update = { type: "message.update", seq: 3, data: changed };
  world.page = { events: [said(2), update], top_seq: 3, epoch: "e1" };
  await world.connect(client);
  await world.welcome({ top_seq: 3 });
  expect(client.reachedStart).toBe(false);

  world.page = { events: [said(1)], top_seq: 3, epoch: "e1" };
  await client.loadEarlier();
  expect(world.calls.pop()?.path).toContain("before_seq=2");
  expect(texts(client)).toEqual(["changed", "answer 2"]);
  expect(client.reachedStart).toBe(true);
});

test("an update read with an older page never undoes a later one", async () => {
  const world = new World();
  const client = world.client();
  const changed = (seq: number, text: string) => {
    const data = { message_id: "m1", blocks: [{ kind: "text", text }] };
    return { type: "message.update", seq, data };
  };
  world.page = { events: [said(3), changed(4, "latest")], top_seq: 4, epoch: "e1" };
  await world.connect(client);
  await world.welcome({ top_seq: 4 });
  world.page = { events: [said(1), changed(2, "older")], top_seq: 4, epoch: "e1" };
  await client.loadEarlier();
  expect(texts(client)).toEqual(["latest", "answer 3"]);
});

test("another language is told to the server at once", async () => {
  const world = new World();
  const client = world.client();
  const first = await world.live(client);
  client.setLocale("en");
  expect(first.closedWith).not.toBeNull();
  const second = await world.open();
  expect(second.last("hello").data).toMatchObject({ locale: "en", after_seq: 0 });
});

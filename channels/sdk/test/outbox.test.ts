import { describe, expect, test } from "vitest";
import { OutboxFull } from "../src/index.js";
import { echoed, said, settle, texts, World } from "./fakes.js";

describe("sending", () => {
  test("shows at once, keeps one bubble through ack and event", async () => {
    const world = new World();
    const client = world.client();
    const socket = await world.live(client);
    const id = client.send("hello");
    expect(client.items).toMatchObject([{ key: id, delivery: "sending" }]);

    socket.say({ type: "ack", re: id, data: { seq: 1, message_id: "m1", dup: false } });
    expect(client.items).toMatchObject([{ key: id, delivery: "stored" }]);
    socket.say(echoed(1, id));
    expect(client.items).toMatchObject([{ key: id, messageId: "m1", seq: 1 }]);
  });

  test("shows at once even where nothing can be sent", () => {
    const client = new World().client();
    client.setOnline(false);
    const shown: number[] = [];
    client.on("change", () => shown.push(client.items.length));
    client.send("hello");
    expect(shown).toContain(1);
  });

  test("goes strictly in order, one in flight", async () => {
    const world = new World();
    const client = world.client();
    const socket = await world.live(client);
    const [first, second] = [client.send("one"), client.send("two")];
    expect(socket.of("message.send").map(({ id }) => id)).toEqual([first]);
    socket.say({ type: "ack", re: first, data: {} });
    expect(socket.of("message.send").map(({ id }) => id)).toEqual([first, second]);
  });

  test("an event that arrives before a waiting message is shown before it", async () => {
    const world = new World();
    const client = world.client();
    const socket = await world.live(client);
    client.send("mine");
    socket.say(said(1, "theirs"));
    expect(texts(client)).toEqual(["theirs", "mine"]);
  });

  test("a 21st waiting command is refused", () => {
    const client = new World().client();
    for (let count = 0; count < 20; count++) client.send("x");
    expect(() => client.send("x")).toThrow(OutboxFull);
  });
});

describe("an answer that does not come", () => {
  test("10 s without ack ends the connection, and the resend keeps its id", async () => {
    const world = new World();
    const client = world.client();
    const socket = await world.live(client);
    const id = client.send("hello");
    await world.clock.pass(9_999);
    expect(socket.closedWith).toBeNull();
    await world.clock.pass(1);
    expect(socket.closedWith).not.toBeNull();

    await world.clock.pass(1_000);
    await world.open();
    await world.welcome({ resume: "replayed" });
    expect(world.socket.last("message.send").id).toBe(id);
    expect(socket.of("message.send")).toHaveLength(1);
  });

  test("a lost ack is made good by the event itself", async () => {
    const world = new World();
    const client = world.client();
    const socket = await world.live(client);
    const id = client.send("hello");
    socket.drop(1006);
    await world.clock.pass(1_000);
    await world.open();
    await world.welcome({ resume: "replayed", top_seq: 1 });
    world.socket.say(echoed(1, id));
    world.socket.say({ type: "ack", re: id, data: { seq: 1, message_id: "m1", dup: true } });
    expect(client.items).toHaveLength(1);
    expect(client.items[0]?.delivery).toBe("stored");
    expect(world.storage.getItem("csb:web_demo:outbox")).toBeNull();
  });

  test("after three connections without an answer the message is failed, then retried", async () => {
    const world = new World();
    const client = world.client();
    await world.live(client);
    const id = client.send("hello");
    for (let round = 0; round < 3; round++) {
      world.socket.drop(1006);
      await world.clock.pass(5_000);
      await world.open();
      await world.welcome({ resume: "replayed" });
    }
    expect(client.items[0]?.delivery).toBe("failed");
    expect(world.socket.of("message.send")).toEqual([]);

    client.retry(id);
    expect(world.socket.last("message.send").id).toBe(id);
    expect(client.items[0]?.delivery).toBe("sending");
  });
});

test("a message in flight when the client is stopped is sent after the next start", async () => {
  const world = new World();
  const client = world.client();
  await world.live(client);
  const id = client.send("hello");
  client.stop();
  await world.connect(client);
  await world.welcome({ resume: "replayed" });
  expect(world.socket.last("message.send").id).toBe(id);
});

describe("an error", () => {
  test("that may be retried waits as long as the server says", async () => {
    const world = new World();
    const client = world.client();
    const socket = await world.live(client);
    const id = client.send("hello");
    const data = { code: "rate_limited", retryable: true, retry_after_ms: 3_000 };
    socket.say({ type: "error", re: id, data });
    await world.clock.pass(2_999);
    expect(socket.of("message.send")).toHaveLength(1);
    await world.clock.pass(1);
    expect(socket.of("message.send")).toHaveLength(2);
  });

  test("that may not be retried fails the message and lets the next one pass", async () => {
    const world = new World();
    const client = world.client();
    const socket = await world.live(client);
    const [first, second] = [client.send("x"), client.send("y")];
    socket.say({ type: "error", re: first, data: { code: "too_long", retryable: false } });
    expect(client.items.map(({ delivery }) => delivery)).toEqual(["failed", "sending"]);
    expect(socket.last("message.send").id).toBe(second);

    client.discard(first);
    expect(texts(client)).toEqual(["y"]);
  });

  test("in a form goes to the visitor, not into a retry", async () => {
    const world = new World();
    const client = world.client();
    const socket = await world.live(client);
    const refused: unknown[] = [];
    client.on("refused", ({ error }) => refused.push(error.fields));
    const id = client.submitForm("m1", "f1", { phone: "1" });
    expect(client.waiting("m1")?.id).toBe(id);
    const fields = { phone: "号码格式不对" };
    socket.say({ type: "error", re: id, data: { code: "form_invalid", retryable: true, fields } });
    expect(refused).toEqual([fields]);
    expect(client.waiting("m1")).toBeUndefined();
  });

  test("1009 gives up the command in flight and reconnects", async () => {
    const world = new World();
    const client = world.client();
    const socket = await world.live(client);
    client.send("far too big");
    socket.drop(1009);
    expect(client.items[0]?.delivery).toBe("failed");
    expect(client.status.phase).toBe("waiting");
  });
});

describe("across reloads", () => {
  test("waiting messages come back in order and are sent once", async () => {
    const world = new World();
    const ids = [world.client().send("one"), world.client().send("two")];
    const client = world.client();
    expect(texts(client)).toEqual(["one", "two"]);
    const socket = await world.live(client);
    socket.say({ type: "ack", re: ids[0] ?? "", data: {} });
    socket.say({ type: "ack", re: ids[1] ?? "", data: {} });
    expect(socket.of("message.send").map(({ id }) => id)).toEqual(ids);
    expect(world.client().items).toEqual([]);
  });

  test("a failed message stays failed", async () => {
    const world = new World();
    const client = world.client();
    const socket = await world.live(client);
    const id = client.send("x");
    socket.say({ type: "error", re: id, data: { code: "too_long" } });
    expect(world.client().items[0]?.delivery).toBe("failed");
  });

  test("messages older than 24 h are dropped", async () => {
    const world = new World();
    world.client().send("old");
    await world.clock.pass(24 * 3_600_000);
    expect(world.client().items).toEqual([]);
    expect(world.storage.getItem("csb:web_demo:outbox")).toBeNull();
  });

  test("sensitive values never reach storage", () => {
    const world = new World();
    world.client().submitForm("m1", "f1", { id_number: "110101" }, true);
    expect([...world.storage.kept.values()].join()).not.toContain("110101");
  });

  test("reset leaves nothing behind", async () => {
    const world = new World();
    const client = world.client();
    const socket = await world.live(client);
    socket.say(said(1));
    client.markRead();
    client.send("x");
    client.reset();
    expect([...world.storage.kept.keys()]).toEqual([]);
    expect(client.items).toEqual([]);
    expect(client.status.phase).toBe("idle");
  });

  test("a storage that throws costs only the memory of the next page load", async () => {
    const world = new World();
    const refuse = (): never => {
      throw new Error("denied");
    };
    Object.assign(world.storage, { getItem: refuse, setItem: refuse, removeItem: refuse });
    const client = world.client();
    const socket = await world.live(client);
    client.send("hello");
    await settle();
    expect(socket.last("message.send").data).toEqual({ text: "hello" });
    expect(socket.last("hello").data).toMatchObject({ token: "t1" });
  });
});

import { describe, expect, test } from "vitest";
import { Sequence } from "../src/sequence.js";
import { said, settle, texts, World } from "./fakes.js";

function shuffled(count: number, seed: number): number[] {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  for (let index = count - 1; index > 0; index--) {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    const other = seed % (index + 1);
    [numbers[index], numbers[other]] = [numbers[other] ?? 0, numbers[index] ?? 0];
  }
  return numbers;
}

describe("the sequence rule", () => {
  test.each([1, 2, 3, 4, 5])("any order with repeats comes out in order (seed %i)", (seed) => {
    const sequence = new Sequence();
    sequence.moveTo(0);
    const order = [...shuffled(60, seed), ...shuffled(60, seed + 100)];
    const applied = order.flatMap((seq) => sequence.take(said(seq)).map((event) => event.seq));
    expect(applied).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
    expect(sequence.hasHole).toBe(false);
  });

  test("at most 64 early events are held, and the expected one always gets through", () => {
    const sequence = new Sequence();
    sequence.moveTo(0);
    for (let seq = 2; seq <= 200; seq++) sequence.take(said(seq));
    expect(sequence.take(said(1))).toHaveLength(65);
    expect(sequence.last).toBe(65);
  });
});

test("a hole makes the client ask once for what is missing", async () => {
  const world = new World();
  const client = world.client();
  const socket = await world.live(client);
  socket.say(said(1));
  socket.say(said(3));
  socket.say(said(4));
  expect(texts(client)).toEqual(["answer 1"]);
  expect(socket.of("sync").map(({ data }) => data)).toEqual([{ after_seq: 1 }]);

  socket.say({ type: "ack", re: socket.last("sync").id ?? "", data: {} });
  socket.say(said(2));
  expect(texts(client)).toEqual(["answer 1", "answer 2", "answer 3", "answer 4"]);
});

test("a hole that stays open for 10 s ends the connection", async () => {
  const world = new World();
  const client = world.client();
  const socket = await world.live(client);
  socket.say(said(2));
  socket.say({ type: "ack", re: socket.last("sync").id ?? "", data: {} });
  await world.clock.pass(9_999);
  expect(client.status.phase).toBe("live");
  await world.clock.pass(1);
  expect(client.status.phase).toBe("waiting");
});

test("a refused sync falls back to the last page", async () => {
  const world = new World();
  const client = world.client();
  const socket = await world.live(client);
  socket.say(said(2));
  world.page = { events: [said(1), said(2)], top_seq: 2, epoch: "e1" };
  const data = { code: "internal", retryable: true };
  socket.say({ type: "error", re: socket.last("sync").id ?? "", data });
  await settle();
  expect(texts(client)).toEqual(["answer 1", "answer 2"]);
});

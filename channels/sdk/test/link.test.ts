import { describe, expect, test } from "vitest";
import { backoffMs } from "../src/backoff.js";
import { said, settle, World } from "./fakes.js";

describe("back-off", () => {
  test.each([0, 1, 3, 5, 6, 30])("after %i failures stays in its bounds", (failures) => {
    const ceiling = Math.min(20_000, 500 * 2 ** failures);
    expect(backoffMs(failures, 0)).toBe(200);
    expect(backoffMs(failures, 0.5)).toBe(200 + ceiling / 2);
    expect(backoffMs(failures, 0.999_999)).toBeLessThan(200 + ceiling);
  });

  test("grows from attempt to attempt and starts over after 10 s up", async () => {
    const world = new World();
    world.random = 1;
    const client = world.client();
    await world.live(client);
    const delays: number[] = [];
    for (let round = 0; round < 3; round++) {
      world.socket.drop(1006);
      delays.push(world.clock.pending[0] ?? 0);
      await world.clock.pass(delays[round] ?? 0);
      await world.open();
      await world.welcome({ resume: "replayed" });
    }
    await world.clock.pass(10_000);
    world.socket.drop(1006);
    expect([...delays, world.clock.pending[0]]).toEqual([700, 1_200, 2_200, 700]);
  });
});

describe("close codes", () => {
  test.each([1000, 4400, 4403, 4404, 4409, 4426])("%i stops for good", async (code) => {
    const world = new World();
    const client = world.client();
    const socket = await world.live(client);
    socket.drop(code);
    expect(client.status).toMatchObject({ phase: "stopped", code });
    await world.clock.pass(60_000);
    expect(world.sockets).toHaveLength(1);
  });

  test.each([1001, 1006, 1011, 1012, 1013, 4500, 4508, 4509])("%i reconnects", async (code) => {
    const world = new World();
    const client = world.client();
    const socket = await world.live(client);
    socket.drop(code);
    await world.clock.pass(700);
    expect(world.sockets).toHaveLength(2);
  });

  test("4503 comes back within 5 s, spread by chance", async () => {
    const world = new World();
    world.random = 0.9;
    (await world.live(world.client())).drop(4503);
    expect(world.clock.pending).toEqual([4_500]);
  });

  test("4529 waits at least 30 s, whatever the visitor does", async () => {
    const world = new World();
    const client = world.client();
    (await world.live(client)).drop(4529);
    client.send("hurry");
    await world.clock.pass(29_999);
    expect(world.sockets).toHaveLength(1);
    await world.clock.pass(1);
    expect(world.sockets).toHaveLength(2);
  });

  test("4507 rests until the visitor acts", async () => {
    const world = new World();
    const client = world.client();
    (await world.live(client)).drop(4507);
    await world.clock.pass(60_000);
    expect(world.sockets).toHaveLength(1);
    client.send("hello again");
    await settle();
    expect(world.sockets).toHaveLength(2);
  });

  test("4401 gets a new token once; the second time it stops", async () => {
    const world = new World();
    const client = world.client();
    (await world.live(client)).drop(4401);
    const second = await world.open();
    expect(second.last("hello").data).toMatchObject({ token: "t2" });
    expect(world.calls[1]?.body).not.toHaveProperty("visitor_token");
    second.drop(4401);
    await world.clock.pass(60_000);
    expect(client.status).toMatchObject({ phase: "stopped", code: 4401 });
    expect(world.sockets).toHaveLength(2);
  });
});

test("a token refused in one tab is taken from another tab that has a new one", async () => {
  const world = new World();
  const [first, second] = [world.client(), world.client()];
  const here = await world.live(first);
  const there = await world.live(second);
  here.drop(4401);
  await world.open();
  await world.welcome();
  const renewed = world.socket.last("hello").data?.["token"];

  there.drop(4401);
  await settle();
  const request = world.calls.filter(({ path }) => path === "/sessions").pop();
  expect(request?.body).toMatchObject({ visitor_token: renewed });
});

describe("silence", () => {
  test("35 s without a frame ends the connection", async () => {
    const world = new World();
    const client = world.client();
    const socket = await world.live(client);
    await world.clock.pass(34_999);
    expect(client.status.phase).toBe("live");
    await world.clock.pass(1);
    expect(socket.closedWith).not.toBeNull();
  });

  test("a ping is answered with the position and resets the silence", async () => {
    const world = new World();
    const client = world.client();
    const socket = await world.live(client);
    socket.say(said(1));
    await world.clock.pass(25_000);
    socket.say({ type: "ping" });
    expect(socket.last("pong").data).toEqual({ upto_seq: 1 });
    await world.clock.pass(30_000);
    expect(client.status.phase).toBe("live");
  });

  test("coming back to a hidden tab asks, and hangs up after 5 s without a frame", async () => {
    const world = new World();
    const client = world.client();
    const socket = await world.live(client);
    client.setVisible(false);
    client.setVisible(true);
    expect(socket.of("ping")).toHaveLength(1);
    await world.clock.pass(5_000);
    expect(client.status.phase).toBe("waiting");
  });
});

describe("when nothing can work", () => {
  test("no attempt is made while offline, one at once when back", async () => {
    const world = new World();
    const client = world.client();
    const socket = await world.live(client);
    client.setOnline(false);
    socket.drop(1006);
    await world.clock.pass(120_000);
    expect(world.sockets).toHaveLength(1);
    client.setOnline(true);
    await settle();
    expect(world.sockets).toHaveLength(2);
  });

  test("no attempt is made after five hidden minutes", async () => {
    const world = new World();
    const client = world.client();
    const socket = await world.live(client);
    client.setVisible(false);
    world.clock.time += 5 * 60_000;
    socket.drop(1006);
    await world.clock.pass(60_000);
    expect(world.sockets).toHaveLength(1);
    client.setVisible(true);
    await settle();
    expect(world.sockets).toHaveLength(2);
  });

  test("a connection that does not open within 10 s is tried again", async () => {
    const world = new World();
    world.client().start();
    await settle();
    await world.clock.pass(10_000);
    expect(world.socket.closedWith).not.toBeNull();
  });

  test.each([
    ["a channel that is off", 404, {}, 4404],
    ["an SDK that is too old", 200, { min_sdk: "9.0.0" }, 4426],
    ["a protocol that is gone", 200, { protocols: ["csbot.v2"] }, 4426],
  ])("three failed handshakes find out about %s", async (_, status, config, code) => {
    const world = new World();
    Object.assign(world.config, config);
    if (status !== 200) world.refusals.set("/config", status);
    const client = world.client();
    client.start();
    for (let attempt = 0; attempt < 3; attempt++) {
      await settle();
      world.socket.drop(1006);
      await world.clock.pass(attempt < 2 ? 3_000 : 0);
    }
    await settle();
    expect(client.status).toMatchObject({ phase: "stopped", code });
  });

  test.each([
    [403, 4403, 1],
    [404, 4404, 1],
    [422, 4400, 1],
    [401, 4401, 2],
  ])("a session refused with %i stops with %i after %i calls", async (status, code, calls) => {
    const world = new World();
    world.refusals.set("/sessions", status);
    const client = world.client();
    client.start();
    await settle();
    await world.clock.pass(60_000);
    expect(client.status).toMatchObject({ phase: "stopped", code });
    expect(world.calls).toHaveLength(calls);
    expect(world.sockets).toEqual([]);
  });

  test("a session refused for haste is asked for again after 30 s", async () => {
    const world = new World();
    world.refusals.set("/sessions", 429);
    world.client().start();
    await settle();
    await world.clock.pass(29_999);
    expect(world.calls).toHaveLength(1);
    await world.clock.pass(1);
    expect(world.calls).toHaveLength(2);
  });
});

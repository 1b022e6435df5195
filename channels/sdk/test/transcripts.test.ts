/** Plays the golden conversations of the protocol folder through the core. */

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Core, type Effect } from "../src/core.js";
import { Outbox } from "../src/outbox.js";
import type { DurableEvent, Frame } from "../src/protocol.js";

const PROTOCOL = new URL("../../protocol/", import.meta.url);
const NOW = 1_800_000_000_000;
const KEPT_IN_OUTBOX = new Set(["message.send", "action", "form.submit", "feedback"]);
const GREETING = { token: "t", key: "web_demo", locale: "zh-CN", tz: "UTC", sdk: "web/0", caps: [] };
const NO_STORE = { read: () => [], put: () => undefined, remove: () => undefined };

interface Line {
  dir: "c2s" | "s2c" | "close";
  frame: Frame;
  code?: number;
}

interface Schema {
  properties: Record<string, { $ref?: string }>;
  required: string[];
  $defs?: Record<string, Schema>;
}

/** One side of a recorded conversation, with the SDK's core on the other. */
class Player {
  readonly outbox = new Outbox(NO_STORE, NOW);
  readonly core = new Core(this.outbox, () => `id-${++this.ids}`);
  readonly sent: Frame[] = [];
  readonly applied: DurableEvent[] = [];
  /** What the server's log holds, as far as the recording shows it. */
  readonly log = new Map<number, DurableEvent>();
  private readonly given = new Set<string>();
  private ids = 0;
  private isLive = false;

  play(line: Line): void {
    if (line.dir === "s2c") this.hear(line.frame);
    else if (line.dir === "c2s") this.speak(line.frame);
    else this.run(this.core.close(line.code ?? 1006));
  }

  private hear(frame: Frame): void {
    if (frame.seq !== undefined) this.log.set(frame.seq, frame as DurableEvent);
    if (frame.type === "welcome") this.isLive = true;
    this.run(this.core.receive(frame));
  }

  private speak(frame: Frame): void {
    if (frame.type === "hello") return this.run(this.core.open(GREETING));
    const { id = "", type, data = {} } = frame;
    if (!KEPT_IN_OUTBOX.has(type) || this.given.has(id)) return;
    this.given.add(id);
    this.outbox.add({ id, type, data, at: NOW, tries: 0 });
    const before = this.sent.length;
    this.run(this.core.flush());
    expect(this.sent.slice(before)).toEqual(this.isLive ? [frame] : []);
  }

  private run(effects: Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === "send") this.sent.push(effect.frame);
      if (effect.kind === "restart") this.applied.length = 0;
      if (effect.kind === "apply" || effect.kind === "page") this.applied.push(...effect.events);
      if (effect.kind === "load") this.run(this.core.page(this.lastPage()));
    }
  }

  private lastPage() {
    const events = [...this.log.values()].sort((left, right) => left.seq - right.seq);
    return { events, top_seq: events.length, epoch: "k3f" };
  }
}

function transcript(name: string): Line[] {
  const text = readFileSync(new URL(`transcripts/${name}`, PROTOCOL), "utf8");
  const lines = text.trim().split("\n");
  return lines.slice(1).map((line) => JSON.parse(line) as Line);
}

function schemaOf(type: string): Schema {
  const text = readFileSync(new URL(`schema/${type}.json`, PROTOCOL), "utf8");
  return JSON.parse(text) as Schema;
}

/** Names are as documented: nothing unknown, nothing missing, in the frame and in its data. */
function checkShape(frame: Frame): void {
  const schema = schemaOf(frame.type);
  checkNames(frame as unknown as Record<string, unknown>, schema);
  const reference = schema.properties["data"]?.$ref?.split("/").pop() ?? "";
  const data = schema.$defs?.[reference];
  if (data) checkNames(frame.data ?? {}, data);
}

function checkNames(value: Record<string, unknown>, { properties, required }: Schema): void {
  const names = Object.keys(value).filter((name) => value[name] !== undefined);
  expect(names.filter((name) => !(name in properties))).toEqual([]);
  expect(required.filter((name) => !names.includes(name))).toEqual([]);
}

const names = readdirSync(new URL("transcripts/", PROTOCOL)).filter((name) =>
  name.endsWith(".jsonl"),
);

describe.each(names)("%s", (name) => {
  const player = new Player();
  const lines = transcript(name);
  for (const line of lines) player.play(line);

  test("every event is applied once and in order", () => {
    const seqs = player.applied.map(({ seq }) => seq);
    expect(seqs).toEqual([...player.log.keys()].sort((left, right) => left - right));
    expect(player.core.seq).toBe(seqs.length);
  });

  test("every command got its answer", () => {
    expect(player.outbox.inFlight).toBeNull();
  });

  test("nothing is sent without a greeting", () => {
    const greets = lines.some(({ dir, frame }) => dir === "c2s" && frame.type === "hello");
    expect(player.sent.map(({ type }) => type)[0]).toBe(greets ? "hello" : undefined);
  });

  test("what the client sends has the documented shape", () => {
    player.sent.forEach(checkShape);
  });
});

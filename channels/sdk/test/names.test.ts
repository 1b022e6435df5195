/** The build shortens some names; none of them may be one that others know. */

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { INTERNAL } from "../internal-names.js";
import { ChatClient } from "../src/index.js";
import { World } from "./fakes.js";

const SCHEMAS = new URL("../../protocol/schema/", import.meta.url);

function namesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...namesIn(inner)]);
}

function taken(names: Iterable<string>): string[] {
  const known = new Set(names);
  return INTERNAL.filter((name) => known.has(name));
}

test("names on the wire", () => {
  const files = readdirSync(SCHEMAS).map((file) => readFileSync(new URL(file, SCHEMAS), "utf8"));
  expect(taken(files.flatMap((text) => namesIn(JSON.parse(text))))).toEqual([]);
});

test("names of frames, configuration and host in the sources", () => {
  const files = ["protocol", "environment"].map((name) =>
    readFileSync(new URL(`../src/${name}.ts`, import.meta.url), "utf8"),
  );
  const code = files.join("\n").replace(/\/\*\*[^]*?\*\//g, "");
  expect(taken(code.match(/\w+/g) ?? [])).toEqual([]);
});

test("names of the public interface", () => {
  const client = new World().client();
  client.send("x");
  const items = client.items.flatMap((item) => Object.keys(item));
  const methods = Object.getOwnPropertyNames(ChatClient.prototype);
  expect(taken([...methods, ...items, ...Object.keys(client.status)])).toEqual([]);
});

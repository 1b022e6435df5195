export { ChatClient, type ClientEvents, type ClientOptions, type Status } from "./client.js";
export type { Environment, SocketLike, Timers } from "./environment.js";
export { HttpRefusal } from "./http.js";
export type { Phase } from "./link.js";
export { type Entry, OutboxFull } from "./outbox.js";
export type * from "./protocol.js";
export type { KeyValueStore } from "./storage.js";
export type { Item } from "./transcript.js";
export { VERSION } from "./version.js";

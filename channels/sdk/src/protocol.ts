/** The shapes of csbot.v1 on the wire. Types and one parser; no state and no I/O. */

export const SUBPROTOCOL = "csbot.v1";

/** What this SDK can show; other blocks have a plain-text fallback. */
export const CAPABILITIES = ["form", "image", "card"] as const;

/** One JSON text frame, in either direction. */
export interface Frame {
  type: string;
  id?: string;
  re?: string;
  seq?: number;
  ts?: number;
  data?: Record<string, unknown>;
}

/** A durable event: it has a gap-free number within its conversation. */
export interface DurableEvent extends Frame {
  seq: number;
}

export interface TextBlock {
  kind: "text";
  text: string;
  format?: "plain" | "md";
}

export interface Button {
  id: string;
  title: string;
  style?: "primary";
  url?: string;
}

export interface ButtonsBlock {
  kind: "buttons";
  buttons: Button[];
  once?: boolean;
  chosen?: string;
}

export interface SuggestBlock {
  kind: "suggest";
  items: { item_id: string; question: string }[];
  none?: string;
  chosen?: string;
}

export interface FormField {
  name: string;
  kind: string;
  label: string;
  required?: boolean;
  pattern?: string;
  maxlength?: number;
  options?: (string | { value: string; label: string })[];
  autocomplete?: string;
  sensitive?: boolean;
}

export interface FormBlock {
  kind: "form";
  form_id: string;
  title?: string;
  fields: FormField[];
  submit?: string;
  cancel?: string;
  state?: "open" | "submitted" | "cancelled" | "expired";
}

export interface ImageBlock {
  kind: "image";
  url: string;
  alt?: string;
  width?: number;
  height?: number;
}

export interface NoticeBlock {
  kind: "notice";
  text: string;
}

export interface CardBlock {
  kind: "card";
  title: string;
  text?: string;
  image?: string;
  alt?: string;
  buttons?: Button[];
  fallback?: string;
}

/** A block this version does not know; only its fallback text may be shown. */
export interface UnknownBlock {
  kind: string;
  fallback?: string;
}

export type Block =
  | TextBlock
  | ButtonsBlock
  | SuggestBlock
  | FormBlock
  | ImageBlock
  | CardBlock
  | NoticeBlock
  | UnknownBlock;

export interface Answer {
  answer_id: string;
  source?: string;
  feedback?: boolean;
}

/** The data of a `message` event. */
export interface MessageData {
  message_id: string;
  client_id?: string;
  sender: { role: string; name?: string };
  blocks: Block[];
  reply_to?: string;
  answer?: Answer;
  lang?: string;
}

/** The data of `welcome`. */
export interface Welcome {
  connection_id?: string;
  visitor_id?: string;
  conversation_id?: string | null;
  epoch?: string | null;
  top_seq?: number;
  resume: "fresh" | "replayed" | "gap";
}

/** The data of `error`. */
export interface ErrorData {
  code: string;
  message?: string;
  retryable?: boolean;
  retry_after_ms?: number;
  fields?: Record<string, string>;
}

/** One page of history, oldest event first. */
export interface HistoryPage {
  events: DurableEvent[];
  top_seq: number;
  epoch: string;
}

/** The public configuration of a channel. */
export interface ChannelConfig {
  key: string;
  name?: Record<string, string>;
  greeting?: Record<string, string>;
  quick_questions?: Record<string, string[]>;
  protocols?: string[];
  limits?: { text?: number };
  theme?: { color?: string };
  features?: Record<string, unknown>;
  min_sdk?: string;
}

/** Reads one text frame; anything that is not an object with a `type` is null. */
export function parseFrame(text: unknown): Frame | null {
  if (typeof text !== "string") return null;
  try {
    const frame: unknown = JSON.parse(text);
    return isFrame(frame) ? frame : null;
  } catch {
    return null;
  }
}

function isFrame(value: unknown): value is Frame {
  return typeof value === "object" && value !== null && typeof (value as Frame).type === "string";
}

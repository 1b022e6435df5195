/** What every block view is given. */

import type { Item } from "@cs-bot/sdk";
import type { ChatSession } from "../session.js";

export interface BlockContext {
  session: ChatSession;
  item: Item;
}

/** The choice that is on its way for this message, or undefined. */
export function pendingChoice({ session, item }: BlockContext): Record<string, unknown> | undefined {
  if (item.messageId === null) return undefined;
  const entry = session.client.waiting(item.messageId);
  return entry?.type === "action" ? entry.data : undefined;
}

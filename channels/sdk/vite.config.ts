import { defineConfig } from "vitest/config";

/**
 * Members whose names are used for nothing else: not on the wire, not by the host, not in the
 * public interface. Shortening them keeps the SDK within its size budget.
 */
const INTERNAL = [
  "alarms",
  "askForMissing",
  "awaited",
  "clearAll",
  "conversationId",
  "diagnoseIfHopeless",
  "enterConversation",
  "failedHandshakes",
  "failures",
  "flying",
  "giveUp",
  "hangUp",
  "hasHole",
  "held",
  "hiddenSince",
  "hurry",
  "inFlight",
  "isPaused",
  "isWorthAnotherTry",
  "loadLastPage",
  "newId",
  "notBefore",
  "outbox",
  "readSeq",
  "renewed",
  "running",
  "sequence",
  "sessions",
  "setTyping",
  "settle",
  "settleAll",
  "socketUrl",
  "startOver",
  "syncId",
  "transcript",
  "updated",
  "waitThenRetry",
  "watchAck",
];

export default defineConfig({
  build: {
    target: "es2020",
    lib: { entry: "src/index.ts", formats: ["es"], fileName: "index" },
    rolldownOptions: {
      output: {
        comments: false,
        // Library mode leaves white space in modules; the budget counts what is shipped.
        minify: {
          compress: true,
          mangle: true,
          codegen: { removeWhitespace: true },
          mangleProps: { include: new RegExp(`^(?:${INTERNAL.join("|")})$`) },
        },
      },
    },
  },
  test: { environment: "node", include: ["test/**/*.test.ts"] },
});

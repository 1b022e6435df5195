import { defineConfig } from "vitest/config";

/**
 * Private members whose names are used for nothing else: not on the wire, not by the host, not in
 * the public interface. Shortening them keeps the SDK within its size budget.
 */
const PRIVATE = [
  "alarms",
  "askForMissing",
  "awaited",
  "diagnoseIfHopeless",
  "failedHandshakes",
  "failures",
  "flying",
  "hangUp",
  "held",
  "hiddenSince",
  "hurry",
  "isPaused",
  "isWorthAnotherTry",
  "loadLastPage",
  "newId",
  "notBefore",
  "outbox",
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
          mangleProps: { include: new RegExp(`^(?:${PRIVATE.join("|")})$`) },
        },
      },
    },
  },
  test: { environment: "node", include: ["test/**/*.test.ts"] },
});

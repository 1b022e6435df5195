import { defineConfig } from "vitest/config";

/** Tests read the SDK's sources, so that they need no build before them. */
const CONDITIONS = ["source", "browser", "module", "default"];

export default defineConfig({
  resolve: { conditions: CONDITIONS },
  ssr: { resolve: { conditions: CONDITIONS } },
  define: { __PANEL_FILE__: JSON.stringify("panel.js") },
  test: {
    environment: "happy-dom",
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
  },
});

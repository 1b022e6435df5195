import { defineConfig } from "vitest/config";
import { INTERNAL } from "./internal-names.js";

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

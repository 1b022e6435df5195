/**
 * Builds the panel (hashed modules), the launcher that loads it (`csb.js`, a classic script under a
 * stable name) and the demo pages, into `cs_bot/web/static`. Nothing else there is touched.
 */

import { fileURLToPath } from "node:url";
import { build } from "vite";

const STATIC = fileURLToPath(new URL("../../cs_bot/web/static/", import.meta.url));
const HERE = fileURLToPath(new URL(".", import.meta.url));
const COMMON = { configFile: false, root: HERE, logLevel: "warn" };

/** Library mode leaves white space in modules. */
const SMALL = { comments: false, minify: true };

async function buildPanel(outDir) {
  const { output } = await build({
    ...COMMON,
    plugins: [shortenTemplates()],
    build: {
      target: "es2020",
      outDir,
      emptyOutDir: true,
      modulePreload: false,
      rolldownOptions: {
        input: "src/mount.ts",
        preserveEntrySignatures: "strict",
        output: { ...SMALL, entryFileNames: "panel-[hash].js", chunkFileNames: "part-[hash].js" },
      },
    },
  });
  return output.find((part) => part.isEntry).fileName;
}

function buildLauncher(outDir, panelFile) {
  return build({
    ...COMMON,
    define: { __PANEL_FILE__: JSON.stringify(panelFile) },
    build: {
      target: "es2020",
      outDir,
      emptyOutDir: false,
      lib: { entry: "src/launcher.ts", formats: ["iife"], name: "_", fileName: () => "csb.js" },
      rolldownOptions: { output: { ...SMALL, name: undefined, exports: "none" } },
    },
  });
}

function buildDemo(outDir) {
  return build({
    ...COMMON,
    root: `${HERE}demo`,
    base: "/static/demo/",
    build: {
      target: "es2020",
      outDir,
      emptyOutDir: true,
      modulePreload: false,
      assetsInlineLimit: 0,
      rolldownOptions: { input: ["demo/index.html", "demo/chat.html"].map((page) => HERE + page) },
    },
  });
}

/** White space in templates and styles has no meaning here: `white-space: pre-wrap` holds text only. */
function shortenTemplates() {
  return {
    name: "shorten-templates",
    transform(code, id) {
      if (!id.includes("/widget/src/") || !/(?:html|css)`/.test(code)) return null;
      return { code: code.replace(/\n\s+/g, "\n "), map: null };
    },
  };
}

const widget = `${STATIC}widget/v1`;
await buildLauncher(widget, await buildPanel(widget));
await buildDemo(`${STATIC}demo`);

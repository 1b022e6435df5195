/** Lit says once that it runs in development mode; in tests it always does. */
Object.assign(globalThis, { litIssuedWarnings: new Set(["dev-mode"]) });

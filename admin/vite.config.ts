import { fileURLToPath, URL } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const server = process.env.CS_BOT_URL ?? 'http://127.0.0.1:8000'

export default defineConfig({
  base: '/static/console/',
  plugins: [vue()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    outDir: '../cs_bot/web/static/console',
    emptyOutDir: true,
    target: 'es2020',
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': server } },
  test: {
    environment: 'happy-dom',
    setupFiles: ['tests/setup.ts'],
    include: ['tests/**/*.test.ts'],
    restoreMocks: true,
  },
})

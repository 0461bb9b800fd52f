import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const support = (name: string) => fileURLToPath(new URL(`tests/support/${name}`, import.meta.url));

export default defineConfig({
  cacheDir: 'node_modules/.cache',
  resolve: { alias: { '@/components/markdown': support('markdown.tsx'), '@chainlit/react-client': support('chainlit.ts') } },
  test: {
    environment: 'jsdom',
    include: ['tests/**/*.test.{ts,tsx}'],
    setupFiles: support('setup.ts'),
    reporters: ['dot'],
    testTimeout: 30_000,
  },
});

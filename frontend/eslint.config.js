import js from '@eslint/js';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['node_modules'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked, jsxA11y.flatConfigs.strict],
    plugins: { 'react-hooks': reactHooks },
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      'complexity': ['error', { max: 8, variant: 'modified' }],
      'max-params': ['error', 6],
      'max-lines': ['error', 300],
      'no-console': 'error',
      // A card's section hears the keys that bubble up from the controls in it; it is no control itself.
      'jsx-a11y/no-noninteractive-element-interactions': ['error', { handlers: ['onClick', 'onMouseDown', 'onKeyPress'] }],
    },
  },
  // Made by scripts/build_api_types.py: as long as the API is wide.
  { files: ['src/shared/schema.ts'], rules: { 'max-lines': 'off' } },
  { files: ['*.{js,mjs}'], languageOptions: { globals: { console: 'readonly', process: 'readonly' } } },
);

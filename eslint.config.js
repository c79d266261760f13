import js from '@eslint/js';
import jsdoc from 'eslint-plugin-jsdoc';
import tseslint from 'typescript-eslint';

const drawers = ['utils', 'util', 'common', 'helpers', 'helper', 'shared', 'misc'];

/** Folders and files with these names end as drawers in which anything may lie. */
const noDrawers = {
  meta: { type: 'problem', schema: [] },
  create: (context) => ({
    Program(node) {
      const parts = context.filename.split('/').map((part) => part.replace(/\.[a-z.]+$/, ''));
      const drawer = parts.find((part) => drawers.includes(part));
      if (drawer !== undefined)
        context.report({ node, message: `Give "${drawer}" a name from the domain, or put the code beside its user.` });
    },
  }),
};

/** One hand-written index per package, with named exports. */
const oneIndex = {
  meta: { type: 'problem', schema: [] },
  create: (context) => ({
    Program(node) {
      if (/\/index\.ts$/.test(context.filename) && !/packages\/[a-z]+\/src\/index\.ts$/.test(context.filename)) {
        context.report({ node, message: 'Only a package has an index.ts.' });
      }
    },
    ExportAllDeclaration(node) {
      if (node.exportKind !== 'type') context.report({ node, message: 'Name what is exported.' });
    },
  }),
};

export default tseslint.config(
  { ignores: ['**/dist/**', '**/bundle/**', '**/node_modules/**', 'examples/*/dump/**', '.tmp/**', 'coverage/**'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true },
    plugins: { house: { rules: { 'no-drawers': noDrawers, 'one-index': oneIndex } } },
    rules: {
      'house/no-drawers': 'error',
      'house/one-index': 'error',
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 60 }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      eqeqeq: 'error',
      'no-console': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-expect-error': true, 'ts-ignore': true, 'ts-nocheck': true },
      ],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    // What a package promises to others is documented where it is declared; scripts/docs.ts checks every name an index exports.
    files: ['packages/*/src/**/*.ts'],
    ignores: ['**/*.test.ts', '**/*.suite.ts'],
    plugins: { jsdoc },
    rules: {
      'jsdoc/check-alignment': 'error',
      'jsdoc/no-bad-blocks': 'error',
      'jsdoc/no-types': 'error',
      'jsdoc/check-param-names': 'error',
      'jsdoc/empty-tags': 'error',
    },
  },
  {
    files: [
      '**/*.test.ts',
      '**/*.suite.ts',
      'examples/**',
      'scripts/**',
      'benchmarks/**',
      'packages/*/bin/**',
      '*.config.*',
    ],
    languageOptions: {
      globals: {
        console: 'readonly',
        process: 'readonly',
        URL: 'readonly',
        performance: 'readonly',
        Buffer: 'readonly',
        structuredClone: 'readonly',
        setTimeout: 'readonly',
      },
    },
    rules: { 'no-console': 'off', 'max-lines-per-function': 'off', 'no-restricted-exports': 'off' },
  },
  { files: ['**/*.cjs'], languageOptions: { globals: { module: 'writable' } } },
  {
    // Lists of cases and data tables are long by nature.
    files: ['**/*.test.ts', '**/*.suite.ts', 'examples/**', 'benchmarks/**'],
    rules: { 'max-lines': ['error', { max: 800 }] },
  },
);

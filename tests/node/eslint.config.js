/** What ESLint asks of the phone's page and of the bots here; names and types are the type checker's. */

import js from "@eslint/js";

const HTML_FROM_STRINGS = ["innerHTML", "outerHTML", "insertAdjacentHTML", "srcdoc"].map(
  (property) => ({ property, message: "Make elements: a message must never be parsed as HTML." }),
);

export default [
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      curly: ["error", "multi-line"],
      eqeqeq: "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-restricted-properties": ["error", ...HTML_FROM_STRINGS],
      "no-shadow": "error",
      "no-undef": "off", // the type checker knows the browser's names
      "no-use-before-define": ["error", { functions: false, classes: false, variables: false }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
    },
  },
  {
    files: ["tests/node/**"],
    languageOptions: {
      globals: { Buffer: false, URL: false, console: false, fetch: false, process: false },
    },
    rules: { "no-undef": "error" },
  },
];

/** What is to be said of the functions that decide for themselves whether their arguments are evaluated. */

export const LAZY_FUNCTIONS = [
  {
    name: "can",
    parameters: "expression",
    summary: "Can the expression be evaluated?",
    example: "can([1][5])",
  },
  {
    name: "convert",
    parameters: "value, type",
    summary: "The value as another type, which is written as in a variable.",
    example: 'convert(["b", "a", "b"], set(string))',
  },
  {
    name: "try",
    parameters: "expressions...",
    summary: "The first of the expressions that can be evaluated.",
    example: 'try([1][5], "none")',
  },
] as const;

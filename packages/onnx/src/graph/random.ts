// Operators that draw random numbers by themselves.

/** Their output differs in every run. Dropout is not one of them: whether it draws depends on its mode. */
export const RANDOM_OPERATORS: ReadonlySet<string> = new Set(
  "RandomNormal RandomNormalLike RandomUniform RandomUniformLike Multinomial Bernoulli".split(" "),
);

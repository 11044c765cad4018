// Operators that draw random numbers by themselves.

/** What they give is another in every run. Dropout is none of them: where it draws is a question of its mode. */
export const RANDOM_OPERATORS: ReadonlySet<string> = new Set(
  "RandomNormal RandomNormalLike RandomUniform RandomUniformLike Multinomial Bernoulli".split(" "),
);

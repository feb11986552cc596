/* What the sampling explorer computes: one review under both models, and how often intervals of many reviews hold the true mean. */
const sampling = (() => {
  const LEVEL = 0.95, EQUAL = { method: "EE", test: "z", level: LEVEL }, RANDOM = { method: "REML", test: "hk", level: LEVEL };

  /* Variances of Fisher's z: all studies of n people, or the first of many more. */
  const variances = ({ k, n, large }, most) => Array.from({ length: k }, (_, i) => 1 / ((large && i === 0 ? most : n) - 3));

  /* Both models of the studies drawn so far, and each study's true effect as the random-effects model estimates it. */
  function analyse(effects, v) {
    const equal = statistics.pool(effects, v, EQUAL), random = effects.length > 1 ? statistics.pool(effects, v, RANDOM) : null;
    const blups = random && effects.map((y, i) => random.estimate + random.tau2 / (random.tau2 + v[i]) * (y - random.estimate));
    return { equal, random, blups };
  }

  /* Reviews from the first to before the last: estimates, and which of three 95% intervals hold the true mean. */
  function repeat(reviews, first, last, mean, tau, v) {
    const z = statistics.normalQuantile(1 - (1 - LEVEL) / 2), t = statistics.intervalQuantile(LEVEL, v.length - 1);
    const found = [];
    for (let number = first; number < last; number++) {
      const { effects } = reviews.review(number, { mean, tau, variances: v });
      const equal = statistics.fit(effects, v, EQUAL), hk = statistics.fit(effects, v, RANDOM), normal = statistics.fit(effects, v, { ...RANDOM, test: "z", tau2: hk.tau2 });
      const holds = (fit, quantile) => Math.abs(fit.estimate - mean) <= quantile * fit.se;
      found.push({
        equal: equal.estimate, random: hk.estimate, tau2: hk.tau2, holds: [holds(equal, z), holds(normal, z), holds(hk, t)], widths: [2 * z * equal.se, 2 * z * normal.se, 2 * t * hk.se]
      });
    }
    return found;
  }

  return { variances, analyse, repeat };
})();

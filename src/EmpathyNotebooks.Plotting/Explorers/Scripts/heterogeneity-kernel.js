/* What the heterogeneity explorer computes: Q, I² and τ² of reviews whose studies are alike, and what they are on average. */
const heterogeneity = (() => {
  const SETTINGS = { method: "REML", test: "hk", level: 0.95 };

  /* True values of a design of studies of variance v: I², the mean of Q, and how often its 5% test finds τ; Q/(1 + τ²/v) is chi-square with k - 1. */
  function expected({ k, n, tau }) {
    const v = 1 / (n - 3), stretch = 1 + tau * tau / v, critical = statistics.chiSquaredQuantile(0.95, k - 1);
    return { v, i2: tau * tau / (tau * tau + v), stretch, q: (k - 1) * stretch, critical, power: statistics.chiSquaredUpper(critical / stretch, k - 1) };
  }

  /* The Q and the I² of a review, I² from the REML estimate of τ². */
  function brief(effects, v) {
    const { q, tau2 } = statistics.heterogeneity(effects, v, SETTINGS.method);
    return { q, i2: tau2 / (tau2 + v[0]) };
  }

  /* One review with all its intervals. I² follows τ², with the typical variance, which is v where studies are alike. */
  function full(effects, v) {
    const pooled = statistics.pool(effects, v, SETTINGS), tau2 = statistics.tauSquaredInterval(effects, v, SETTINGS.level);
    return { ...pooled, tau2Interval: tau2, i2Interval: tau2.map(t => t / (t + v[0])) };
  }

  return { expected, brief, full };
})();

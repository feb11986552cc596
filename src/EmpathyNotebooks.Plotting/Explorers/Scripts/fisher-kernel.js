/* How the correlations of samples scatter around a true one, exactly, on the scale of r and of Fisher's z. Held against CorrelationDistribution. */
const fisher = (() => {
  /* 2F1(1/2, 1/2; c; x). */
  function series(c, x) {
    let term = 1, sum = 1;
    for (let j = 0; term > sum * 1e-16; j++) {
      term *= (j + 0.5) * (j + 0.5) / ((c + j) * (j + 1)) * x;
      sum += term;
    }
    return sum;
  }

  /* The density of z as a function of z. */
  function densityOfZ({ r: rho, n }) {
    const constant = Math.log(n - 2) - Math.log(2 * Math.PI) / 2 + statistics.lnGamma(n - 1) - statistics.lnGamma(n - 0.5) + (n - 1) / 2 * Math.log((1 - rho) * (1 + rho));
    return z => {
      const product = rho * Math.tanh(z), high = Math.abs(z), logCosh = high + Math.log((1 + Math.exp(-2 * high)) / 2);
      return Math.exp(constant - (n - 2) * logCosh - (n - 1.5) * Math.log(1 - product)) * series(n - 0.5, (1 + product) / 2);
    };
  }

  /* Mean, standard deviation and skewness of r and of z, by the trapezoidal rule in z. */
  function moments(state) {
    const density = densityOfZ(state), middle = Math.atanh(state.r), sd = 1 / Math.sqrt(state.n - 3), step = sd / 6;
    const count = Math.ceil(Math.max(9 * sd, 34 / (state.n - 2)) / step);
    const points = Array.from({ length: 2 * count + 1 }, (_, i) => middle + (i - count) * step).map(z => ({ z, weight: step * density(z) }));
    const of = value => {
      const sum = term => points.reduce((total, { z, weight }) => total + weight * term(value(z)), 0);
      const mean = sum(each => each), variance = sum(each => (each - mean) ** 2);
      return { mean, sd: Math.sqrt(variance), skewness: sum(each => (each - mean) ** 3) / variance ** 1.5 };
    };
    return { r: of(Math.tanh), z: of(z => z) };
  }

  /* The range of 95 of 100 studies, in z and taken back to r. */
  function range({ r, n }) {
    const half = statistics.normalQuantile(0.975) / Math.sqrt(n - 3), z = Math.atanh(r);
    return { half, z: [z - half, z + half], r: [Math.tanh(z - half), Math.tanh(z + half)] };
  }

  return { densityOfZ, moments, range };
})();

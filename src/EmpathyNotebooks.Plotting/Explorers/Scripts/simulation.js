/*
 * What explorers draw at random: the numbers of the library's Philox4x32-10, so that a seed gives the same picture everywhere, and reviews of
 * studies. Tests hold both to what C# draws.
 */
const simulation = (() => {
  /* The upper half of the 64-bit product of two numbers of 32 bits. */
  function high(a, b) {
    const a0 = a & 0xffff, a1 = a >>> 16, b0 = b & 0xffff, b1 = b >>> 16;
    const first = a0 * b1, second = a1 * b0;
    const middle = Math.floor(a0 * b0 / 65536) + (first & 0xffff) + (second & 0xffff);
    return (a1 * b1 + Math.floor(first / 65536) + Math.floor(second / 65536) + Math.floor(middle / 65536)) >>> 0;
  }

  class Philox {
    /* The seed as a decimal text, since it may have 64 bits. */
    constructor(seed) {
      const bits = BigInt(seed);
      this.key = [Number(bits & 0xffffffffn), Number(bits >> 32n)];
      this.moveTo(0);
    }

    /* Begins another stream, of a number below 2^32. */
    moveTo(stream) {
      this.stream = stream;
      this.block = 0;
      this.waiting = null;
    }

    /* 64 bits as two numbers, the lower half first. */
    bits() {
      if (this.waiting) {
        const waiting = this.waiting;
        this.waiting = null;
        return waiting;
      }
      let c0 = this.block++, c1 = 0, c2 = this.stream, c3 = 0, [k0, k1] = this.key;
      for (let round = 0; round < 10; round++) {
        [c0, c1, c2, c3] = [(high(0xCD9E8D57, c2) ^ c1 ^ k0) >>> 0, Math.imul(0xCD9E8D57, c2) >>> 0, (high(0xD2511F53, c0) ^ c3 ^ k1) >>> 0, Math.imul(0xD2511F53, c0) >>> 0];
        k0 = (k0 + 0x9E3779B9) >>> 0;
        k1 = (k1 + 0xBB67AE85) >>> 0;
      }
      this.waiting = [c2, c3];
      return [c0, c1];
    }

    /* From 0 to below 1. */
    next() {
      const [low, up] = this.bits();
      return (up * 2097152 + (low >>> 11)) / 9007199254740992;
    }

    /* Standard normal, by Marsaglia's polar method. */
    normal() {
      for (;;) {
        const a = 2 * this.next() - 1, b = 2 * this.next() - 1, square = a * a + b * b;
        if (square < 1 && square !== 0) return a * Math.sqrt(-2 * Math.log(square) / square);
      }
    }
  }

  /*
   * Reviews by number: true effects θ ~ N(mean, τ²) and effects y ~ N(θ, v), study by study. What is drawn are standard normal numbers, which are
   * kept, so that another mean, τ or v moves the same reviews.
   */
  class Reviews {
    constructor(seed) {
      this.random = new Philox(seed);
      this.kept = [];
    }

    normals(number, count) {
      if (!(this.kept[number]?.length >= count)) {
        this.random.moveTo(number);
        this.kept[number] = Array.from({ length: count }, () => this.random.normal());
      }
      return this.kept[number];
    }

    review(number, { mean, tau, variances }) {
      const z = this.normals(number, 2 * variances.length);
      const truths = variances.map((_, i) => mean + tau * z[2 * i]);
      return { truths, effects: variances.map((v, i) => truths[i] + Math.sqrt(v) * z[2 * i + 1]) };
    }
  }

  /* A round of the guessing game: ρ, small ones more often, and n points of a bivariate normal distribution with their correlation r. */
  function round(random, number, n) {
    random.moveTo(number);
    const u = 2 * random.next() - 1, rho = 0.95 * u * Math.abs(u);
    const x = [], y = [];
    for (let i = 0; i < n; i++) {
      const a = random.normal();
      x.push(a);
      y.push(rho * a + Math.sqrt(1 - rho * rho) * random.normal());
    }
    return { rho, x, y, r: correlation(x, y) };
  }

  function correlation(x, y) {
    const mean = values => values.reduce((sum, value) => sum + value, 0) / values.length;
    const mx = mean(x), my = mean(y);
    let xx = 0, yy = 0, xy = 0;
    x.forEach((value, i) => {
      xx += (value - mx) ** 2;
      yy += (y[i] - my) ** 2;
      xy += (value - mx) * (y[i] - my);
    });
    return xy / Math.sqrt(xx * yy);
  }

  /* A share of trials with its 95% interval (Wilson 1927). */
  function share(hits, trials) {
    const z = statistics.normalQuantile(0.975), p = hits / trials, zz = z * z / trials;
    const middle = (p + zz / 2) / (1 + zz), half = z * Math.sqrt(p * (1 - p) / trials + zz / (4 * trials)) / (1 + zz);
    return { share: p, lower: hits === 0 ? 0 : middle - half, upper: hits === trials ? 1 : middle + half };
  }

  return { Philox, Reviews, round, correlation, share };
})();

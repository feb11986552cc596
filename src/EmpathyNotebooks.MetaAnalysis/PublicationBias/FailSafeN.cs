namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Which question a fail-safe N answers.</summary>
public enum FailSafeKind
{
    /// <summary>
    /// Studies without an effect until Stouffer's combined test, Σz/√k one-sided, is no longer significant: k(z̄/z_α)² - k (Rosenthal 1979, Psychological Bulletin 86, 638-641). It weighs all studies
    /// alike and takes them to have one true effect.
    /// </summary>
    /// <remarks>$$N = \frac{\bigl(\sum_iy_i/\sqrt{v_i}\bigr)^2}{z_{1 - \alpha}^2} - k$$</remarks>
    Rosenthal,

    /// <summary>Studies without an effect until the inverse-variance weighted mean falls to a target: k(μ - target)/target (Orwin 1983, Journal of Educational Statistics 8, 157-159).</summary>
    /// <remarks>$$N = k\,\frac{\bar y - y_{\mathrm{target}}}{y_{\mathrm{target}}}$$</remarks>
    Orwin,

    /// <summary>Studies without an effect, of the typical variance, until the equal-effects mean is no longer significant, two-sided: ((Σwy/z_{α/2})² - Σw)/w̄ (Rosenberg 2005, Evolution 59, 464-468).</summary>
    /// <remarks>
    /// $$N = \left(\frac{(\sum_iw_iy_i)^2}{z_{1 - \alpha/2}^2} - \sum_iw_i\right)\frac{k}{\sum_iw_i}, \qquad w_i = \frac{1}{v_i}$$
    /// </remarks>
    Rosenberg,

    /// <summary>
    /// Studies without an effect on average, of the typical variance and as heterogeneous as the others, until the mean of the model fitted is no longer significant, two-sided by z. τ² is
    /// approximated for each number from the two groups of studies (Viechtbauer, metafor's <c>fsn(type = "General")</c>).
    /// </summary>
    General,
}

/// <summary>How many studies without an effect would have to lie in drawers to change a result.</summary>
/// <param name="Kind">Which result.</param>
/// <param name="Count">N, the smallest whole number that changes it; 0 where it is not significant as it stands; null beyond 10,000,000.</param>
/// <param name="Target">The mean that Orwin's N leads to, on the scale that is pooled; null for the others.</param>
/// <param name="PValue">The p-value of the result as it stands, one-sided for Rosenthal's; null for Orwin's.</param>
/// <param name="Alpha">The level of significance; of no meaning for Orwin's.</param>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38], [0.010, 0.022, 0.015, 0.012, 0.020], EffectMeasure.FisherZ));
/// foreach (FailSafeN number in fit.FailSafeNumbers()) Console.WriteLine(number);
/// Console.WriteLine(fit.FailSafeNumbers(alpha: 0.01).Single(number =&gt; number.Kind == FailSafeKind.General).Count);
/// </code></example>
public sealed record FailSafeN(FailSafeKind Kind, int? Count, double? Target, double? PValue, double Alpha) : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }

    /// <summary>Larger numbers are not searched for.</summary>
    public const int Largest = 10_000_000;

    /// <inheritdoc/>
    public override string ToString() => $"{Kind}: {(Count is { } n ? StatisticText.Count(n) : "more than " + StatisticText.Count(Largest))} studies";
}

/// <summary>Fail-safe numbers.</summary>
public static class FailSafe
{
    /// <summary>
    /// The fail-safe numbers of Rosenthal, Orwin and Rosenberg and that of the fitted model. When not to use it: as evidence that there is no publication bias. It takes missing studies to average
    /// no effect, where those held back may well point the other way, and asks only whether the mean is significant, not how large it is (Becker 2005, in Rothstein, Sutton &amp;
    /// Borenstein). It is here since reviewers ask for it.
    /// </summary>
    /// <remarks>Formulas: <see cref="FailSafeKind"/>.</remarks>
    /// <param name="fit">A pooled fit with its own weights.</param>
    /// <param name="alpha">The level of significance, in (0, 1).</param>
    /// <param name="target">For Orwin's, on the scale that is pooled, not 0; half the mean if not said. Its sign is taken to be that of the mean.</param>
    /// <exception cref="ArgumentOutOfRangeException">The level is not in (0, 1), or the target is 0 or not finite.</exception>
    /// <exception cref="ImpossibleChoiceException">The measure has no value that means no effect, or the fit has weights of one's own.</exception>
    /// <exception cref="InsufficientStudiesException">There are fewer than two studies.</exception>
    public static IReadOnlyList<FailSafeN> FailSafeNumbers(this PooledFit fit, double alpha = 0.05, double? target = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (alpha is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "A level of significance lies between 0 and 1, both excluded; 0.05 is usual.");
        if (target is 0 || target is { } given && !double.IsFinite(given)) throw new ArgumentOutOfRangeException(nameof(target), target, "No number of studies without an effect brings a mean to 0: give a target that is not 0.");
        if (!fit.Effects.Measure.HasNullValue) throw new ImpossibleChoiceException($"No value of {fit.Effects.Measure.Name} means no effect, so that there is no fail-safe N", ChoiceFault.UndefinedEstimate);
        if (fit.PoolingWeights is not null) throw new ImpossibleChoiceException("A fail-safe N is defined for the model's own weights", ChoiceFault.NeedsOwnWeights);
        if (fit.Count < 2) throw new InsufficientStudiesException("A fail-safe N", 2, fit.Count);
        var data = new Drawer(fit, alpha);
        return [data.Rosenthal(), data.Orwin(target), data.Rosenberg(), data.General()];
    }

    /// <summary>The studies at hand, to which those without an effect are added.</summary>
    private sealed class Drawer
    {
        private readonly PooledFit _fit;
        private readonly double _alpha;
        private readonly double _w;
        private readonly double _wy;
        private readonly double _typical;

        public Drawer(PooledFit fit, double alpha)
        {
            (_fit, _alpha) = (fit, alpha);
            var (y, v) = (fit.Effects.Effects, fit.Effects.Variances);
            for (var i = 0; i < fit.Count; i++)
            {
                _w += 1 / v[i];
                _wy += y[i] / v[i];
            }
            _typical = fit.Count / _w;
        }

        private int K => _fit.Count;

        public FailSafeN Rosenthal()
        {
            double z = 0;
            for (var i = 0; i < K; i++) z += _fit.Effects.Effects[i] / Math.Sqrt(_fit.Effects.Variances[i]);
            z = Math.Abs(z) / Math.Sqrt(K);
            var ratio = z / Distributions.NormalQuantile(1 - _alpha);
            return new FailSafeN(FailSafeKind.Rosenthal, Up(K * ratio * ratio - K), null, Distributions.NormalTwoSided(z) / 2, _alpha) { Origin = _fit.Effects.Origin };
        }

        public FailSafeN Orwin(double? target)
        {
            var mean = _wy / _w;
            var to = target is { } given ? Math.CopySign(given, mean) : mean / 2;
            return new FailSafeN(FailSafeKind.Orwin, mean == 0 ? 0 : Up(K * (mean - to) / to), to, null, _alpha) { Origin = _fit.Effects.Origin };
        }

        public FailSafeN Rosenberg()
        {
            var ratio = _wy / Distributions.NormalQuantile(1 - _alpha / 2);
            return new FailSafeN(FailSafeKind.Rosenberg, Up((ratio * ratio - _w) * _typical), null, Distributions.NormalTwoSided(_wy / Math.Sqrt(_w)), _alpha) { Origin = _fit.Effects.Origin };
        }

        public FailSafeN General()
        {
            var p = PValueWith(0);
            if (p >= _alpha) return new FailSafeN(FailSafeKind.General, 0, null, p, _alpha) { Origin = _fit.Effects.Origin };
            if (PValueWith(FailSafeN.Largest) < _alpha) return new FailSafeN(FailSafeKind.General, null, null, p, _alpha) { Origin = _fit.Effects.Origin };
            int few = 0, enough = 1;
            while (PValueWith(enough) < _alpha) (few, enough) = (enough, Math.Min(2 * enough, FailSafeN.Largest));
            while (enough - few > 1)
            {
                var middle = few + (enough - few) / 2;
                if (PValueWith(middle) < _alpha) few = middle;
                else enough = middle;
            }
            return new FailSafeN(FailSafeKind.General, enough, null, p, _alpha) { Origin = _fit.Effects.Origin };
        }

        /// <summary>
        /// p by z with n further studies whose effects average 0 with the variance v_t + τ²: τ² is then ((k - 1 + max(0, n - 1))τ² + kμ² n/(k + n))/(k + n - 1), with μ and τ² of the fit.
        /// </summary>
        private double PValueWith(int n)
        {
            var (mean, tau2) = (_fit.Estimate, _fit.TauSquared);
            if (_fit.IsRandomEffects && n > 0)
            {
                double k = K, pulled = k * mean / (k + n);
                tau2 = ((k - 1) * tau2 + (n - 1) * tau2 + k * (mean - pulled) * (mean - pulled) + n * pulled * pulled) / (k + n - 1);
            }
            double w = n / (_typical + tau2), wy = 0;
            for (var i = 0; i < K; i++)
            {
                var own = 1 / (_fit.Effects.Variances[i] + tau2);
                w += own;
                wy += own * _fit.Effects.Effects[i];
            }
            return Distributions.NormalTwoSided(wy / Math.Sqrt(w));
        }

        /// <summary>The next whole number, with rounding of the last digits left out; null beyond what is searched for.</summary>
        private static int? Up(double n)
        {
            if (!(n > 0)) return 0;
            var whole = Math.Abs(n - Math.Round(n)) < 1.5e-8 ? Math.Round(n) : Math.Ceiling(n);
            return whole <= FailSafeN.Largest ? (int)whole : null;
        }
    }
}

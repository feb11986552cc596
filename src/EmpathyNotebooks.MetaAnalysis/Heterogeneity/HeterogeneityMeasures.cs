namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// How much effects differ beyond sampling error, in any model: Q, tau², I² and H² with Q-profile intervals (Viechtbauer 2007, Statistics in
/// Medicine 26, 37-52). I² is a fraction. I² says which share of the variance is heterogeneity, not how large heterogeneity is: read tau and
/// the prediction interval for that.
/// </summary>
/// <example><code>
/// HeterogeneityMeasures much = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45, 0.05], [0.010, 0.022, 0.015, 0.012])).Heterogeneity;
/// Console.WriteLine($"{much.Q}, tau² {much.TauSquared:F4} {much.TauSquaredInterval}");
/// </code></example>
public abstract class HeterogeneityMeasures
{
    private HeterogeneityIntervals? _qProfile;

    private protected HeterogeneityMeasures(ModelData data, double tau2, TauSquaredEstimator? estimator, double level, (double Q, double TraceP)? atZero = null)
    {
        Data = data;
        TauSquared = tau2;
        Estimator = estimator;
        ConfidenceLevel = level;
        var df = data.Count - data.Parameters;
        if (df <= 0)
        {
            // As many coefficients as effects: nothing is left to differ.
            Q = new QTest(0, 0, 1) { Origin = data.Effects.Origin };
            HSquared = 1;
            return;
        }
        var (q, traceP) = atZero ?? data.Run<AtZero, (double, double)>(default);
        TypicalVariance = df / traceP;
        Q = new QTest(q, df, Distributions.ChiSquaredUpper(q, df)) { Origin = data.Effects.Origin };
        if (estimator is not null)
        {
            ISquared = tau2 / (tau2 + TypicalVariance);
            HSquared = tau2 / TypicalVariance + 1;
        }
        else
        {
            ISquared = q > df ? (q - df) / q : 0;
            HSquared = q / df;
        }
    }

    /// <summary>Cochran's test; with moderators, of what they leave (QE).</summary>
    /// <remarks>
    /// $$Q = \sum_iw_i(y_i - \hat\theta)^2, \qquad w_i = \frac{1}{v_i}, \qquad Q \sim \chi^2_{k - 1} \text{ if all true effects are equal}$$
    /// </remarks>
    public QTest Q { get; }

    /// <summary>True when the model has a tau²; false where it takes true effects to be equal.</summary>
    public bool IsRandomEffects => Estimator is not null;

    /// <summary>The variance of true effects, tau²; 0 for a model without.</summary>
    public double TauSquared { get; }

    /// <summary>The standard deviation of true effects.</summary>
    public double Tau => Math.Sqrt(TauSquared);

    /// <summary>
    /// The share of the variance of the effects that is heterogeneity, as a fraction: tau²/(tau² + s²) with the typical sampling variance s²
    /// (Higgins &amp; Thompson 2002); (Q - df)/Q for an equal-effects model.
    /// </summary>
    /// <remarks>
    /// $$I^2 = \frac{\hat\tau^2}{\hat\tau^2 + s^2} \qquad\text{or, without } \tau^2, \qquad I^2 = \max\!\left(0, \frac{Q - (k - 1)}{Q}\right)$$
    /// </remarks>
    public double ISquared { get; }

    /// <summary>Total over sampling variance: tau²/s² + 1; Q/df for an equal-effects model. 1 with no degrees of freedom.</summary>
    /// <remarks>$$H^2 = \frac{\hat\tau^2 + s^2}{s^2} \qquad\text{or, without } \tau^2, \qquad H^2 = \frac{Q}{k - 1}$$</remarks>
    public double HSquared { get; }

    /// <summary>The typical sampling variance s² = df/tr(P) at tau² = 0 (Higgins &amp; Thompson 2002); 0 with no degrees of freedom.</summary>
    /// <remarks>
    /// $$s^2 = \frac{(k - 1)\sum_iw_i}{(\sum_iw_i)^2 - \sum_iw_i^2}, \qquad w_i = \frac{1}{v_i}$$
    /// for a model with one mean.
    /// </remarks>
    public double TypicalVariance { get; }

    /// <summary>The level of the intervals.</summary>
    public double ConfidenceLevel { get; }

    /// <summary>
    /// The Q-profile interval of tau²: where the generalised Q meets the chi² quantiles. Null with no degrees of freedom. [0, 0] when Q is so
    /// small that even tau² = 0 is too much.
    /// </summary>
    /// <remarks>
    /// $$Q(\tau_L^2) = \chi^2_{k - 1;\,1 - \alpha/2}, \qquad Q(\tau_U^2) = \chi^2_{k - 1;\,\alpha/2}$$
    /// with the generalised $Q(\tau^2)$ of <see cref="TauSquaredEstimator"/>.
    /// </remarks>
    public ConfidenceInterval? TauSquaredInterval => QProfile?.TauSquared;

    /// <summary>The interval of tau, the square roots of that of tau².</summary>
    public ConfidenceInterval? TauInterval => QProfile?.Tau;

    /// <summary>The interval of I², from that of tau² at the same typical sampling variance.</summary>
    public ConfidenceInterval? ISquaredInterval => QProfile?.ISquared;

    /// <summary>The interval of H², from that of tau² at the same typical sampling variance.</summary>
    public ConfidenceInterval? HSquaredInterval => QProfile?.HSquared;

    /// <summary>
    /// Intervals from the profile likelihood: every tau² whose log-likelihood lies less than half the chi² quantile below the maximum (Hardy &amp; Thompson
    /// 1996, Statistics in Medicine 15, 619-629). metafor: confint(type="PL"). When not to use it: with few studies; the Q-profile interval is exact.
    /// </summary>
    /// <remarks>$$\{\tau^2 : \ln L(\tau^2) &gt; \ln L(\hat\tau^2) - \tfrac{1}{2}\chi^2_{1;\,1 - \alpha}\}$$</remarks>
    /// <exception cref="ArgumentException">The fit is not by maximum or restricted maximum likelihood.</exception>
    /// <exception cref="ConvergenceException">The numbers are too large or too small for double precision.</exception>
    public HeterogeneityIntervals ProfileLikelihoodIntervals()
    {
        if (Estimator is not (TauSquaredEstimator.MaximumLikelihood or TauSquaredEstimator.RestrictedMaximumLikelihood))
        {
            throw new ImpossibleChoiceException("A profile likelihood interval needs a fit by maximum or restricted maximum likelihood, not by "
                + TauSquaredEstimators.Code(Estimator), ChoiceFault.NeedsLikelihood);
        }
        return new HeterogeneityIntervals("Profile likelihood", this,
            Data.Run<ProfileLikelihood, (double, double)>(new(Estimator.Value, TauSquared, ConfidenceLevel)));
    }

    /// <summary>
    /// Intervals from the exact distribution of a generalised Q with fixed weights: 1/v, which is Cochran's Q, unless weights are given (Biggerstaff &amp; Jackson
    /// 2008, Statistics in Medicine 27, 6093-6110; Jackson 2013, Research Synthesis Methods 4, 220-229). With 1/v they suit little heterogeneity, with
    /// 1/√v much; choose before seeing the data. metafor: confint(type="GENQ").
    /// </summary>
    /// <param name="weights">One weight for each effect of the fit, not negative; null for 1/v.</param>
    /// <exception cref="StudyDataException">The weights are not one an effect, or not usable.</exception>
    /// <exception cref="InsufficientStudiesException">There are no degrees of freedom.</exception>
    /// <exception cref="ConvergenceException">The numbers are too large or too small for double precision.</exception>
    public HeterogeneityIntervals GeneralizedQIntervals(IReadOnlyList<double>? weights = null)
    {
        if (Q.DegreesOfFreedom == 0) throw new InsufficientStudiesException("An interval of tau squared", Data.Parameters + 1, Data.Count);
        var distribution = new GeneralizedQDistribution(Data, StudyWeights.Check(weights, Data.Effects) ?? [.. Data.Effects.Variances.Select(v => 1 / v)]);
        var upper = Level.UpperTail(ConfidenceLevel);
        return new HeterogeneityIntervals("Generalised Q", this, (distribution.TauSquaredAt(upper), distribution.TauSquaredAt(1 - upper)));
    }

    /// <summary>
    /// Intervals tau² ± z·SE(tau²), the lower end not below 0 (Wald). metafor gives the standard error, <c>se.tau2</c>. When not to use it: with less than a hundred studies or a small
    /// tau²; the estimate is then far from normal, and the Q-profile interval is exact (Viechtbauer 2007, Statistics in Medicine 26, 37-52).
    /// </summary>
    /// <remarks>$$\hat\tau^2 \pm z_{1 - \alpha/2}\,\mathrm{SE}(\hat\tau^2)$$</remarks>
    /// <exception cref="ArgumentException">The model has no tau².</exception>
    public HeterogeneityIntervals WaldIntervals()
    {
        var error = this switch
        {
            Heterogeneity pooled => pooled.Fit.TauSquaredStandardError,
            ResidualHeterogeneity residual => residual.Fit.TauSquaredStandardError,
            _ => null,
        };
        if (error is not { } se) throw new ImpossibleChoiceException("A Wald interval of tau squared needs a random-effects model: this one has no tau squared", ChoiceFault.NeedsRandomEffects);
        var half = Distributions.NormalQuantile(Level.UpperTail(ConfidenceLevel)) * se;
        return new HeterogeneityIntervals("Wald", this, (Math.Max(0, TauSquared - half), TauSquared + half));
    }

    internal ModelData Data { get; }

    internal TauSquaredEstimator? Estimator { get; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Q}, I² = {StatisticText.Percent(ISquared)}, τ² = {StatisticText.Significant(TauSquared)}";

    private protected HeterogeneityIntervals? QProfile => Q.DegreesOfFreedom == 0 ? null
        : _qProfile ??= new HeterogeneityIntervals("Q-profile", data: this, Data.Run<QProfileLimits, (double, double)>(new(ConfidenceLevel)));

    private readonly struct AtZero : IModelOperation<(double Q, double TraceP)>
    {
        public (double Q, double TraceP) Run<TModel>(ref TModel model) where TModel : struct, IModelSums, allows ref struct
        {
            model.MoveTo(0);
            return (model.Q, model.TraceP);
        }
    }

    private readonly struct QProfileLimits(double level) : IModelOperation<(double Lower, double Upper)>
    {
        public (double Lower, double Upper) Run<TModel>(ref TModel model) where TModel : struct, IModelSums, allows ref struct
        {
            var df = model.Count - model.Parameters;
            var upper = Level.UpperTail(level);
            return (GeneralizedQ.Solve(Distributions.ChiSquaredQuantile(upper, df), ref model).TauSquared,
                GeneralizedQ.Solve(Distributions.ChiSquaredQuantile(1 - upper, df), ref model).TauSquared);
        }
    }
}

/// <summary>Intervals of tau² and of what is made from it, by one method.</summary>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45, 0.05], [0.010, 0.022, 0.015, 0.012]));
/// HeterogeneityIntervals profile = fit.Heterogeneity.ProfileLikelihoodIntervals();
/// Console.WriteLine($"{profile.Tau} {profile.ISquared}");
/// </code></example>
public sealed class HeterogeneityIntervals : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }

    private readonly double _typicalVariance;

    internal HeterogeneityIntervals(string method, HeterogeneityMeasures data, (double Lower, double Upper) limits)
    {
        Method = method;
        _typicalVariance = data.TypicalVariance;
        TauSquared = new ConfidenceInterval(limits.Lower, limits.Upper, data.ConfidenceLevel);
        Origin = data.Data.Effects.Origin;
    }

    /// <summary>The method in words.</summary>
    public string Method { get; }

    /// <summary>The interval of tau².</summary>
    public ConfidenceInterval TauSquared { get; }

    /// <summary>The interval of tau, its square roots.</summary>
    public ConfidenceInterval Tau => TauSquared.Transform(Math.Sqrt);

    /// <summary>The interval of I², tau²/(tau² + s²), as fractions.</summary>
    public ConfidenceInterval ISquared
    {
        get
        {
            var interval = TauSquared.Transform(t => t / (t + _typicalVariance));
            // Near 1 rounding alone tells the ends apart, and may turn them round.
            return interval.Lower <= interval.Upper ? interval : interval with { Upper = interval.Lower };
        }
    }

    /// <summary>The interval of H², tau²/s² + 1.</summary>
    public ConfidenceInterval HSquared => TauSquared.Transform(t => t / _typicalVariance + 1);

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Method} {StatisticText.Level(TauSquared.Level)} CI: τ² {TauSquared}, I² [{StatisticText.Percent(ISquared.Lower)}, {StatisticText.Percent(ISquared.Upper)}]";
}

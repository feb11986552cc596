namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The Bayesian random-effects model y ~ N(θ, v), θ ~ N(μ, τ²), with priors of μ and τ, by integration and without simulation: the same data give the same bytes. Sources: Higgins, Thompson &amp; Spiegelhalter 2009,
/// Journal of the Royal Statistical Society A 172, 137-159; Röver 2020, Journal of Statistical Software 93(6); Gronau, Heck, Berkhout, Haaf &amp; Wagenmakers 2021, Advances in Methods and Practices in Psychological Science 4(3).
/// </summary>
/// <remarks>
/// $$y_i \sim N(\theta_i, v_i), \qquad \theta_i \sim N(\mu, \tau^2)$$
/// $$p(\mu, \tau \mid y) \propto p(\mu)\,p(\tau)\prod_i\varphi(y_i;\,\mu,\,v_i + \tau^2)$$
/// <para>What it assumes: studies are independent, their variances known, true effects normal, the priors chosen without a look at the data. What it adds to <see cref="RandomEffects"/>: intervals that allow for not knowing τ also with two studies, probabilities of statements about
/// μ, and evidence for the absence of an effect.</para>
/// <para>When it misleads: with fewer than about ten studies the prior of τ decides how wide intervals are, and a Bayes factor always hangs on the scale of the prior (Lindley's paradox: the wider the prior of μ, the
/// more the null is favoured): show <see cref="PriorSensitivity"/>. It knows nothing of publication bias; <see cref="ModelAveragedBiasAdjustment"/> does.</para>
/// </remarks>
public static class BayesianModel
{
    /// <summary>Fits the model with one mean.</summary>
    /// <param name="effects">Independent effects, at least one.</param>
    /// <param name="options">Priors and level; <see cref="DefaultPriors"/> and 95% if not said.</param>
    /// <exception cref="InsufficientStudiesException">There is no effect.</exception>
    /// <exception cref="ImpossibleChoiceException">No prior of τ is given, and the measure has no default.</exception>
    /// <exception cref="ConvergenceException">Effects, variances or scales of priors are too far apart for double precision.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);
    /// BayesianFit fit = BayesianModel.Fit(effects, new() { EffectPrior = EffectPrior.Normal(0, 0.5), HeterogeneityPrior = HeterogeneityPrior.HalfCauchy(0.25) });
    /// Console.WriteLine(fit);
    /// Console.WriteLine($"{fit.Mean}, new study {fit.Predictive}, P(μ &gt; 0) = {fit.Mean.ProbabilityAbove(0)}, BF {fit.EffectBayesFactor}");
    /// </code></example>
    public static BayesianFit Fit(StudyEffects effects, BayesianOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(effects);
        if (effects.Count < 1) throw new InsufficientStudiesException("A Bayesian random-effects model", 1, effects.Count);
        options = (options ?? new BayesianOptions()).CompleteFor(effects.Measure);
        return new BayesianFit(effects, options);
    }

    /// <summary>Fits the model with moderators: the mean is Xβ. The intercept has the prior of μ, so that numbers are best centred; the other coefficients have <see cref="BayesianOptions.CoefficientPrior"/>.</summary>
    /// <param name="effects">Independent effects with the columns the moderators name. Those with unknown moderators are left out and listed.</param>
    /// <param name="moderators">The terms; <see cref="Moderator"/> says how to write them.</param>
    /// <param name="options">Priors and level; <see cref="DefaultPriors"/>, flat priors of the coefficients and 95% if not said.</param>
    /// <exception cref="StudyDataException">A column does not exist or has one value only, a category is not there, or a term depends on the others.</exception>
    /// <exception cref="InsufficientStudiesException">There are fewer studies than coefficients.</exception>
    /// <exception cref="ImpossibleChoiceException">No prior of τ is given, and the measure has no default; a coefficient has a t prior, or a prior is given for a coefficient that there is not.</exception>
    /// <exception cref="ConvergenceException">Effects, variances or scales of priors are too far apart for double precision.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ,
    ///     columns: [StudyColumn.OfNumbers("year", [2001, 2004, 2010, 2012, 2018])]);
    /// BayesianRegressionFit fit = BayesianModel.Fit(effects, Moderator.Number("year").Centered(), new() { CoefficientPrior = EffectPrior.Normal(0, 0.05) });
    /// Console.WriteLine(fit);
    /// </code></example>
    public static BayesianRegressionFit Fit(StudyEffects effects, Moderator moderators, BayesianOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(effects);
        ArgumentNullException.ThrowIfNull(moderators);
        return BayesianRegressionFit.Of(effects, moderators, (options ?? new BayesianOptions()).CompleteFor(effects.Measure));
    }
}

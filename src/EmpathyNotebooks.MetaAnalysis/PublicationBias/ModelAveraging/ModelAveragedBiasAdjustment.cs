using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Robust Bayesian meta-analysis: the mean effect averaged over models with and without an effect, heterogeneity and publication bias (none, weight functions of p, PET, PEESE), each weighed by how well it
/// predicted the data. Without other options it is RoBMA-PSMA with its 36 models. Sources: Maier, Bartoš &amp; Wagenmakers (2023), Psychological Methods 28, 107-122; Bartoš, Maier, Wagenmakers, Doucouliagos
/// &amp; Stanley (2023), Research Synthesis Methods 14, 99-116. All numbers are on the scale that is pooled.
/// </summary>
/// <remarks>
/// $$P(M_m \mid y) = \frac{p(y \mid M_m)P(M_m)}{\sum_lp(y \mid M_l)P(M_l)}, \qquad p(\mu \mid y) = \sum_mP(M_m \mid y)\,p(\mu \mid y, M_m)$$
/// <para>The likelihood of a model is that of the package RoBMA, with true effects integrated out: y_i ~ N(μ + b x_i, v_i + τ²), and with a weight function
/// f(y_i) = ω(p_i) φ_i(y_i)/Σ_j ω_j P_ij, with p by z = y/SE (the package takes t with n - 2 degrees of freedom where it was given d or r, which matters for small studies near a cut-point). Marginal likelihoods are integrals by nested trapezoidal rules, not simulation: the same data give the same bytes, to a relative error of about 1e-6.</para>
/// <para>What it assumes: one of these stories is near the truth; studies are independent; the side of selection is right. When it misleads: small-study effects of other origin (doses, populations) count as
/// bias for PET and PEESE; with few studies the priors decide; p-hacking is not selection and can be adjusted the wrong way; where SE depends on the value of the effect (g, log OR, r) PET and PEESE see bias
/// where there is none: pool Fisher's z.</para>
/// </remarks>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52, 0.60], [0.006, 0.010, 0.009, 0.005, 0.012, 0.040], EffectMeasure.FisherZ);
/// ModelAveragedBiasAdjustment robma = ModelAveragedBiasAdjustment.Fit(effects);
/// Console.WriteLine(robma);
/// Console.WriteLine($"effect {robma.Effect}; heterogeneity {robma.Heterogeneity}; bias {robma.Bias}");
/// BiasAdjustmentModel best = robma.Models.MaxBy(model =&gt; model.PosteriorProbability)!;
/// Console.WriteLine($"{best.Bias}: {best.PosteriorProbability:P0}, the mean {best.Mean}");
/// foreach (WeightStep step in robma.WeightFunction) Console.WriteLine($"p {step.From} to {step.To}: {step.MeanWeight}");
/// </code></example>
public sealed class ModelAveragedBiasAdjustment
{
    private readonly PosteriorMixture _mean;
    private readonly bool _turned;
    private readonly double _pet;
    private readonly double _peese;

    private ModelAveragedBiasAdjustment(StudyEffects effects, ModelAveragingOptions options, double scale, (BiasAssumption Bias, bool Effect, bool Heterogeneity, double Prior)[] models, ModelPosterior[] posteriors)
    {
        (Effects, Options, PriorScale) = (effects, options, scale);
        _turned = options.Direction == Alternative.Less;
        var largest = double.NegativeInfinity;
        double total = 0;
        var joint = new double[models.Length];
        for (var i = 0; i < models.Length; i++) largest = Math.Max(largest, joint[i] = Math.Log(models[i].Prior) + posteriors[i].LogMarginal);
        for (var i = 0; i < models.Length; i++) total += Math.Exp(joint[i] - largest);

        InclusionEvidence Evidence(Func<(BiasAssumption Bias, bool Effect, bool Heterogeneity, double Prior), bool> has) => InclusionEvidence.Of(models.Zip(joint, (model, log) => (has(model), model.Prior, log)));
        Effect = Evidence(model => model.Effect);
        Heterogeneity = Evidence(model => model.Heterogeneity);
        Bias = Evidence(model => model.Bias.Mechanism != BiasMechanism.None);
        Selection = Evidence(model => model.Bias.Mechanism == BiasMechanism.Selection);
        SmallStudyEffects = Evidence(model => model.Bias.Mechanism is BiasMechanism.Pet or BiasMechanism.Peese);

        var axis = new HeterogeneityAxis(options.HeterogeneityPrior.ScaledBy(scale));
        PosteriorMixture OfTau() => new(0, axis.FromTau, axis.Slope);
        _mean = new PosteriorMixture();
        var (tau, meanWithEffect, tauWithHeterogeneity) = (OfTau(), new PosteriorMixture(), OfTau());
        var rows = new BiasAdjustmentModel[models.Length];
        var steps = WeightStep.Grid(models.Select(model => model.Bias));
        var weights = new double[steps.Length];
        for (var i = 0; i < models.Length; i++)
        {
            var (model, posterior) = (models[i], posteriors[i]);
            var share = Math.Exp(joint[i] - largest) / total;
            var moments = new Averages(posterior, model.Bias.Mechanism == BiasMechanism.Selection ? model.Bias.Steps.Length : 0);
            if (model.Bias.Mechanism == BiasMechanism.Pet) _pet += share * moments.Slope;
            if (model.Bias.Mechanism == BiasMechanism.Peese) _peese += share * moments.Slope;
            for (var j = 0; j < steps.Length; j++) weights[j] += share * steps[j].WeightIn(model.Bias, moments.Weights);
            var own = new PosteriorMixture();
            Add(_mean, posterior, share, model.Effect);
            if (model.Effect) Add(meanWithEffect, posterior, share, true);
            Add(own, posterior, 1, model.Effect);
            foreach (var part in model.Heterogeneity ? new[] { tau, tauWithHeterogeneity } : [tau])
            {
                if (posterior.Tau is { } density) part.AddGrid(share, density, moments.Tau, moments.TauSquare);
                else part.AddPoint(share);
            }
            rows[i] = new BiasAdjustmentModel(model.Effect, model.Heterogeneity, model.Bias, model.Prior, share, posterior.LogMarginal,
                Evidence(other => ReferenceEquals(other.Bias, model.Bias) && other.Effect == model.Effect && other.Heterogeneity == model.Heterogeneity).LogBayesFactor,
                PosteriorSummary.Of(own, options.CredibleLevel, _turned), moments.Tau, [.. moments.Weights], moments.Slope);
        }
        Models = [.. rows];
        Mean = PosteriorSummary.Of(_mean, options.CredibleLevel, _turned);
        Tau = PosteriorSummary.Of(tau, options.CredibleLevel);
        MeanWithEffect = PosteriorSummary.Of(meanWithEffect, options.CredibleLevel, _turned);
        TauWithHeterogeneity = PosteriorSummary.Of(tauWithHeterogeneity, options.CredibleLevel);
        WeightFunction = [.. steps.Select((step, j) => step with { MeanWeight = weights[j] })];
        Warnings = WarningsOf(effects, options);
    }

    /// <summary>The effects.</summary>
    public StudyEffects Effects { get; }

    /// <summary>What was chosen.</summary>
    public ModelAveragingOptions Options { get; }

    /// <summary>How many units of the scale that is pooled a unit of Cohen's d is, by which the priors were taken to this scale.</summary>
    public double PriorScale { get; }

    /// <summary>How many effects, k.</summary>
    public int Count => Effects.Count;

    /// <summary>The models: without and with an effect, within these without and with heterogeneity, within these the ways of bias in the order of the options.</summary>
    public ImmutableArray<BiasAdjustmentModel> Models { get; }

    /// <summary>Models with an effect against those with μ = 0.</summary>
    public InclusionEvidence Effect { get; }

    /// <summary>Models with heterogeneity against those with τ = 0.</summary>
    public InclusionEvidence Heterogeneity { get; }

    /// <summary>Models with publication bias of any kind against those without.</summary>
    public InclusionEvidence Bias { get; }

    /// <summary>Models with a weight function against all others.</summary>
    public InclusionEvidence Selection { get; }

    /// <summary>PET and PEESE against all others.</summary>
    public InclusionEvidence SmallStudyEffects { get; }

    /// <summary>The posterior of the mean effect μ averaged over all models; those without an effect put their probability on 0.</summary>
    public PosteriorSummary Mean { get; }

    /// <summary>The posterior of μ averaged over the models with an effect alone.</summary>
    public PosteriorSummary MeanWithEffect { get; }

    /// <summary>The posterior of τ averaged over all models; those without heterogeneity put their probability on 0.</summary>
    public PosteriorSummary Tau { get; }

    /// <summary>The posterior of τ averaged over the models with heterogeneity alone.</summary>
    public PosteriorSummary TauWithHeterogeneity { get; }

    /// <summary>The probability of publication by one-sided p-value, relative to the smallest p-values, averaged over all models (1 in those without a weight function).</summary>
    public ImmutableArray<WeightStep> WeightFunction { get; }

    /// <summary>The row for a table of adjusted estimates: the averaged mean with its equal-tailed interval.</summary>
    public AdjustedEstimate Adjusted => new(Options.Bias.SequenceEqual(BiasAssumption.Psma) ? "RoBMA-PSMA" : "RoBMA", Mean.Mean, Mean.CredibleInterval, Count,
        "One of the models averaged is near the truth, the priors reasonable.", Warnings);

    /// <summary>What a careful reader should know.</summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>The average over all models of μ + PET·SE + PEESE·SE²: the effect expected of studies with that standard error, the curve of a funnel plot.</summary>
    /// <param name="standardError">A standard error, 0 or more.</param>
    public double ExpectedEffect(double standardError)
    {
        Check.NotNegative(standardError, nameof(standardError));
        var bias = _pet * standardError + _peese * standardError * standardError;
        return Mean.Mean + (_turned ? -bias : bias);
    }

    /// <summary>The density of the averaged posterior of μ at a value, the probability of exactly 0 (<see cref="ProbabilityOfZero"/>) left out.</summary>
    /// <param name="mean">A value of μ on the scale that is pooled.</param>
    public double PosteriorDensity(double mean) => _mean.Density(_turned ? -Check.Finite(mean, nameof(mean)) : Check.Finite(mean, nameof(mean)));

    /// <summary>The probability that μ is exactly 0, that of the models without an effect.</summary>
    public double ProbabilityOfZero => _mean.PointProbability;

    /// <summary>Fits all models and averages them.</summary>
    /// <param name="effects">Independent effects, at least two, of a measure whose value 0 means no effect.</param>
    /// <param name="options">What to choose; RoBMA-PSMA if not said.</param>
    /// <exception cref="InsufficientStudiesException">There are fewer than two effects.</exception>
    /// <exception cref="ImpossibleChoiceException">The measure has no value that means no effect.</exception>
    /// <exception cref="ConvergenceException">Effects or variances are too far apart for double precision.</exception>
    public static ModelAveragedBiasAdjustment Fit(StudyEffects effects, ModelAveragingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(effects);
        options ??= new ModelAveragingOptions();
        if (!effects.Measure.HasNullValue) throw new ImpossibleChoiceException($"No value of {effects.Measure.Name} means no effect, so that models without an effect cannot be averaged in", ChoiceFault.UndefinedEstimate);
        if (effects.Count < 2) throw new InsufficientStudiesException("Model-averaged bias adjustment", 2, effects.Count);
        var scale = options.PriorScale ?? ScaleOf(effects.Measure) ?? 1;
        var sign = options.Direction == Alternative.Less ? -1 : 1;
        var data = new AveragingData([.. effects.Effects.Select(y => sign * (y - effects.Measure.NullValue))], [.. effects.Variances], [.. effects.Variances.Select(Math.Sqrt)],
            sign * scale * options.EffectPriorMean, scale * options.EffectPriorStandardDeviation, options.HeterogeneityPrior.ScaledBy(scale), options.PetScale, options.PeeseScale / scale);
        var total = options.Bias.Sum(bias => bias.PriorProbability);
        (BiasAssumption Bias, bool Effect, bool Heterogeneity, double Prior)[] models =
        [
            .. from effect in new[] { false, true }
               from heterogeneity in new[] { false, true }
               from bias in options.Bias
               select (bias, effect, heterogeneity, (effect ? options.EffectProbability : 1 - options.EffectProbability)
                   * (heterogeneity ? options.HeterogeneityProbability : 1 - options.HeterogeneityProbability) * bias.PriorProbability / total),
        ];
        var posteriors = new ModelPosterior[models.Length];
        // The longest first, so that the cores are done at about the same time; each model is integrated on its own, so that their order changes nothing.
        int[] order = [.. Enumerable.Range(0, models.Length).OrderByDescending(i => (models[i].Bias.Steps.IsDefault ? 0 : models[i].Bias.Steps.Length) + (models[i].Effect ? 1 : 0) + (models[i].Heterogeneity ? 1 : 0))];
        try
        {
            Parallel.ForEach(System.Collections.Concurrent.Partitioner.Create(order, loadBalance: true), i => posteriors[i] = ModelIntegral.Of(data, models[i].Bias, models[i].Effect, models[i].Heterogeneity));
        }
        catch (AggregateException faults) when (faults.InnerExceptions.All(fault => fault is ConvergenceException))
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(faults.InnerExceptions[0]);
        }
        return new ModelAveragedBiasAdjustment(effects, options, scale, models, posteriors);
    }

    /// <summary>One line, for example <c>RoBMA-PSMA: 0.0983 [−0.0078, 0.3000], effect BF = 1.23 (36 models, k = 18)</c>.</summary>
    public override string ToString() =>
        $"{Adjusted.Method}: {Mean}, effect BF = {StatisticText.Significant(Effect.BayesFactor!.Value, 3)} ({Models.Length} models, k = {StatisticText.Count(Count)})";

    /// <summary>How many units of a measure's pooled scale a unit of d is; null where there is no such relation.</summary>
    internal static double? ScaleOf(EffectMeasure measure) => measure.Code switch
    {
        "SMD" or "SMDH" or "SMD1" or "SMD1H" or "PBIT" or "OR2DN" or "OR2DL" or "SMCC" or "SMCR" or "SMCRH" or "SMCRP" or "SMCRPH" or "SMN" => 1,
        "ZCOR" or "ZPCOR" or "ZSPCOR" or "COR" or "UCOR" or "PCOR" or "SPCOR" or "RPB" or "RBIS" or "PHI" or "RTET" => 0.5,
        "OR" or "PETO" or "D2ORN" or "D2ORL" or "MPOR" or "MPORC" or "MPPETO" => Math.PI / Math.Sqrt(3),
        _ => null,
    };

    private void Add(PosteriorMixture mixture, ModelPosterior posterior, double share, bool hasEffect)
    {
        foreach (var (weight, row) in posterior.Rows)
        {
            if (!hasEffect) mixture.AddPoint(share * weight);
            else if (row.Grid is { } grid) mixture.AddGrid(share * weight, grid, row.Mean, row.Square);
            else foreach (var (part, mean, deviation) in row.Normals) mixture.AddNormal(share * weight * part, mean, deviation);
        }
    }

    private static ImmutableArray<string> WarningsOf(StudyEffects effects, ModelAveragingOptions options)
    {
        var warnings = ImmutableArray.CreateBuilder<string>();
        if (options.PriorScale is null && ScaleOf(effects.Measure) is null)
        {
            warnings.Add($"The priors are meant for Cohen's d and were taken as they are: {effects.Measure.Name} has no fixed relation to it. Set PriorScale to the units of this scale that make a unit of d.");
        }
        if (StandardErrorDependence.Warning(effects.Measure) is { } dependence) warnings.Add(dependence);
        if (effects.Count < 10) warnings.Add($"With {effects.Count} studies the priors have much to say: try others, and read the Bayes factors rather than the estimate.");
        if (effects.SharingWarning is { } sharing) warnings.Add(sharing);
        return warnings.ToImmutable();
    }

    /// <summary>The means of a model's parameters over τ.</summary>
    private readonly struct Averages
    {
        public Averages(ModelPosterior posterior, int steps)
        {
            Weights = new double[steps];
            foreach (var (weight, row) in posterior.Rows)
            {
                Tau += weight * row.Tau;
                TauSquare += weight * row.Tau * row.Tau;
                Slope += weight * row.Slope;
                for (var j = 0; j < steps; j++) Weights[j] += weight * row.MeanWeights[j];
            }
        }

        public double Tau { get; }

        public double TauSquare { get; }

        public double Slope { get; }

        public double[] Weights { get; }
    }
}

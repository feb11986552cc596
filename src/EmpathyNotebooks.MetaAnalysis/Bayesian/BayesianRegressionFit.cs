using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A coefficient of a Bayesian meta-regression.</summary>
/// <param name="Name">Its name, as in <see cref="MetaRegressionFit"/>.</param>
/// <param name="Prior">Its prior.</param>
/// <param name="Posterior">Its posterior.</param>
/// <param name="BayesFactor">The evidence that it is not 0, all others as they are; null where a prior is flat.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfNumbers("year", [2001, 2004, 2010, 2012, 2018])]);
/// var fit = BayesianModel.Fit(effects, Moderator.Number("year").Centered(), new() { CoefficientPrior = EffectPrior.Normal(0, 0.05) });
/// foreach (BayesianCoefficient coefficient in fit.Coefficients) Console.WriteLine(coefficient);
/// </code></example>
public sealed record BayesianCoefficient(string Name, EffectPrior Prior, PosteriorDistribution Posterior, BayesFactor? BayesFactor)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Posterior}{(BayesFactor is { } factor ? $", BF = {factor}" : "")} (prior {Prior})";
}

/// <summary>What a Bayesian meta-regression expects at some values of the moderators.</summary>
/// <param name="Mean">The posterior of the mean effect.</param>
/// <param name="NewEffect">The distribution of the true effect of a new study.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfNumbers("year", [2001, 2004, 2010, 2012, 2018])]);
/// BayesianPrediction later = BayesianModel.Fit(effects, Moderator.Number("year").Centered()).Predict(new() { ["year"] = 2015 });
/// Console.WriteLine($"{later.Mean}; {later.NewEffect.CredibleInterval}");
/// </code></example>
public sealed record BayesianPrediction(PosteriorDistribution Mean, PosteriorDistribution NewEffect);

/// <summary>A fitted Bayesian meta-regression y ~ N(x'β, v + τ²). All numbers are on the scale that is pooled.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("rater", ["client", "observer", "client", "observer", "client"])]);
/// BayesianRegressionFit fit = BayesianModel.Fit(effects, Moderator.Category("rater", reference: "client"), new() { CoefficientPrior = EffectPrior.Normal(0, 0.25) });
/// Console.WriteLine($"{fit.Coefficients[1]}; moderators BF {fit.ModeratorBayesFactor}; τ {fit.Tau}");
/// </code></example>
public sealed class BayesianRegressionFit
{
    private readonly ModeratorDesign _design;
    private readonly HierarchyPosterior _posterior;
    private readonly double[] _x;
    private readonly EffectPrior[] _priors;
    private readonly bool _isFinite;
    private readonly bool _hasDeviation;
    private readonly Lazy<double?> _moderators;

    private BayesianRegressionFit(ModeratorDesign design, Moderator moderators, BayesianOptions options, EffectPrior[] priors)
    {
        (_design, Moderators, Options, _priors) = (design, moderators, options, priors);
        _x = RowOrder(design.Matrix, [.. Enumerable.Range(0, priors.Length)]);
        _posterior = HierarchyPosterior.Of(new NormalHierarchy(Effects, _x, priors, options.HeterogeneityPrior));
        (_isFinite, _hasDeviation) = (_posterior.Model.IsProper || _posterior.Model.HasMoment(1), _posterior.Model.IsProper || _posterior.Model.HasMoment(2));
        Tau = new PosteriorDistribution(_posterior.Tau, options.CredibleLevel);
        var coefficients = ImmutableArray.CreateBuilder<BayesianCoefficient>(priors.Length);
        for (var j = 0; j < priors.Length; j++)
        {
            var (at, p) = (j, priors.Length);
            var posterior = new PosteriorDistribution(_posterior.Mixture(part => (part.Mean[at], part.Covariance[at * p + at]), _isFinite, _hasDeviation), options.CredibleLevel);
            coefficients.Add(new BayesianCoefficient(design.Columns[j].Name, priors[j], posterior, _posterior.Model.IsProper ? FactorOf([j], priors[j], posterior) : null));
        }
        Coefficients = coefficients.MoveToImmutable();
        _moderators = new(() => _posterior.Model.IsProper && design.HasIntercept ? FactorOf([.. Enumerable.Range(1, priors.Length - 1)], null, null).Log : null);
        if (_posterior.Model.IsProper)
        {
            LogMarginalLikelihood = _posterior.LogMarginal;
            HeterogeneityBayesFactor = BayesFactor.Of(_posterior.LogMarginal - _posterior.Model.LogAt(0), options.HeterogeneityPrior!.LogDensityAtZero, Tau, 0);
        }
        Warnings = [.. Warn()];
    }

    /// <summary>The effects used: those given less <see cref="Omitted"/>.</summary>
    public StudyEffects Effects => _design.Effects;

    /// <summary>How many effects were used, k.</summary>
    public int Count => Effects.Count;

    /// <summary>What the effects measure.</summary>
    public EffectMeasure Measure => Effects.Measure;

    /// <summary>The effects left out because a moderator is not known for them.</summary>
    public ImmutableArray<OmittedStudy> Omitted => _design.Omitted;

    /// <summary>What the mean depends on.</summary>
    public Moderator Moderators { get; }

    /// <summary>What was chosen, with the priors that were taken.</summary>
    public BayesianOptions Options { get; }

    /// <summary>The coefficients, the intercept first.</summary>
    public ImmutableArray<BayesianCoefficient> Coefficients { get; }

    /// <summary>The posterior of τ, the standard deviation of true effects that the moderators leave.</summary>
    public PosteriorDistribution Tau { get; }

    /// <summary>The natural logarithm of the marginal likelihood; null where a prior is flat.</summary>
    public double? LogMarginalLikelihood { get; }

    /// <summary>The natural logarithm of the Bayes factor for all moderators against the intercept alone, with the same priors of intercept and τ; null where a prior is flat, and without an intercept.</summary>
    public double? ModeratorLogBayesFactor => _moderators.Value;

    /// <summary>The Bayes factor for all moderators against the intercept alone; null where a prior is flat, and without an intercept.</summary>
    public double? ModeratorBayesFactor => ModeratorLogBayesFactor is { } log ? Math.Exp(log) : null;

    /// <summary>The evidence for heterogeneity that the moderators leave; null where a prior is flat.</summary>
    public BayesFactor? HeterogeneityBayesFactor { get; }

    /// <summary>What a careful reader should know.</summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>The posterior of each study's true effect, drawn towards what its moderators let expect.</summary>
    public ImmutableArray<BayesianStudy> Studies => [.. Enumerable.Range(0, Count).Select(i => BayesianStudy.Of(_posterior, Effects, i, Expected([.. _x.AsSpan(i * _priors.Length, _priors.Length)]), Options.CredibleLevel))];

    /// <summary>What is expected at some values of the moderators.</summary>
    /// <param name="values">One value for each column of the moderators, in the columns' own units.</param>
    /// <exception cref="StudyDataException">A column has no value, is not in the model, or has a value or combination that no study has.</exception>
    public BayesianPrediction Predict(ModeratorValues values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var expected = Expected(_design.Encode(values));
        var (hasMean, hasDeviation) = (_posterior.Model.HasMoment(1), _posterior.Model.HasMoment(2));
        return new BayesianPrediction(new PosteriorDistribution(_posterior.Mixture(expected, _isFinite, _hasDeviation), Options.CredibleLevel),
            new PosteriorDistribution(_posterior.Mixture(part => expected(part) is var (mean, variance) ? (mean, variance + part.Tau * part.Tau) : default, hasMean, hasDeviation), Options.CredibleLevel));
    }

    /// <summary>A small table in words.</summary>
    public override string ToString() => $"Bayesian meta-regression on {Moderators}, k = {StatisticText.Count(Count)}{(Effects.Origin.IsSimulated ? " [simulated data]" : "")}\n"
        + string.Join("\n", Coefficients) + $"\nτ {Tau} (prior {Options.HeterogeneityPrior})";

    internal static BayesianRegressionFit Of(StudyEffects effects, Moderator moderators, BayesianOptions options)
    {
        var design = ModeratorDesign.Create(effects, moderators);
        var p = design.Columns.Length;
        var priors = new EffectPrior[p];
        for (var j = 0; j < p; j++)
        {
            var name = design.Columns[j].Name;
            priors[j] = options.CoefficientPriors?.GetValueOrDefault(name) ?? (j == 0 && design.HasIntercept ? options.EffectPrior! : options.CoefficientPrior ?? EffectPrior.Flat);
            if (priors[j].Family == EffectPriorFamily.Student)
            {
                throw new ImpossibleChoiceException($"The prior of the coefficient {name} is {priors[j]}: of a meta-regression priors are normal or flat", ChoiceFault.UndefinedForFit) { Choices = ["EffectPrior.Normal", "EffectPrior.Flat"] };
            }
        }
        if (options.CoefficientPriors?.Keys.FirstOrDefault(key => design.Columns.All(column => column.Name != key)) is { } unknown)
        {
            throw new ImpossibleChoiceException($"There is no coefficient \"{unknown}\" to which its prior could belong", ChoiceFault.Incomplete) { Value = unknown, Choices = [.. design.Columns.Select(column => column.Name)] };
        }
        return new BayesianRegressionFit(design, moderators, options, priors);
    }

    private static double[] RowOrder(DesignMatrix matrix, int[] columns)
    {
        var (k, p) = (matrix.Count, columns.Length);
        var rows = new double[k * p];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < p; j++) rows[i * p + j] = matrix.Columns[columns[j] * k + i];
        }
        return rows;
    }

    private BayesFactor FactorOf(int[] tested, EffectPrior? prior, PosteriorDistribution? posterior)
    {
        int[] rest = [.. Enumerable.Range(0, _priors.Length).Except(tested)];
        var without = HierarchyPosterior.Of(new NormalHierarchy(Effects, RowOrder(_design.Matrix, rest), [.. rest.Select(j => _priors[j])], Options.HeterogeneityPrior));
        var log = _posterior.LogMarginal - without.LogMarginal;
        return prior is null || posterior is null ? new BayesFactor(log, null) : BayesFactor.Of(log, prior.LogDensity(0), posterior, 0);
    }

    private Func<PosteriorPart, (double Mean, double Variance)> Expected(double[] row) => part =>
    {
        double mean = 0, variance = 0;
        var p = row.Length;
        for (var j = 0; j < p; j++)
        {
            mean += row[j] * part.Mean[j];
            for (var l = 0; l < p; l++) variance += row[j] * row[l] * part.Covariance[j * p + l];
        }
        return (mean, variance);
    };

    private IEnumerable<string> Warn()
    {
        if (!Omitted.IsEmpty)
        {
            yield return $"{StatisticText.Count(Omitted.Length)} of {StatisticText.Count(Omitted.Length + Count)} effects are left out because a moderator is not known for them: {string.Join(", ", Omitted.Take(5).Select(o => o.Label))}{(Omitted.Length > 5 ? " and others" : "")}.";
        }
        if (Effects.SharingWarning is { } sharing) yield return sharing;
        foreach (var warning in BayesianWarnings.Of(_posterior, Tau, Options.HeterogeneityPrior!, _posterior.Model.IsProper)) yield return warning;
        if (Count < 10 * (_priors.Length - 1)) yield return "With fewer than about ten studies a coefficient a meta-regression finds what is not there, and priors decide the rest.";
    }
}

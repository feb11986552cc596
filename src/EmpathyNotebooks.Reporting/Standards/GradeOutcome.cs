using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>
/// One outcome of a GRADE summary of findings (Guyatt et al. 2011, Journal of Clinical Epidemiology 64, 383-394): its fit, the judgements of people on five domains, what raises certainty, and the certainty that follows: the level at
/// the start (high of randomised trials, else low) less the levels down plus those up, between very low and high. When not to use it: with judgements taken from the facts by a rule; the same I² can matter or not.
/// </summary>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.51, 0.32, 0.65, 0.40], [0.020, 0.032, 0.025, 0.018], EffectMeasure.StandardizedMeanDifference, sampleSizes: [210, 130, 165, 230]));
/// var outcome = new GradeOutcome("Depression after treatment", fit, isRandomized: true,
/// [
///     new(GradeDomain.RiskOfBias, 1, "Outcome assessors knew the group in most trials."), new(GradeDomain.Inconsistency, 0, "Effects are alike."), new(GradeDomain.Indirectness, 0, "All trials are of adults with depression."),
///     new(GradeDomain.Imprecision, 0, "The interval lies above 0.2."), new(GradeDomain.PublicationBias, 0, "All registered trials were found."),
/// ]) { BaseRate = 0.2, ImportantDifference = 0.2 };
/// Console.WriteLine(outcome);
/// foreach (var fact in outcome.Facts[GradeDomain.Inconsistency]) Console.WriteLine(fact);
/// </code></example>
public sealed record GradeOutcome
{
    /// <summary>Small-study tests find little with fewer (Sterne et al. 2011, BMJ 343, d4002).</summary>
    private const int FewForAsymmetry = 10;

    /// <summary>An outcome with its judgements.</summary>
    /// <param name="name">The outcome, with when it was measured.</param>
    /// <param name="fit">A fit of one mean.</param>
    /// <param name="isRandomized">True where the evidence is of randomised trials, which begins as high; else it begins as low.</param>
    /// <param name="judgements">One judgement for each of the five domains, those of no concern too.</param>
    /// <param name="upgrades">What raises certainty; none if not said.</param>
    /// <exception cref="ArgumentException">A domain is not judged or twice, a reason to raise stands twice, or randomised trials are raised.</exception>
    /// <exception cref="ImpossibleChoiceException">The fit has moderators.</exception>
    public GradeOutcome(string name, IModelFit fit, bool isRandomized, IReadOnlyList<GradeJudgement> judgements, IReadOnlyList<GradeUpgrade>? upgrades = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(judgements);
        if (fit.Mean is null) throw new ImpossibleChoiceException("A summary of findings is of fits of one mean, without moderators", ChoiceFault.UndefinedForFit, nameof(fit));
        foreach (var domain in Enum.GetValues<GradeDomain>())
        {
            var count = judgements.Count(j => j.Domain == domain);
            if (count == 0) throw new ArgumentException($"{name}: {GradeText.Name(domain)} is not judged. Each domain needs a judgement and its reason; 0 levels where there is no concern.", nameof(judgements));
            if (count > 1) throw new ArgumentException($"{name}: {GradeText.Name(domain)} is judged {StatisticText.Count(count)} times; one judgement holds.", nameof(judgements));
        }
        upgrades ??= [];
        if (upgrades.GroupBy(u => u.What).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new ArgumentException($"{name}: {GradeText.Name(twice.Key)} stands twice.", nameof(upgrades));
        if (isRandomized && upgrades.Count > 0) throw new ArgumentException($"{name}: evidence of randomised trials begins as high and is not raised.", nameof(upgrades));
        (Name, Fit, IsRandomized) = (name.Trim(), fit, isRandomized);
        Judgements = [.. judgements.OrderBy(j => j.Domain)];
        Upgrades = [.. upgrades];
    }

    /// <summary>The outcome.</summary>
    public string Name { get; }

    /// <summary>The fit.</summary>
    public IModelFit Fit { get; }

    /// <summary>True where the evidence is of randomised trials.</summary>
    public bool IsRandomized { get; }

    /// <summary>The judgements, in the order of the domains.</summary>
    public ImmutableArray<GradeJudgement> Judgements { get; }

    /// <summary>What raises certainty.</summary>
    public ImmutableArray<GradeUpgrade> Upgrades { get; }

    /// <summary>How many of the comparison group have the outcome anyhow, in (0, 1), for absolute effects; null leaves them out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It lies outside.</exception>
    public double? BaseRate
    {
        get;
        init => field = value is null or (> 0 and < 1) ? value : throw new ArgumentOutOfRangeException(nameof(BaseRate), value, "A base rate lies between 0 and 1, both excluded: 0.2 where 20% have the outcome anyhow.");
    }

    /// <summary>The smallest effect that matters, on the scale a reader knows, for the facts on imprecision; null where it is not said.</summary>
    public double? ImportantDifference { get; init; }

    /// <summary>The judgements of the risk of bias of the studies, for the facts; null where they are not at hand.</summary>
    public RiskOfBias? Risk { get; init; }

    /// <summary>The certainty at the start.</summary>
    public Certainty Start => IsRandomized ? Certainty.High : Certainty.Low;

    /// <summary>The certainty that follows from the judgements.</summary>
    public Certainty Certainty => (Certainty)Math.Clamp((int)Start - Judgements.Sum(j => j.Levels) + Upgrades.Sum(u => u.Levels), (int)Certainty.VeryLow, (int)Certainty.High);

    /// <summary>What the library knows that bears on each domain. None of it is a judgement.</summary>
    public ImmutableDictionary<GradeDomain, ImmutableArray<string>> Facts => Enum.GetValues<GradeDomain>().ToImmutableDictionary(d => d, d => FactsOf(d).ToImmutableArray());

    /// <summary>What people should look at again.</summary>
    public ImmutableArray<string> Warnings => Upgrades.Length > 0 && Judgements.Any(j => j.Levels > 0)
        ? [$"{Name}: certainty is raised although it was lowered, too; GRADE raises it as a rule only where nothing lowers it."] : [];

    /// <summary>Four signs, one filled a level.</summary>
    /// <param name="certainty">The certainty.</param>
    public static string SignOf(Certainty certainty) => new string('⊕', (int)certainty) + new string('◯', 4 - (int)certainty);

    /// <summary>For example <c>Depression after treatment: g = 0.47 [0.26, 0.69], certainty moderate</c>.</summary>
    public override string ToString() => $"{Name}: {Effect}, certainty {GradeText.Name(Certainty).ToLowerInvariant()}";

    internal string Effect
    {
        get
        {
            var mean = Fit.Mean!.Value;
            var shown = $"{Fit.Measure.Symbol} = {Fit.Measure.Format(Fit.Measure.ToDisplay(mean.Estimate))}";
            return mean.HasStandardError ? $"{shown} {Numbers.Interval(mean.ConfidenceInterval.Transform(Fit.Measure.ToDisplay), Fit.Measure, 2)}" : shown;
        }
    }

    /// <summary>The rates of both groups at the base rate; null where the measure has none.</summary>
    internal (MeaningStatement First, MeaningStatement Second)? Rates
    {
        get
        {
            if (BaseRate is not { } rate) return null;
            try
            {
                var meaning = EffectMeaning.Of(Fit, new() { BaseRate = rate });
                return meaning[MeaningKind.FirstRate] is { } first && meaning[MeaningKind.SecondRate] is { } second ? (first, second) : null;
            }
            catch (ImpossibleChoiceException)
            {
                // Means, proportions and the like say nothing of rates.
                return null;
            }
            catch (ArgumentOutOfRangeException)
            {
                // The effect, or a limit of it, leaves what rates can be at this base rate.
                return null;
            }
        }
    }

    private IEnumerable<string> FactsOf(GradeDomain domain)
    {
        var measure = Fit.Measure;
        var mean = Fit.Mean!.Value;
        string Shown(double value) => $"{measure.Symbol} = {measure.Format(measure.ToDisplay(value))}";
        string Limits(ConfidenceInterval interval) => Numbers.Interval(interval.Transform(measure.ToDisplay), measure, 2);
        switch (domain)
        {
            case GradeDomain.RiskOfBias when Risk is { } risk:
                foreach (var share in risk.Shares(Fit).Where(s => s.Domain == RiskOfBias.Overall && s.Count > 0))
                {
                    yield return $"{share.Judgement} ({risk.Tool.Name}): {StatisticText.Count(share.Count, "study", "studies")}, {StatisticText.Percent(share.Share, 0)} of the weight.";
                }
                if (!risk.Tool.HasOverall) yield return $"{risk}.";
                break;
            case GradeDomain.Inconsistency:
                if (Fit.ISquared is { } share2) yield return $"I² = {StatisticText.Percent(share2, 0)}{(Fit.Heterogeneity?.ISquaredInterval is { } range ? $" [{StatisticText.Percent(range.Lower, 0)}, {StatisticText.Percent(range.Upper, 0)}]" : "")}.";
                if (Fit.TauSquared is { } tau2) yield return $"τ² = {StatisticText.Significant(tau2, 3)}.";
                if (Fit.Q is { } q) yield return $"{q}.";
                if (Fit.Predict()?.PredictionInterval is { } prediction)
                {
                    yield return $"Prediction interval {Limits(prediction)}{(measure.HasNullValue ? $", which {(prediction.Contains(measure.NullValue) ? "includes" : "does not include")} no effect" : "")}.";
                }
                break;
            case GradeDomain.Imprecision:
                yield return $"k = {StatisticText.Count(Fit.Count)}{(Fit.Effects.TotalSampleSize is { } people && Fit.Clusters is null ? $", N = {StatisticText.Count(people)}" : "")}.";
                if (!mean.HasStandardError) break;
                var interval = mean.ConfidenceInterval;
                yield return $"{StatisticText.Level(Fit.ConfidenceLevel)} interval {Limits(interval)}{(measure.HasNullValue ? $", which {(interval.Contains(measure.NullValue) ? "includes" : "does not include")} no effect" : "")}.";
                if (ImportantDifference is { } least && measure.FromDisplay(least) is var cut && double.IsFinite(cut))
                {
                    yield return interval.Contains(cut) ? $"It includes the smallest effect that matters, {Shown(cut)}: effects that matter and effects that do not." : $"It lies wholly {(interval.Lower > cut ? "above" : "below")} the smallest effect that matters, {Shown(cut)}.";
                }
                break;
            case GradeDomain.PublicationBias:
                yield return $"k = {StatisticText.Count(Fit.Count)}{(Fit.Count < FewForAsymmetry ? ": too few for tests of funnel asymmetry to find much" : "")}.";
                if (Egger() is { } egger) yield return egger;
                break;
        }
    }

    private string? Egger()
    {
        if (Fit is not PooledFit pooled || pooled.Count < 3 || !Fit.Measure.HasNullValue) return null;
        try
        {
            return $"Egger's test: {StatisticText.PValueWithSymbol(pooled.EggerTest().PValue)}.";
        }
        catch (Exception fault) when (fault is InsufficientStudiesException or UndeterminedException or ImpossibleChoiceException or ConvergenceException or StudyDataException)
        {
            return $"Egger's test is not defined here: {fault.Message}";
        }
    }
}

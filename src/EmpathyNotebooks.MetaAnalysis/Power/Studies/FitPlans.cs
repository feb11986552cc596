namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Plans of meta-analyses like one there is: with its studies, model, inference and variances of true effects.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38, 0.15], [0.010, 0.022, 0.015, 0.012, 0.020, 0.006], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfNumbers("year", [2001, 2004, 2010, 2012, 2015, 2018])]);
/// var fit = RandomEffects.Fit(effects);
/// Console.WriteLine(fit.PlanOfMean(effect: Math.Atanh(0.10)).Power());
/// Console.WriteLine(fit.PlanOfHeterogeneity(tauSquared: 0.02).StudiesNeeded());
/// Console.WriteLine(MetaRegression.Fit(effects, Moderator.Number("year")).PlanOfModerator(difference: 0.2).Power());
/// </code></example>
public static class FitPlans
{
    /// <summary>
    /// The test of the mean as this fit made it, for the next meta-analysis of studies like these. For models of effects that share samples a <see cref="DependentPlan"/>: CHE where sampling errors are correlated, MLMA
    /// where they are not, CE for correlated effects. Variances of true effects are those that were estimated, which few studies estimate badly: look at several (<c>with { TauSquared = … }</c>).
    /// </summary>
    /// <param name="fit">A pooled, multilevel or multivariate fit, or robust variance estimation.</param>
    /// <param name="effect">The mean to be found, less the value that means no effect, on the scale that is pooled.</param>
    /// <param name="correlation">The correlation of sampling errors of a study that an analysis faces which took them as independent, in [0, 1); that of the fit, else 0.6, if not said.</param>
    /// <param name="inference">
    /// The test where effects share samples: robust with CR2 by default, as it is the one to report; <see cref="DependentInference.Model"/> is that of the model itself, Student's t with the number of studies less 1 degrees of freedom.
    /// </param>
    /// <exception cref="ImpossibleChoiceException">
    /// The fit has weights of its own or hierarchical ones, or no variances of true effects that a plan could take; or it does not test its mean as <paramref name="inference"/> says.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is not in its range.</exception>
    public static PowerPlan PlanOfMean(this IModelFit fit, double effect, double? correlation = null, DependentInference inference = DependentInference.Robust)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (!Enum.IsDefined(inference)) throw new ArgumentOutOfRangeException(nameof(inference), inference, "There is no such inference.");
        var alpha = 1 - fit.ConfidenceLevel;
        if (fit.Clusters is null && fit.Moderators is not null) throw new ImpossibleChoiceException("A model with moderators has no one mean whose test could have power", ChoiceFault.UndefinedForFit, nameof(fit));
        if (fit is IFitGeometry { HasGivenWeights: true }) throw new ImpossibleChoiceException("Power is that of the model's own weights, not of given ones", ChoiceFault.NeedsOwnWeights, nameof(fit));
        if (fit.Clusters is not { } clusters)
        {
            // Kenward and Roger's test of the mean is close to t with k - 1 degrees of freedom.
            return new MeanPlan(PlannedStudies.Of(fit), effect)
            {
                Origin = fit.Effects.Origin,
                Alpha = Rounded(alpha),
                TauSquared = TauSquaredOf(fit),
                Model = fit.IsRandomEffects ? PowerModel.Estimated : PowerModel.EqualEffects,
                Inference = fit.Inference == Inference.KenwardRoger ? Inference.StudentT : fit.Inference,
            };
        }
        if (fit is RobustVarianceFit { WorkingModel: WorkingModel.Hierarchical })
        {
            throw new ImpossibleChoiceException("The power of a test with hierarchical weights has no formula here: correlated effects, CHE and multilevel models have one", ChoiceFault.UndefinedForFit, nameof(fit));
        }
        if (inference == DependentInference.Model && !TestsByStudies(fit, clusters.Count))
        {
            throw new ImpossibleChoiceException("The power of a model's own test of dependent effects is known for Student's t with the number of studies less 1 degrees of freedom", ChoiceFault.UndefinedForFit, nameof(inference));
        }
        double tau2 = 0, omega2 = 0;
        if (fit is RobustVarianceFit robust) (tau2, omega2) = (robust.TauSquared, robust.OmegaSquared ?? 0);
        else if (fit.VarianceComponents.Length > 0)
        {
            // What is shared by a whole cluster, and what differs within.
            tau2 = fit.VarianceComponents.Where(c => c.GroupCount <= clusters.Count).Sum(c => c.SigmaSquared);
            omega2 = fit.VarianceComponents.Where(c => c.GroupCount > clusters.Count).Sum(c => c.SigmaSquared);
        }
        else if (fit.IsRandomEffects) throw new ImpossibleChoiceException("A plan takes variances between and within studies, which this model has not", ChoiceFault.UndefinedForFit, nameof(fit));
        var assumed = fit is MultilevelFit { Options: DependentOptions { SamplingCorrelation: var rho } } ? rho : 0;
        // Correlated effects assume a correlation to estimate τ², also that of 0.
        var known = fit is RobustVarianceFit { Options.SamplingCorrelation: < 1 and var given } ? given : assumed is > 0 and < 1 ? assumed : 0.6;
        return new DependentPlan(PlannedStudies.Of(fit), effect)
        {
            Origin = fit.Effects.Origin,
            Alpha = Rounded(alpha),
            TauSquared = tau2,
            OmegaSquared = omega2,
            SamplingCorrelation = correlation ?? known,
            Inference = inference,
            Model = fit is RobustVarianceFit ? DependentModel.CorrelatedEffects : assumed > 0 || fit is DependentFit { SamplingCovariance: not null } ? DependentModel.CorrelatedHierarchical : DependentModel.Multilevel,
        };
    }

    /// <summary>The test of heterogeneity of the studies of this fit, at the variance of true effects that is given, or as it was estimated.</summary>
    /// <param name="fit">A fit of independent effects.</param>
    /// <param name="tauSquared">The variance to be found; that of the fit if not said.</param>
    /// <exception cref="ImpossibleChoiceException">Effects share samples, or there is no one variance.</exception>
    public static HeterogeneityPlan PlanOfHeterogeneity(this IModelFit fit, double? tauSquared = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (fit.Clusters is not null) throw new ImpossibleChoiceException("The power of the test of heterogeneity is known for independent effects", ChoiceFault.UndefinedForFit, nameof(fit));
        return new HeterogeneityPlan(PlannedStudies.Of(fit), tauSquared ?? TauSquaredOf(fit)) { Origin = fit.Effects.Origin, Alpha = Rounded(1 - fit.ConfidenceLevel) };
    }

    /// <summary>
    /// The test of the moderator of this fit, one number or one category, for studies with the values they have: a <see cref="ModeratorPlan"/>, a <see cref="SubgroupPlan"/>, or where effects share samples a
    /// <see cref="DependentPlan"/> with its values.
    /// </summary>
    /// <param name="fit">A meta-regression, or a model of dependent effects whose moderator does not vary within studies.</param>
    /// <param name="difference">What is to be found: how far the means at the lowest and the highest value of the moderator, or of the two most different groups, are apart. Groups between them differ by equal steps.</param>
    /// <param name="correlation">As in <see cref="PlanOfMean"/>.</param>
    /// <param name="inference">As in <see cref="PlanOfMean"/>; of a moderator the robust test alone has a formula.</param>
    /// <exception cref="ImpossibleChoiceException">The fit has no moderator, several, weights of its own or hierarchical ones, or a moderator that varies within studies; or another test than the robust one was asked for.</exception>
    public static PowerPlan PlanOfModerator(this IModelFit fit, double difference, double? correlation = null, DependentInference inference = DependentInference.Robust)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (fit.Moderators is null || fit is not IFitGeometry { HasGivenWeights: false } geometry) throw new ImpossibleChoiceException("The power of a moderator takes a model with moderators and its own weights", ChoiceFault.UndefinedForFit, nameof(fit));
        var design = geometry.Matrix;
        var several = new ImpossibleChoiceException("The power of moderators is known for one number or one category", ChoiceFault.UndefinedForFit, nameof(fit));
        int[] groups = GroupsOf(design, out var count);
        var isCategory = count == design.Parameters;
        if (count < 2 || (!isCategory && (design.Parameters != 2 || !design.SpansConstant()))) throw several;
        // Of two groups the number of the group is a value as good as any.
        double[] x = isCategory ? [.. groups.Select(g => (double)g)] : [.. design.Columns.Skip(design.Count).Take(design.Count)];
        if (fit.Clusters is { } clusters)
        {
            if (inference != DependentInference.Robust) throw DependentPlan.RobustAlone(nameof(inference));
            if (count > 2 && isCategory) throw several;
            var rows = Enumerable.Range(0, clusters.Count).Select(clusters.Rows).ToList();
            if (rows.Exists(r => r.Any(i => x[i] != x[r[0]]))) throw new ImpossibleChoiceException("The power of a moderator that varies within studies has no formula here", ChoiceFault.UndefinedForFit, nameof(fit));
            double[] values = [.. rows.Select(r => x[r[0]])];
            return (DependentPlan)fit.PlanOfMean(difference / (values.Max() - values.Min()), correlation) with { Values = values };
        }
        var test = fit.Inference == Inference.KenwardRoger ? Inference.StudentT : fit.Inference;
        var model = fit.IsRandomEffects ? PowerModel.Estimated : PowerModel.EqualEffects;
        var v = fit.Effects.Variances;
        if (!isCategory)
        {
            return new ModeratorPlan(PlannedStudies.Of(v), x, difference / (x.Max() - x.Min())) { Origin = fit.Effects.Origin, Alpha = Rounded(1 - fit.ConfidenceLevel), TauSquared = TauSquaredOf(fit), Inference = test, Model = model };
        }
        var plan = new SubgroupPlan([.. Enumerable.Range(0, count).Select(g => new PlannedGroup($"group {StatisticText.Count(g + 1)}", PlannedStudies.Of([.. v.Where((_, i) => groups[i] == g)]), 0))])
        {
            Origin = fit.Effects.Origin, Alpha = Rounded(1 - fit.ConfidenceLevel), TauSquared = TauSquaredOf(fit), Inference = test, Model = model,
        };
        return plan.WithEffect(difference);
    }

    /// <summary>The group of each row of a design, those with the same values being one, in order of first appearance.</summary>
    private static int[] GroupsOf(DesignMatrix design, out int count)
    {
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        int[] groups = [.. Enumerable.Range(0, design.Count).Select(i =>
        {
            var key = string.Join(' ', Enumerable.Range(0, design.Parameters).Select(j => BitConverter.DoubleToInt64Bits(design.Columns[j * design.Count + i])));
            return found.TryGetValue(key, out var group) ? group : found[key] = found.Count;
        })];
        count = found.Count;
        return groups;
    }

    /// <summary>True where the model tests its mean by t with the number of studies less 1 degrees of freedom.</summary>
    private static bool TestsByStudies(IModelFit fit, int studies) => fit is DependentFit && fit.Mean is { DegreesOfFreedom: { } df } && df == studies - 1;

    /// <summary>1 - 0.95 is not quite 0.05.</summary>
    internal static double Rounded(double alpha) => Math.Round(alpha, 12);

    private static double TauSquaredOf(IModelFit fit) => !fit.IsRandomEffects ? 0 : fit.TauSquared
        ?? throw new ImpossibleChoiceException("A plan takes one variance of true effects, which this model has not", ChoiceFault.UndefinedForFit, nameof(fit));
}

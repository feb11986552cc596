using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The Copas selection model (Copas &amp; Shi 2000, Biostatistics 1, 247-262; 2001, Statistical Methods in Medical Research 10, 251-265): a study of standard error s is published where γ0 + γ1/s + δ is above 0, and δ is correlated with its
/// effect by ρ. The data tell little of γ0 and γ1, so that the model is a sensitivity analysis: over a plane of both it gives the mean that they would imply (<see cref="Contour"/>). As an adjusted estimate it takes, as R's metasens
/// does (Carpenter, Schwarzer, Rücker &amp; Künstler 2009, Journal of Clinical Epidemiology 62, 624-631; Schwarzer, Carpenter &amp; Rücker 2010, ibid. 63, 282-288), the point with the least selection on a path across the lines of
/// equal estimates at which the test of residual selection bias has p above .1 (<see cref="Path"/>, <see cref="Selected"/>). The plane is that of metasens: γ1 from 0 to 1.29/(1/s_min - 1/s_max), γ0 from -.25 - γ1_max/s_max to 2.
/// It assumes normal effects, a bivariate normal link of effect and publication, and publication that depends on the standard error and the effect. When it misleads: few studies (below 10 or so), for which the
/// likelihood is flat; heterogeneity that goes with sample size, which looks like selection; measures whose standard error goes with the value. The interval takes γ0 and γ1 as known, and is then too
/// narrow. Where ours and metasens differ, ours has the higher likelihood: its optimiser stops early, and where ρ lies on its bound its standard error is that of another point.
/// </summary>
/// <remarks>
/// $$y_i = \mu + u_i + \sigma_i\varepsilon_i, \qquad u_i \sim N(0, \tau^2)$$
/// $$\text{published if } \gamma_0 + \frac{\gamma_1}{s_i} + \delta_i &gt; 0, \qquad \operatorname{corr}(\varepsilon_i, \delta_i) = \rho$$
/// </remarks>
/// <example><code>
/// var effects = StudyEffects.Create([0.60, 0.12, 0.55, 0.20, 0.38, 0.45, 0.15, 0.70, 0.25, 0.33], [0.080, 0.010, 0.060, 0.012, 0.030, 0.040, 0.008, 0.095, 0.015, 0.022]);
/// CopasSelection copas = CopasSelection.Fit(effects, new CopasOptions { GridSize = 10 });
/// Console.WriteLine(copas);
/// foreach (CopasPoint point in copas.Path) Console.WriteLine($"{point.PublicationProbability}: {point.Estimate}, p of residual bias {point.ResidualBiasPValue}");
/// CopasContour contour = copas.Contour;
/// CopasContourLine line = contour.Lines[0];
/// Console.WriteLine($"{line.Level}: {line.Points.Length} points");
/// Console.WriteLine(copas.At(gamma0: 0, gamma1: 0.05).Estimate);
/// </code></example>
public sealed class CopasSelection
{
    private readonly CopasKernel _kernel;

    private CopasSelection(StudyEffects effects, CopasOptions options, CopasKernel kernel, Alternative side, CopasContour contour, ImmutableArray<CopasPoint> path, CopasPoint? selected, ImmutableArray<string> warnings)
    {
        _kernel = kernel;
        Effects = effects;
        Options = options;
        Side = side;
        Contour = contour;
        Path = path;
        Selected = selected;
        Warnings = warnings;
    }

    /// <summary>The effects.</summary>
    public StudyEffects Effects { get; }

    /// <summary>The choices made.</summary>
    public CopasOptions Options { get; }

    /// <summary>The side that publication favours.</summary>
    public Alternative Side { get; }

    /// <summary>The estimates over the plane of γ0 and γ1, with lines of equal estimates.</summary>
    public CopasContour Contour { get; }

    /// <summary>The model at points from no selection (γ0 = 10, γ1 = 0) to strong selection, by the probability that the study with the largest standard error is published.</summary>
    public ImmutableArray<CopasPoint> Path { get; }

    /// <summary>The point of the adjusted estimate: the first of the path whose test of residual selection bias is not significant. Null where it is significant all along.</summary>
    public CopasPoint? Selected { get; }

    /// <summary>What speaks against relying on it with these data.</summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>The normal interval of the adjusted estimate; null where there is none, or no standard error.</summary>
    public ConfidenceInterval? ConfidenceInterval => IntervalOf(Selected);

    /// <summary>The row of a table of adjusted estimates; null where no point is chosen.</summary>
    public AdjustedEstimate? Adjusted => Selected is null ? null : new AdjustedEstimate("Copas selection model", Selected.Estimate, ConfidenceInterval, Effects.Count,
        "Publication depends on SE and effect, no more than asymmetry needs.", Warnings);

    /// <summary>Fits the model over its plane and along its path.</summary>
    /// <param name="effects">Independent effects with standard errors that vary, at least three.</param>
    /// <param name="options">Side, levels and size of the contour.</param>
    /// <exception cref="InsufficientStudiesException">There are fewer than three effects.</exception>
    /// <exception cref="UndeterminedException">All standard errors are alike.</exception>
    /// <exception cref="ImpossibleChoiceException">The side is said to be both.</exception>
    public static CopasSelection Fit(StudyEffects effects, CopasOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(effects);
        options ??= new CopasOptions();
        if (effects.Count < 3) throw new InsufficientStudiesException("The Copas selection model", 3, effects.Count);
        if (options.Side is { } said) PValueChecks.SideOf(said, "The Copas selection model");
        double[] y = [.. effects.Effects], s = [.. effects.Variances.Select(Math.Sqrt)];
        double least = s.Min(), most = s.Max(), spread = 1 / least - 1 / most;
        if (!(most / least > 1 + 1e-6))
        {
            throw new UndeterminedException("The Copas selection model", "all standard errors are alike, and it tells selection by how effects go with them", "a step selection model needs no variation of standard errors");
        }
        var start = RandomEffects.Fit(effects, new() { Inference = Inference.Normal });
        var side = options.Side ?? (Slope(y, s) > 0 ? Alternative.Greater : Alternative.Less);
        var kernel = new CopasKernel(y, s, start.Estimate, start.TauSquared, options.CorrelationBound, side == Alternative.Greater);

        var steepest = 1.29 / spread;
        double[] gamma0 = Grid(-0.25 - steepest / most, 2), gamma1 = Grid(0, steepest);
        var estimates = new double[options.GridSize][];
        // Each column is followed from the corner of least selection on.
        for (var i = 0; i < estimates.Length; i++) estimates[i] = new double[options.GridSize];
        for (var j = options.GridSize - 1; j >= 0; j--)
        {
            double[] x = [start.Estimate, (side == Alternative.Greater ? 0.5 : -0.5) * options.CorrelationBound, start.TauSquared];
            for (var i = options.GridSize - 1; i >= 0; i--)
            {
                // The usual start beside that of the neighbour now and then: it leads back where a neighbour's top has sunk below another.
                kernel.Follow(gamma0[i], gamma1[j], x, alsoAfresh: (options.GridSize - 1 - i) % 4 == 0);
                estimates[i][j] = x[0];
            }
        }
        var contour = CopasContour.Of(gamma0, gamma1, estimates, options.Levels);
        ImmutableArray<CopasPoint> path = [kernel.At(10, 0), .. contour.Crossings.Select(p => kernel.At(p.Gamma0, p.Gamma1)).OrderByDescending(p => p.PublicationProbability)];
        var selected = path.FirstOrDefault(p => p.ResidualBiasPValue > options.Significance);
        return new CopasSelection(effects, options, kernel, side, contour, path, selected, Warn());

        double[] Grid(double from, double to) => [.. Enumerable.Range(0, options.GridSize).Select(i => from + i * (to - from) / (options.GridSize - 1))];

        ImmutableArray<string> Warn()
        {
            var warnings = ImmutableArray.CreateBuilder<string>();
            if (effects.SharingWarning is { } sharing) warnings.Add(sharing);
            if (StandardErrorDependence.Warning(effects.Measure) is { } depends) warnings.Add(depends);
            if (effects.Count < 10) warnings.Add($"The Copas model of {effects.Count} studies has a nearly flat likelihood: it is a sensitivity analysis at best.");
            if (selected is null) warnings.Add("The test of residual selection bias is significant at every strength of selection looked at: the model chooses no estimate.");
            else if (selected == path[0]) warnings.Add("The test of residual selection bias is not significant without selection: the estimate is the unadjusted one by maximum likelihood.");
            else if (Math.Abs(selected.Correlation) >= options.CorrelationBound) warnings.Add("The correlation of publication and effect lies on its bound: the standard error takes it as given, and is too small.");
            if (selected is { StandardError: null }) warnings.Add("The information has no inverse where the estimate is: there is no standard error.");
            return warnings.ToImmutable();
        }
    }

    /// <summary>The model at a strength of selection of one's own.</summary>
    /// <param name="gamma0">γ0, finite.</param>
    /// <param name="gamma1">γ1, finite and not negative: with precision more is published.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not in its range, or nearly nothing is published of some study: γ0 + γ1/s below -8.</exception>
    public CopasPoint At(double gamma0, double gamma1)
    {
        if (!double.IsFinite(gamma0)) throw new ArgumentOutOfRangeException(nameof(gamma0), gamma0, "γ0 is finite.");
        if (!(gamma1 >= 0) || !double.IsFinite(gamma1)) throw new ArgumentOutOfRangeException(nameof(gamma1), gamma1, "γ1 is finite and not negative.");
        if (gamma0 + gamma1 / Math.Sqrt(Effects.Variances.Max()) < -8) throw new ArgumentOutOfRangeException(nameof(gamma0), gamma0, "γ0 + γ1/s is below -8 for the largest standard error: nothing like it is published.");
        return _kernel.At(gamma0, gamma1);
    }

    /// <summary>The normal interval of a point; null where it has no standard error.</summary>
    public ConfidenceInterval? IntervalOf(CopasPoint? point) =>
        point?.StandardError is { } se ? Distributions.Interval(point.Estimate, se, null, Options.ConfidenceLevel) : null;

    /// <summary>One line, for example <c>r = .15, 95% CI [.09, .21] (Copas selection model, k = 16, 0 unpublished)</c>.</summary>
    public override string ToString()
    {
        if (Selected is null) return $"No estimate (Copas selection model, k = {StatisticText.Count(Effects.Count)}): residual selection bias at every strength of selection";
        var measure = Effects.Measure;
        var interval = "";
        if (ConfidenceInterval is { } shown)
        {
            shown = shown.Transform(measure.ToDisplay);
            interval = $", {StatisticText.Level(shown.Level)} CI [{measure.Format(shown.Lower)}, {measure.Format(shown.Upper)}]";
        }
        var text = $"{measure.Symbol} = {measure.Format(measure.ToDisplay(Selected.Estimate))}{interval} (Copas selection model, k = {StatisticText.Count(Effects.Count)}, {StatisticText.Number(Selected.Unpublished, 0)} unpublished)";
        return Effects.Origin.IsSimulated ? text + " [simulated data]" : text;
    }

    /// <summary>The slope of effects on standard errors, weighted by precision: Egger's regression.</summary>
    private static double Slope(double[] y, double[] s)
    {
        double w = 0, wx = 0, wy = 0;
        for (var i = 0; i < y.Length; i++)
        {
            var weight = 1 / (s[i] * s[i]);
            w += weight;
            wx += weight * s[i];
            wy += weight * y[i];
        }
        double slope = 0;
        for (var i = 0; i < y.Length; i++) slope += (s[i] - wx / w) * (y[i] - wy / w) / (s[i] * s[i]);
        return slope;
    }
}

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The posterior of a <see cref="NormalHierarchy"/>: τ on a grid, and on it the parts of everything else.</summary>
internal sealed class HierarchyPosterior
{
    /// <summary>A τ whose square leaves double precision.</summary>
    private const double Beyond = 1e150;

    private readonly GridDensity? _grid;
    private readonly TauAxis _axis;

    private HierarchyPosterior(NormalHierarchy model, TauAxis axis, AxisQuadrature? rule, List<PosteriorPart> parts, double log, double[] taus, double[] weights)
    {
        (Model, _axis, Parts, LogMarginal, Taus, Weights) = (model, axis, parts, log, taus, weights);
        if (rule is not null) _grid = new GridDensity(rule.Origin, rule.Step, rule.Weights);
    }

    public NormalHierarchy Model { get; }

    /// <summary>The parts, whose weights sum to 1.</summary>
    public List<PosteriorPart> Parts { get; }

    /// <summary>The points of τ with their <see cref="Weights"/>; a single 0 where the model has no heterogeneity.</summary>
    public double[] Taus { get; }

    public double[] Weights { get; }

    /// <summary>The logarithm of the marginal likelihood; with flat priors up to a constant.</summary>
    public double LogMarginal { get; }

    public static HierarchyPosterior Of(NormalHierarchy model)
    {
        List<PosteriorPart> parts = [];
        if (model.Heterogeneity is not { } prior)
        {
            var only = Checked(model.LogAt(0, parts));
            return new HierarchyPosterior(model, default, null, parts, only, [0], [1]);
        }
        var (least, most) = model.Variances;
        var unit = Math.Min(Math.Sqrt(least), prior.Typical);
        var axis = new TauAxis(prior, unit);
        // From a τ below which nothing happens to one beyond all distances and scales there are.
        var to = axis.FromTau(30 * Math.Max(Math.Max(Math.Sqrt(most), model.Reach), prior.Typical));
        var rule = AxisQuadrature.Integrate(LogIntegrand, axis.FromTau(0.05 * unit), Math.Min(to, prior.Family == HeterogeneityPriorFamily.Uniform ? 4 : to), NormalHierarchy.Negligible, model.Depth, Unsettled(prior));

        var taus = new double[rule.Weights.Length];
        for (var i = 0; i < taus.Length; i++)
        {
            taus[i] = axis.ToTau(rule.Node(i));
            var first = parts.Count;
            if (rule.Weights[i] <= 0) continue;
            model.LogAt(taus[i], parts);
            for (var j = first; j < parts.Count; j++) parts[j] = parts[j] with { Weight = parts[j].Weight * rule.Weights[i] };
        }
        return new HierarchyPosterior(model, axis, rule, parts, rule.Log, taus, rule.Weights);

        double LogIntegrand(double x)
        {
            var tau = axis.ToTau(x);
            if (prior.Family == HeterogeneityPriorFamily.LogStudent) return tau > Beyond ? double.NegativeInfinity : axis.LogPriorOfLogStudent(x) + model.LogAt(tau);
            var slope = axis.Slope(x);
            return !(tau > 0) || !(slope > 0) || tau > Beyond || double.IsInfinity(slope) ? double.NegativeInfinity : model.LogJointAt(tau) + Math.Log(slope);
        }
    }

    /// <summary>The posterior of τ.</summary>
    public PosteriorShape Tau => new TauShape(this);

    /// <summary>The posterior of what is normal given the parts.</summary>
    /// <param name="of">Mean and variance of it given a part.</param>
    /// <param name="hasMean">Whether it has a mean.</param>
    /// <param name="hasDeviation">Whether it has a standard deviation.</param>
    public PosteriorShape Mixture(Func<PosteriorPart, (double Mean, double Variance)> of, bool hasMean = true, bool hasDeviation = true)
    {
        var (weights, means, deviations) = (new double[Parts.Count], new double[Parts.Count], new double[Parts.Count]);
        for (var i = 0; i < weights.Length; i++)
        {
            var (mean, variance) = of(Parts[i]);
            (weights[i], means[i], deviations[i]) = (Parts[i].Weight, mean, Math.Sqrt(variance));
        }
        return new MixtureShape(weights, means, deviations, hasMean, hasDeviation);
    }

    /// <summary>An empty mixture of posteriors of τ on the axis of this one.</summary>
    public PosteriorMixture TauMixture() => new(0, _axis.FromTau, tau => 1 / _axis.Slope(_axis.FromTau(tau)));

    /// <summary>Adds the posterior of τ to a mixture. Its axis is that of all models of the same effects with the same prior of τ.</summary>
    public void AddTau(PosteriorMixture mixture, double share)
    {
        double mean = 0, square = 0;
        for (var i = 0; i < Taus.Length; i++)
        {
            if (!(Weights[i] > 0)) continue;
            mean += Weights[i] * Taus[i];
            square += Weights[i] * Taus[i] * Taus[i];
        }
        mixture.AddGrid(share, _grid!, mean, square);
    }

    private static string Unsettled(HeterogeneityPrior prior) => "its integral did not settle" + (prior is { Family: HeterogeneityPriorFamily.LogStudent, DegreesOfFreedom: < 1 }
        ? $", as {prior} leaves much of its probability at a τ smaller or larger than any number here; choose 1 degree of freedom or more, or a half-normal prior" : "");

    private static double Checked(double log) => double.IsFinite(log) ? log
        : throw new ConvergenceException("The marginal likelihood", "the effects, variances or scales of the priors are too large, too small or too far apart for double precision", 0, NonConvergence.Precision);

    /// <summary>τ: its density straight from prior and likelihood, its distribution function from the grid.</summary>
    private sealed class TauShape : PosteriorShape
    {
        private readonly HierarchyPosterior _of;

        public TauShape(HierarchyPosterior of)
        {
            _of = of;
            double first = 0;
            for (var i = 0; i < of.Taus.Length; i++)
            {
                if (of.Weights[i] > 0) first += of.Weights[i] * of.Taus[i];
            }
            double spread = 0;
            for (var i = 0; i < of.Taus.Length; i++) if (of.Weights[i] > 0) spread += of.Weights[i] * (of.Taus[i] - first) * (of.Taus[i] - first);
            Mean = of.Model.HasMoment(1) ? first : null;
            Deviation = of.Model.HasMoment(2) ? Math.Sqrt(spread) : null;
        }

        public override double Lowest => 0;

        public override double Highest => _of.Model.Heterogeneity!.Largest;

        public override double Density(double x)
        {
            if (x < 0 || x > Math.Min(Highest, Beyond)) return 0;
            var log = x == 0 ? _of.Model.Heterogeneity!.LogDensityAtZero + _of.Model.LogAt(0) : _of.Model.LogJointAt(x);
            return Math.Exp(log - _of.LogMarginal);
        }

        public override double Below(double x) => x <= 0 ? 0 : x >= Highest ? 1 : _of._grid!.Cumulative(_of._axis.FromTau(x));

        public override double Above(double x) => 1 - Below(x);

        public override double Quantile(double p)
        {
            // In the variable of the grid, whose steps are of one size everywhere.
            var grid = _of._grid!;
            int first = -1, last = grid.Count;
            while (last - first > 1)
            {
                var middle = (first + last) / 2;
                if (grid.CumulativeAt(middle) <= p) first = middle;
                else last = middle;
            }
            double low = grid.At(Math.Max(0, first)), high = grid.At(Math.Min(grid.Count - 1, last));
            var share = first >= 0 && last < grid.Count ? (p - grid.CumulativeAt(first)) / (grid.CumulativeAt(last) - grid.CumulativeAt(first)) : 0.5;
            var x = low + share * (high - low);
            for (var i = 0; i < 200 && high - low > 1e-15 * (Math.Abs(low) + Math.Abs(high)); i++)
            {
                var off = grid.Cumulative(x) - p;
                if (off < 0) low = x;
                else high = x;
                var next = x - off / grid.Density(x);
                if (Math.Abs(next - x) < 1e-12 * (1 + Math.Abs(x)))
                {
                    x = next;
                    break;
                }
                x = next > low && next < high ? next : (low + high) / 2;
            }
            return _of._axis.ToTau(x);
        }

        protected override ShapeTable MakeTable()
        {
            // The points of the grid, as many as are needed.
            var grid = _of._grid!;
            // That of log-t reaches to where τ is 0 for all there is to say.
            var least = _of.Model.Heterogeneity!.Family == HeterogeneityPriorFamily.LogStudent ? 1e-12 * _of.Taus.Where((_, i) => _of.Weights[i] > 1e-12).Max() : 0;
            var every = Math.Max(1, _of.Taus.Where((tau, i) => tau > least && (least == 0 || _of.Weights[i] > 1e-12)).Count() / 80);
            int[] kept = [.. Enumerable.Range(0, grid.Count).Where(i => i % every == 0 && _of.Taus[i] > least && (i == 0 || _of.Taus[i] > _of.Taus[i - Math.Min(i, every)]) && _of.Taus[i] < Math.Min(Highest, Beyond))];
            return new ShapeTable([.. kept.Select(i => _of.Taus[i])], [.. kept.Select(i => grid.CumulativeAt(i))], [.. kept.Select(i => Density(_of.Taus[i]))]);
        }
    }
}

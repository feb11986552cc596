namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// How far apart the inner values are: their correlation is ρ to the power of that distance. All distances are 1 for compound symmetry; for autoregressive structures they are
/// times, in steps or as they are. Elements are laid out once, for the pairs of inner values that some group has both of.
/// </summary>
internal sealed class DistanceLayout
{
    private readonly int[] _element;

    /// <param name="distances">d x d in row order, 0 for a pair that is one.</param>
    /// <param name="d">How many inner values there are.</param>
    /// <param name="perPair">True when each pair needs an element of its own, since variances differ.</param>
    /// <param name="groups">The group of each effect.</param>
    /// <param name="inner">The inner value of each effect.</param>
    public DistanceLayout(double[] distances, int d, bool perPair, int[] groups, int[] inner)
    {
        Distances = distances;
        _element = new int[d * d];
        Array.Fill(_element, -1);
        var pairs = new List<(int A, int B)>();
        var places = new Dictionary<double, int>();
        foreach (var rows in Enumerable.Range(0, groups.Length).GroupBy(i => groups[i]))
        {
            int[] present = [.. rows.Select(i => inner[i]).Distinct()];
            foreach (var a in present)
            {
                foreach (var b in present)
                {
                    if (b > a || _element[a * d + b] >= 0) continue;
                    var distance = distances[a * d + b];
                    if (perPair || !places.TryGetValue(distance, out var e))
                    {
                        places[distance] = e = pairs.Count;
                        pairs.Add((a, b));
                    }
                    _element[a * d + b] = _element[b * d + a] = e;
                }
            }
        }
        Pairs = [.. pairs];
        D = d;
    }

    public int D { get; }

    public double[] Distances { get; }

    /// <summary>For each element a pair of inner values it stands for.</summary>
    public (int A, int B)[] Pairs { get; }

    public int ElementOf(int a, int b) => _element[a * D + b];
}

/// <summary>
/// G = τ_a τ_b ρ^|a - b| for distances between inner values: AR and CAR with one variance τ², the first parameter; HAR with a standard deviation τ for each inner value; and CS where
/// one of its two parameters is held. The last parameter is ρ, or where distances below 1 would give it an infinite slope at 0, ρ to the power of the smallest distance.
/// </summary>
internal sealed class CorrelatedTerm(string name, int[] groups, string[] groupNames, int[] inner, string[] innerNames, DistanceLayout layout, bool isHeteroscedastic, double lower)
    : RandomTerm(name, groups, groupNames, inner, innerNames)
{
    private int Last => ParameterCount - 1;

    public override int ElementCount => layout.Pairs.Length;

    public override int ParameterCount => isHeteroscedastic ? Dimension + 1 : 2;

    public override int CorrelationParameter => Last;

    public override bool IsLinear => false;

    public override int StartCount => lower < 0 ? 4 : 3;

    public override int ElementOf(int a, int b) => layout.ElementOf(a, b);

    /// <summary>Values of a correlation from its lower bound to 1.</summary>
    public static IEnumerable<double> CorrelationProbes(double lower) =>
        [lower, .. new[] { -0.98, -0.9, -0.7, -0.4, -0.2 }.Where(r => r > lower), 0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.99, 1];

    public override void Elements(ReadOnlySpan<double> theta, Span<double> elements)
    {
        for (var e = 0; e < elements.Length; e++)
        {
            var (a, b) = layout.Pairs[e];
            elements[e] = Variance(theta, a, b) * Math.Pow(theta[Last], Distance(a, b));
        }
    }

    public override void Jacobian(ReadOnlySpan<double> theta, Span<double> jacobian)
    {
        var (n, rho) = (ParameterCount, theta[Last]);
        jacobian.Clear();
        for (var e = 0; e < ElementCount; e++)
        {
            var (a, b) = layout.Pairs[e];
            var x = Distance(a, b);
            var row = jacobian.Slice(e * n, n);
            var power = Math.Pow(rho, x);
            if (isHeteroscedastic)
            {
                row[a] += theta[b] * power;
                row[b] += theta[a] * power;
            }
            else
            {
                row[0] = power;
            }
            row[Last] += Variance(theta, a, b) * Slope(rho, x);
        }
    }

    public override void AddCurvature(ReadOnlySpan<double> theta, ReadOnlySpan<double> score, Span<double> hessian)
    {
        var (n, rho, last) = (ParameterCount, theta[Last], Last);
        for (var e = 0; e < ElementCount; e++)
        {
            var (a, b) = layout.Pairs[e];
            var x = Distance(a, b);
            var s = score[e];
            var slope = Slope(rho, x);
            hessian[last * n + last] += s * Variance(theta, a, b) * Curvature(rho, x);
            if (isHeteroscedastic)
            {
                var power = Math.Pow(rho, x);
                if (a == b) hessian[a * n + a] += 2 * s * power;
                else AddBoth(hessian, a, b, s * power);
                AddBoth(hessian, a, last, s * theta[b] * slope);
                AddBoth(hessian, b, last, s * theta[a] * slope);
            }
            else
            {
                AddBoth(hessian, 0, last, s * slope);
            }
        }

        void AddBoth(Span<double> h, int i, int j, double value)
        {
            h[i * n + j] += value;
            h[j * n + i] += value;
        }
    }

    public override double Lower(int parameter) => parameter < Last ? 0 : lower;

    public override double Upper(int parameter) => parameter < Last ? double.PositiveInfinity : 1;

    public override void Start(double variance, Span<double> theta) => Start(0, variance, theta);

    public override void Start(int kind, double variance, Span<double> theta)
    {
        theta.Fill(isHeteroscedastic ? Math.Sqrt(variance) : variance);
        theta[Last] = StartCorrelation(kind, lower);
    }

    public override IEnumerable<double> Probes(int parameter, IReadOnlyList<double> variances) =>
        parameter == Last ? CorrelationProbes(lower) : isHeteroscedastic ? [0, .. variances.Select(Math.Sqrt)] : [0, .. variances];

    public override double[] Covariance(ReadOnlySpan<double> theta)
    {
        var g = new double[Dimension * Dimension];
        for (var a = 0; a < Dimension; a++)
        {
            for (var b = 0; b < Dimension; b++) g[a * Dimension + b] = Variance(theta, a, b) * Math.Pow(theta[Last], Distance(a, b));
        }
        return g;
    }

    public override RandomTerm With(int[] groups, string[] groupNames, int[] inner) =>
        new CorrelatedTerm(Name, groups, groupNames, inner, InnerNames, layout, isHeteroscedastic, lower);

    private double Variance(ReadOnlySpan<double> theta, int a, int b) => isHeteroscedastic ? theta[a] * theta[b] : theta[0];

    private double Distance(int a, int b) => layout.Distances[a * Dimension + b];

    /// <summary>∂ρ^x/∂ρ, 0 for no distance.</summary>
    private static double Slope(double rho, double x) => x == 0 ? 0 : x * Math.Pow(rho, x - 1);

    /// <summary>∂²ρ^x/∂ρ². Between 1 and 2 it is infinite at 0, where the slope alone says where to go.</summary>
    private static double Curvature(double rho, double x)
    {
        if (x is 0 or 1) return 0;
        var value = x * (x - 1) * Math.Pow(rho, x - 2);
        return double.IsFinite(value) ? value : 0;
    }
}

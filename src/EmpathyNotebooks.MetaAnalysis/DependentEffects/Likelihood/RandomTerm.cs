namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// One random part of a model. Effects of one group share random effects u ~ N(0, G), one for each inner value (a single one for a plain
/// level). The covariance of the data is linear in the elements g of G: Σ g E with known matrices E, so that likelihood, score and information
/// need to know only which element belongs to a pair of inner values, and with which factor: 1, unless <see cref="Relation"/> says otherwise.
/// How elements follow from parameters θ is the business of the subclass.
/// </summary>
internal abstract class RandomTerm
{
    protected RandomTerm(string name, int[] groups, string[] groupNames, int[] inner, string[] innerNames)
    {
        Name = name;
        Groups = groups;
        GroupNames = groupNames;
        Inner = inner;
        InnerNames = innerNames;
    }

    /// <summary>The level's name.</summary>
    public string Name { get; }

    /// <summary>The group of each effect, counted from 0 in order of first appearance.</summary>
    public int[] Groups { get; }

    public string[] GroupNames { get; }

    /// <summary>The inner value of each effect; all 0 for a plain level.</summary>
    public int[] Inner { get; }

    public string[] InnerNames { get; }

    /// <summary>d, how many inner values there are.</summary>
    public int Dimension => InnerNames.Length;

    public abstract int ElementCount { get; }

    public abstract int ParameterCount { get; }

    /// <summary>The element for a pair of inner values, or -1 where their covariance is 0.</summary>
    public abstract int ElementOf(int a, int b);

    /// <summary>The known factor of each pair of inner values, d x d; null where all are 1.</summary>
    public virtual double[]? Relation => null;

    /// <summary>L with LL' = <see cref="Relation"/>; the columns of low rank of such a term are ZL.</summary>
    public virtual double[]? RelationRoot => null;

    /// <summary>True when the term can be treated as columns of low rank: one element, whose square root scales them.</summary>
    public virtual bool IsScaled => Dimension == 1;

    /// <summary>What the term's level is made of: its groups, or where they are all tied its inner values.</summary>
    public virtual int LevelCount => GroupNames.Length;

    /// <summary>g(θ).</summary>
    public abstract void Elements(ReadOnlySpan<double> theta, Span<double> elements);

    /// <summary>∂g/∂θ, one row an element.</summary>
    public abstract void Jacobian(ReadOnlySpan<double> theta, Span<double> jacobian);

    /// <summary>Adds Σ s ∂²g/∂θ² for the score s of the elements. Nothing where elements are linear in the parameters.</summary>
    public virtual void AddCurvature(ReadOnlySpan<double> theta, ReadOnlySpan<double> score, Span<double> hessian)
    {
    }

    public virtual double Lower(int parameter) => 0;

    public virtual double Upper(int parameter) => double.PositiveInfinity;

    /// <summary>Parameters that give each effect about this variance.</summary>
    public abstract void Start(double variance, Span<double> theta);

    /// <summary>How many kinds of start there are: correlations from which the likelihood may lead to different peaks.</summary>
    public virtual int StartCount => 1;

    /// <summary>A start of one kind; the first is <see cref="Start(double, Span{double})"/>.</summary>
    public virtual void Start(int kind, double variance, Span<double> theta) => Start(variance, theta);

    /// <summary>True when θ = 0 stands for no variance at all and the likelihood has a slope there.</summary>
    public virtual bool IsLinear => true;

    /// <summary>The parameter that is a correlation, of no meaning where a variance is 0; -1 for none.</summary>
    public virtual int CorrelationParameter => -1;

    /// <summary>Values of a parameter to look for a higher likelihood at, given sizes that variances may have.</summary>
    public virtual IEnumerable<double> Probes(int parameter, IReadOnlyList<double> variances) => [0, .. variances];

    /// <summary>G at θ, d x d in row order, also for pairs of inner values that no group has both of.</summary>
    public virtual double[] Covariance(ReadOnlySpan<double> theta)
    {
        var elements = new double[ElementCount];
        Elements(theta, elements);
        var g = new double[Dimension * Dimension];
        for (var a = 0; a < Dimension; a++)
        {
            for (var b = 0; b < Dimension; b++)
            {
                var e = ElementOf(a, b);
                g[a * Dimension + b] = e < 0 ? 0 : elements[e] * (Relation?[a * Dimension + b] ?? 1);
            }
        }
        return g;
    }

    /// <summary>The same term for some of the effects. Groups without effects are gone, inner values stay.</summary>
    /// <param name="rows">The effects.</param>
    /// <param name="draws">Where rows are drawn with replacement, with which draw each came: a group is another one in each. Else empty.</param>
    public RandomTerm Select(ReadOnlySpan<int> rows, ReadOnlySpan<int> draws = default)
    {
        var places = new Dictionary<(int Group, int Draw), int>();
        var names = new List<string>();
        var groups = new int[rows.Length];
        var inner = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var old = (Group: Groups[rows[i]], draws.IsEmpty ? 0 : draws[i]);
            if (!places.TryGetValue(old, out var place))
            {
                places[old] = place = places.Count;
                names.Add(GroupNames[old.Group]);
            }
            groups[i] = place;
            inner[i] = Inner[rows[i]];
        }
        return With(groups, [.. names], inner);
    }

    /// <summary>The same term for other groups, in the layout of elements that it has.</summary>
    public abstract RandomTerm With(int[] groups, string[] groupNames, int[] inner);

    /// <summary>Correlations to start from, inside the bounds of the term.</summary>
    protected static double StartCorrelation(int kind, double lower) => kind switch { 0 => 0.5, 1 => 0, 2 => 0.95, _ => 0.5 * lower };
}

/// <summary>A plain level: one variance σ², shared by all effects of a group.</summary>
internal sealed class InterceptTerm(string name, int[] groups, string[] groupNames)
    : RandomTerm(name, groups, groupNames, new int[groups.Length], [name])
{
    public override int ElementCount => 1;

    public override int ParameterCount => 1;

    public override int ElementOf(int a, int b) => 0;

    public override void Elements(ReadOnlySpan<double> theta, Span<double> elements) => elements[0] = theta[0];

    public override void Jacobian(ReadOnlySpan<double> theta, Span<double> jacobian) => jacobian[0] = 1;

    public override void Start(double variance, Span<double> theta) => theta[0] = variance;

    public override RandomTerm With(int[] groups, string[] groupNames, int[] inner) => new InterceptTerm(Name, groups, groupNames);
}

/// <summary>A variance for each inner value, no covariances.</summary>
internal sealed class DiagonalTerm(string name, int[] groups, string[] groupNames, int[] inner, string[] innerNames)
    : RandomTerm(name, groups, groupNames, inner, innerNames)
{
    public override int ElementCount => Dimension;

    public override int ParameterCount => Dimension;

    public override int ElementOf(int a, int b) => a == b ? a : -1;

    public override void Elements(ReadOnlySpan<double> theta, Span<double> elements) => theta.CopyTo(elements);

    public override void Jacobian(ReadOnlySpan<double> theta, Span<double> jacobian)
    {
        jacobian.Clear();
        for (var i = 0; i < Dimension; i++) jacobian[i * Dimension + i] = 1;
    }

    public override void Start(double variance, Span<double> theta) => theta.Fill(variance);

    public override RandomTerm With(int[] groups, string[] groupNames, int[] inner) =>
        new DiagonalTerm(Name, groups, groupNames, inner, InnerNames);
}

/// <summary>
/// One variance and one correlation. The parameters are the two eigenvalues of G, a = τ²(1 - ρ) and c = τ²(1 + (d - 1)ρ): G is a covariance
/// matrix exactly where both are not negative, and it is linear in them.
/// </summary>
internal sealed class CompoundTerm(string name, int[] groups, string[] groupNames, int[] inner, string[] innerNames)
    : RandomTerm(name, groups, groupNames, inner, innerNames)
{
    public override int ElementCount => 2;

    public override int ParameterCount => 2;

    public override int ElementOf(int a, int b) => a == b ? 0 : 1;

    public override void Elements(ReadOnlySpan<double> theta, Span<double> elements)
    {
        double d = Dimension;
        elements[0] = (theta[1] + (d - 1) * theta[0]) / d;
        elements[1] = (theta[1] - theta[0]) / d;
    }

    public override void Jacobian(ReadOnlySpan<double> theta, Span<double> jacobian)
    {
        double d = Dimension;
        jacobian[0] = (d - 1) / d;
        jacobian[1] = 1 / d;
        jacobian[2] = -1 / d;
        jacobian[3] = 1 / d;
    }

    public override int StartCount => 4;

    public override void Start(double variance, Span<double> theta) => Start(0, variance, theta);

    public override void Start(int kind, double variance, Span<double> theta)
    {
        var rho = StartCorrelation(kind, -1.0 / (Dimension - 1));
        theta[0] = variance * (1 - rho);
        theta[1] = variance * (1 + (Dimension - 1) * rho);
    }

    public override RandomTerm With(int[] groups, string[] groupNames, int[] inner) =>
        new CompoundTerm(Name, groups, groupNames, inner, InnerNames);
}

/// <summary>A full G, whose elements are those of its lower triangle row by row.</summary>
internal abstract class FullTerm(string name, int[] groups, string[] groupNames, int[] inner, string[] innerNames)
    : RandomTerm(name, groups, groupNames, inner, innerNames)
{
    public sealed override int ElementCount => Dimension * (Dimension + 1) / 2;

    public sealed override int ElementOf(int a, int b) => a >= b ? Place(a, b) : Place(b, a);

    protected static int Place(int row, int column) => row * (row + 1) / 2 + column;
}

/// <summary>A standard deviation τ for each inner value and one correlation ρ, the last parameter.</summary>
internal sealed class HeteroscedasticTerm(string name, int[] groups, string[] groupNames, int[] inner, string[] innerNames)
    : FullTerm(name, groups, groupNames, inner, innerNames)
{
    public override int ParameterCount => Dimension + 1;

    public override int CorrelationParameter => Dimension;

    public override void Elements(ReadOnlySpan<double> theta, Span<double> elements)
    {
        for (var a = 0; a < Dimension; a++)
        {
            for (var b = 0; b < a; b++) elements[Place(a, b)] = theta[Dimension] * theta[a] * theta[b];
            elements[Place(a, a)] = theta[a] * theta[a];
        }
    }

    public override void Jacobian(ReadOnlySpan<double> theta, Span<double> jacobian)
    {
        var (d, n) = (Dimension, ParameterCount);
        jacobian.Clear();
        for (var a = 0; a < d; a++)
        {
            for (var b = 0; b < a; b++)
            {
                var row = jacobian.Slice(Place(a, b) * n, n);
                row[a] = theta[d] * theta[b];
                row[b] = theta[d] * theta[a];
                row[d] = theta[a] * theta[b];
            }
            jacobian[Place(a, a) * n + a] = 2 * theta[a];
        }
    }

    public override void AddCurvature(ReadOnlySpan<double> theta, ReadOnlySpan<double> score, Span<double> hessian)
    {
        var (d, n) = (Dimension, ParameterCount);
        for (var a = 0; a < d; a++)
        {
            hessian[a * n + a] += 2 * score[Place(a, a)];
            for (var b = 0; b < a; b++)
            {
                var s = score[Place(a, b)];
                AddBoth(hessian, a, b, n, s * theta[d]);
                AddBoth(hessian, a, d, n, s * theta[b]);
                AddBoth(hessian, b, d, n, s * theta[a]);
            }
        }

        static void AddBoth(Span<double> h, int i, int j, int n, double value)
        {
            h[i * n + j] += value;
            h[j * n + i] += value;
        }
    }

    public override double Lower(int parameter) => parameter < Dimension ? 0 : -1.0 / (Dimension - 1);

    public override double Upper(int parameter) => parameter < Dimension ? double.PositiveInfinity : 1;

    public override bool IsLinear => false;

    public override int StartCount => 4;

    public override void Start(double variance, Span<double> theta) => Start(0, variance, theta);

    public override void Start(int kind, double variance, Span<double> theta)
    {
        theta.Fill(Math.Sqrt(variance));
        theta[Dimension] = StartCorrelation(kind, Lower(Dimension));
    }

    public override IEnumerable<double> Probes(int parameter, IReadOnlyList<double> variances) =>
        parameter < Dimension ? [0, .. variances.Select(Math.Sqrt)] : CorrelatedTerm.CorrelationProbes(Lower(parameter));

    public override RandomTerm With(int[] groups, string[] groupNames, int[] inner) =>
        new HeteroscedasticTerm(Name, groups, groupNames, inner, InnerNames);
}

/// <summary>
/// Any covariance matrix G = LL'. The parameters are the elements of L without bounds, so that G stays a covariance matrix and may be singular.
/// </summary>
internal sealed class UnstructuredTerm(string name, int[] groups, string[] groupNames, int[] inner, string[] innerNames)
    : FullTerm(name, groups, groupNames, inner, innerNames)
{
    public override int ParameterCount => ElementCount;

    public override void Elements(ReadOnlySpan<double> theta, Span<double> elements)
    {
        for (var a = 0; a < Dimension; a++)
        {
            for (var b = 0; b <= a; b++)
            {
                double sum = 0;
                for (var m = 0; m <= b; m++) sum += theta[Place(a, m)] * theta[Place(b, m)];
                elements[Place(a, b)] = sum;
            }
        }
    }

    public override void Jacobian(ReadOnlySpan<double> theta, Span<double> jacobian)
    {
        var n = ParameterCount;
        jacobian.Clear();
        for (var a = 0; a < Dimension; a++)
        {
            for (var b = 0; b <= a; b++)
            {
                var row = jacobian.Slice(Place(a, b) * n, n);
                for (var m = 0; m <= b; m++)
                {
                    row[Place(a, m)] += theta[Place(b, m)];
                    row[Place(b, m)] += theta[Place(a, m)];
                }
            }
        }
    }

    public override void AddCurvature(ReadOnlySpan<double> theta, ReadOnlySpan<double> score, Span<double> hessian)
    {
        var n = ParameterCount;
        for (var a = 0; a < Dimension; a++)
        {
            for (var b = 0; b <= a; b++)
            {
                for (var m = 0; m <= b; m++)
                {
                    hessian[Place(a, m) * n + Place(b, m)] += score[Place(a, b)];
                    hessian[Place(b, m) * n + Place(a, m)] += score[Place(a, b)];
                }
            }
        }
    }

    public override double Lower(int parameter) => double.NegativeInfinity;

    public override bool IsLinear => false;

    public override int StartCount => 4;

    public override void Start(double variance, Span<double> theta) => Start(0, variance, theta);

    public override void Start(int kind, double variance, Span<double> theta)
    {
        theta.Clear();
        var rho = StartCorrelation(kind, -1.0 / (Dimension - 1));
        // The Cholesky factor of compound symmetry, column by column.
        double used = 0;
        for (var m = 0; m < Dimension; m++)
        {
            var pivot = Math.Sqrt(1 - used);
            var below = (rho - used) / pivot;
            theta[Place(m, m)] = pivot * Math.Sqrt(variance);
            for (var a = m + 1; a < Dimension; a++) theta[Place(a, m)] = below * Math.Sqrt(variance);
            used += below * below;
        }
    }

    public override IEnumerable<double> Probes(int parameter, IReadOnlyList<double> variances) =>
        [0, .. variances.Select(Math.Sqrt), .. variances.Select(v => -Math.Sqrt(v))];

    public override RandomTerm With(int[] groups, string[] groupNames, int[] inner) =>
        new UnstructuredTerm(Name, groups, groupNames, inner, InnerNames);
}

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// One random part of a model. Effects of one group share random effects u ~ N(0, G), one for each inner value (a single one for a plain
/// level). The covariance of the data is linear in the elements g of G: Σ g E with known matrices E of zeros and ones, so that likelihood,
/// score and information need to know only which element belongs to a pair of inner values. How elements follow from parameters θ is the
/// business of the subclass.
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

    /// <summary>The same term for some of the effects. Groups without effects are gone, inner values stay.</summary>
    public RandomTerm Select(ReadOnlySpan<int> rows)
    {
        var places = new Dictionary<int, int>();
        var names = new List<string>();
        var groups = new int[rows.Length];
        var inner = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var old = Groups[rows[i]];
            if (!places.TryGetValue(old, out var place))
            {
                places[old] = place = places.Count;
                names.Add(GroupNames[old]);
            }
            groups[i] = place;
            inner[i] = Inner[rows[i]];
        }
        return With(groups, [.. names], inner);
    }

    protected abstract RandomTerm With(int[] groups, string[] groupNames, int[] inner);
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

    protected override RandomTerm With(int[] groups, string[] groupNames, int[] inner) => new InterceptTerm(Name, groups, groupNames);
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

    protected override RandomTerm With(int[] groups, string[] groupNames, int[] inner) =>
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

    public override void Start(double variance, Span<double> theta)
    {
        theta[0] = variance / 2;
        theta[1] = variance * (1 + (Dimension - 1) / 2.0);
    }

    protected override RandomTerm With(int[] groups, string[] groupNames, int[] inner) =>
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

    public override void Start(double variance, Span<double> theta)
    {
        theta.Fill(Math.Sqrt(variance));
        theta[Dimension] = 0.5;
    }

    protected override RandomTerm With(int[] groups, string[] groupNames, int[] inner) =>
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

    public override void Start(double variance, Span<double> theta)
    {
        theta.Clear();
        // The Cholesky factor of compound symmetry with correlation one half, column by column.
        double used = 0;
        for (var m = 0; m < Dimension; m++)
        {
            var pivot = Math.Sqrt(1 - used);
            var below = (0.5 - used) / pivot;
            theta[Place(m, m)] = pivot * Math.Sqrt(variance);
            for (var a = m + 1; a < Dimension; a++) theta[Place(a, m)] = below * Math.Sqrt(variance);
            used += below * below;
        }
    }

    protected override RandomTerm With(int[] groups, string[] groupNames, int[] inner) =>
        new UnstructuredTerm(Name, groups, groupNames, inner, InnerNames);
}

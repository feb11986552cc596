using FsCheck;
using FsCheck.Fluent;

namespace EmpathyNotebooks.MetaAnalysis.Tests.EffectSizes;

/// <summary>Means, standard deviations and sizes of two groups.</summary>
public sealed record GroupsOfScores(double M1, double Sd1, int N1, double M2, double Sd2, int N2)
{
    public GroupsOfScores Swap() => new(M2, Sd2, N2, M1, Sd1, N1);

    public GroupsOfScores Scale(double c) => new(M1 * c, Sd1 * c, N1, M2 * c, Sd2 * c, N2);

    public GroupsOfScores Shift(double c) => this with { M1 = M1 + c, M2 = M2 + c };

    public EffectSize With(Func<double, double, double, double, double, double, EffectSize> method) =>
        method(M1, Sd1, N1, M2, Sd2, N2);
}

/// <summary>Two occasions of one group.</summary>
public sealed record Occasions(double M1, double Sd1, double M2, double Sd2, int N, double R)
{
    public EffectSize With(Func<double, double, double, double, double, double, EffectSize> method) =>
        method(M1, Sd1, M2, Sd2, N, R);
}

/// <summary>A table without zeros.</summary>
public sealed record Counts(int A, int B, int C, int D)
{
    public TwoByTwo Table => new(A, B, C, D);
}

public static class EffectArbitraries
{
    private static Gen<double> Real(double low, double high) =>
        Gen.Choose(0, 1_000_000).Select(i => low + (high - low) * i / 1_000_000);

    public static Arbitrary<GroupsOfScores> Groups() => (
        from m1 in Real(1, 50)
        from sd1 in Real(0.2, 12)
        from n1 in Gen.Choose(3, 300)
        from m2 in Real(1, 50)
        from sd2 in Real(0.2, 12)
        from n2 in Gen.Choose(3, 300)
        select new GroupsOfScores(m1, sd1, n1, m2, sd2, n2)).ToArbitrary();

    public static Arbitrary<Occasions> Pairs() => (
        from m1 in Real(1, 50)
        from sd1 in Real(0.2, 12)
        from m2 in Real(1, 50)
        from sd2 in Real(0.2, 12)
        from n in Gen.Choose(3, 300)
        from r in Real(-0.95, 0.95)
        select new Occasions(m1, sd1, m2, sd2, n, r)).ToArbitrary();

    public static Arbitrary<Counts> Tables() => (
        from a in Gen.Choose(1, 200)
        from b in Gen.Choose(1, 200)
        from c in Gen.Choose(1, 200)
        from d in Gen.Choose(1, 200)
        select new Counts(a, b, c, d)).ToArbitrary();
}

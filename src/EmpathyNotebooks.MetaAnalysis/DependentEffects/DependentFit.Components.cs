using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <content>The variances of plain levels.</content>
public abstract partial class DependentFit
{
    /// <summary>The sum of the variances of the levels from that term on.</summary>
    private protected double VarianceOfLevels(int first) => Enumerable.Range(first, Model.Terms.Count - first).Sum(SigmaSquaredOf);

    /// <summary>The levels from that term on as components; the total is that of all random effects together.</summary>
    private protected ImmutableArray<VarianceComponent> ComponentsFrom(int first, double total)
    {
        var errors = ParameterStandardErrors();
        var components = ImmutableArray.CreateBuilder<VarianceComponent>();
        var parameter = Model.Terms.Take(first).Sum(t => t.ParameterCount);
        for (var t = first; t < Model.Terms.Count; t++)
        {
            var term = Model.Terms[t];
            var sigma2 = SigmaSquaredOf(t);
            var (isFixed, at) = (term.ParameterCount == 0, parameter);
            components.Add(new VarianceComponent(term.Name, sigma2, isFixed ? null : errors[at], term.LevelCount, TypicalVariance, total,
                () => isFixed ? new ConfidenceInterval(sigma2, sigma2, ConfidenceLevel) : ComponentProfile.Interval(Model, Theta, at, ConfidenceLevel),
                isFixed ? null : values => ComponentProfile.LogLikelihoods(Model, Theta, at, values)) { Origin = Effects.Origin });
            parameter += term.ParameterCount;
        }
        return components.ToImmutable();
    }

    /// <summary>
    /// Says where components cannot be told apart: their expected information is singular, so that other values of them fit as well. Two levels that share all pairs of effects do it, and a
    /// level of single effects beside outcomes of which each cluster has one effect.
    /// </summary>
    private protected IEnumerable<string> IdentificationNotes()
    {
        var n = Theta.Length;
        if (n < 2 || Model.Terms.Count(t => t.ParameterCount > 0) < 2) yield break;
        // A variance that the likelihood presses against 0 is known; one that is 0 without a slope could as well be more.
        var information = ExpectedInformation;
        int[] free = [];
        lock (_searching)
        {
            _search.DerivativesAt(Theta);
            free = [.. Enumerable.Range(0, n).Where(j => information[j * n + j] > 0 && (Theta[j] != 0 || Math.Abs(_search.Gradient(j)) < 1e-6 * Math.Sqrt(information[j * n + j])))];
        }
        var factor = new double[free.Length * free.Length];
        for (var i = 0; i < free.Length; i++)
        {
            for (var j = 0; j < free.Length; j++)
            {
                factor[i * free.Length + j] = ExpectedInformation[free[i] * n + free[j]]
                    / Math.Sqrt(ExpectedInformation[free[i] * n + free[i]] * ExpectedInformation[free[j] * n + free[j]]) - (i == j ? 1e-9 : 0);
            }
        }
        if (free.Length > 1 && !BlockMatrix.TryCholesky(factor, free.Length))
        {
            yield return "Some variances cannot be told apart with these data: other values of them fit as well, and only their sum is known. Leave a level or structure out.";
        }
    }

    /// <summary>The standard error of the sum of the variances of the first terms, from the inverse of their expected information; those held, or at their bound of 0, count as known. Null where
    /// all are, or it has no inverse.</summary>
    private protected double? SumStandardError(int terms)
    {
        var n = Theta.Length;
        int[] free = [.. Enumerable.Range(0, n).Where(j => Theta[j] != 0)];
        var summed = Model.Terms.Take(terms).Sum(t => t.ParameterCount);
        if (!free.Any(j => j < summed)) return null;
        var factor = new double[free.Length * free.Length];
        for (var i = 0; i < free.Length; i++)
        {
            for (var j = 0; j < free.Length; j++) factor[i * free.Length + j] = ExpectedInformation[free[i] * n + free[j]];
        }
        if (!BlockMatrix.TryCholesky(factor, free.Length)) return null;
        var sum = new double[free.Length];
        for (var i = 0; i < free.Length; i++) sum[i] = free[i] < summed ? 1 : 0;
        BlockMatrix.SolveLower(factor, sum, free.Length, 1);
        return Math.Sqrt(BlockMatrix.Dot(sum, sum));
    }

    private double SigmaSquaredOf(int term) => Elements[Model.Terms.Take(term).Sum(t => t.ElementCount)];
}

using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <content>The variances of plain levels.</content>
public abstract partial class DependentFit
{
    /// <summary>The sum of the variances of the levels from that term on.</summary>
    private protected double VarianceOfLevels(int first) => Enumerable.Range(first, Model.Terms.Count - first).Sum(t => CovarianceOf(t)[0]);

    /// <summary>The levels from that term on as components; the total is that of all random effects together.</summary>
    private protected ImmutableArray<VarianceComponent> ComponentsFrom(int first, double total)
    {
        var errors = ParameterStandardErrors();
        var components = ImmutableArray.CreateBuilder<VarianceComponent>();
        var parameter = Model.Terms.Take(first).Sum(t => t.ParameterCount);
        for (var t = first; t < Model.Terms.Count; t++)
        {
            var term = Model.Terms[t];
            var sigma2 = CovarianceOf(t)[0];
            var (isFixed, at) = (term.ParameterCount == 0, parameter);
            components.Add(new VarianceComponent(term.Name, sigma2, isFixed ? null : errors[at], term.LevelCount, TypicalVariance, total,
                () => isFixed ? new ConfidenceInterval(sigma2, sigma2, ConfidenceLevel) : ComponentProfile.Interval(Model, Theta, at, ConfidenceLevel), isFixed));
            parameter += term.ParameterCount;
        }
        return components.ToImmutable();
    }
}

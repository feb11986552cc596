using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <content>The parameters of the selection function and what to know about the fit.</content>
public sealed partial class SelectionFit
{
    /// <summary>
    /// The profile-likelihood interval of a parameter of the selection function: all values whose log-likelihood, maximised over everything else, is not significantly lower. 0 or infinity where it has no end
    /// (metafor's <c>confint()</c>).
    /// </summary>
    /// <param name="parameter">Its place in <see cref="Parameters"/>, counted from 0.</param>
    /// <returns>Null where it is given, with clusters or penalties, for monotone weights and for a truncated distribution whose value is estimated.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such parameter.</exception>
    public ConfidenceInterval? ProfileInterval(int parameter)
    {
        if (parameter < 0 || parameter >= Parameters.Length) throw new ArgumentOutOfRangeException(nameof(parameter), parameter, $"There are {StatisticText.Count(Parameters.Length)} parameters, counted from 0.");
        if (Parameters[parameter].IsGiven || Clusters is not null || Options.Penalty is not null || Function.IsMonotone || Function.Shape == SelectionShape.TruncatedAtEstimate) return null;
        using var alone = _searching.EnterScope();
        var estimate = _full[_matrix.Parameters + 1 + parameter];
        var limit = _point.Objective - Distributions.ChiSquaredQuantile(ConfidenceLevel, 1) / 2;
        var variance = ThetaCovariance(parameter, parameter);
        var step = Parameters[parameter].IsAtBound || !(variance > 0) ? 0.5 : Math.Sqrt(variance);
        var isLog = _engine.IsStep;
        var lower = isLog || estimate > 0 ? End(-1) : 0;
        var upper = End(1);
        return new ConfidenceInterval(isLog ? Math.Exp(lower) : lower, isLog ? Math.Exp(upper) : upper, ConfidenceLevel);

        double End(int direction)
        {
            double[]? start = null;
            var (inside, outside) = (estimate, estimate);
            for (var tries = 0; tries < 60; tries++)
            {
                outside = inside + direction * step * Math.Pow(1.4, tries);
                if (!isLog && outside <= 0) outside = 0;
                if (isLog && Math.Abs(outside) > 35) return direction * double.PositiveInfinity;
                if (!isLog && outside > 1900) return double.PositiveInfinity;
                if (Above(outside) <= 0) return Roots.Find(Above, Math.Min(inside, outside), Math.Max(inside, outside), "The profile of a selection weight");
                if (outside == 0 && !isLog) return 0;
                inside = outside;
            }
            return direction < 0 && !isLog ? 0 : direction * double.PositiveInfinity;

            double Above(double value)
            {
                var search = _engine.Search(_engine.Likelihood, IsRandomEffects, parameter, value);
                start ??= [.. _point.At.Where((_, j) => j != _search.Free - _search.SelectionMap.Columns + FreePlace(parameter))];
                var point = search.Climb(start) is { IsRunaway: false } near ? near : search.Maximize(_engine.Starts(search, _engine.Likelihood));
                start = point.At;
                return point.Objective - limit;
            }
        }
    }

    /// <summary>The place of a parameter among those that are estimated.</summary>
    private int FreePlace(int parameter) => Enumerable.Range(0, parameter).Count(j => Function.GivenWeights?[j] is null);

    private ImmutableArray<SelectionParameter> DescribeParameters()
    {
        var d = _engine.Likelihood.Kernel.Parameters;
        var (map, f) = _search.SelectionMap;
        var first = _search.Free - f;
        var isStep = _engine.IsStep;
        var counts = IntervalCounts;
        return [.. Enumerable.Range(0, d).Select(j =>
        {
            var theta = _full[_matrix.Parameters + 1 + j];
            var estimate = isStep ? Math.Exp(theta) : theta;
            var isGiven = Function.GivenWeights?[j] is not null;
            // Of monotone weights one that is held hangs on the weights before it, and is as uncertain as they are.
            var isHeld = Enumerable.Range(0, f).Any(c => map[j * f + c] != 0 && _point.IsHeld[first + c]) && (!Function.IsMonotone || _point.IsHeld[first + j]);
            int? count = isStep ? counts[j + 1] : null;
            var name = Name(j, d);
            if (isGiven || isHeld) return new SelectionParameter(name, estimate, null, null, count, isGiven, !isGiven && isHeld);
            var se = Math.Sqrt(Math.Max(0, ThetaCovariance(j, j)));
            ConfidenceInterval interval;
            if (isStep) interval = Distributions.Interval(theta, se, null, ConfidenceLevel).Transform(Math.Exp);
            else if (d == 2) interval = Distributions.Interval(Math.Log(theta), se / theta, null, ConfidenceLevel).Transform(Math.Exp);
            else interval = Distributions.Interval(theta, se, null, ConfidenceLevel).Transform(x => Math.Max(0, x));
            return new SelectionParameter(name, estimate, isStep ? estimate * se : se, interval, count, false, false);
        })];
    }

    private string Name(int j, int d)
    {
        string P(int i) => SelectionFunction.Short(Function.Steps[i]);
        return Function.Shape switch
        {
            SelectionShape.Step => j == Function.Steps.Count - 1 ? $"p > {P(j)}" : $"{P(j)} < p ≤ {P(j + 1)}",
            SelectionShape.Truncated or SelectionShape.TruncatedAtEstimate => $"{(Options.Alternative == Alternative.Less ? "above" : "below")} {StatisticText.Significant(CutValue!.Value)}",
            _ => d == 1 ? "δ" : j == 0 ? "δ₁" : "δ₂",
        };
    }

    private IEnumerable<string> Warn()
    {
        if (!Omitted.IsEmpty)
        {
            yield return $"{StatisticText.Count(Omitted.Length)} of {StatisticText.Count(Omitted.Length + Count)} effects are left out because a moderator is not known for them: {string.Join(", ", Omitted.Take(5).Select(o => o.Label))}{(Omitted.Length > 5 ? " and others" : "")}.";
        }
        if (Clusters is null && Effects.SharingWarning is { } sharing) yield return sharing;
        if (StandardErrorDependence.Warning(Effects.Measure) is not null)
        {
            yield return $"The standard error of this measure ({Effects.Measure.Name}) depends on the effect itself, while a selection model takes it as known, and p-values near a cut-point hang on it. Better, where there is one: a transformation that steadies the variance, such as Fisher's z or arcsine differences.";
        }
        if (IsRandomEffects && TauSquared == 0) yield return NewTrueEffects.ZeroWarning;
        var counts = IntervalCounts;
        if (_engine.FreeSelection > 0 && !counts.IsEmpty && counts.Min() < 4)
        {
            yield return $"An interval of the weight function has only {StatisticText.Count(counts.Min())} effect{(counts.Min() == 1 ? "" : "s")}: its weight is hardly determined, and the adjusted mean hangs on it. Fewer cut-points, or given weights, are safer.";
        }
        if (Parameters.Any(p => p.IsAtBound))
        {
            yield return Function.IsMonotone ? "Some weights would rise with p and are held at the weight before: standard errors take that as known."
                : Function.Shape == SelectionShape.Beta ? "A parameter of the beta function is at 0, the end of what is possible: standard errors take that as known."
                : "The best δ is 0: in this shape there is no sign of selection, and the estimate is that without it. Selection of another shape can be there all the same.";
        }
        if (Count < 20) yield return "With fewer than about 20 effects selection models are imprecise, and their standard errors too small; read them as a sensitivity analysis.";
        if (Clusters is { Count: < 40 } clusters) yield return $"The sandwich of {StatisticText.Count(clusters.Count)} clusters has no correction for few clusters: its intervals are too narrow. A cluster bootstrap is better (Pustejovsky, Citkowicz & Joshi 2025).";
        if (Options.Penalty is not null) yield return "The likelihood is penalised, with penalties made for effects of the size of standardised mean differences: estimates are drawn to a mean of 0, and to weights and a τ of the size the penalties favour.";
        if (Options.Alternative != Alternative.TwoSided && Options.Moderators is null && PlainMean() is var plain && plain * (Options.Alternative == Alternative.Less ? -1 : 1) < 0)
        {
            yield return $"Effects {(Options.Alternative == Alternative.Less ? "below" : "above")} 0 are taken as the ones selected, but the mean without selection is {(plain < 0 ? "below" : "above")} 0: check that this is the side that studies hoped for.";
        }
    }

    private double PlainMean()
    {
        double w = 0, wy = 0;
        for (var i = 0; i < Count; i++)
        {
            var own = 1 / (Effects.Variances[i] + TauSquared);
            w += own;
            wy += own * Effects.Effects[i];
        }
        return wy / w;
    }
}

namespace EmpathyNotebooks.MetaAnalysis;

/// <content>How single effects count in a mean.</content>
public abstract partial class DependentFit
{
    /// <summary>
    /// What a reader must know where a mean is no average of its effects: effects with negative weights, or a mean beyond all of them. Of a coefficient that is the mean of some rows (the
    /// intercept alone, or a category without intercept) the weights are its row of (X'M⁻¹X)⁻¹X'M⁻¹ for these rows. With V the covariance of two errors with standard errors s₁ &lt; s₂ and
    /// correlation ρ, the second has a negative weight where ρ &gt; s₁/s₂.
    /// </summary>
    private protected IEnumerable<string> WeightNotes()
    {
        if (Common.Weights is not null) yield break;
        var weights = CoefficientWeights();
        var (k, p) = (Count, CoefficientCount);
        double[] beta = [.. _gamma];
        _data.Matrix.ToCoefficients(beta);
        for (var j = 0; j < p; j++)
        {
            if (!IsMeanOfRows(j)) continue;
            var (count, least, most) = (0, double.PositiveInfinity, double.NegativeInfinity);
            var negative = new List<int>();
            for (var i = 0; i < k; i++)
            {
                if (_data.Matrix.Columns[j * k + i] == 0) continue;
                count++;
                least = Math.Min(least, Effects.Effects[i]);
                most = Math.Max(most, Effects.Effects[i]);
                if (weights[j * k + i] < -1e-9 / k) negative.Add(i);
            }
            var estimate = beta[j];
            var beyond = 1e-9 * (most - least);
            var below = estimate < least - beyond;
            var outside = below || estimate > most + beyond;
            if (!outside && negative.Count == 0) continue;
            var name = Moderators is null ? "The mean effect" : $"The mean of {Coefficients[j].Name}";
            yield return (outside
                ? $"{name} lies {(below ? "below" : "above")} every one of its effects ({Shown(estimate)}; they run from {Shown(least)} to {Shown(most)}). " : "")
                + Reason(name, negative, count);
        }
    }

    /// <summary>A mean of its rows: each has 1 there and 0 elsewhere.</summary>
    private bool IsMeanOfRows(int coefficient)
    {
        var (k, x) = (Count, _data.Matrix.Columns);
        for (var i = 0; i < k; i++)
        {
            if (x[coefficient * k + i] == 0) continue;
            for (var c = 0; c < CoefficientCount; c++)
            {
                if (x[c * k + i] != (c == coefficient ? 1 : 0)) return false;
            }
        }
        return true;
    }

    /// <summary>The weight of each effect in each coefficient of the reader's design, (X'M⁻¹X)⁻¹X'M⁻¹, one row a coefficient.</summary>
    internal double[] CoefficientWeights()
    {
        var (k, p) = (Count, CoefficientCount);
        double[] weights;
        lock (_searching)
        {
            _search.ValueAt(Theta);
            weights = _search.Likelihood.CoefficientWeights();
        }
        var column = new double[p];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < p; j++) column[j] = weights[j * k + i];
            _data.Matrix.ToCoefficients(column);
            for (var j = 0; j < p; j++) weights[j * k + i] = column[j];
        }
        return weights;
    }

    private string Reason(string name, List<int> negative, int count)
    {
        if (negative.Count == 0)
        {
            return "It borrows from the other coefficients' effects, whose true effects or sampling errors are taken to go together with its own. Compare it with a fit of these effects alone.";
        }
        var (first, more) = (Effects.Labels[negative[0]], negative.Count - 1);
        var which = $"{StatisticText.Count(negative.Count)} of {StatisticText.Count(count, "effect")} ({first}{(more > 0 ? $" and {StatisticText.Count(more)} more" : "")})";
        var why = SamplingCovariance switch
        {
            AssumedCorrelation assumed => $"sampling errors within {assumed.Cluster} are assumed to correlate {StatisticText.Number(assumed.Correlation, 2, leadingZero: false)}",
            not null => "of the given covariance of sampling errors",
            null => "of how true effects are taken to go together",
        };
        return $"{which} count negatively in {char.ToLowerInvariant(name[0])}{name[1..]}, since {why}: where effects of one sample differ much in precision, the less precise one only corrects the error of "
            + "the more precise one. Try a lower correlation, or average each sample with equal weights first (AverageWeights.Equal).";
    }

    private string Shown(double value) => Effects.Measure.Symbol + " = " + Effects.Measure.Format(Effects.Measure.ToDisplay(value), 3);
}

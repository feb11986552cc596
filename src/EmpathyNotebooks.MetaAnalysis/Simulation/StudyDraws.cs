using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Draws the studies of one cell. Correlations and mean differences are drawn from their exact distributions, so that what their normal approximations leave out is part of what is found.</summary>
internal sealed class StudyDraws(SimulatedMeasure measure, SimulationCell cell)
{
    private readonly double _tau = Math.Sqrt(cell.TauSquared);
    private readonly double _limit = cell.Selection is { } step ? Distributions.NormalQuantile(1 - step.P) : double.NegativeInfinity;
    private readonly Dictionary<double, double> _corrections = [];

    /// <summary>The studies that are published, one after the other.</summary>
    public void Draw(Philox random, Span<double> y, Span<double> v)
    {
        if (cell.Effects is { } several)
        {
            for (int i = 0, first = 0; i < cell.Studies; i++)
            {
                var count = several.Counts[i % several.Counts.Length];
                Study(random, Size(random, i), several.Correlation, y.Slice(first, count), v.Slice(first, count));
                first += count;
            }
            return;
        }
        for (var i = 0; i < y.Length; i++)
        {
            // What is held back is not seen: another study of the same place comes instead.
            do (y[i], v[i]) = Study(random, Size(random, i));
            while (cell.Selection is { } step && !(y[i] > _limit * Math.Sqrt(v[i])) && !(step.Weight >= 1) && random.NextDouble() >= step.Weight);
        }
    }

    private double Size(Philox random, int i)
    {
        var values = cell.Sizes.Values;
        if (!cell.Sizes.IsRange) return values[i % values.Length];
        return measure == SimulatedMeasure.Generic ? values[0] + random.NextDouble() * (values[1] - values[0]) : random.NextInt64((long)values[0], (long)values[1] + 1);
    }

    private (double Effect, double Variance) Study(Philox random, double size)
    {
        var truth = Truth(random);
        switch (measure)
        {
            case SimulatedMeasure.FisherZ:
                return (Math.Asinh(Slope(random, Math.Sinh(truth), size)), 1 / (size - 3));
            case SimulatedMeasure.Correlation:
                var slope = Slope(random, truth / Math.Sqrt((1 - truth) * (1 + truth)), size);
                // 1 - r², without the loss of digits where r is near 1.
                var left = 1 / (1 + slope * slope);
                return (slope * Math.Sqrt(left), left * left / (size - 1));
            case SimulatedMeasure.StandardizedMeanDifference:
                double n2 = Math.Floor(size / 2), n1 = size - n2, df = size - 2, sizes = 1 / n1 + 1 / n2;
                var d = (truth + Math.Sqrt(sizes) * Normal.Sample(random, 0, 1)) / Math.Sqrt(ChiSquare(random, df) / df);
                var g = Correction(df) * d;
                return (g, sizes + g * g / (2 * size));
            default:
                return (truth + Math.Sqrt(size) * Normal.Sample(random, 0, 1), size);
        }
    }

    /// <summary>
    /// Several effects of one true effect. Errors that correlate ρ share the part √ρ. So do the outcomes of the people: of u, shared, and w, own, at right angles to u in df - 1 dimensions, the squares of an outcome add up to
    /// (√ρ|u| + √(1-ρ)z)² + (1-ρ)χ²(df - 1), which is exact, and their joint distribution over outcomes, too.
    /// </summary>
    private void Study(Philox random, double size, double correlation, Span<double> y, Span<double> v)
    {
        double truth = Truth(random), shared = Math.Sqrt(correlation), own = Math.Sqrt(1 - correlation), sharedError = shared * Normal.Sample(random, 0, 1);
        if (measure == SimulatedMeasure.Generic)
        {
            for (var j = 0; j < y.Length; j++) (y[j], v[j]) = (truth + Math.Sqrt(size) * (sharedError + own * Normal.Sample(random, 0, 1)), size);
            return;
        }
        double n2 = Math.Floor(size / 2), n1 = size - n2, df = size - 2, sizes = 1 / n1 + 1 / n2, sharedLength = shared * Math.Sqrt(ChiSquare(random, df)), correction = Correction(df);
        for (var j = 0; j < y.Length; j++)
        {
            var difference = truth + Math.Sqrt(sizes) * (sharedError + own * Normal.Sample(random, 0, 1));
            double along = sharedLength + own * Normal.Sample(random, 0, 1), squares = along * along + own * own * ChiSquare(random, df - 1);
            var g = correction * difference / Math.Sqrt(squares / df);
            (y[j], v[j]) = (g, sizes + g * g / (2 * size));
        }
    }

    private double Truth(Philox random)
    {
        if (_tau == 0) return cell.Mean;
        while (true)
        {
            var truth = cell.Mean + _tau * Normal.Sample(random, 0, 1);
            if (measure != SimulatedMeasure.Correlation || Math.Abs(truth) < 1) return truth;
        }
    }

    /// <summary>r/√(1 - r²) of a sample, from that of the population: (Z + ρ'·χ(n - 1))/χ(n - 2), which is exact (Ruben 1966, Journal of the Royal Statistical Society B 28, 513-525).</summary>
    private static double Slope(Philox random, double population, double n) =>
        (Normal.Sample(random, 0, 1) + population * Math.Sqrt(ChiSquare(random, n - 1))) / Math.Sqrt(ChiSquare(random, n - 2));

    // MathNet's own chi² adds up as many squares as it has degrees of freedom.
    private static double ChiSquare(Philox random, double df) => Gamma.Sample(random, df / 2, 0.5);

    private double Correction(double df)
    {
        if (!_corrections.TryGetValue(df, out var factor)) _corrections[df] = factor = SmallSample.Factor(df);
        return factor;
    }
}

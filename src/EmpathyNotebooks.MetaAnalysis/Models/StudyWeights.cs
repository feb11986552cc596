using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Checks weights that the caller gives, in one place.</summary>
internal static class StudyWeights
{
    /// <summary>A copy of the weights, or null when none are given.</summary>
    /// <exception cref="StudyDataException">There is not one weight an effect, a weight is negative or not finite, or all are zero.</exception>
    public static double[]? Check(IReadOnlyList<double>? weights, StudyEffects effects)
    {
        if (weights is null) return null;
        if (weights.Count != effects.Count)
        {
            throw new StudyDataException(string.Create(CultureInfo.InvariantCulture,
                $"has {weights.Count} values where there are {effects.Count} effects; each effect needs one"), "weights");
        }
        double[] copy = [.. weights];
        for (var i = 0; i < copy.Length; i++)
        {
            if (!(copy[i] >= 0) || !double.IsFinite(copy[i]))
            {
                throw new StudyDataException("must be a weight: finite and not negative", copy[i].ToString(CultureInfo.InvariantCulture),
                    i + 1, effects.Labels[i], "weights");
            }
        }
        return copy.Any(w => w > 0) ? copy : throw new StudyDataException("must not all be zero", column: "weights");
    }

    /// <summary>The weights without the row left out.</summary>
    public static double[]? Without(double[]? weights, int row) => weights is null ? null : [.. weights[..row], .. weights[(row + 1)..]];
}

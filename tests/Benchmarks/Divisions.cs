using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EmpathyNotebooks.Benchmarks;

/// <summary>
/// The least that any estimator of tau² can take: weights 1/(v + tau²) at one tau², added up, and nothing else. Four sums at a time, so that no division waits for an addition.
/// </summary>
internal static class Divisions
{
    /// <summary>Four weights an instruction.</summary>
    public static double By256(ReadOnlySpan<double> variances, double tau2)
    {
        var rows = MemoryMarshal.Cast<double, Vector256<double>>(variances);
        Vector256<double> tau = Vector256.Create(tau2), a = default, b = default, c = default, d = default;
        var i = 0;
        for (; i + 4 <= rows.Length; i += 4)
        {
            a += Vector256<double>.One / (rows[i] + tau);
            b += Vector256<double>.One / (rows[i + 1] + tau);
            c += Vector256<double>.One / (rows[i + 2] + tau);
            d += Vector256<double>.One / (rows[i + 3] + tau);
        }
        for (; i < rows.Length; i++) a += Vector256<double>.One / (rows[i] + tau);
        return Vector256.Sum(a + b + (c + d)) + Rest(variances[(rows.Length * Vector256<double>.Count)..], tau2);
    }

    /// <summary>Eight, where the processor has them.</summary>
    public static double By512(ReadOnlySpan<double> variances, double tau2)
    {
        var rows = MemoryMarshal.Cast<double, Vector512<double>>(variances);
        Vector512<double> tau = Vector512.Create(tau2), a = default, b = default, c = default, d = default;
        var i = 0;
        for (; i + 4 <= rows.Length; i += 4)
        {
            a += Vector512<double>.One / (rows[i] + tau);
            b += Vector512<double>.One / (rows[i + 1] + tau);
            c += Vector512<double>.One / (rows[i + 2] + tau);
            d += Vector512<double>.One / (rows[i + 3] + tau);
        }
        for (; i < rows.Length; i++) a += Vector512<double>.One / (rows[i] + tau);
        return Vector512.Sum(a + b + (c + d)) + Rest(variances[(rows.Length * Vector512<double>.Count)..], tau2);
    }

    private static double Rest(ReadOnlySpan<double> variances, double tau2)
    {
        double sum = 0;
        foreach (var v in variances) sum += 1 / (v + tau2);
        return sum;
    }
}

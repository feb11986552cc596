using System.Globalization;
using EmpathyNotebooks.MetaAnalysis.Tests.Golden;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Models;

/// <summary>
/// Kenward and Roger's inference against their definitions with full matrices and numerical derivatives with respect to tau² (Kenward &amp; Roger 1997, Biometrics 53, equations for Φ_A, λ and m),
/// for random small designs.
/// </summary>
public sealed class KenwardRogerTests
{
    private static readonly MetaRegressionOptions Options = new() { Inference = Inference.KenwardRoger };

    [Fact]
    public void Three_hundred_random_designs_agree_with_brute_force()
    {
        var (compared, tests, without, faults) = (0, 0, 0, new List<string>());
        for (var seed = 1; compared < 300; seed++)
        {
            if (Random(seed, 1.5) is not var (effects, moderators)) continue;
            var fit = MetaRegression.Fit(effects, moderators, Options);
            var brute = new Brute(effects, fit.Design.Matrix, fit.TauSquared);
            compared++;
            try
            {
                for (var j = 0; j < fit.CoefficientCount; j++)
                {
                    var row = DenseMatrix.Create(1, fit.CoefficientCount, (_, c) => c == j ? 1 : 0);
                    Reference.Agree(fit.Coefficients[j].StandardError, Math.Sqrt(brute.Adjusted[j, j]), 1e-6, "se");
                    Reference.Agree(fit.Coefficients[j].DegreesOfFreedom!.Value, brute.OneRow(row), 1e-6, "df");
                }
                var m = fit.CoefficientCount - 1;
                var (scale, df) = brute.Denominator(DenseMatrix.Create(m, m + 1, (i, c) => c == i + 1 ? 1 : 0));
                if (!fit.ModeratorTest.Exists)
                {
                    without++;
                    Assert.True(!(df > 2 && scale > 0), $"F has {df} degrees of freedom, we say: {fit.ModeratorTest.WhyNone}");
                    continue;
                }
                tests++;
                Reference.Agree(fit.ModeratorTest.DenominatorDegreesOfFreedom!.Value, df, 1e-5, "df of F");
                Reference.Agree(fit.ModeratorTest.Statistic, scale * brute.Wald(fit, m) / m, 1e-5, "F");
            }
            catch (Exception fault)
            {
                faults.Add($"seed {seed}: {fault.Message}");
            }
        }
        Assert.True(faults.Count == 0, $"{faults.Count} of {compared}:\n" + string.Join('\n', faults.Take(30)));
        Assert.True(tests > 150 && without > 0, $"{tests} tests, {without} without");
    }

    [Fact]
    public void Variances_decades_apart_give_numbers_that_mean_something()
    {
        var faults = new List<string>();
        for (var seed = 1; seed <= 3000; seed++)
        {
            if (Random(seed, 8) is not var (effects, moderators)) continue;
            var fit = MetaRegression.Fit(effects, moderators, Options);
            var plain = MetaRegression.Fit(effects, moderators, Options with { Inference = Inference.StudentT });
            for (var j = 0; j < fit.CoefficientCount; j++)
            {
                var c = fit.Coefficients[j];
                if (!(c.DegreesOfFreedom > 0) || !(c.PValue is >= 0 and <= 1) || !(c.StandardError >= plain.Coefficients[j].StandardError * (1 - 1e-7)) || double.IsNaN(c.ConfidenceInterval.Upper))
                {
                    faults.Add(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {c.Name} se {c.StandardError:R} beside {plain.Coefficients[j].StandardError:R}, df {c.DegreesOfFreedom:R}, p {c.PValue:R}"));
                }
            }
            if (fit.ModeratorTest is { Exists: true } test && !(test.PValue is >= 0 and <= 1)) faults.Add($"seed {seed}: {test}");
            var rows = fit.Cumulative();
            if (rows.Any(r => r.Coefficients.Any(c => !double.IsFinite(c.StandardError) || !(c.DegreesOfFreedom > 0)))) faults.Add($"seed {seed}: cumulative");
            var pooled = RandomEffects.Fit(effects, new() { Inference = Inference.KenwardRoger });
            if (!(pooled.DegreesOfFreedom > 0) || !(pooled.PValue is >= 0 and <= 1) || !double.IsFinite(pooled.StandardError)) faults.Add($"seed {seed}: pooled {pooled.DegreesOfFreedom}");
        }
        Assert.True(faults.Count == 0, $"{faults.Count}:\n" + string.Join('\n', faults.Take(30)));
    }

    [Fact]
    public void As_many_coefficients_as_studies_but_one_have_degrees_of_freedom()
    {
        var effects = StudyEffects.Create([.5, .6, 1, .8, .5], [1, .001, .001, .01, 1], columns:
            [StudyColumn.OfNumbers("x", [3, 2, 0, 2, 0]), StudyColumn.OfTexts("c", ["g0", "g1", "g1", "g1", "g2"])]);
        var fit = MetaRegression.Fit(effects, Moderator.Number("x") + Moderator.Category("c"), Options);
        var brute = new Brute(effects, fit.Design.Matrix, fit.TauSquared);
        for (var j = 0; j < fit.CoefficientCount; j++)
        {
            var row = DenseMatrix.Create(1, fit.CoefficientCount, (_, c) => c == j ? 1 : 0);
            Reference.Agree(fit.Coefficients[j].StandardError, Math.Sqrt(brute.Adjusted[j, j]), 1e-5, "se");
            Reference.Agree(fit.Coefficients[j].DegreesOfFreedom!.Value, brute.OneRow(row), 1e-5, "df");
            Assert.InRange(fit.Coefficients[j].PValue, 0, 1);
        }
    }

    [Fact]
    public void Degrees_of_freedom_near_0_are_shown_and_explained()
    {
        var fit = RandomEffects.Fit(StudyEffects.Create([.0218, .0017], [7.5e-4, 2.9e-6]), new() { Inference = Inference.KenwardRoger });
        // 2(Φ)²/(w(ΦPΦ)²) with two weights a, b: 4a²b²/(a² + b²)².
        double a = 1 / 7.5e-4, b = 1 / 2.9e-6;
        Reference.Agree(fit.DegreesOfFreedom!.Value, 4 * a * a * b * b / Math.Pow(a * a + b * b, 2), 1e-9, "df");
        Assert.Equal(2, fit.Warnings.Length);
        Assert.Contains("Kenward and Roger leave 0.000060 degrees of freedom", fit.Warnings[0], StringComparison.Ordinal);
        Assert.Equal(NewTrueEffects.ZeroWarning, fit.Warnings[1]);
        Assert.Equal("0.00006", StatisticText.DegreesOfFreedom(fit.DegreesOfFreedom.Value));
        Assert.Equal(("3", "2.9"), (StatisticText.DegreesOfFreedom(3), StatisticText.DegreesOfFreedom(2.94)));
    }

    /// <summary>A random design of a number, a category or both; null where it is not of full rank.</summary>
    private static (StudyEffects Effects, Moderator Moderators)? Random(int seed, double decades)
    {
        var random = new Random(seed);
        var k = random.Next(4, 13);
        double[] v = [.. Enumerable.Range(0, k).Select(_ => Math.Pow(10, -1 - decades * random.NextDouble()))];
        double[] y = [.. v.Select(vi => 0.3 + (random.NextDouble() - 0.5) * 3 * (Math.Sqrt(vi) + (random.Next(2) == 0 ? 0.2 : 0)))];
        string[] letters = [.. Enumerable.Range(0, k).Select(_ => "abc"[random.Next(3)].ToString())];
        double?[] x = [.. Enumerable.Range(0, k).Select(_ => (double?)Math.Round(random.NextDouble() * 10, 1))];
        var effects = StudyEffects.Create(y, v, columns: [StudyColumn.OfTexts("c", letters), StudyColumn.OfNumbers("x", x)]);
        var categories = letters.Distinct().Count();
        var kind = random.Next(3);
        if (kind != 0 && categories < 2) return null;
        var p = kind switch { 0 => 2, 1 => categories, _ => categories + 1 };
        if (k <= p) return null;
        var moderators = kind switch { 0 => Moderator.Number("x"), 1 => Moderator.Category("c"), _ => Moderator.Category("c") + Moderator.Number("x") };
        var design = DenseMatrix.Create(k, p, (i, j) => j == 0 ? 1 : kind == 0 || j == categories ? x[i]!.Value : letters[i] == letters.Distinct().Order(StringComparer.Ordinal).ElementAt(j) ? 1 : 0);
        return design.Rank() == p && design.Svd().ConditionNumber < 1e4 ? (effects, moderators) : null;
    }

    /// <summary>Everything from V(tau²) = diag(v) + tau² I and its inverse, derivatives by central differences with Richardson's extrapolation.</summary>
    private sealed class Brute
    {
        private readonly Matrix<double> _x;
        private readonly Vector<double> _v;
        private readonly Matrix<double> _phi;
        private readonly Matrix<double> _p;
        private readonly double _w;

        public Brute(StudyEffects effects, DesignMatrix design, double tau2)
        {
            _x = DenseMatrix.Create(design.Count, design.Parameters, (i, j) => design.Columns[j * design.Count + i]);
            _v = DenseVector.Build.DenseOfEnumerable(effects.Variances);
            var h = 1e-2 * (_v.Minimum() + tau2);
            Matrix<double> Information(double t) => _x.TransposeThisAndMultiply(Inverse(t) * _x);
            _phi = Information(tau2).Inverse();
            _p = Derivative(Information, tau2, h);
            var slope = Derivative(Inverse, tau2, h);
            var variance = DenseMatrix.OfDiagonalVector(_v + tau2);
            // Q = X' ∂V⁻¹ V ∂V⁻¹ X; the information of tau² is half of tr(PP) = -∂tr(P).
            var q = _x.TransposeThisAndMultiply(slope * variance * slope * _x);
            _w = -2 / Derivative(t => DenseMatrix.Create(1, 1, Projection(t).Trace()), tau2, h)[0, 0];
            Adjusted = _phi + 2 * _w * _phi * (q - _p * _phi * _p) * _phi;
        }

        public Matrix<double> Adjusted { get; }

        public double OneRow(Matrix<double> l)
        {
            var (phi, change) = ((l * _phi * l.Transpose())[0, 0], (l * _phi * _p * _phi * l.Transpose())[0, 0]);
            return 2 * phi * phi / (_w * change * change);
        }

        public (double Scale, double DegreesOfFreedom) Denominator(Matrix<double> l)
        {
            var rows = l.RowCount;
            var theta = l.Transpose() * (l * _phi * l.Transpose()).Inverse() * l;
            var inner = theta * _phi * _p * _phi;
            double a1 = _w * Math.Pow(inner.Trace(), 2), a2 = _w * (inner * inner).Trace();
            if (rows == 1) return (1, 2 / a2);
            var b = (a1 + 6 * a2) / (2 * rows);
            var g = ((rows + 1) * a1 - (rows + 4) * a2) / ((rows + 2) * a2);
            var common = 3 * rows + 2 * (1 - g);
            double c1 = g / common, c2 = (rows - g) / common, c3 = (rows + 2 - g) / common;
            var mean = 1 / (1 - a2 / rows);
            var variance = 2.0 / rows * (1 + c1 * b) / (Math.Pow(1 - c2 * b, 2) * (1 - c3 * b));
            var df = 4 + (rows + 2) / (rows * variance / (2 * mean * mean) - 1);
            return (df / (mean * (df - 2)), df);
        }

        public double Wald(MetaRegressionFit fit, int m)
        {
            var b = DenseVector.Build.DenseOfEnumerable(fit.Coefficients.Skip(1).Select(c => c.Estimate));
            return b * Adjusted.SubMatrix(1, m, 1, m).Solve(b);
        }

        private Matrix<double> Inverse(double t) => DenseMatrix.OfDiagonalVector((_v + t).Map(d => 1 / d));

        private Matrix<double> Projection(double t)
        {
            var inverse = Inverse(t);
            return inverse - inverse * _x * _x.TransposeThisAndMultiply(inverse * _x).Inverse() * _x.Transpose() * inverse;
        }

        private static Matrix<double> Derivative(Func<double, Matrix<double>> f, double at, double h)
        {
            Matrix<double> Central(double step) => (f(at + step) - f(at - step)) / (2 * step);
            Matrix<double> a = Central(h), b = Central(h / 2), c = Central(h / 4);
            var (ab, bc) = ((4 * b - a) / 3, (4 * c - b) / 3);
            return (16 * bc - ab) / 15;
        }
    }
}

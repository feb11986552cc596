namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// What a multilevel model that takes sampling errors as independent estimates where they are correlated: the variances between and within studies with the largest expected restricted likelihood, which are those of the
/// least Kullback-Leibler divergence (White 1982; Vembye, Pustejovsky &amp; Pigott 2023, supplement). Found by Fisher scoring between 0 and infinity.
/// </summary>
internal static class MultilevelLimit
{
    /// <param name="v">The sampling variance of an effect of each study.</param>
    /// <param name="m">How many effects each has.</param>
    /// <param name="tau2">The true variance between studies.</param>
    /// <param name="omega2">The true variance within studies.</param>
    /// <param name="rho">The true correlation of sampling errors.</param>
    public static (double TauSquared, double OmegaSquared) Find(double[] v, double[] m, double tau2, double omega2, double rho)
    {
        double[] now = [tau2 + rho * v.Average(), omega2], next = new double[2], score = new double[2], information = new double[4];
        var value = Divergence(now, v, m, tau2, omega2, rho, score, information);
        var canSplit = m.Any(x => x > 1);
        for (var iteration = 0; iteration < 500; iteration++)
        {
            Step(now, score, information, canSplit, out var step0, out var step1);
            double size = 1, at = value;
            var moved = false;
            for (var halving = 0; halving < 40; halving++, size /= 2)
            {
                next[0] = Math.Max(0, now[0] + size * step0);
                next[1] = Math.Max(0, now[1] + size * step1);
                at = Divergence(next, v, m, tau2, omega2, rho, null, null);
                if (at <= value + 1e-14 * Math.Abs(value)) { moved = true; break; }
            }
            var scale = now[0] + now[1] + v.Min();
            var change = moved ? Math.Max(Math.Abs(next[0] - now[0]), Math.Abs(next[1] - now[1])) : 0;
            if (moved) (now[0], now[1]) = (next[0], next[1]);
            value = Divergence(now, v, m, tau2, omega2, rho, score, information);
            if (change <= 1e-13 * scale) return (now[0], now[1]);
        }
        throw new ConvergenceException("The limit of a multilevel model", "its variances were not found to the last digits", 500);
    }

    /// <summary>The step of Fisher scoring; a variance at 0 that wants to fall stays there.</summary>
    private static void Step(double[] now, double[] score, double[] information, bool canSplit, out double step0, out double step1)
    {
        bool free0 = now[0] > 0 || score[0] > 0, free1 = canSplit && (now[1] > 0 || score[1] > 0);
        (step0, step1) = (0, 0);
        if (free0 && free1)
        {
            var determinant = information[0] * information[3] - information[1] * information[2];
            if (determinant > 1e-12 * information[0] * information[3])
            {
                step0 = (information[3] * score[0] - information[1] * score[1]) / determinant;
                step1 = (information[0] * score[1] - information[2] * score[0]) / determinant;
                // A step out of the corner is taken along the edge.
                if (now[0] == 0 && step0 < 0) (step0, step1) = (0, score[1] / information[3]);
                else if (now[1] == 0 && step1 < 0) (step0, step1) = (score[0] / information[0], 0);
                return;
            }
        }
        if (free0) step0 = score[0] / information[0];
        else if (free1) step1 = score[1] / information[3];
    }

    /// <summary>
    /// Minus twice the expected restricted log-likelihood, its half slope and information. A study is its mean, with variance 1/w = t + (o + v)/m, and m - 1 contrasts with variance o + v.
    /// </summary>
    private static double Divergence(double[] at, double[] v, double[] m, double tau2, double omega2, double rho, double[]? score, double[]? information)
    {
        int k = v.Length;
        double w1 = 0, w2 = 0, w2m = 0, w3 = 0, w3m = 0, w3mm = 0, w2c = 0, w3c = 0, w3cm = 0, value = 0;
        double contrasts1 = 0, contrasts2 = 0, sw2mm = 0, w2cOnly = 0, w2cm = 0;
        for (var j = 0; j < k; j++)
        {
            var within = at[1] + v[j];
            var w = 1 / (at[0] + within / m[j]);
            // What the mean of the study truly varies by, and what a contrast does.
            var mean = tau2 + rho * v[j] + (omega2 + (1 - rho) * v[j]) / m[j];
            var contrast = omega2 + (1 - rho) * v[j];
            w1 += w;
            w2 += w * w;
            w2m += w * w / m[j];
            w3 += w * w * w;
            w3m += w * w * w / m[j];
            w3mm += w * w * w / (m[j] * m[j]);
            sw2mm += w * w / (m[j] * m[j]);
            w2c += w * w * mean;
            w3c += w * w * w * mean;
            w3cm += w * w * w * mean / m[j];
            w2cOnly += w * mean;
            w2cm += w * w * mean / m[j];
            contrasts1 += (m[j] - 1) / within * (contrast / within - 1);
            contrasts2 += (m[j] - 1) / (within * within);
            value += (m[j] - 1) * (Math.Log(within) + contrast / within) - Math.Log(w);
        }
        value += w2cOnly - w2c / w1 + Math.Log(w1);
        if (score is null || information is null) return value;
        // ½[tr(PVaPV*) - tr(PVa)] with P = W - ww'/Σw of the means.
        score[0] = (w2c - 2 * w3c / w1 + w2 * w2c / (w1 * w1) - (w1 - w2 / w1)) / 2;
        score[1] = (w2cm - 2 * w3cm / w1 + w2m * w2c / (w1 * w1) - (Sum(v, m, at) - w2m / w1) + contrasts1) / 2;
        information[0] = (w2 - 2 * w3 / w1 + w2 * w2 / (w1 * w1)) / 2;
        information[1] = information[2] = (w2m - 2 * w3m / w1 + w2 * w2m / (w1 * w1)) / 2;
        information[3] = (sw2mm - 2 * w3mm / w1 + w2m * w2m / (w1 * w1) + contrasts2) / 2;
        return value;
    }

    private static double Sum(double[] v, double[] m, double[] at)
    {
        double sum = 0;
        for (var j = 0; j < v.Length; j++) sum += 1 / (at[0] + (at[1] + v[j]) / m[j]) / m[j];
        return sum;
    }
}

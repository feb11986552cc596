using MathNet.Numerics.RootFinding;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Roots inside a bracket, by Brent's method from MathNet.Numerics, to the last digits of the bracket's size.</summary>
internal static class Roots
{
    public static double Find(Func<double, double> f, double low, double high, string what)
    {
        // A bracket that spans decades is halved first: the method's accuracy is absolute.
        double atLow = f(low), atHigh = f(high);
        if (atLow == 0) return low;
        if (atHigh == 0) return high;
        if (Math.Sign(atLow) == Math.Sign(atHigh)) throw new ConvergenceException(what, "there is no root where one was looked for", 0);
        for (var i = 0; i < 200 && high - low > 0.5 * Math.Abs(high); i++)
        {
            var middle = (low + high) / 2;
            var at = f(middle);
            if (at == 0) return middle;
            if (Math.Sign(at) == Math.Sign(atLow)) low = middle;
            else high = middle;
        }
        var size = Math.Max(Math.Abs(low), Math.Abs(high));
        if (size == 0) return 0;
        return Brent.TryFindRoot(x => f(x * size), low / size, high / size, 1e-13, 200, out var root) ? root * size
            : throw new ConvergenceException(what, "its root was not found to the last digits", 200);
    }
}

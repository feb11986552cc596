namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>Statistical symbols stand in italics, and nothing else does.</summary>
public sealed class SymbolTextTests
{
    [Theory]
    [InlineData("r = .28, 95% CI [.23, .33], p < .001", "*r* = .28, 95% CI [.23, .33], *p* < .001")]
    [InlineData("t(15) = 4.57, F(2, 13.4) = 3.1, Q(15) = 38.16; τ² = 0.008, I² = 61.7%, H² = 2.61", "*t*(15) = 4.57, *F*(2, 13.4) = 3.1, *Q*(15) = 38.16; τ² = 0.008, *I*² = 61.7%, *H*² = 2.61")]
    [InlineData("k = 16, N = 3,509, M = 2.1 (SD = 0.4, SE = 0.1)", "*k* = 16, *N* = 3,509, *M* = 2.1 (*SD* = 0.4, *SE* = 0.1)")]
    [InlineData("the p value, a t test, z-curve and p-uniform", "the *p* value, a *t* test, *z*-curve and *p*-uniform")]
    [InlineData("Smith, F. M. (2010), Study Q, Peto's r and K", "Smith, F. M. (2010), Study Q, Peto's r and K")]
    [InlineData("SE", "*SE*")]
    [InlineData("t(15)", "*t*(15)")]
    [InlineData("k", "*k*")]
    [InlineData("a", "a")]
    [InlineData("Mr = x, off = 2, e-p = 1", "Mr = x, off = 2, e-p = 1")]
    [InlineData("", "")]
    public void Symbols_are_known_by_what_follows(string text, string shown)
    {
        var runs = SymbolText.Runs(text);

        Assert.Equal(shown, string.Concat(runs.Select(run => run.IsItalic ? $"*{run.Text}*" : run.Text)));
        Assert.Equal(text, string.Concat(runs.Select(run => run.Text)));
    }
}

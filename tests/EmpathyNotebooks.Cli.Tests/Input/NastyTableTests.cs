using System.Text;

namespace EmpathyNotebooks.Cli.Tests.Input;

/// <summary>Ugly tables of our own invention: each is pooled with what was guessed said, or refused with what is wrong.</summary>
public sealed class NastyTableTests : IDisposable
{
    private const string Rows = "A,.1,20\nB,.2,30\nC,.3,40\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-nasty-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("# data from X\nstudy,r,n\n" + Rows, "passed over: \"# data from X\"")]
    [InlineData("My table\nversion 2\n\nstudy,r,n\n" + Rows, "Rows 1 to 2 above the names of the columns were passed over")]
    [InlineData("study,r,n\rA,.1,20\rB,.2,30\rC,.3,40\r", "measure ZCOR")]
    [InlineData("study,r,n\nA,.1,20,,\nB,.2,30\nC,.3,40,\n", "measure ZCOR")]
    [InlineData("sep=;\nstudy;r;n\nA;0,1;20\nB;0,2;30\nC;0,3;40\n", "measure ZCOR")]
    [InlineData("研究,r,n\n" + Rows, "label = 研究")]
    [InlineData("study,r,n\nA,.1,20\n,.2,30\nC,.3,40\n", "studies numbered, since no column named label, study, sample or author names every row")]
    [InlineData("study,r,n\nA,.1,20\nA,.1,20\nB,.2,30\nC,.3,40\nD,.2,50\n", "Row 3 repeats row 2 in every cell")]
    [InlineData("author,r,n\nLee,.1,20\nLee,.2,30\nKim,.3,40\nDoe,.2,60\n", "author names 3 studies in 4 rows")]
    [InlineData("author,year,r,n\nLee,2001,.1,20\nLee,2002,.2,30\nKim,2001,.3,40\n", "label = {author} ({year})")]
    [InlineData("study,sample,r,n\nA,1,.1,20\nA,2,.2,30\nB,3,.3,40\nC,4,.3,40\n", "taken as dependent within study")]
    [InlineData("study,or,ll,ul\nA,1.2,.5,3.1\nB,1.3,.7,2.4\nC,1.1,.9,1.3\n", "odds ratios with the limits of their 95% intervals")]
    [InlineData("study,MD,CI_low,CI_high\nA,-1.2,-3.1,.7\nB,1.3,-.7,3.3\nC,1.1,.9,1.3\n", "mean differences with the limits of their 95% intervals")]
    [InlineData("study,r,ci.lb,ci.ub\nA,.3,.1,.48\nB,.2,-.05,.43\nC,.5,.3,.66\n", "correlations with the limits of their 95% intervals")]
    [InlineData("study,cases_t,total_t,cases_c,total_c\nA,5,20,3,21\nB,6,30,7,33\nC,10,40,12,41\n", "events of totals in two groups")]
    [InlineData("study,mean.1,sd.1,n.1,mean.2,sd.2,n.2\nA,5,1,20,4,1,20\nB,6,2,30,5,1,30\nC,7,1,30,5,1,30\n", "means of two groups")]
    [InlineData("study,d,v,n\nA,.1,.02,20\nB,.2,.02,30\nC,.3,.02,40\n", "standardized mean differences with variances")]
    [InlineData("study,r,n,age\nA,.1,20,\"1,5\"\nB,.2,30,2.5\nC,.3,40,3\n", "measure ZCOR")]
    [InlineData("study,r,n,note\nA,.1,20,\"multi\nline\"\nB,.2,30,7\nC,.3,40,\n", "measure ZCOR")]
    [InlineData("study,events,total,pct\nA,5,20,25%\nB,6,30,20%\nC,10,40,25%\n", "events of one group")]
    public async Task An_ugly_table_is_pooled(string text, string said)
    {
        var (code, output, error) = await Run(Encoding.UTF8.GetBytes(text));
        Assert.True(code == EmpathyCommand.Success, error);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("study,r,n\nA,.1,20*\nB,.2,30\nC,.3,40\n", "row 2 (\"A\"), column n: \"20*\" must be a number")]
    [InlineData("study,r,n\n,correlation,people\n" + Rows, "row 2: holds no number, where every row below has one in 2 columns (\"correlation\" in column 2)")]
    [InlineData("study,r,n\nA,.1,1\u00A0200\nB,.2,30\nC,.3,40\n", "\"1<U+00A0>200\" must be written without thousands separators: 1200.")]
    [InlineData("study,r,n\nA,.1,20\nB,.2,30\nSubtotal,.15,50\nC,.3,40\n", "\"Subtotal\" seems to sum up other rows")]
    [InlineData("study,events,total\nA,0,20\nB,6,30\nC,10,40\n", "--zero-cells where-zero, or the arcsine transformation")]
    [InlineData("study,yi,se\nA,.1,0\nB,.2,.1\nC,.3,.1\n", "must be a positive, finite standard error")]
    [InlineData("study,rr,lower,upper\nA,1.2,0.00,3.1\nB,1.3,.7,2.4\nC,1.1,.9,1.34\n", "column lower: \"0.00\" must be the lower limit of an interval that RR can have")]
    [InlineData("study,or,lower,upper\nA,1.2,3.1,.5\nB,1.3,.7,2.4\nC,1.1,.9,1.34\n", "must be above the lower limit 3.1")]
    [InlineData("study,r,n\nA,.1,20\nB,,30\nC,.3,40\n", "an empty cell must be a correlation")]
    [InlineData("study,r,n\nA,.1,20\nB,.2,99999999999\nC,.3,40\n", "\"99999999999\" must be a sample size of at most 2147483647 people")]
    [InlineData("study,yi,vi,vi\nA,.1,.02,.02\nB,.2,.02,.02\nC,.3,.02,.02\n", "2 columns are named \"vi\"; they are called \"vi (column 3)\" and \"vi (column 4)\" here.")]
    [InlineData("A,.1,20\nB,.2,30\nC,.3,40\n", "\".1\" must be the name of a column, not a number")]
    [InlineData("paper,cohort,yi,vi\n1,a,.1,.02\n1,b,.32,.03\n2,a,.45,.02\n3,c,.21,.04\n4,d,.52,.02\n5,e,-.1,.03\n", "paper names 5 studies in 6 rows; cohort names 5 studies in 6 rows")]
    [InlineData("study,m_pre,sd_pre,m_post,sd_post,n\nA,10,2,12,2.5,30\nB,11,2,12,2.2,40\n", "means before and after with their correlation: no column for ri")]
    [InlineData("study,z,se\nA,.1,.2\nB,.2,.1\nC,.3,.1\n", "z may be Fisher's z of a correlation, or another effect")]
    [InlineData("study,OR,n\nA,1.1,20\nB,2.2,10\nC,.3,10\n", "There are: study, OR, n.")]
    [InlineData("study;r;n\nA;0.1;1,200\nB;0.2;300\nC;.3;400\n", "\"1,200\" must be written without thousands separators: 1200.")]
    [InlineData("study,r,n\nA,.1,2\u00000\n", "holds a NUL character")]
    [InlineData("", "is empty; the first line must name the columns")]
    public async Task What_is_wrong_with_an_ugly_table_is_said(string text, string said)
    {
        var (code, output, error) = await Run(Encoding.UTF8.GetBytes(text));
        Assert.Equal(EmpathyCommand.BadInput, code);
        Assert.Equal("", output);
        Assert.Contains(said, error, StringComparison.Ordinal);
        foreach (var proposal in HeaderTests.Proposals(error))
        {
            var (answer, fault) = (new StringWriter(), new StringWriter());
            Assert.True(await EmpathyCommand.InvokeAsync(["analyze", .. proposal], answer, fault) == EmpathyCommand.Success, $"{string.Join(' ', proposal)}: {fault}");
        }
    }

    private async Task<(int Code, string Output, string Error)> Run(byte[] bytes)
    {
        var file = Path.Combine(_folder, "s.csv");
        File.WriteAllBytes(file, bytes);
        var (output, error) = (new StringWriter(), new StringWriter());
        return (await EmpathyCommand.InvokeAsync(["analyze", file, "--json"], output, error), output.ToString(), error.ToString());
    }
}

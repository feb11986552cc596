using EmpathyNotebooks.Plotting;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Browser.Tests.Explorers;

/// <summary>The numbers that a reader's browser computes are those of the library, to ten digits.</summary>
public sealed class PoolingAgreementTests(ExplorerFixture explorers)
{
    public static TheoryData<string> DataSets => [.. PoolingAgreement.DataSets];

    [Theory]
    [MemberData(nameof(DataSets))]
    public async Task Pooling_agrees_with_the_library(string dataSet)
    {
        Chromium.Require();
        await using var page = await explorers.OpenAsync(DependenceExplorer.Create().ToPage());
        var largest = await PoolingAgreement.CompareAsync(PoolingAgreement.Load(dataSet), subsets: 20, baujat: true,
            text => page.Page.EvaluateAsync<string>(PoolingAgreement.Script("window.empathyExplorers.statistics"), text));
        TestContext.Current.SendDiagnosticMessage("{0}: largest relative difference {1:E1}", dataSet, largest);
    }
}

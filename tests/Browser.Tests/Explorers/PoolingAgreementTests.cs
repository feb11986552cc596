using EmpathyNotebooks.Plotting;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Browser.Tests.Explorers;

/// <summary>A page with the script of the explorers, opened once: what is computed there changes nothing of it.</summary>
public sealed class StatisticsPage(ExplorerFixture explorers) : IAsyncLifetime
{
    private OpenPage? _page;

    public async ValueTask InitializeAsync()
    {
        if (Chromium.Path is not null) _page = await explorers.OpenAsync(DependenceExplorer.Create().ToPage());
    }

    public ValueTask DisposeAsync() => _page?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>What a function gives for a text.</summary>
    public Task<string> CallAsync(string function, string text) => _page!.Page.EvaluateAsync<string>(function, text);
}

/// <summary>The numbers that a reader's browser computes are those of the library, to ten digits.</summary>
public sealed class PoolingAgreementTests(StatisticsPage page) : IClassFixture<StatisticsPage>
{
    public static TheoryData<string> DataSets => [.. PoolingAgreement.DataSets];

    [Theory]
    [MemberData(nameof(DataSets))]
    public async Task Pooling_agrees_with_the_library(string dataSet)
    {
        Chromium.Require();
        var largest = await PoolingAgreement.CompareAsync(PoolingAgreement.Load(dataSet), subsets: 20, baujat: true,
            text => page.CallAsync(PoolingAgreement.Script("window.empathyExplorers.statistics"), text));
        TestContext.Current.SendDiagnosticMessage("{0}: largest relative difference {1:E1}", dataSet, largest);
    }
}

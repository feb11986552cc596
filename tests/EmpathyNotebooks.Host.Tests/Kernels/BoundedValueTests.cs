using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Kernels;

namespace EmpathyNotebooks.Host.Tests.Kernels;

/// <summary>A value of any shape ends in bounded output, and the kernel goes on.</summary>
public sealed class BoundedValueTests
{
    [Theory]
    [InlineData("var x = new List<object>(); x.Add(x); x", "contains itself")]
    [InlineData("var x = new object[2]; x[0] = x; x[1] = x; x", "contains itself")]
    [InlineData("var x = new Dictionary<string, object>(); x[\"self\"] = x; x", "contains itself")]
    [InlineData("var x = new List<object>(); x.Add(new { inner = new Dictionary<string, object> { [\"x\"] = x } }); x", null)]
    [InlineData("var x = new List<object>(); x.Add(x); display(x);", "contains itself")]
    [InlineData("object x = 1; for (var i = 0; i < 100_000; i++) x = new List<object> { x }; x", "nested too deeply")]
    [InlineData("object x = 1; for (var i = 0; i < 100_000; i++) x = Tuple.Create(x); x", "nested too deeply")]
    [InlineData("var x = new Exception(\"first\"); for (var i = 0; i < 100_000; i++) x = new Exception(\"next\", x); x", "nested too deeply")]
    [InlineData("System.Text.Json.Nodes.JsonNode x = 1; for (var i = 0; i < 100_000; i++) x = new System.Text.Json.Nodes.JsonArray(x); x", "nested too deeply")]
    [InlineData("class Node { public List<object> All = []; public List<object> Same => All; }\nvar x = new Node(); x.All.Add(x.All); x", "contains itself")]
    [InlineData("class Node { public Node Next { get; set; } }\nNode x = null; for (var i = 0; i < 100_000; i++) x = new Node { Next = x }; x", null)]
    [InlineData("record Link(int Number) { public Link Self => this; }\nnew Link(1)", "contains itself")]
    [InlineData("class Mirror : IEnumerable<Mirror> { public IEnumerator<Mirror> GetEnumerator() { while (true) yield return this; } IEnumerator IEnumerable.GetEnumerator() => GetEnumerator(); }\nnew Mirror()", null)]
    [InlineData("object x = 1; for (var i = 0; i < 40; i++) x = new object[] { x, x }; x", "too long to be shown whole")]
    [InlineData("Enumerable.Range(0, 1_000_000).Select(i => new { i, Text = \"x\" }).ToArray()", null)]
    [InlineData("IEnumerable<int> Count() { for (var i = 0; ; i++) yield return i; }\nCount()", null)]
    [InlineData("new string('x', 70_000_000)", "too long to be shown whole")]
    [InlineData("new string('x', 1_000_001)", "1,000,001 characters")]
    public async Task It_ends_in_bounded_output_and_the_kernel_goes_on(string code, string? reason)
    {
        var kernel = new CSharpKernel();

        var result = await kernel.ExecuteAsync(code, interrupt: TestContext.Current.CancellationToken);

        Assert.Null(result.Error);
        var shown = Assert.IsType<DisplayOutput>(Assert.Single(result.Outputs));
        Assert.InRange(shown.Text("text/plain")!.Length, 1, 2_000_000);
        Assert.InRange((shown.Text("text/html") ?? "").Length, 0, 2_000_000);
        if (reason is not null) Assert.Contains(reason, shown.Text("text/plain"));
        Assert.Equal("42", Assert.IsType<DisplayOutput>((await kernel.ExecuteAsync("6 * 7", interrupt: TestContext.Current.CancellationToken)).Outputs[0]).Text("text/plain"));
    }

    [Fact]
    public async Task What_a_value_throws_while_it_is_shown_is_the_error_of_its_cell()
    {
        var result = await new CSharpKernel().ExecuteAsync(
            "class Bad : IFormattable { public string ToString(string f, IFormatProvider p) => throw new InvalidOperationException(\"no text\"); }\nnew Bad()",
            interrupt: TestContext.Current.CancellationToken);

        Assert.True(result.Error is null or { ExceptionType: "System.InvalidOperationException", Message: "no text" }, $"{result.Error}");
    }
}

using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.MetaAnalysis.Tests;

/// <summary>Every public type of the engine stands in an example that is compiled and run: one of its documentation, or the code of a README.</summary>
public sealed partial class ExampleCoverageTests
{
    private static readonly Assembly Engine = typeof(PooledFit).Assembly;

    private static readonly string Code = string.Join('\n', XDocument.Load(Path.ChangeExtension(Engine.Location, ".xml")).Descendants("example").Elements("code").Select(c => c.Value)
        .Concat(new[] { "README.md", "src/EmpathyNotebooks.Plotting/README.md" }.SelectMany(file => CSharp().Matches(File.ReadAllText(Repository.PathTo(file)))).Select(m => m.Groups[1].Value)));

    private static readonly HashSet<string> Words = [.. Word().Matches(Code).Select(m => m.Value)];

    public static TheoryData<Type> Types() => [.. Engine.GetExportedTypes()];

    [Theory]
    [MemberData(nameof(Types))]
    public void A_type_is_used_in_an_example(Type type) => Assert.True(
        Words.Contains(type.Name) || IsExtension(type) || type.IsAssignableTo(typeof(Exception)), $"{type.Name} stands in no example");

    // A class of extension methods is used by calling one; an exception is documented where it is thrown.
    private static bool IsExtension(Type type) => type.IsAbstract && type.IsSealed
        && type.GetMethods(BindingFlags.Public | BindingFlags.Static).Any(m => m.IsDefined(typeof(System.Runtime.CompilerServices.ExtensionAttribute)) && Code.Contains($".{m.Name}(", StringComparison.Ordinal));

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex("```csharp(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharp();
}

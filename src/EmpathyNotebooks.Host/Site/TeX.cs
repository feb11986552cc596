using System.Collections.Concurrent;
using System.Reflection;
using Jint;
using Jint.Native;
using Jint.Runtime;

namespace EmpathyNotebooks.Host.Site;

/// <summary>Turns TeX into MathML by running the Temml library in one JavaScript engine, made for the first formula that no other instance has turned yet.</summary>
/// <remarks>Not thread-safe: one builder owns one instance. What formulas became is known to all.</remarks>
internal sealed class TeX : IDisposable
{
    // An annotation keeps the author's TeX in the page for copying, but stops a formula in a line of text from breaking.
    private const string Convert =
        "(tex, display) => temml.renderToString(tex, "
        + "{ displayMode: display, throwOnError: true, annotate: display, wrap: 'tex' })";

    private static readonly Lazy<Prepared<Acornima.Ast.Script>> Library =
        new(() => Engine.PrepareScript(Asset.Read("Temml/temml.min.js")));

    // A run reads its lessons twice, before and after their cells have run, and many formulas stand in several places.
    private static readonly ConcurrentDictionary<(string Formula, bool Display), string> Known = new();

    private Engine? _engine;
    private JsValue? _convert;

    /// <summary>The version the library itself reports.</summary>
    public string Version => Started().Evaluate("temml.version").AsString();

    /// <summary>The formula as a <c>&lt;math&gt;</c> element.</summary>
    /// <exception cref="FormatException">Temml cannot read the formula; the message says where it stops.</exception>
    public string ToMathMl(string formula, bool display)
    {
        if (Known.TryGetValue((formula, display), out var known)) return known;
        try
        {
            return Known[(formula, display)] = Started().Invoke(_convert!, formula, display).AsString();
        }
        catch (JavaScriptException error)
        {
            // Temml underlines the place with combining marks, which a terminal cannot be trusted to show.
            var reason = string.Concat(error.Message.Where(c => c is not ('\u0332' or '\n'))).Trim();
            throw new FormatException(reason, error);
        }
    }

    public void Dispose() => _engine?.Dispose();

    private Engine Started()
    {
        if (_engine is not null) return _engine;
        _engine = new Engine(options => options.LimitRecursion(2_000));
        _engine.Execute(Library.Value);
        _convert = _engine.Evaluate(Convert);
        return _engine;
    }
}

/// <summary>The files embedded beside the site's code.</summary>
internal static class Asset
{
    public static string Read(string path)
    {
        var name = "EmpathyNotebooks.Host.Site." + path.Replace('/', '.');
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is not embedded.");
        using var reader = new StreamReader(stream);
        return HtmlText.UnixLines(reader.ReadToEnd());
    }
}

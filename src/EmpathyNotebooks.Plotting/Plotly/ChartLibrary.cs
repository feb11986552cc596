using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Newtonsoft.Json;
using Plotly.NET;

namespace EmpathyNotebooks.Plotting;

/// <summary>
/// The script that draws figures in a page: plotly.js 2.28.0, as it comes with Plotly.NET, and our own. It has 3.6 MB, so that a notebook that is
/// saved must not hold it: a figure there is its picture, its data and a few lines that ask for this file.
/// </summary>
/// <remarks>
/// <para>The lines take what the page has already. Else they ask the Jupyter server for the file in the folder of the kernel
/// (<c>kernelspecs/.net-csharp/</c>), which works in JupyterLab and Jupyter Notebook on any machine, also after the page was loaded anew and without a
/// running kernel. Else, on a page of this machine, they ask 127.0.0.1 at <see cref="Ports"/>, where a running kernel serves it
/// (VS Code, .NET Interactive). Where nobody has the file, the picture stays and says how to bring it to life.</para>
/// <para>The addresses are the same on every machine and for every run, so that the same notebook gives the same bytes. The browser runs the file
/// only if its content has the hash that stands in the notebook, whoever serves it: after an update of the library, charts saved by an earlier
/// one are pictures until they are run again.</para>
/// </remarks>
public static class ChartLibrary
{
    private const string PlotlyResource = "Plotly.NET.plotly-2.28.0.min.js";

    private static readonly Lazy<(string Plotly, string Charts)> Parts = new(ReadParts);
    private static readonly Lazy<string> WholeText = new(() => $"if(!window.Plotly){{{Parts.Value.Plotly}}}\n{Parts.Value.Charts}\n");
    private static readonly Lazy<string> Name = new(() => $"empathy-charts-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Script)))[..12]}.js");
    private static readonly Lazy<string> LoaderText = new(ReadLoader);

    /// <summary>The name of the kernel in whose folder a Jupyter server has the file.</summary>
    public const string KernelName = ".net-csharp";

    /// <summary>The ports at which a kernel may serve the file: always the same few, tried one after the other.</summary>
    public static ImmutableArray<int> Ports { get; } = [41771, 41772, 41773, 41774];

    /// <summary>The content of the file.</summary>
    public static string Script => WholeText.Value;

    /// <summary>The name of the file; another one for another content.</summary>
    public static string FileName => Name.Value;

    /// <summary>The same in a page, as script elements.</summary>
    internal static string Elements => $"<script>if(!window.Plotly){{{Parts.Value.Plotly}}}</script>\n<script>{Parts.Value.Charts}</script>\n";

    /// <summary>The lines that ask for the file.</summary>
    internal static string Loader => LoaderText.Value;

    private static (string Plotly, string Charts) ReadParts()
    {
        var plotly = PageParts.Resource(typeof(Trace).Assembly, PlotlyResource).Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase);
        var dark = JsonConvert.SerializeObject(Theme.All.ToDictionary(c => c.Light, c => c.Dark));
        var charts = PageParts.Resource(typeof(ChartLibrary).Assembly, "EmpathyNotebooks.Plotting.charts.js")
            .Replace("__DARK__", dark, StringComparison.Ordinal).Replace("__PAGE_THEME__", PageParts.ThemeScript(), StringComparison.Ordinal);
        // An AMD or CommonJS loader on the page would take plotly.js for one of its modules.
        return ($"(function(define,exports,module){{{plotly}\n}}).call(window);", charts);
    }

    private static string ReadLoader() => PageParts.Compact(PageParts.Resource(typeof(ChartLibrary).Assembly, "EmpathyNotebooks.Plotting.load.js"))
        .Replace("__KERNEL__", KernelName, StringComparison.Ordinal)
        .Replace("__FILE__", FileName, StringComparison.Ordinal)
        .Replace("__PORTS__", $"[{string.Join(',', Ports.Select(port => port.ToString(CultureInfo.InvariantCulture)))}]", StringComparison.Ordinal)
        .Replace("__INTEGRITY__", "sha384-" + Convert.ToBase64String(SHA384.HashData(Encoding.UTF8.GetBytes(Script))), StringComparison.Ordinal);
}

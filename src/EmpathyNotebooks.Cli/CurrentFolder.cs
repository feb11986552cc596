namespace EmpathyNotebooks.Cli;

/// <summary>While cells run, the current folder is that of their notebook, as in Jupyter and VS Code: <c>"studies.csv"</c> is the file beside it, wherever the command was called.</summary>
internal sealed class CurrentFolder : IDisposable
{
    private static readonly Lock Changing = new();
    private static readonly List<CurrentFolder> Active = [];
    private static string _before = "";

    private readonly string _folder;

    private CurrentFolder(string folder) => _folder = folder;

    /// <summary>Goes to a folder, and back with the end of the scope. A process has one current folder: of several scopes the one that began last counts.</summary>
    public static CurrentFolder In(string folder)
    {
        lock (Changing)
        {
            if (Active.Count == 0) _before = Environment.CurrentDirectory;
            var here = new CurrentFolder(folder);
            Environment.CurrentDirectory = folder;
            Active.Add(here);
            return here;
        }
    }

    public void Dispose()
    {
        lock (Changing)
        {
            if (Active.Remove(this)) Environment.CurrentDirectory = Active.Count > 0 ? Active[^1]._folder : _before;
        }
    }
}

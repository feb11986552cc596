using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace EmpathyNotebooks.Host.Site.Api;

/// <summary>Where the types of an assembly are written: read from its symbols, which a build puts beside it.</summary>
internal static class SourceFiles
{
    // A list of the source files of a type that has no code of its own: Portable PDB, TypeDefinitionDocuments.
    private static readonly Guid TypeDefinitionDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    // PathMap puts this in place of the repository's folder.
    private const string Root = "/_/";

    /// <summary>The files of each type by its row in the metadata, as paths within the repository. Empty without symbols.</summary>
    public static IReadOnlyDictionary<int, IReadOnlySet<string>> Of(string assembly)
    {
        var files = new Dictionary<int, IReadOnlySet<string>>();
        var symbols = Path.ChangeExtension(assembly, ".pdb");
        if (!File.Exists(symbols)) return files;

        using var pe = new System.Reflection.PortableExecutable.PEReader(File.OpenRead(assembly));
        using var pdb = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(symbols));
        var metadata = pe.GetMetadataReader();
        var reader = pdb.GetMetadataReader();
        foreach (var handle in metadata.TypeDefinitions)
        {
            var found = new SortedSet<string>(StringComparer.Ordinal);
            foreach (var method in metadata.GetTypeDefinition(handle).GetMethods())
                if (reader.GetMethodDebugInformation(method.ToDebugInformationHandle()).Document is { IsNil: false } document) Add(document);
            foreach (var custom in reader.GetCustomDebugInformation(handle))
            {
                var information = reader.GetCustomDebugInformation(custom);
                if (reader.GetGuid(information.Kind) != TypeDefinitionDocuments) continue;
                var blob = reader.GetBlobReader(information.Value);
                while (blob.RemainingBytes > 0) Add(MetadataTokens.DocumentHandle(blob.ReadCompressedInteger()));
            }

            files.Add(MetadataTokens.GetRowNumber(handle), found);

            void Add(DocumentHandle document)
            {
                var name = reader.GetString(reader.GetDocument(document).Name).Replace('\\', '/');
                // What a generator wrote has no file in the repository.
                if (name.StartsWith(Root, StringComparison.Ordinal) && !name.Contains("/obj/", StringComparison.Ordinal)) found.Add(name[Root.Length..]);
            }
        }

        return files;
    }
}

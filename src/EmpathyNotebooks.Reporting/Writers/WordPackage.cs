using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml.Linq;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using A = DocumentFormat.OpenXml.Drawing;
using D = DocumentFormat.OpenXml.Drawing.Wordprocessing;
using P = DocumentFormat.OpenXml.Drawing.Pictures;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace EmpathyNotebooks.Reporting;

/// <summary>The package around the text of a Word file: styles, footer, pictures, properties. Names and times in it are always the same.</summary>
internal sealed class WordPackage : IDisposable
{
    /// <summary>The relationship by which the section has its footer.</summary>
    public const string FooterId = "rIdFooter";

    /// <summary>English Metric Units a millimetre.</summary>
    private const long Emu = 36_000;

    // The first time that a zip archive can name.
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly MemoryStream _stream = new();
    private readonly WordprocessingDocument _package;
    private readonly MainDocumentPart _main;
    private uint _pictures;

    public WordPackage(string title)
    {
        _package = WordprocessingDocument.Create(_stream, WordprocessingDocumentType.Document);
        _main = _package.AddNewPart<MainDocumentPart>("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", "rIdMain");
        // The properties come with a name made of the time, unless the part is made here.
        Feed(_package.AddNewPart<CoreFilePropertiesPart>("application/vnd.openxmlformats-package.core-properties+xml", "rIdCore"), Properties(title));
        Feed(_main.AddNewPart<StyleDefinitionsPart>("rIdStyles"), WordStyles.Xml);
        Feed(_main.AddNewPart<DocumentSettingsPart>("rIdSettings"), WordStyles.Settings);
        Feed(_main.AddNewPart<FooterPart>(FooterId), WordStyles.Footer);
    }

    /// <summary>A picture in the line.</summary>
    /// <param name="png">The picture, which tells its size and density.</param>
    /// <param name="name">The name of its file.</param>
    /// <param name="label">What it is called.</param>
    /// <param name="alternative">What it shows, in words.</param>
    public W.Drawing Picture(byte[] png, string name, string label, string alternative)
    {
        var number = ++_pictures;
        var id = string.Create(CultureInfo.InvariantCulture, $"rIdPicture{number}");
        var part = _main.AddNewPart<ImagePart>("image/png", id);
        using (var data = new MemoryStream(png)) part.FeedData(data);
        var (width, height) = Millimetres(png);
        var shrink = Math.Min(1, Math.Min(ReportPrint.Width / width, ReportPrint.Height / height));
        var (across, down) = ((long)(width * shrink * Emu), (long)(height * shrink * Emu));
        return new W.Drawing(new D.Inline(
            new D.Extent { Cx = across, Cy = down },
            new D.DocProperties { Id = number, Name = label, Description = alternative },
            new D.NonVisualGraphicFrameDrawingProperties(new A.GraphicFrameLocks { NoChangeAspect = true }),
            new A.Graphic(new A.GraphicData(new P.Picture(
                new P.NonVisualPictureProperties(new P.NonVisualDrawingProperties { Id = number, Name = name + ".png", Description = alternative }, new P.NonVisualPictureDrawingProperties()),
                new P.BlipFill(new A.Blip { Embed = id }, new A.Stretch(new A.FillRectangle())),
                new P.ShapeProperties(new A.Transform2D(new A.Offset { X = 0, Y = 0 }, new A.Extents { Cx = across, Cy = down }), new A.PresetGeometry(new A.AdjustValueList()) { Preset = A.ShapeTypeValues.Rectangle })))
            { Uri = "http://schemas.openxmlformats.org/drawingml/2006/picture" }))
        { DistanceFromTop = 0, DistanceFromBottom = 0, DistanceFromLeft = 0, DistanceFromRight = 0 });
    }

    /// <summary>The file.</summary>
    /// <param name="body">The text.</param>
    public byte[] Close(W.Body body)
    {
        _main.Document = new W.Document(body);
        _main.Document.Save();
        _package.Dispose();
        _stream.Position = 0;
        using var written = new ZipArchive(_stream, ZipArchiveMode.Read);
        using var result = new MemoryStream();
        using (var zip = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            // The list of contents stands first; the others in the order of their names.
            foreach (var entry in written.Entries.OrderBy(e => e.FullName != "[Content_Types].xml").ThenBy(e => e.FullName, StringComparer.Ordinal))
            {
                var copy = zip.CreateEntry(entry.FullName, entry.FullName.EndsWith(".png", StringComparison.Ordinal) ? CompressionLevel.NoCompression : CompressionLevel.Optimal);
                copy.LastWriteTime = NoTime;
                using var from = entry.Open();
                using var to = copy.Open();
                from.CopyTo(to);
            }
        }
        return result.ToArray();
    }

    public void Dispose()
    {
        _package.Dispose();
        _stream.Dispose();
    }

    private static string Properties(string title)
    {
        XNamespace core = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties", dublin = "http://purl.org/dc/elements/1.1/";
        return new XElement(core + "coreProperties", new XAttribute(XNamespace.Xmlns + "cp", core), new XAttribute(XNamespace.Xmlns + "dc", dublin),
            new XElement(dublin + "title", title), new XElement(dublin + "creator", "EmpathyNotebooks"), new XElement(dublin + "language", "en-GB")).ToString(SaveOptions.DisableFormatting);
    }

    private static void Feed(OpenXmlPart part, string xml)
    {
        using var data = new MemoryStream(Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n" + xml));
        part.FeedData(data);
    }

    /// <summary>The size that a PNG tells by its header and its pHYs chunk (PNG specification, 11.2.2 and 11.3.4.3), which stands right behind the header in ours.</summary>
    private static (double Width, double Height) Millimetres(ReadOnlySpan<byte> png)
    {
        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(png[16..]), BinaryPrimitives.ReadUInt32BigEndian(png[20..]));
        var perMetre = png[37..41].SequenceEqual("pHYs"u8) ? BinaryPrimitives.ReadUInt32BigEndian(png[41..]) : 11811;
        return (width * 1000.0 / perMetre, height * 1000.0 / perMetre);
    }
}

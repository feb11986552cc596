using System.Globalization;
using System.Text;

namespace EmpathyNotebooks.Reporting;

/// <summary>
/// Writes a document as an article in LaTeX that compiles on its own, with pdfTeX, XeTeX or LuaTeX: tables of booktabs that may run over pages, figures as PDF files beside it. Everything from data is text.
/// </summary>
/// <remarks>It needs the packages iftex, geometry, booktabs, longtable, array and graphicx, which every TeX distribution has. A letter that pdfTeX has no font for shows as its number in Unicode.</remarks>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ));
/// string tex = LatexWriter.Write(new Document([new Heading(1, "Results"), Answers.Say(fit)]) { Title = "Three studies" });
/// </code></example>
public static class LatexWriter
{
    /// <summary>The whole file.</summary>
    /// <param name="document">The document.</param>
    /// <param name="figures">The folder beside it that holds the figures as PDF, <c>figure-1-forest.pdf</c>; without a slash at its end.</param>
    public static string Write(Document document, string figures = "figures")
    {
        var numbered = new NumberedDocument(document);
        var text = new LatexText();
        var title = text.Of(numbered.Title);
        var body = string.Concat(numbered.Parts.Select(part => Part(part, text, figures)));
        return $$"""
            \documentclass[11pt,a4paper]{article}
            \usepackage{iftex}
            \ifPDFTeX
              \usepackage[T1]{fontenc}
              \usepackage[utf8]{inputenc}
              \usepackage{textcomp}
            {{text.Declarations()}}\else
              \usepackage{fontspec}
            \fi
            \usepackage[margin=25.4mm]{geometry}
            \usepackage{amsmath,array,booktabs,longtable,graphicx}
            \setlength{\LTleft}{0pt}
            \setlength{\LTpre}{2pt}
            \setlength{\LTpost}{4pt}
            \setlength{\parindent}{0pt}
            \setlength{\parskip}{6pt plus 2pt}
            \emergencystretch=3em
            \setcounter{secnumdepth}{0}
            \title{{{title}}}
            \author{}
            \date{}
            \begin{document}
            {{(title.Length > 0 ? "\\maketitle\n" : "")}}{{body}}\end{document}

            """.ReplaceLineEndings("\n");
    }

    private static string Part(NumberedPart part, LatexText text, string figures) => part.Block switch
    {
        Heading heading => $"\n\\{(heading.Level switch { 1 => "section", 2 => "subsection", _ => "subsubsection" })}{{{text.Of(heading.Text)}}}\n",
        Paragraph paragraph => $"\n{text.Statistical(paragraph.Text)}\n",
        Note note => $"\n\\textit{{Note.}} {text.Statistical(note.Text)}\n",
        Table table => Of(table, part, text),
        FigureBlock figure => Picture(figure, part, text, figures),
        Formula formula => $"\n\\[{formula.Code}\\]\n",
        Listing listing => $"\n{{\\ttfamily\\scriptsize\\raggedright\n{text.Code(listing.Code)}\\par}}\n",
        SourceList sources => string.Concat(sources.Entries.Select(entry => $"\n{{\\hangindent=2em\\hangafter=1\\raggedright {Apa(entry, text)}\\par}}\n")),
        var block => throw new ArgumentOutOfRangeException(nameof(part), block, "There is no such block."),
    };

    private static string Apa(BibliographyEntry entry, LatexText text) => string.Concat(entry.Apa.Select(run => run.IsItalic ? $"\\textit{{{text.Of(run.Text)}}}" : text.Of(run.Text)));

    private static string Of(Table table, NumberedPart part, LatexText text)
    {
        var widths = ColumnWidths.Of(table);
        var tex = new StringBuilder($"\n\\begingroup\\footnotesize\n\\textbf{{{part.Label}}}").Append(table.Title.Length > 0 ? $"\\\\*\n\\textit{{{text.Of(table.Title)}}}" : "").Append("\\par\\nopagebreak\n\\begin{longtable}{@{}");
        for (var i = 0; i < widths.Length; i++)
        {
            tex.Append(CultureInfo.InvariantCulture, $">{{\\ragged{(table.Columns[i].Align == Align.Right ? "left" : "right")}\\arraybackslash}}p{{\\dimexpr{widths[i] * 0.999:0.####}\\linewidth-2\\tabcolsep\\relax}}");
        }
        tex.Append("@{}}\n\\toprule\n");
        if (table.HasHead) tex.Append(Row(table.Columns.Select(c => text.Statistical(c.Name)))).Append("\\midrule\n\\endhead\n");
        foreach (var row in table.Rows) tex.Append(Row(row.Select((cell, i) => table.IsName(i) ? text.Of(cell) : text.Statistical(table.Columns[i].Align == Align.Right ? cell.Replace(' ', '\u00a0') : cell))));
        tex.Append("\\bottomrule\n\\end{longtable}\n");
        if (part.Notes.Any()) tex.Append("\\textit{Note.} ").Append(string.Join(' ', part.Notes.Select(text.Statistical))).Append("\\par\n");
        return tex.Append("\\endgroup\n").ToString();
    }

    // A row that begins with a bracket would be read as the option of the line end before it; text never does, as brackets stand in braces.
    private static string Row(IEnumerable<string> cells) => string.Join(" & ", cells) + " \\\\\n";

    private static string Picture(FigureBlock figure, NumberedPart part, LatexText text, string figures)
    {
        var tex = new StringBuilder($"\n\\begin{{center}}\n\\begin{{minipage}}{{\\linewidth}}\n\\textbf{{{part.Label}}}\\\\*\n\\textit{{{text.Of(figure.Caption)}}}\\par\\smallskip\n"
            + $"\\includegraphics[width=\\linewidth,height=0.8\\textheight,keepaspectratio]{{{figures}/{part.FileName}.pdf}}\\par\n");
        if (part.Notes.Any()) tex.Append("{\\footnotesize\\textit{Note.} ").Append(string.Join(' ', part.Notes.Select(text.Statistical))).Append("\\par}\n");
        return tex.Append("\\end{minipage}\n\\end{center}\n").ToString();
    }
}

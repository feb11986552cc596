using System.Globalization;
using System.Text;

namespace EmpathyNotebooks.Reporting;

/// <summary>
/// Writes a document as an article in LaTeX that compiles on its own, with pdfTeX, XeTeX or LuaTeX: tables of booktabs that may run over pages, figures as PDF files beside it. Everything from data is text.
/// </summary>
/// <remarks>
/// It needs the packages iftex, geometry, amsmath, array, booktabs, longtable and graphicx, which every TeX distribution has, and lmodern for pdfTeX or fontspec for the others; newunicodechar where texts have letters beyond Latin script. Such a
/// letter shows as its number in Unicode in pdfTeX, and in the others where their font does not have it.
/// </remarks>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ));
/// string tex = LatexWriter.Write(new Document([new Heading(1, "Results"), Answers.Say(fit)]) { Title = "Three studies" });
/// </code></example>
public static class LatexWriter
{
    /// <summary>How many letters a line of a table has in Latin Modern of 9 points.</summary>
    private const double LettersOfLine = 88;

    /// <summary>A table of so many lines stands on one page: less than half of it.</summary>
    private const int MostLinesTogether = 22;

    /// <summary>A note of more characters, a dozen lines, may run on to the next page.</summary>
    private const int LongestNoteTogether = 1500;

    /// <summary>The whole file.</summary>
    /// <param name="document">The document.</param>
    /// <param name="figures">The folder beside it that holds the figures as PDF, <c>figure-1-forest.pdf</c>; without a slash at its end.</param>
    public static string Write(Document document, string figures = "figures")
    {
        var numbered = new NumberedDocument(document);
        var text = new LatexText();
        var title = text.Of(numbered.Title);
        var body = string.Concat(numbered.Parts.Select((part, i) => (part.Block is Heading && i + 1 < numbered.Parts.Length && numbered.Parts[i + 1].Block is Table ? "\n\\roomfortable\n" : "") + Part(part, text, figures)));
        return $$"""
            % Compile twice with pdflatex, xelatex or lualatex.
            \documentclass[11pt,a4paper]{article}
            \usepackage{iftex}
            \ifPDFTeX
              \usepackage[T1]{fontenc}
              \usepackage[utf8]{inputenc}
              \usepackage{textcomp,lmodern}
            \else
              \usepackage{fontspec}
            \fi
            \usepackage[margin=25.4mm]{geometry}
            \usepackage{amsmath,array,booktabs,longtable,graphicx}
            {{text.Declarations()}}\DeclareRobustCommand{\maybreak}{\penalty150 }
            \newcommand{\across}[1]{%
              \makebox[0pt][l]{\parbox[t]{\linewidth}{\strut #1\strut}%
              }%
            }
            % A heading right above a table moves to the next page with it, where there is less than a third of this one.
            \newcommand{\roomfortable}{\par\ifdim\dimexpr\pagegoal-\pagetotal\relax<0.33\textheight\pagebreak\fi}
            \setlength{\LTleft}{0pt}
            \setlength{\LTpre}{8pt}
            \setlength{\LTpost}{8pt}
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
        var widths = ColumnWidths.Of(table, LettersOfLine);
        var tex = new StringBuilder("\n\\begingroup\\footnotesize\n").Append(ColumnWidths.IsCrowded(table, LettersOfLine) ? "\\setlength{\\tabcolsep}{4pt}\n" : "").Append("\\begin{longtable}{@{}");
        for (var i = 0; i < widths.Length; i++)
        {
            // Without the space of no width TeX hyphenates no word that stands first.
            tex.Append(CultureInfo.InvariantCulture, $">{{\\ragged{(table.Columns[i].Align == Align.Right ? "left" : "right")}\\arraybackslash\\hspace{{0pt}}}}p{{\\dimexpr{widths[i].Share * 0.999:0.####}\\linewidth-2\\tabcolsep\\relax}}");
        }
        // Label, title and note are rows, so that no page ends between them and the table.
        var title = table.Title.Length > 0 ? $"\\\\\\textit{{{text.Of(table.Title)}}}" : "";
        var head = "\\toprule\n" + (table.HasHead ? Row(table.Columns.Select(c => text.Statistical(c.Name)), "\\\\") + "\\midrule\n" : "");
        tex.Append("@{}}\n").Append(Across(table, $"\\raggedright\\textbf{{{part.Label}}}{title}", "\\\\*[2pt]")).Append(head).Append("\\endfirsthead\n")
            .Append(Across(table, $"\\textbf{{{part.Label}}} \\textit{{(continued)}}", "\\\\*[2pt]")).Append(head).Append("\\endhead\n\\bottomrule\n\\endfoot\n\\endlastfoot\n");
        var isWhole = Lines(table, widths) <= MostLinesTogether;
        for (var r = 0; r < table.Rows.Count; r++)
        {
            // No single row stands alone on a page, and a small table on one page.
            var isKept = isWhole || r == 0 || r >= table.Rows.Count - 2;
            tex.Append(Row(table.Rows[r].Select((cell, i) => table.IsName(i) ? text.Of(cell) : text.Statistical(table.Columns[i].Align == Align.Right ? widths[i].Number(cell) : cell)), isKept ? "\\\\*" : "\\\\"));
        }
        tex.Append("\\bottomrule\n");
        var note = part.Notes.Any() ? "\\rule{0pt}{3ex}\\textit{Note.} " + string.Join(' ', part.Notes.Select(text.Statistical)) : "";
        var isLong = note.Length > LongestNoteTogether;
        if (note.Length > 0 && !isLong) tex.Append(Across(table, note, "\\\\"));
        tex.Append("\\end{longtable}\n");
        if (isLong) tex.Append(note).Append("\\par\n");
        return tex.Append("\\endgroup\n").ToString();
    }

    /// <summary>A row of one text as wide as the page, which leaves the widths of the columns as they are.</summary>
    private static string Across(Table table, string content, string end) => string.Create(CultureInfo.InvariantCulture, $"\\multicolumn{{{table.Columns.Length}}}{{@{{}}l@{{}}}}{{\\across{{{content}}}}} {end}\n");

    /// <summary>About how many lines the rows take.</summary>
    private static int Lines(Table table, ColumnWidth[] widths) => table.Rows.Sum(row => row.Select((cell, i) => 1 + (int)(cell.Length / (100 * widths[i].Share))).Max());

    // A row that begins with a bracket would be read as the option of the line end before it; text never does, as brackets stand in braces.
    private static string Row(IEnumerable<string> cells, string end) => $"{string.Join(" & ", cells)} {end}\n";

    private static string Picture(FigureBlock figure, NumberedPart part, LatexText text, string figures)
    {
        var tex = new StringBuilder($"\n\\begin{{center}}\n\\begin{{minipage}}{{\\linewidth}}\n\\textbf{{{part.Label}}}\\\\*\n\\textit{{{text.Of(figure.Caption)}}}\\par\\smallskip\n"
            + $"\\includegraphics[width=\\linewidth,height=0.8\\textheight,keepaspectratio]{{{figures}/{part.FileName}.pdf}}\\par\n");
        if (part.Notes.Any()) tex.Append("{\\footnotesize\\textit{Note.} ").Append(string.Join(' ', part.Notes.Select(text.Statistical))).Append("\\par}\n");
        return tex.Append("\\end{minipage}\n\\end{center}\n").ToString();
    }
}

namespace EmpathyNotebooks.Reporting;

/// <summary>
/// The look of tables: rules above and below as journals have them, colours derived from the text colour of the page, so that light and
/// dark themes both work. It comes with every table, because a notebook may show any output alone. JupyterLab aligns all cells right and VS Code
/// all heads left: the class three times, and what VS Code marks important marked so, too, stands above both.
/// </summary>
internal static class TableStyle
{
    public const string Element = """
        <style>
        .en-result{margin:.5em 0;overflow-x:auto;font-size:.95em;line-height:1.45}
        .en-result.en-result.en-result{
        table{width:auto;max-width:none;table-layout:auto;font:inherit;color:inherit;border-collapse:collapse;border:0!important;border-top:2px solid currentColor!important;border-bottom:2px solid currentColor!important;margin:0}
        caption{text-align:left;font-weight:600;padding:0 0 .35em;caption-side:top;color:inherit;white-space:normal}
        thead,tbody,tr,tr:nth-child(n){background:none;border:0}
        th,td{border:0!important;padding:.2em .9em .2em .2em;text-align:left!important;font-weight:400;white-space:nowrap;background:none;color:inherit;vertical-align:baseline;line-height:inherit}
        th:not(.en-number),td:not(.en-number){white-space:normal;min-width:4.5em}
        thead th{border-bottom:1px solid currentColor!important;font-weight:600;vertical-align:bottom;white-space:normal}
        tbody td:first-child,tbody th:first-child,thead td{min-width:0}
        tbody th:not(.en-number){white-space:nowrap}
        .en-long.en-long{white-space:normal;overflow-wrap:anywhere;min-width:16em}
        @media (max-width:36rem){table{font-size:.9em}th,td{padding-right:.35em;padding-left:.1em}tbody th:not(.en-number){white-space:normal}.en-long.en-long{min-width:9em}}
        .en-number{text-align:right!important;font-variant-numeric:tabular-nums}
        p{margin:.35em 0;max-width:46em;opacity:.85}
        .en-label{display:inline-block;border:1px solid currentColor;border-radius:3px;padding:0 .5em;font-size:.85em;opacity:1}
        }
        </style>
        """;
}

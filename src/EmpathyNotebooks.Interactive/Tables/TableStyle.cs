namespace EmpathyNotebooks;

/// <summary>
/// The look of tables: rules above and below as journals have them, colours derived from the text colour of the page, so that light and
/// dark themes both work. It comes with every table, because a notebook may show any output alone.
/// </summary>
internal static class TableStyle
{
    public const string Element = """
        <style>
        .en-result{margin:.5em 0;overflow-x:auto;font-size:.95em;line-height:1.45}
        .en-result table{border-collapse:collapse;border:0;margin:0;border-top:2px solid currentColor;border-bottom:2px solid currentColor}
        .en-result caption{text-align:left;font-weight:600;padding:0 0 .35em;caption-side:top;color:inherit}
        .en-result th,.en-result td{border:0;padding:.2em .9em .2em .2em;text-align:left;font-weight:400;white-space:nowrap;background:none;color:inherit}
        .en-result thead th{border-bottom:1px solid currentColor;font-weight:600;vertical-align:bottom}
        .en-result .en-number{text-align:right;font-variant-numeric:tabular-nums}
        .en-result tr{background:none}
        .en-result p{margin:.35em 0;max-width:46em;opacity:.85}
        .en-result .en-label{display:inline-block;border:1px solid currentColor;border-radius:3px;padding:0 .5em;font-size:.85em;opacity:1}
        </style>
        """;
}

namespace EmpathyNotebooks.Reporting;

/// <summary>The look of a report on its own page: that of the site, in the colours of light and dark, and for print.</summary>
internal static class ReportStyle
{
    public const string Sheet = """
        :root{color-scheme:light dark;--paper:light-dark(#fdfcfa,#14171a);--ink:light-dark(#1f2328,#e3e5e8);--muted:light-dark(#59606a,#a5adb8);--rule:light-dark(#dcd8cf,#363c44);--raised:light-dark(#f5f3ee,#1c2024);--accent:light-dark(#17597a,#86c5e6);--warn:light-dark(#8a4b00,#f0b36b);
        --serif:Charter,"Bitstream Charter","Sitka Text",Cambria,"Source Serif 4",Georgia,serif;--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","Liberation Sans",Arial,sans-serif;--mono:ui-monospace,"Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
        *,*::before,*::after{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
        body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.6 var(--serif);overflow-wrap:anywhere}
        main{max-width:48rem;margin:0 auto;padding:1.5rem 1.25rem 4rem}
        h1,h2,h3,h4{font-family:var(--sans);line-height:1.25;font-weight:650;text-wrap:balance}
        h1{font-size:clamp(1.6rem,1.2rem + 2vw,2.25rem);margin:1rem 0 1.25rem}
        h2{font-size:1.4rem;margin:2.75rem 0 .75rem;padding-top:.75rem;border-top:1px solid var(--rule)}
        h3{font-size:1.15rem;margin:2rem 0 .5rem}
        h4{font-size:1rem;margin:1.5rem 0 .5rem}
        p,ul,ol{margin:0 0 1rem}
        a{color:var(--accent);text-underline-offset:.18em}
        :focus-visible{outline:3px solid var(--accent);outline-offset:2px}
        nav{font:.9375rem/1.5 var(--sans);border:1px solid var(--rule);border-radius:3px;background:var(--raised);padding:.75rem 1rem;margin:0 0 2rem}
        nav ol{list-style:none;margin:0;padding:0;columns:16rem}
        nav .l2{padding-left:1.25rem}
        .note{border-left:4px solid var(--warn);background:var(--raised);padding:.5rem .9rem}
        .table,figure{margin:1.75rem 0}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;border-bottom:2px solid currentColor;font:.875rem/1.4 var(--sans);overflow-wrap:normal}
        caption,.above{text-align:left;font:.9375rem/1.45 var(--sans);padding:0 0 .4rem;margin:0}
        thead{border-top:2px solid currentColor;border-bottom:1px solid currentColor}
        table:not(:has(thead)) tbody{border-top:2px solid currentColor}
        th,td{text-align:left;font-weight:400;vertical-align:baseline;padding:.22rem .8rem .22rem .15rem}
        thead th{font-weight:600;vertical-align:bottom}
        tbody th,tbody td:not(.n){min-width:5rem;overflow-wrap:anywhere}
        .long{min-width:13rem}
        .n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
        th.n{white-space:normal}
        .below{font:.8125rem/1.45 var(--sans);color:var(--muted);margin:.4rem 0 0}
        figure svg{display:block;width:100%;height:auto;background:#fff;border-radius:3px}
        .narrow{display:none}
        .formula{overflow-x:auto}
        pre{overflow-x:auto;font:.75rem/1.45 var(--mono);background:var(--raised);border:1px solid var(--rule);padding:.75rem;overflow-wrap:normal}
        code{font-family:var(--mono)}
        details{margin:0 0 1rem}
        summary{cursor:pointer;font:600 .9375rem/1.5 var(--sans);color:var(--accent);width:fit-content}
        .references{list-style:none;padding:0}
        .references li{padding-left:2em;text-indent:-2em;margin:0 0 .5rem}
        @media(max-width:32rem){body{font-size:1rem}main{padding:1rem .9rem 3rem}table{font-size:.8125rem}th,td{padding-right:.5rem}.wide{display:none}.narrow{display:block}.narrow svg{max-width:26rem}}
        @media print{:root{color-scheme:light;--paper:#fff;--raised:#fff}body{font-size:10.5pt}main{max-width:none;padding:0}nav{display:none}a{color:inherit}.scroll{overflow:visible}table{font-size:8.5pt}tr,figure,.note{break-inside:avoid}thead{display:table-header-group}h2,h3,h4,caption,.above{break-after:avoid}.above,.whole{break-inside:avoid}.wide{display:block}.narrow{display:none}figure svg{max-height:235mm}}
        """;
}

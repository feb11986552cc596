using System.Text.Json.Nodes;
using EmpathyNotebooks.Host.Kernels.Language;

namespace EmpathyNotebooks.Host.Jupyter;

/// <summary>Answers what a front end asks of code while it is typed.</summary>
internal sealed class CodeHandler(ScriptCompletion completion, ScriptHelp help)
{
    public async Task<JsonObject> CompleteAsync(JupyterMessage request)
    {
        var code = request.Text("code") ?? "";
        var answer = await completion.CompleteAsync(code, Position(request, code)).ConfigureAwait(false);
        var (start, end) = (CodePoints.Count(code, answer.Start), CodePoints.Count(code, answer.End));
        return new JsonObject
        {
            ["status"] = "ok",
            ["matches"] = new JsonArray([.. answer.Items.Select(item => (JsonNode)item.Text)]),
            ["cursor_start"] = start,
            ["cursor_end"] = end,
            ["metadata"] = new JsonObject
            {
                // Not in the standard; JupyterLab and VS Code show icons by it.
                ["_jupyter_types_experimental"] = new JsonArray([.. answer.Items.Select(item => (JsonNode)new JsonObject
                {
                    ["start"] = start, ["end"] = end, ["text"] = item.Text, ["type"] = item.Kind,
                })]),
            },
        };
    }

    public JsonObject Inspect(JupyterMessage request)
    {
        var code = request.Text("code") ?? "";
        var found = help.Find(code, Position(request, code), withDetails: request.Number("detail_level") > 0);
        return new JsonObject
        {
            ["status"] = "ok",
            ["found"] = found is not null,
            ["data"] = found is null ? [] : new JsonObject { ["text/plain"] = found.Plain, ["text/html"] = found.Html },
            ["metadata"] = new JsonObject(),
        };
    }

    public static JsonObject IsComplete(JupyterMessage request)
    {
        var (status, indent) = CodeCompleteness.Of(request.Text("code") ?? "");
        var content = new JsonObject { ["status"] = status };
        if (status == "incomplete") content["indent"] = indent;
        return content;
    }

    private static int Position(JupyterMessage request, string code) => CodePoints.ToIndex(code, request.Number("cursor_pos") ?? int.MaxValue);
}

using System.Text.Json.Nodes;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Kernels;

namespace EmpathyNotebooks.Host.Jupyter;

/// <summary>Answers `execute_request`.</summary>
internal sealed class ExecuteHandler(CSharpKernel kernel, IopubOutput output, ReaderInput reader, ExecutionHistory history, Action<string, JsonObject> broadcast)
{
    private readonly Lock _lock = new();
    private CancellationTokenSource? _running;

    /// <summary>Stops the cell that is running, if any.</summary>
    public void Interrupt()
    {
        CancellationTokenSource? running;
        lock (_lock)
        {
            running = _running;
        }

        running?.Cancel();
    }

    /// <summary>Runs a cell.</summary>
    /// <returns>The content of the reply.</returns>
    public async Task<JsonObject> HandleAsync(JupyterMessage request)
    {
        var code = request.Text("code") ?? "";
        var isSilent = request.Flag("silent", otherwise: false);
        var isStored = !isSilent && request.Flag("store_history", otherwise: true);
        // Not disposed: what the cell leaves behind may still look at the token.
        var interrupt = new CancellationTokenSource();
        lock (_lock)
        {
            _running = interrupt;
        }

        reader.Request = request;
        try
        {
            var count = kernel.ExecutionCount + (isStored ? 1 : 0);
            if (!isSilent) broadcast("execute_input", new JsonObject { ["code"] = code, ["execution_count"] = count });
            var name = isStored ? FormattableString.Invariant($"cell [{count}]") : null;
            var result = await kernel.ExecuteAsync(new CellRequest(code, name, isStored, isSilent), interrupt.Token);
            output.Flush();
            if (isStored) history.Add(count, code, Result(result));
            if (result.Error is { } error)
            {
                if (!isSilent) broadcast("error", Describe(error));
                return Reply("error", result, Describe(error));
            }

            var expressions = await EvaluateAsync(request, interrupt.Token);
            output.Flush();
            return Reply("ok", result, new JsonObject { ["user_expressions"] = expressions, ["payload"] = new JsonArray() });
        }
        finally
        {
            reader.Request = null;
            lock (_lock)
            {
                _running = null;
            }
        }
    }

    private static JsonObject Reply(string status, CellResult result, JsonObject content)
    {
        content["status"] = status;
        content["execution_count"] = result.ExecutionCount;
        return content;
    }

    private static string? Result(CellResult result) =>
        result.Outputs.OfType<DisplayOutput>().LastOrDefault(display => display.IsResult)?.Text("text/plain");

    private static JsonObject Describe(CellError error) => new()
    {
        ["ename"] = error.ExceptionType,
        ["evalue"] = error.Message,
        ["traceback"] = new JsonArray([.. error.Traceback.Select(line => (JsonNode)line)]),
    };

    private async Task<JsonObject> EvaluateAsync(JupyterMessage request, CancellationToken interrupt)
    {
        if (request.Content["user_expressions"] is not JsonObject { Count: > 0 } wanted) return [];
        var expressions = wanted.ToDictionary(pair => pair.Key, pair => pair.Value is JsonValue value && value.TryGetValue<string>(out var text) ? text : "");
        var values = await kernel.EvaluateAsync(expressions, interrupt);
        return new JsonObject(values.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, Describe(pair.Value))));
    }

    private static JsonObject Describe(EvaluatedValue value)
    {
        if (value.Error is { } error)
        {
            var described = Describe(error);
            described["status"] = "error";
            return described;
        }

        return new JsonObject { ["status"] = "ok", ["data"] = NotebookJson.Bundle(value.Bundle), ["metadata"] = new JsonObject() };
    }
}

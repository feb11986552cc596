using System.Text.Json.Nodes;

namespace EmpathyNotebooks.Host.Jupyter;

/// <summary>Asks the reader whose cell is running, over the stdin channel.</summary>
/// <param name="send">Sends a message to the front end that a request came from.</param>
internal sealed class ReaderInput(Action<JupyterMessage, string, JsonObject> send)
{
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private volatile TaskCompletionSource<string>? _answer;

    /// <summary>The request of the cell that is running; null between cells.</summary>
    public JupyterMessage? Request { get; set; }

    public async Task<string> AskAsync(string prompt, bool isPassword, CancellationToken stop)
    {
        if (Request is not { } request || !request.Flag("allow_stdin", otherwise: true))
        {
            throw new InvalidOperationException("The cell asks its reader for input, and this front end does not take any (allow_stdin is false). "
                + "Run the notebook in VS Code or Jupyter, or put the value into the code.");
        }

        await _oneAtATime.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _answer = answer;
            send(request, "input_request", new JsonObject { ["prompt"] = prompt, ["password"] = isPassword });
            return await answer.Task.WaitAsync(stop).ConfigureAwait(false);
        }
        finally
        {
            _answer = null;
            _oneAtATime.Release();
        }
    }

    /// <summary>Takes what the reader typed.</summary>
    public void Reply(JupyterMessage message)
    {
        if (message.Text("value") is { } value) _answer?.TrySetResult(value);
    }
}

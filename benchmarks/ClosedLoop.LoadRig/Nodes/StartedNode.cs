using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace ClosedLoop.LoadRig.Nodes;

/// <summary>A node's process, seen from outside.</summary>
internal sealed class StartedNode : IAsyncDisposable
{
    private readonly Process _process;

    private StartedNode(Process process) => _process = process;

    public static StartedNode Start(string connection, int index) =>
        new(Process.Start(ChildProcess.Of(NodeProcess.Command, connection, index.ToString(CultureInfo.InvariantCulture)))!);

    public async Task<WaveResult> SendAsync(Wave wave)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(wave));
        await _process.StandardInput.FlushAsync();
        string? line = await _process.StandardOutput.ReadLineAsync();
        ClaimFailedException.Unless(line is not null, "a node ended by itself.");
        return JsonSerializer.Deserialize<WaveResult>(line!)!;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }
}

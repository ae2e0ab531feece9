using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.AspNetCore;
using ClosedLoop.Storage.Tests;

namespace ClosedLoop.Testing.Tests.EndToEnd;

/// <summary>The sample service as a process of its own, with a configuration file, secrets in its environment and one SQLite file.</summary>
internal sealed class WatcherProcess : IDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process _process;
    private readonly StringBuilder _output;

    private WatcherProcess(Process process, StringBuilder output, Uri address)
    {
        (_process, _output) = (process, output);
        Client = new HttpClient { BaseAddress = address };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", StackHost.Token(StackHost.Agent));
    }

    public HttpClient Client { get; }

    public static async Task<WatcherProcess> StartAsync(TempDatabase database, long? largestFileBytes = null)
    {
        string config = Path.Combine(database.Folder, "watcher.json");
        var settings = new JsonObject
        {
            ["ClosedLoop"] = new JsonObject
            {
                ["GitHub"] = new JsonObject { ["Repositories"] = new JsonArray("acme/web") },
                ["Api"] = new JsonObject { ["Writers"] = new JsonObject { [StackHost.Agent] = new JsonArray(ClosedLoopToken.Hash(StackHost.Token(StackHost.Agent))) } },
            },
        };
        await File.WriteAllTextAsync(config, settings.ToJsonString());
        string[] line = [Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", Path.Combine(AppContext.BaseDirectory, "Watcher.dll"), "--config", config, "--store", database.Path, "--urls", "http://127.0.0.1:0"];
        if (largestFileBytes is { } largest) line = FileLimit.Command(largest, line);
        var start = new ProcessStartInfo(line[0], line[1..]) { WorkingDirectory = database.Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // The runtime maps its code through a file in memory, which the limit would forbid.
        if (largestFileBytes is not null) start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        start.Environment["ClosedLoop__GitHub__WebhookSecret"] = StackHost.Secret;
        var process = Process.Start(start)!;
        var output = new StringBuilder();
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        // The system chooses the port, so that no other test can have it, and the service says which.
        await Task.WhenAny(address.Task, process.WaitForExitAsync());
        lock (output) Assert.True(address.Task.IsCompletedSuccessfully, $"the watcher ended by itself:\n{output}");
        var watcher = new WatcherProcess(process, output, await address.Task);
        using var ready = await watcher.Client.GetAsync("healthz");
        Assert.True(ready.IsSuccessStatusCode, $"{(int)ready.StatusCode} {await ready.Content.ReadAsStringAsync()}\n{watcher}");
        return watcher;

        void Take(string? line)
        {
            if (line is null) return;
            lock (output) output.AppendLine(line);
            if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at) address.TrySetResult(new Uri(line[(at + Listening.Length)..].Trim()));
        }
    }

    /// <summary>Posts a signed delivery.</summary>
    /// <exception cref="HttpRequestException">The process died before it answered.</exception>
    public async Task<Reply> PostAsync(string name, JsonNode payload, string delivery)
    {
        byte[] body = Encoding.UTF8.GetBytes(payload.ToJsonString());
        using var request = StackHost.GitHubRequest(name, new ByteArrayContent(body), delivery, StackHost.Sign(body));
        using var response = await Client.SendAsync(request);
        return await Reply.OfAsync(response);
    }

    public async Task<Reply> GetAsync(string path)
    {
        using var response = await Client.GetAsync("api/" + path);
        return await Reply.OfAsync(response);
    }

    /// <summary>Lets its files grow beyond the limit with which it was started.</summary>
    public void LiftFileLimit() => FileLimit.Lift(_process.Id);

    /// <summary>SIGKILL: nothing is flushed, closed or answered any more.</summary>
    public void Kill() => _process.Kill();

    public void Dispose()
    {
        Client.Dispose();
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    public override string ToString()
    {
        lock (_output) return _output.ToString();
    }
}

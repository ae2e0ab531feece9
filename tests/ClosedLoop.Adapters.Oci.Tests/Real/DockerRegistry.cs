using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace ClosedLoop.Adapters.Oci.Tests.Real;

/// <summary>Debian's docker-registry in a directory of its own, on free ports of the loopback, with one notification endpoint.</summary>
internal sealed class DockerRegistry : IAsyncDisposable
{
    private readonly string _directory;
    private readonly Uri _receiver;
    private readonly HttpClient _http = new();
    private readonly int _port, _debugPort;
    private Process? _process;

    private DockerRegistry(string directory, Uri receiver)
    {
        (_directory, _receiver) = (directory, receiver);
        (_port, _debugPort) = FreePorts();
    }

    public Uri Address => new($"http://127.0.0.1:{_port}/");

    public static async Task<DockerRegistry> StartAsync(string directory, Uri receiver)
    {
        for (int attempt = 1; ; attempt++)
        {
            var registry = new DockerRegistry(directory, receiver);
            try
            {
                await registry.RunAsync();
                return registry;
            }
            catch (InvalidOperationException exception) when (attempt < 5 && exception.Message.Contains("address already in use", StringComparison.Ordinal))
            {
                // Somebody took the port between the search and the start.
                await registry.DisposeAsync();
            }
        }
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await RunAsync();
    }

    /// <summary>Events that were not delivered yet.</summary>
    public async Task<long> PendingAsync()
    {
        using var vars = JsonDocument.Parse(await _http.GetStringAsync(new Uri($"http://127.0.0.1:{_debugPort}/debug/vars")));
        return vars.RootElement.GetProperty("registry").GetProperty("notifications").GetProperty("endpoints")[0].GetProperty("Metrics").GetProperty("Pending").GetInt64();
    }

    public async Task DeliveredAsync() => await Wait.UntilAsync(async () => await PendingAsync() == 0, "the registry delivered everything");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _http.Dispose();
    }

    private async Task RunAsync()
    {
        string config = Path.Combine(_directory, "registry.yml");
        await File.WriteAllTextAsync(config, $"""
            version: 0.1
            log:
              level: error
            storage:
              filesystem:
                rootdirectory: {Path.Combine(_directory, "storage")}
              delete:
                enabled: true
            http:
              addr: 127.0.0.1:{_port}
              debug:
                addr: 127.0.0.1:{_debugPort}
            notifications:
              events:
                includereferences: true
              endpoints:
                - name: closedloop
                  url: {_receiver}
                  headers:
                    Authorization: [Bearer {Given.Secret}]
                  timeout: 5s
                  threshold: 3
                  backoff: 100ms
            """);
        _process = Tool.Start("docker-registry", "serve", config);
        var process = _process;
        string error = "";
        process.ErrorDataReceived += (_, line) => error += line.Data;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await Wait.UntilAsync(async () =>
        {
            if (process.HasExited) throw new InvalidOperationException($"docker-registry ended with {process.ExitCode}: {error}");
            try
            {
                using var answer = await _http.GetAsync(new Uri(Address, "v2/"));
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, "docker-registry listened");
    }

    private async Task StopAsync()
    {
        if (_process is null) return;
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    // Both at once: of two searches the second may find what the first has found.
    private static (int First, int Second) FreePorts()
    {
        using TcpListener first = new(IPAddress.Loopback, 0), second = new(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        return (((IPEndPoint)first.LocalEndpoint).Port, ((IPEndPoint)second.LocalEndpoint).Port);
    }
}

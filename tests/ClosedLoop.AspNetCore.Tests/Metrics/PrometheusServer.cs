using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace ClosedLoop.AspNetCore.Tests.Metrics;

/// <summary>Debian's Prometheus on a free loopback port, scraping one address every second.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("closedloop-metrics-").FullName;
    private readonly HttpClient _http = new();
    private Process? _process;

    public static async Task<PrometheusServer> StartAsync(string target, string token)
    {
        var server = new PrometheusServer();
        await File.WriteAllTextAsync(Path.Combine(server._directory, "prometheus.yml"), $"""
            global:
              scrape_interval: 1s
            scrape_configs:
              - job_name: closedloop
                authorization:
                  credentials: {token}
                static_configs:
                  - targets: ['{target}']
            """);
        for (int attempt = 0; attempt < 3; attempt++)
        {
            server.Start();
            // Somebody else may have taken the port meanwhile.
            string state = await LoopHost.UntilAsync(async () => server._process!.HasExited ? "exited" : await server.IsReadyAsync() ? "ready" : null, "the start of prometheus");
            if (state == "ready") return server;
        }
        await server.DisposeAsync();
        throw new InvalidOperationException("prometheus does not start; see /usr/bin/prometheus, or run ./test.sh, which installs it.");
    }

    /// <summary>Evaluates an expression; the answer's data. Fails when Prometheus refuses it.</summary>
    public async Task<JsonElement> QueryAsync(string expression)
    {
        using var response = await _http.GetAsync(new Uri("api/v1/query?query=" + Uri.EscapeDataString(expression), UriKind.Relative));
        var json = await LoopHost.JsonOf(response);
        Assert.True(response.IsSuccessStatusCode, $"{expression}: {json}");
        return json.GetProperty("data").GetProperty("result");
    }

    /// <summary>The value of the only series of an expression, once there is one.</summary>
    public async Task<double> ValueAsync(string expression)
    {
        string value = await LoopHost.UntilAsync(
            async () => (await QueryAsync(expression)).EnumerateArray().ToList() is [var only] ? only.GetProperty("value")[1].GetString() : null, $"a value of {expression}");
        return double.Parse(value, System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The names of all metrics that it knows.</summary>
    public async Task<IReadOnlySet<string>> NamesAsync()
    {
        using var response = await _http.GetAsync(new Uri("api/v1/label/__name__/values", UriKind.Relative));
        return (await LoopHost.JsonOf(response)).GetProperty("data").EnumerateArray().Select(static n => n.GetString()!).ToHashSet(StringComparer.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        _process?.Dispose();
        _http.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private void Start()
    {
        int port = FreePort();
        _process?.Dispose();
        _http.BaseAddress ??= new Uri($"http://127.0.0.1:{port}/");
        var start = new ProcessStartInfo("prometheus") { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = _directory };
        foreach (string argument in (string[])["--config.file=prometheus.yml", $"--storage.tsdb.path={Path.Combine(_directory, "data")}", $"--web.listen-address={_http.BaseAddress.Authority}", "--log.level=error"])
            start.ArgumentList.Add(argument);
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new InvalidOperationException("Prometheus is not installed; run ./test.sh, which installs Debian's package prometheus.");
        }
        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var ready = await _http.GetAsync(new Uri("-/ready", UriKind.Relative));
            return ready.IsSuccessStatusCode && (await QueryAsync("up == 1")).GetArrayLength() == 1;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
